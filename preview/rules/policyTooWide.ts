import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../model/graph/graph";
import { type RecordedStatement, statementsIn } from "../../model/graph/iam";
import { arnOf, bucketNamed, finding, ofType, referredBy, TYPES } from "../../model/graph/resources";
import { excessIn, openTo } from "../../model/permissions/excess";
import type { Need } from "../../model/permissions/need";
import { PUBLISHERS, type ResourceUse, resourceUses } from "../../model/permissions/resourceUses";
import { principalsOf } from "../../model/permissions/roleAccess";

const RULE = "policy-too-wide";

/** A policy of something that is called: keys, topics, buckets, repositories. */
interface StatedPolicy {
  /** What it is about. */
  readonly called: RecordedResource;
  readonly arn: string;
  /** Where it stands. */
  readonly resource: RecordedResource;
}

/** No policy of a key, a topic, a bucket or a repository lets in more than what works on it. */
export const policyTooWide: Rule = (graph) => {
  const uses = resourceUses(graph);
  return policiesIn(graph).flatMap((policy) => findingsOfPolicy(policy, uses));
};

function policiesIn(graph: RecordedGraph): readonly StatedPolicy[] {
  const about = (resource: RecordedResource, called: RecordedResource | undefined): readonly StatedPolicy[] => {
    const arn = called && arnOf(called);
    return called && arn ? [{ resource, called, arn }] : [];
  };
  return [
    ...ofType(graph, TYPES.key).flatMap((key) => about(key, key)),
    ...ofType(graph, TYPES.topicPolicy).flatMap((one) => about(one, referredBy(graph, TYPES.topic, one.inputs.arn))),
    ...ofType(graph, TYPES.queuePolicy).flatMap((one) =>
      about(one, referredBy(graph, TYPES.queue, one.inputs.queueUrl)),
    ),
    ...ofType(graph, TYPES.bucketPolicy).flatMap((one) =>
      about(one, bucketNamed(graph, typeof one.inputs.bucket === "string" ? one.inputs.bucket : undefined)),
    ),
    ...ofType(graph, TYPES.repositoryPolicy).flatMap((one) =>
      about(one, referredBy(graph, TYPES.repository, one.inputs.repository)),
    ),
  ];
}

function findingsOfPolicy(policy: StatedPolicy, uses: readonly ResourceUse[]): readonly Finding[] {
  const { resource, called, arn } = policy;
  return statementsIn(resource.inputs.policy).flatMap((statement) => [
    ...strayResources(statement, policy).map((text) => finding(RULE, resource, text)),
    ...(statement.effect === "Allow" ? admitted(statement, { called, arn }, uses) : []).map((text) =>
      finding(RULE, resource, `policy: ${text}`, "warning"),
    ),
  ]);
}

/** A bucket's policy names this bucket or what is in it: AWS refuses anything else. */
function strayResources({ resources }: RecordedStatement, { called, arn }: StatedPolicy): readonly string[] {
  if (called.type !== TYPES.bucket && called.type !== TYPES.topic && called.type !== TYPES.queue) return [];
  return resources
    .filter((one) => one !== arn && !one.startsWith(`${arn}/`) && (one !== "*" || called.type === TYPES.bucket))
    .map((one) => `policy: Resource "${one}" is not in ${arn}, and AWS refuses that; name what the policy is about`);
}

function admitted(
  statement: RecordedStatement,
  { called, arn }: Pick<StatedPolicy, "called" | "arn">,
  uses: readonly ResourceUse[],
): readonly string[] {
  const { services, aws } = principalsOf(statement);
  const account = arn.split(":")[4] ?? "";
  const isOwn = (principal: string) => called.type === TYPES.key && principal.endsWith(`:${account}:root`);
  const needsOf = (of: readonly ResourceUse[]): readonly Need[] =>
    of.flatMap(({ needs }) =>
      needs.filter(({ resources }) => resources.some((one) => one === arn || one.startsWith(`${arn}/`))),
    );
  // A key's statements name every resource and mean the key alone; a repository's name none.
  const meant =
    called.type === TYPES.key || called.type === TYPES.repository ? { ...statement, resources: [arn] } : statement;
  return [
    ...services.flatMap((service) => {
      const known = PUBLISHERS.some((one) => one === service);
      const of = uses.filter(({ caller }) => caller.arn === service);
      if (known && needsOf(of).length === 0) return [`admits ${service}, which nothing here needs; take it away`];
      const [first] = of;
      return first === undefined
        ? []
        : excessIn([meant], needsOf(of), first.caller).map((text) => `${service} ${text}`);
    }),
    ...aws.filter((one) => !isOwn(one) && !isLogDelivery(statement)).flatMap((one) => openTo(statement, one)),
    ...uses
      .filter(({ caller }) => aws.some((one) => one.includes(`:${caller.account}:`)) && caller.arn.includes(":role/"))
      .flatMap((use) =>
        excessIn([meant], needsOf(uses.filter(({ caller }) => caller.arn === use.caller.arn)), use.caller),
      ),
  ];
}

/**
 * Where no service writes the logs of load balancers an account of AWS's does.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
function isLogDelivery({ actions, resources }: RecordedStatement): boolean {
  return actions.join() === "s3:PutObject" && resources.every((one) => one.includes("/AWSLogs/"));
}
