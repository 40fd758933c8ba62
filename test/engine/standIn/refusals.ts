import { isDeepStrictEqual } from "node:util";
import { at, list, textAt } from "../../support/read";
import type { Cloud, CloudValues } from "./cloud";

const SERVICE = "aws:ecs/service:Service";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** What UpdateService takes for a service under CodeDeploy. */
const OPEN = [
  "deploymentCircuitBreaker",
  "deploymentConfiguration",
  "deploymentMaximumPercent",
  "deploymentMinimumHealthyPercent",
  "desiredCount",
  "enableEcsManagedTags",
  "healthCheckGracePeriodSeconds",
  "propagateTags",
  "tags",
  "tagsAll",
];

/** What is about to be made or changed: as it is, and as it would be. */
export interface RefusalRequest {
  readonly type: string;
  /** Id of what is changed. @default - it is made */
  readonly id?: string;
  readonly before?: CloudValues;
  readonly after: CloudValues;
}

/** Refuses what AWS refuses of what is made or changed, in AWS's words. */
export function refuseMaking(cloud: Cloud, asked: RefusalRequest): void {
  switch (asked.type) {
    case LISTENER:
      takenPort(cloud, asked);
      onOneBalancer(cloud, asked);
      break;
    case INGRESS:
    case EGRESS:
      ruleThere(cloud, asked);
      break;
    case SERVICE:
      if (asked.before) closedToUpdates(asked.before, asked.after);
      looseGroups(cloud, asked);
      containerMissing(cloud, asked);
      strategyWithoutBalancer(asked.after);
      break;
  }
}

/** Refuses what the provider refuses while it only looks at what differs. */
export function refuseDiffering(type: string, before: CloudValues, after: CloudValues): void {
  const [was, is] = [before.capacityProviderStrategies, after.capacityProviderStrategies];
  if (type !== SERVICE || isDeepStrictEqual(was, is) || after.forceNewDeployment === true) return;
  throw new Error("force_new_deployment should be true when capacity_provider_strategy is being updated");
}

/** Refuses what AWS refuses to delete. */
export function refuseDeleting(cloud: Cloud, type: string, id: string): void {
  if (type === SECURITY_GROUP && all(cloud).some(([, resource]) => isIn(resource, id))) {
    throw new Error(`DependencyViolation: resource ${id} has a dependent object`);
  }
  if (type !== GROUP) return;
  if (routes(cloud).some((route) => leadsTo(route, id))) {
    throw new Error(`ResourceInUse: Target group '${id}' is currently in use by a listener or a rule`);
  }
}

/** What exists of a type, or of all. */
function all(cloud: Cloud, type = ""): [id: string, resource: CloudValues][] {
  return Object.entries(cloud.resources).flatMap(([key, resource]): [string, CloudValues][] =>
    type === "" || key.startsWith(`${type} `) ? [[key.slice(key.indexOf(" ") + 1), resource]] : [],
  );
}

/** Whether something with network interfaces is in a security group. */
function isIn({ networkConfiguration, securityGroups, securityGroupIds }: CloudValues, id: string): boolean {
  const groups = [at(networkConfiguration, "securityGroups"), securityGroups, securityGroupIds];
  return groups.flatMap(list).includes(id);
}

/** The load balancer's container and port have to be in the revision that the service uses. */
function containerMissing(cloud: Cloud, { before, after }: RefusalRequest): void {
  const changed = ["loadBalancers", "taskDefinition"].some((key) => !isDeepStrictEqual(before?.[key], after[key]));
  const [family = ""] = textAt(after.taskDefinition).replace(/^.*\//, "").split(":");
  const revision = cloud.revisions[family]?.at(-1);
  if (!changed || !revision) return;
  const containers = JSON.parse(textAt(revision.containerDefinitions)) as CloudValues[];
  for (const balancer of list(after.loadBalancers)) {
    const [name, port] = [textAt(at(balancer, "containerName")), at(balancer, "containerPort")];
    const found = containers.find((one) => one.name === name);
    if (!found)
      throw new Error(`InvalidParameterException: The container ${name} does not exist in the task definition.`);
    if (!list(found.portMappings).some((mapping) => at(mapping, "containerPort") === port)) {
      throw new Error(
        `InvalidParameterException: The container ${name} did not have a container port ${textAt(port)} defined.`,
      );
    }
  }
}

function routes(cloud: Cloud): CloudValues[] {
  return [...all(cloud, LISTENER), ...all(cloud, RULE)].map(([, resource]) => resource);
}

function leadsTo({ actions, defaultActions }: CloudValues, groupArn: string): boolean {
  return list(actions ?? defaultActions).some(
    (action) =>
      at(action, "targetGroupArn") === groupArn ||
      list(at(action, "forward", "targetGroups")).some((group) => at(group, "arn") === groupArn),
  );
}

function takenPort(cloud: Cloud, { id, after }: RefusalRequest): void {
  const other = all(cloud, LISTENER).find(
    ([otherId, one]) =>
      otherId !== id && one.loadBalancerArn === after.loadBalancerArn && String(one.port) === String(after.port),
  );
  if (other) throw new Error(`DuplicateListener: A listener already exists on port ${textAt(after.port)}`);
}

/** A target group may be on one load balancer alone. */
function onOneBalancer(cloud: Cloud, { id, after }: RefusalRequest): void {
  for (const [groupArn] of all(cloud, GROUP)) {
    const other = all(cloud, LISTENER).find(
      ([otherId, one]) => otherId !== id && one.loadBalancerArn !== after.loadBalancerArn && leadsTo(one, groupArn),
    );
    if (other && leadsTo(after, groupArn)) throw new Error(`TargetGroupAssociationLimit: ${groupArn}`);
  }
}

function ruleThere(cloud: Cloud, { type, id, after }: RefusalRequest): void {
  const keys = [
    "securityGroupId",
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "referencedSecurityGroupId",
    "prefixListId",
  ];
  const other = all(cloud, type).find(
    ([otherId, one]) => otherId !== id && keys.every((key) => isDeepStrictEqual(one[key], after[key])),
  );
  if (other) throw new Error("InvalidPermission.Duplicate: the specified rule already exists");
}

/** Target groups that are here, and that no listener leads to. */
function looseGroups(cloud: Cloud, { before, after }: RefusalRequest): void {
  if (before && isDeepStrictEqual(before.loadBalancers, after.loadBalancers)) return;
  for (const balancer of list(after.loadBalancers)) {
    const arn = textAt(at(balancer, "targetGroupArn"));
    const here = all(cloud, GROUP).some(([id]) => id === arn);
    if (here && !routes(cloud).some((route) => leadsTo(route, arn))) {
      throw new Error(
        `InvalidParameterException: The target group with targetGroupArn ${arn} does not have an associated load balancer`,
      );
    }
  }
}

function closedToUpdates(before: CloudValues, after: CloudValues): void {
  const changed = Object.keys({ ...before, ...after }).filter(
    (key) => !key.startsWith("__") && !isDeepStrictEqual(before[key], after[key]),
  );
  if (at(before.deploymentController, "type") !== "CODE_DEPLOY") return;
  const closed = changed.filter((key) => !OPEN.includes(key));
  const [first] = after.forceNewDeployment === true && changed.length > 0 ? ["forceNewDeployment"] : closed;
  if (first === undefined) return;
  throw new Error(
    `InvalidParameterException: Unable to update ${first} on services with a CODE_DEPLOY deployment controller. ` +
      "Use AWS CodeDeploy to trigger a new deployment.",
  );
}

function strategyWithoutBalancer({ deploymentConfiguration, loadBalancers }: CloudValues): void {
  const strategy = textAt(at(deploymentConfiguration, "strategy")) || "ROLLING";
  const lacks = list(loadBalancers).some((balancer) => at(balancer, "advancedConfiguration") === undefined);
  if (strategy === "ROLLING" || !lacks) return;
  throw new Error(
    `InvalidParameterException: advancedConfiguration is required with the ${strategy} deployment strategy`,
  );
}
