import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { type Action, pipelinesOf, variableFor } from "../../model/graph/pipelines";
import { mapOf, mapsOf, textOf, textsOf } from "../../model/graph/read";
import { finding, label, ofType, propertyOf, referredBy, TYPES } from "../../model/graph/resources";
import { EVERYONE, includesPort, type Opening, openingsOf } from "../../model/graph/securityGroups";

const RULE = "test-unreachable";
const MEND = "set tests[].network: true";

/** A test that is told an address is let in there. CodeBuild's builds come from AWS's own addresses, or from those of a VPC. */
export const testUnreachable: Rule = (graph) => {
  const openings = openingsOf(graph);
  return pipelinesOf(graph).flatMap(({ actions }) => actions.flatMap((action) => findingsOf(graph, action, openings)));
};

function findingsOf(graph: RecordedGraph, action: Action, openings: readonly Opening[]): readonly Finding[] {
  const address = addressOf(variableFor(graph, action, "ENVIRONMENT_URL"));
  const project = referredBy(graph, TYPES.project, action.configuration.ProjectName);
  const balancer = address && balancerAt(graph, address.host);
  if (!address || !project || !balancer) return [];
  const groups = textsOf(balancer.inputs.securityGroups);
  // Of rules that are made elsewhere nobody knows.
  if (!groups.every((group) => ofType(graph, TYPES.securityGroup).some(({ id }) => id === group))) return [];
  const admits = openings.filter(
    (one) => one.direction === "ingress" && groups.includes(one.groupId) && includesPort(one, address.port),
  );
  const problem = problemOf(project, { balancer, port: address.port, admits, openings });
  if (problem === undefined) return [];
  const [text, level] = problem;
  return [finding(RULE, project, `it is told to test ${address.text}, and cannot get there: ${text}`, level)];
}

interface Asked {
  readonly balancer: RecordedResource;
  readonly port: number;
  /** What the load balancer lets in at the port. */
  readonly admits: readonly Opening[];
  readonly openings: readonly Opening[];
}

function problemOf(
  project: RecordedResource,
  { balancer, port, admits, openings }: Asked,
): readonly [text: string, level: Finding["level"]] | undefined {
  const { vpcId, securityGroupIds } = mapOf(project.inputs.vpcConfig);
  const inVpc = vpcId !== undefined;
  const named = label(balancer);
  if (admits.length === 0) return [`${named} lets nobody in at port ${port}; admit clients there`, "error"];
  if (balancer.inputs.internal === true) {
    if (!inVpc) return [`${named} is internal, and the build runs outside of any VPC; ${MEND}`, "error"];
    const members = textsOf(securityGroupIds);
    const isAdmitted = admits.some(
      ({ cidrs, peers }) => cidrs.length > 0 || peers.some((one) => members.includes(one)),
    );
    if (!isAdmitted) return [`${named} admits none of its security groups at port ${port}; admit one`, "error"];
    const goesOut = openings.some(
      (one) => one.direction === "egress" && members.includes(one.groupId) && includesPort(one, port),
    );
    return goesOut ? undefined : [`none of its security groups lets it out to port ${port}; let one`, "error"];
  }
  const cidrs = admits.flatMap((one) => one.cidrs);
  if (cidrs.some((cidr) => EVERYONE.includes(cidr))) return undefined;
  const narrow = `${named} is open to ${cidrs.join(", ") || "security groups"} alone at port ${port}`;
  return inVpc
    ? [
        `${narrow}, and a build in the VPC comes from the address of its NAT gateway; admit that, or make it internal`,
        "warning",
      ]
    : [`${narrow}, and builds come from addresses of AWS; make it internal and ${MEND}, or admit them`, "warning"];
}

/** Host and port of an address; nothing of one that only a run knows. */
function addressOf(text: string | undefined) {
  if (text === undefined || text.includes("#{") || !URL.canParse(text)) return undefined;
  const { hostname: host, port, protocol } = new URL(text);
  return { text, host, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}

/** The load balancer of a host: by its own name, or one that a record leads from. */
function balancerAt(graph: RecordedGraph, host: string): RecordedResource | undefined {
  const byName = (name: string | undefined) =>
    ofType(graph, TYPES.loadBalancer).find((one) => propertyOf(one, "dnsName")?.toLowerCase() === name?.toLowerCase());
  const record = ofType(graph, "aws:route53/record:Record").find(({ inputs }) => textOf(inputs.name) === host);
  const [alias] = mapsOf(record?.inputs.aliases);
  return byName(host) ?? (alias && byName(textOf(alias.name)));
}
