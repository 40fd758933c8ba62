import { type Strategy, shiftsTraffic, strategyOf } from "../environment/service";
import type { RecordedResource } from "../graph/graph";
import { textOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import { deploys } from "./apply";
import type { PropertyChange } from "./change";
import { lengthOf } from "./findings/gaps";
import type { ChangedPair } from "./followers";
import { belongsTo, serviceNames } from "./owners";
import { changes } from "./plan";
import type { UpdateContext, UpdateRun } from "./updateRun";

/** What becomes of a service with an update. */
export interface ServiceFate {
  readonly kind: "refused" | "stopped" | "replaced" | "deployed" | "released" | "quiet";
  /** In words, for example `its tasks are replaced one after another`. */
  readonly words: string;
}

/** `api: rolling to canary, in place, nothing restarts`: for each service that something changes of. */
export function describeUpdate(context: UpdateContext): readonly string[] {
  const { before, after, runs, renamed } = context;
  const [run] = runs;
  if (!run) return [];
  const young = serviceNames(after);
  const old = serviceNames(before);
  const gone = old.filter((name) => !young.includes(name) && !renamed.some(([former]) => former === name));
  const come = young.filter((name) => !old.includes(name) && !renamed.some(([, name2]) => name2 === name));
  return [
    ...renamed.map(([former, name]) => `${former}: renamed to ${name}, which makes another service of it`),
    ...gone.map(
      (name) =>
        `${name}: ${isUsed(name, context) ? "deleted, though it is still used" : "removed, with all that it has"}`,
    ),
    ...come.map((name) => `${name}: new, and waits for its first delivery`),
    ...young.filter((name) => old.includes(name)).flatMap((name) => sentenceOf(name, context, run)),
    ...restOf(context, run),
  ];
}

/** Whether what goes is what the program uses as an existing service now. */
function isUsed(service: string, { adopted, before }: UpdateContext): boolean {
  return adopted.some(({ resource }) => resource.type === TYPES.service && belongsTo(before, resource, service));
}

function sentenceOf(name: string, context: UpdateContext, run: UpdateRun): readonly string[] {
  const own = (resource: RecordedResource) => belongsTo(context.after, resource, name);
  const pairs = run.asked.filter((pair) => pair.properties.length > 0 && own(pair.after));
  const others = otherTypes(run, (resource) => own(resource) || belongsTo(context.before, resource, name));
  const fate = fateOf(name, context);
  const said = [...new Set(pairs.flatMap(factsOf))].sort((a, b) => rank(a) - rank(b));
  const about =
    said.length > 0 ? said : [...new Set([...pairs.map(({ after }) => after.type), ...others].flatMap(wordFor))];
  if (about.length === 0 && fate.kind === "quiet") return [];
  return [`${name}: ${[...about, fate.words].join(", ")}`];
}

/** Types of what comes and what goes. */
function otherTypes({ played }: UpdateRun, own: (resource: RecordedResource) => boolean): readonly string[] {
  return played.steps.flatMap(({ kind, after, before, replaces }) => {
    const resource = kind === "create" ? after : kind === "delete" ? before : undefined;
    return !replaces && resource && own(resource) ? [resource.type] : [];
  });
}

/** What changes beside the services: `dev: pipeline, notifications, in place; a run under way is stopped`. */
function restOf({ before, after }: UpdateContext, run: UpdateRun): readonly string[] {
  const names = [...new Set([...serviceNames(before), ...serviceNames(after)])];
  const rest = (resource: RecordedResource) =>
    !names.some((name) => belongsTo(after, resource, name) || belongsTo(before, resource, name));
  const changed = run.asked.filter((pair) => pair.properties.some(changes) && rest(pair.after));
  const types = [...changed.map((pair) => pair.after.type), ...otherTypes(run, rest)];
  // What pauses scaling is a service's own: the machine beside them tells people of deployments that wait.
  const words = [
    ...new Set(types.flatMap((type) => (type === TYPES.stateMachine ? ["notifications"] : wordFor(type)))),
  ];
  if (words.length === 0) return [];
  const refused = run.played.refusals.some(({ resource }) => rest(resource));
  // https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_UpdatePipeline.html
  const stops = changed.some((pair) => pair.after.type === TYPES.pipeline) ? "; a run under way is stopped" : "";
  return [`${after.stack}: ${words.join(", ")}, ${refused ? "refused" : `in place${stops}`}`];
}

/** A strategy comes first: the rest follows from it. */
function rank(fact: string): number {
  return / to (?:rolling|canary|linear|blue|CodeDeploy)/.test(fact) ? 0 : 1;
}

/** What becomes of each service that goes on, by name. */
export function fatesOf(
  context: Pick<UpdateContext, "before" | "after" | "runs">,
): Readonly<Record<string, ServiceFate>> {
  const old = serviceNames(context.before);
  const kept = serviceNames(context.after).filter((name) => old.includes(name));
  return Object.fromEntries(kept.map((name) => [name, fateOf(name, context)]));
}

/** What becomes of a service, at worst: the environments that deliveries may have left can differ in it. */
function fateOf(name: string, { after, runs }: Pick<UpdateContext, "after" | "runs">): ServiceFate {
  const service = ofType(after, TYPES.service).find((one) => belongsTo(after, one, name));
  const fates = runs.map((run) => fateIn(run, name, service, after));
  const order: readonly ServiceFate["kind"][] = ["refused", "stopped", "replaced", "deployed", "released", "quiet"];
  const worst = order.flatMap((kind) => fates.find((fate) => fate.kind === kind) ?? [])[0];
  return worst ?? { kind: "quiet", words: "nothing restarts" };
}

function fateIn(
  run: UpdateRun,
  name: string,
  service: RecordedResource | undefined,
  after: UpdateContext["after"],
): ServiceFate {
  const { played, gaps } = run;
  const refused = played.refusals.some(({ resource }) => belongsTo(after, resource, name) || isShared(resource));
  if (refused) return { kind: "refused", words: "refused" };
  const gap = gaps.find((one) => one.service === service?.urn);
  if (gap) return { kind: "stopped", words: `not served ${lengthOf(gap, run)}` };
  const own = played.steps.filter(({ urn }) => urn === service?.urn);
  if (own.some(({ kind, replaces }) => kind === "create" && replaces)) return { kind: "replaced", words: "made anew" };
  if (played.end.failed.some((one) => one.service === service?.urn)) {
    return { kind: "refused", words: "the deployment is taken back" };
  }
  const strategy = service ? strategyOf(service) : "ROLLING";
  if (own.some(deploys)) return { kind: "deployed", words: deploymentWords(strategy) };
  if (strategy === "CODE_DEPLOY" && waitsForRelease(run, name, after)) {
    return { kind: "released", words: "with the next release, nothing restarts" };
  }
  return { kind: "quiet", words: "in place, nothing restarts" };
}

/** What every service of a stack stands on. */
function isShared({ type }: RecordedResource): boolean {
  return ["awsx:ec2:Vpc", TYPES.cluster, TYPES.key, TYPES.bucket].some((one) => one === type);
}

function deploymentWords(strategy: Strategy): string {
  return shiftsTraffic(strategy) ? "new tasks take over as in a delivery" : "its tasks are replaced one after another";
}

function waitsForRelease({ asked }: UpdateRun, name: string, after: UpdateContext["after"]): boolean {
  return asked.some(
    (pair) =>
      (pair.after.type === TYPES.taskDefinition || pair.after.type === TYPES.service) &&
      belongsTo(after, pair.after, name) &&
      pair.properties.some(({ path, ignored }) => ignored && path !== "desiredCount"),
  );
}

const STRATEGIES: Readonly<Record<Strategy, string>> = {
  ROLLING: "rolling",
  BLUE_GREEN: "blue/green",
  LINEAR: "linear",
  CANARY: "canary",
  CODE_DEPLOY: "CodeDeploy blue/green",
};

function factsOf({ before, after, properties }: ChangedPair): readonly string[] {
  if (after.type !== TYPES.service)
    return properties.filter((one) => changes(one) || one.ignored).flatMap((one) => factOf(after, one));
  const [was, is] = [strategyOf(before), strategyOf(after)];
  const moved = was === is ? [] : [`${STRATEGIES[was]} to ${STRATEGIES[is]}`];
  return [...moved, ...properties.filter(({ follows }) => follows === undefined).flatMap((one) => factOf(after, one))];
}

/** Words for what a property of a type is about, the first that fits. */
const WORDS: readonly (readonly [type: string, path: RegExp, words: string])[] = [
  [TYPES.taskDefinition, /^cpu$/, "CPU"],
  [TYPES.taskDefinition, /^memory$/, "memory"],
  [TYPES.taskDefinition, /^runtimePlatform/, "CPU architecture"],
  [TYPES.taskDefinition, /environment/, "variables"],
  [TYPES.taskDefinition, /secrets/, "secrets"],
  [TYPES.taskDefinition, /portMappings/, "container port"],
  [TYPES.taskDefinition, /readonlyRootFilesystem|mountPoints|volumes/, "file system"],
  [TYPES.taskDefinition, /^containerDefinitions/, "container"],
  [TYPES.service, /^(?:capacityProviderStrategies|launchType)/, "capacity"],
  [TYPES.service, /^networkConfiguration/, "network"],
  [TYPES.service, /^serviceConnectConfiguration/, "Service Connect"],
  [TYPES.service, /^healthCheckGracePeriodSeconds/, "grace period"],
  [TYPES.service, /^enableExecuteCommand/, "ECS Exec"],
  [TYPES.service, /^desiredCount/, "desired count"],
  [TYPES.service, /^cluster/, "cluster"],
  [TYPES.service, /^(?:deployment(?!Controller)|alarms)/, "deployment settings"],
  [TYPES.targetGroup, /^healthCheck/, "health check"],
  [TYPES.targetGroup, /^deregistrationDelay/, "draining"],
  [TYPES.targetGroup, /^port/, "container port"],
  [TYPES.listener, /^(?:port|protocol|certificateArn)/, "listeners"],
  [TYPES.loadBalancer, /./, "load balancer"],
];

function factOf({ type }: RecordedResource, { path, before, after }: PropertyChange): readonly string[] {
  const found = WORDS.find(([of, pattern]) => of === type && pattern.test(path));
  if (!found)
    return type === TYPES.service || type === TYPES.taskDefinition || path.startsWith("options.") ? [] : wordFor(type);
  const [was, is] = [textOf(before), textOf(after)];
  const simple = was !== undefined && is !== undefined && `${was}${is}`.length < 30;
  return [
    simple && /^(?:CPU|memory|CPU architecture|desired count|grace period)$/.test(found[2])
      ? `${found[2]} ${was} to ${is}`
      : found[2],
  ];
}

/** What a type is about, where its properties say no more. */
function wordFor(type: string): readonly string[] {
  const [, module = ""] = type.split(":");
  const word = KINDS[type] ?? AREAS[module.split("/", 1)[0] ?? ""];
  return word === undefined ? [] : [word];
}

const KINDS: Readonly<Record<string, string>> = {
  [TYPES.cluster]: "cluster",
  [TYPES.eventRule]: "trigger",
  [TYPES.eventTarget]: "trigger",
  [TYPES.pipeline]: "pipeline",
  [TYPES.lifecyclePolicy]: "images that are kept",
  "aws:cloudwatch/dashboard:Dashboard": "dashboard",
  "awsx:ec2:Vpc": "network",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "network",
};

const AREAS: Readonly<Record<string, string>> = {
  appautoscaling: "scaling",
  chatbot: "notifications",
  cloudwatch: "logs and alarms",
  codebuild: "builds",
  codedeploy: "CodeDeploy",
  codestarnotifications: "notifications",
  ec2: "security groups",
  ecr: "image repository",
  iam: "permissions",
  kms: "key",
  lb: "load balancer",
  s3: "bucket",
  scheduler: "scheduled tasks",
  sfn: "scaling pause",
  sns: "notifications",
  sqs: "dead-letter queue",
  vpc: "security groups",
};
