import { tasksDelivered } from "../../model/environment/delivered";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { attachedArns, policiesOf, roleOf, statementsIn } from "../../model/graph/iam";
import { forwardsOf, type ListenerKind, listenerForwards, listenerKind } from "../../model/graph/listeners";
import { type Pipeline, variableGiven } from "../../model/graph/pipelines";
import { jsonOf, mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "../../model/graph/read";
import { arnOf, ofType, physicalName, propertyOf, referredBy, TYPES } from "../../model/graph/resources";
import { openingsOf } from "../../model/graph/securityGroups";
import {
  clusterName,
  containersOf,
  deployedBy,
  deploymentGroupFor,
  loadBalancerInputs,
  targetGroupsOf,
  taskDefinitionOf,
} from "../../model/graph/services";

import {
  admittedTo,
  certificateOf,
  ownTasksOf,
  scalingOf,
  secretNamesOf,
  shiftOf,
  unusualArchitecture,
} from "./configured";

/** A listener, and the share of its traffic that each target group gets. */
export interface ListenerView {
  readonly kind: ListenerKind;
  readonly protocol: string;
  readonly port: number;
  /** Hosts and paths whose requests come to the service. @default - all that no rule of another service takes */
  readonly requests?: string;
  readonly groups: readonly { readonly name: string; readonly weight: number }[];
  /** Who reaches it: `everyone`, ranges, security groups, `nobody`. @default - not known here */
  readonly from?: string | undefined;
  /** What its certificate is for. @default - it has none */
  readonly certificate?: string | undefined;
}

/** An image repository, and what its lifecycle policy says. */
export interface RepositoryView {
  readonly name: string;
  readonly keeps: readonly string[];
}

/** What is delivered to. */
export interface ServiceView {
  readonly name: string;
  readonly cluster: string;
  /** For example `FARGATE` or `FARGATE_SPOT`. */
  readonly capacity: string;
  /** CPU units and MiB; undefined where the task definition is not in the graph. */
  readonly cpu?: number;
  readonly memory?: number;
  readonly desiredCount: number;
  /** Tasks after a delivery, by the pipeline that confirms it; where another stack delivers, by the service itself. */
  readonly deliveredCount?: number;
  readonly containers: readonly string[];
  /** How a new version takes over, for example `rolling` or `BLUE_GREEN`. */
  readonly deployment: string;
  /** Shares and times of it, and where it waits. */
  readonly shift: readonly string[];
  /** CPU architecture, where it is not X86_64. */
  readonly architecture?: string | undefined;
  /** How many tasks run by load, and at which times otherwise. */
  readonly scales: readonly string[];
  /** Tasks of it that the clock or an event starts. */
  readonly ownTasks: readonly string[];
  /** Names of variables that come from secrets. */
  readonly secrets: readonly string[];
  /** Names of the actions of this stack's pipelines that bring it there. */
  readonly deployedBy: readonly string[];
  readonly listeners: readonly ListenerView[];
  readonly repository?: RepositoryView;
  /** What its tasks may open connections to, as the program says of each: "database sg-0a1b2c3d:5432". */
  readonly connectsTo: readonly string[];
  /** What the application may do in AWS, in a role of this stack. */
  readonly may: readonly string[];
}

/** A service as a person reads it: where it runs, what runs, who reaches it, and how a new version takes over. */
export function viewService(graph: RecordedGraph, service: RecordedResource, pipeline?: Pipeline): ServiceView {
  const definition = taskDefinitionOf(graph, service);
  const containers = definition ? containersOf(definition) : [];
  const [cpu, memory] = [definition?.inputs.cpu, definition?.inputs.memory].map(numberOf);
  const deployed = pipeline ? deployedBy(graph, pipeline) : [];
  const actions = deployed.flatMap((one) => (one.service === service ? [one.action] : []));
  const desiredCount = numberOf(service.inputs.desiredCount) ?? 1;
  const deliveredCount =
    (pipeline && deliveredCountOf(pipeline, physicalName(service))) ??
    (desiredCount === 0 ? tasksDelivered(graph, service) : undefined);
  const repository = containers.map(({ image }) => viewRepository(graph, image)).find((view) => view !== undefined);
  return {
    name: physicalName(service),
    cluster: clusterName(graph, service),
    capacity: capacityIn(service),
    cpu,
    memory,
    desiredCount,
    deliveredCount,
    containers: containers.map(({ name, ports }) => [name, ...ports].join(":")),
    deployment: deploymentOf(graph, service),
    shift: shiftOf(service),
    architecture: unusualArchitecture(definition),
    scales: scalingOf(graph, service),
    ownTasks: ownTasksOf(graph, service),
    secrets: secretNamesOf(graph, service),
    deployedBy: actions.map(({ name }) => name),
    listeners: listenersOf(graph, service),
    repository,
    connectsTo: connectionsOf(graph, service),
    may: definition ? permissionsOf(graph, definition) : [],
  };
}

/** One provider by its name; of several the share of each, and how many tasks run there before shares count. */
function capacityIn(service: RecordedResource): string {
  const shares = mapsOf(service.inputs.capacityProviderStrategies);
  if (shares.length === 0) return propertyOf(service, "launchType") ?? "EC2";
  return shares
    .map(({ capacityProvider, base, weight }) => {
      const name = textOf(capacityProvider) ?? "";
      const first = numberOf(base) ? ` (${String(base)} first)` : "";
      return shares.length === 1 ? name : `${name} ${String(weight)}${first}`;
    })
    .join(" : ");
}

/** Where the tasks may connect to by rules of the service's own; AWS's endpoints are for all. */
function connectionsOf(graph: RecordedGraph, service: RecordedResource): readonly string[] {
  return openingsOf(graph)
    .filter(({ direction, resource }) => direction === "egress" && resource.parent === service.parent)
    .map(({ resource, cidrs, peers, prefixLists, fromPort }) => {
      const where = `${[...cidrs, ...peers, ...prefixLists].join(", ")}:${fromPort}`;
      const said = textOf(resource.inputs.description) ?? "";
      return said === "" || said.startsWith("To ") ? where : `${said} ${where}`;
    });
}

/** What the task's role may do beside what ECS itself does in it (a shell, file systems). */
function permissionsOf(graph: RecordedGraph, definition: RecordedResource): readonly string[] {
  const role = roleOf(graph, definition.inputs.taskRoleArn);
  if (!role) return [];
  const own = policiesOf(graph, role)
    .flatMap(({ text }) => statementsIn(text))
    .filter(({ effect }) => effect === "Allow")
    .map(({ actions, resources }) => ({
      calls: actions.filter((action) => !/^(?:ssmmessages|logs|elasticfilesystem):/.test(action)),
      resources,
    }))
    .filter(({ calls }) => calls.length > 0)
    .map(
      ({ calls, resources }) =>
        `${calls.join(", ")} on ${resources.map((arn) => arn.split(":").slice(5).join(":") || arn).join(", ")}`,
    );
  return [...own, ...attachedArns(graph, role).map((arn) => `what ${arn.split("/").at(-1) ?? arn} says`)];
}

function deliveredCountOf(pipeline: Pipeline, service: string): number | undefined {
  const telling = pipeline.actions.find((action) => variableGiven(action, "SERVICE_NAME") === service);
  return telling && numberOf(variableGiven(telling, "DESIRED_COUNT"));
}

function deploymentOf(graph: RecordedGraph, service: RecordedResource): string {
  const strategy = textOf(mapOf(service.inputs.deploymentConfiguration).strategy);
  if (strategy && strategy !== "ROLLING") return `ECS ${strategy.toLowerCase().replace("_", "/")}`;
  const group = deploymentGroupFor(graph, service);
  const config = group && textOf(group.inputs.deploymentConfigName);
  if (group) return `CodeDeploy blue/green${config ? `, ${config.replace("CodeDeployDefault.ECS", "")}` : ""}`;
  return "rolling update";
}

/** Whether something moves its traffic between groups: CodeDeploy, ECS, or what is prepared for ECS. */
function movesTraffic(graph: RecordedGraph, service: RecordedResource): boolean {
  return (
    deploymentOf(graph, service) !== "rolling update" ||
    loadBalancerInputs(service).some(({ advancedConfiguration }) => advancedConfiguration !== undefined)
  );
}

/** What leads to a service that rolls: no new version is tried first, and nothing comes to the other group. */
function withoutOther(view: ListenerView): readonly ListenerView[] {
  if (view.kind === "test") return [];
  return [{ ...view, groups: view.groups.filter(({ weight }) => weight > 0) }];
}

/** Listeners of the load balancers that lead to any of the service's target groups, and their redirects. */
function listenersOf(graph: RecordedGraph, service: RecordedResource): readonly ListenerView[] {
  if (loadBalancerInputs(service).length === 0) return [];
  const groups = new Set(targetGroupsOf(graph, service).map(arnOf));
  const all = ofType(graph, TYPES.listener);
  const leads = (listener: RecordedResource) => listenerForwards(graph, listener).some(({ arn }) => groups.has(arn));
  const balancers = new Set(all.filter(leads).map(({ inputs }) => inputs.loadBalancerArn));
  const order: readonly ListenerKind[] = ["redirect", "production", "test"];
  const views = all
    .filter((listener) => balancers.has(listener.inputs.loadBalancerArn))
    .map((listener) => viewListener(graph, listener, groups));
  return (movesTraffic(graph, service) ? views : views.flatMap(withoutOther)).sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  );
}

function viewListener(
  graph: RecordedGraph,
  listener: RecordedResource,
  groups: ReadonlySet<string | undefined>,
): ListenerView {
  const rule = ofType(graph, TYPES.listenerRule).find(
    ({ inputs }) =>
      inputs.listenerArn === arnOf(listener) &&
      asksFor(inputs) !== EVERYTHING &&
      forwardsOf(inputs.actions).some(({ arn }) => groups.has(arn)),
  );
  const forwards = forwardsOf(rule ? rule.inputs.actions : listener.inputs.defaultActions);
  const [{ arn: first } = { arn: "" }] = forwards;
  return {
    kind: listenerKind(graph, listener),
    protocol: propertyOf(listener, "protocol") ?? "HTTP",
    port: numberOf(listener.inputs.port) ?? 0,
    requests: rule && asksFor(rule.inputs),
    from: admittedTo(graph, listener),
    certificate: certificateOf(graph, listener),
    groups: (first === "" ? [] : forwards).map(({ arn, weight }) => ({
      name: referredBy(graph, TYPES.targetGroup, arn)?.name ?? arn.split("/")[1] ?? arn,
      weight,
    })),
  };
}

const EVERYTHING = "/*";

/** Hosts and paths that a rule asks for: `shop.example.com, /api/*`. */
function asksFor({ conditions }: Values): string {
  return mapsOf(conditions)
    .map(({ hostHeader, pathPattern }) =>
      [...textsOf(mapOf(hostHeader).values), ...textsOf(mapOf(pathPattern).values)].join(" or "),
    )
    .join(", ");
}

function viewRepository(graph: RecordedGraph, image: string): RepositoryView | undefined {
  const [, name] = /\.dkr\.ecr\.[^/]+\/([^:@]+)/.exec(image) ?? [];
  if (!name) return undefined;
  const policies = ofType(graph, TYPES.lifecyclePolicy).filter(({ inputs }) => inputs.repository === name);
  const rules = policies.flatMap(({ inputs }) => mapsOf(mapOf(jsonOf(inputs.policy)).rules));
  return { name, keeps: rules.map(describeRule) };
}

function describeRule(rule: Values): string {
  const { tagStatus, countType, countNumber, tagPrefixList, tagPatternList } = mapOf(rule.selection);
  const tags = [...textsOf(tagPrefixList).map((prefix) => `${prefix}*`), ...textsOf(tagPatternList)].filter(
    (tag) => tag !== "*",
  );
  const which =
    tags.length > 0
      ? `${tags.join(", ")} images`
      : tagStatus === "any"
        ? "images"
        : `${textOf(tagStatus) ?? ""} images`;
  const count = textOf(countNumber) ?? "";
  if (countType === "imageCountMoreThan") return `the newest ${count} ${which}`;
  return `${which} for ${count} days`;
}
