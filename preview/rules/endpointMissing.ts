import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { type Endpoint, endpointsOf, type Vpc, vpcNamed, vpcOf } from "../../model/graph/networks";
import { mapOf, mapsOf, textOf, textsOf } from "../../model/graph/read";
import { finding, label, ofType, referredBy, TYPES } from "../../model/graph/resources";
import { includesPort, type Opening, openingsOf } from "../../model/graph/securityGroups";
import { containersOf, type RecordedContainer, securityGroupsOf, taskDefinitionOf } from "../../model/graph/services";
import { reportGroups } from "../../model/permissions/builds";
import { secretsOf } from "../../model/permissions/containerCalls";

const RULE = "endpoint-missing";
const HTTPS = 443;

/** A VPC endpoint that tasks need, and what for. */
interface EndpointNeed {
  readonly endpoint: string;
  readonly why: string;
}

/**
 * Tasks without a way to the internet reach what they need through VPC endpoints.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export const endpointMissing: Rule = (graph) => {
  const openings = openingsOf(graph);
  return [...serviceFindings(graph, openings), ...buildFindings(graph, openings)];
};

function serviceFindings(graph: RecordedGraph, openings: readonly Opening[]): readonly Finding[] {
  return ofType(graph, TYPES.service).flatMap((service) => {
    const vpc = vpcOf(graph, service);
    if (!vpc || vpc.hasNat || mapOf(service.inputs.networkConfiguration).assignPublicIp === true) return [];
    const endpoints = endpointsOf(graph, vpc);
    const containers = containersIn(graph, service);
    return [
      ...foreignImages(service, vpc, containers),
      ...needsOf(graph, service, containers).flatMap((need) =>
        check({ resource: service, members: securityGroupsOf(service) }, vpc, need, endpoints, openings),
      ),
    ];
  });
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/use-vpc-endpoints-with-codebuild.html */
function buildFindings(graph: RecordedGraph, openings: readonly Opening[]): readonly Finding[] {
  return ofType(graph, TYPES.project).flatMap((project) => {
    const { vpcId, securityGroupIds } = mapOf(project.inputs.vpcConfig);
    const vpc = vpcNamed(graph, textOf(vpcId));
    if (!vpc || vpc.hasNat) return [];
    const endpoints = endpointsOf(graph, vpc);
    const types = mapsOf(mapOf(project.inputs.environment).environmentVariables).map(({ type }) => type);
    const needs: (EndpointNeed | false)[] = [
      { endpoint: "logs", why: "writes its log" },
      { endpoint: "s3", why: "reads its source" },
      (reportGroups(project)?.length ?? 1) > 0 && { endpoint: "codebuild", why: "publishes its reports" },
      types.includes("PARAMETER_STORE") && { endpoint: "ssm", why: "reads its parameters" },
      types.includes("SECRETS_MANAGER") && { endpoint: "secretsmanager", why: "reads its secrets" },
    ];
    return needs.flatMap((need) =>
      need ? check({ resource: project, members: textsOf(securityGroupIds) }, vpc, need, endpoints, openings) : [],
    );
  });
}

/** What wants to reach an endpoint, and its security groups. */
interface Client {
  readonly resource: RecordedResource;
  readonly members: readonly string[];
}

function containersIn(graph: RecordedGraph, service: RecordedResource): readonly RecordedContainer[] {
  const definition = taskDefinitionOf(graph, service);
  return definition ? containersOf(definition) : [];
}

function foreignImages(
  service: RecordedResource,
  vpc: Vpc,
  containers: readonly RecordedContainer[],
): readonly Finding[] {
  return containers
    .filter(({ image }) => !image.includes(".dkr.ecr."))
    .map(({ name, image }) => {
      const text =
        `container ${name}, image "${image}": not in ECR, and ${label(vpc.resource)} has no NAT gateway; ` +
        "copy the image to an ECR repository, or use a NAT gateway";
      return finding(RULE, service, text);
    });
}

function needsOf(
  graph: RecordedGraph,
  service: RecordedResource,
  containers: readonly RecordedContainer[],
): readonly EndpointNeed[] {
  const secrets = containers.flatMap(({ definition }) => secretsOf(definition));
  const managed = (secret: string) => secret.includes(":secretsmanager:");
  const logs = containers.some(({ definition }) => mapOf(definition.logConfiguration).logDriver === "awslogs");
  const needs: (EndpointNeed | false)[] = [
    { endpoint: "ecr.api", why: "asks ECR for a login" },
    { endpoint: "ecr.dkr", why: "pulls its image" },
    { endpoint: "s3", why: "pulls the layers of its image" },
    logs && { endpoint: "logs", why: "writes its log" },
    secrets.some(managed) && { endpoint: "secretsmanager", why: "reads its secrets" },
    secrets.some((secret) => !managed(secret)) && { endpoint: "ssm", why: "reads its parameters" },
    service.inputs.enableExecuteCommand === true && { endpoint: "ssmmessages", why: "allows ECS Exec" },
    service.inputs.enableExecuteCommand === true &&
      sessionsHaveKey(graph, service) && { endpoint: "kms", why: "allows ECS Exec in sessions that a key encrypts" },
  ];
  return needs.filter((need) => need !== false);
}

/** Whether the cluster says that sessions are encrypted: the agent in the task calls KMS then. */
function sessionsHaveKey(graph: RecordedGraph, service: RecordedResource): boolean {
  const cluster = referredBy(graph, TYPES.cluster, service.inputs.cluster);
  return textOf(mapOf(mapOf(cluster?.inputs.configuration).executeCommandConfiguration).kmsKeyId) !== undefined;
}

function check(
  client: Client,
  vpc: Vpc,
  need: EndpointNeed,
  endpoints: readonly Endpoint[],
  openings: readonly Opening[],
): readonly Finding[] {
  const found = endpoints.filter(({ service: name }) => name === need.endpoint);
  const [first] = found;
  if (!first) {
    const kind = need.endpoint === "s3" ? "gateway" : "interface";
    const text =
      `${need.why} without a way there: ${label(vpc.resource)} has neither a NAT gateway nor the ${kind} endpoint ` +
      `${need.endpoint}; add the endpoint, or a NAT gateway`;
    return [finding(RULE, client.resource, text)];
  }
  const problems = found.map((endpoint) => problemOf(endpoint, client, openings));
  if (problems.includes(undefined)) return [];
  const [{ wrong, mend } = { wrong: "", mend: "" }] = problems.flatMap((problem) => problem ?? []);
  return [finding(RULE, first.resource, `${wrong}, so ${label(client.resource)} cannot reach it; ${mend}`)];
}

/** What keeps a service from an endpoint, and what mends it. */
interface Problem {
  readonly wrong: string;
  readonly mend: string;
}

function problemOf(endpoint: Endpoint, { members }: Client, openings: readonly Opening[]): Problem | undefined {
  if (endpoint.gateway) {
    if (endpoint.service !== "s3")
      return { wrong: "it is a Gateway endpoint", mend: "set vpcEndpointType to Interface" };
    if (endpoint.routeTables.length > 0) return undefined;
    return { wrong: "routeTableIds: it is on no route table", mend: "add those of the private subnets" };
  }
  if (!endpoint.privateDns)
    return { wrong: "privateDnsEnabled: tasks look for the usual address", mend: "set it to true" };
  const admits = (opening: Opening) =>
    opening.direction === "ingress" &&
    endpoint.securityGroups.includes(opening.groupId) &&
    includesPort(opening, HTTPS) &&
    (opening.cidrs.length > 0 || opening.peers.some((peer) => members.includes(peer)));
  if (openings.some(admits)) return undefined;
  const wrong = `its security groups admit port ${HTTPS} from none of the tasks' groups`;
  return { wrong, mend: "admit one, or put the tasks into the group that is admitted" };
}
