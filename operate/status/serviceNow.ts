import type {
  Deployment,
  DescribeTaskDefinitionCommandOutput,
  LoadBalancer,
  Service,
  ServiceDeployment,
} from "@aws-sdk/client-ecs";
import { z } from "zod";
import { jsonOf } from "../../model/graph/read";
import type { Asking } from "../asking";
import type { PlacedService, StackPlace } from "../stackPlace";
import { type AlarmNow, readAlarms } from "./alarms";
import { readStopped, type StoppedGroup } from "./stopped";
import { readTraffic, type TrafficNow } from "./traffic";

/** What was delivered, as it is recorded. */
export interface DeliveredNow {
  readonly image: string;
  readonly commit: string | undefined;
  readonly at: string | undefined;
}

/** A deployment or task set of a service. */
export interface RolloutNow {
  readonly status: string;
  readonly state: string;
  readonly taskDefinition: string;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
  readonly why: string | undefined;
  /** Deployment of CodeDeploy that made it. */
  readonly codeDeploy: string | undefined;
  readonly created: Date | undefined;
}

/** The newest service deployment of ECS. */
export interface DeploymentNow {
  readonly arn: string;
  readonly status: string;
  readonly stage: string | undefined;
  readonly why: string | undefined;
  readonly rings: readonly string[];
  /** Share of users' and of testers' traffic that the new version gets. */
  readonly traffic: { readonly production: number | undefined; readonly test: number | undefined };
  readonly created: Date | undefined;
  readonly pauses: readonly {
    readonly hook: string;
    readonly until: Date | undefined;
    readonly atTheEnd: string | undefined;
  }[];
}

/** A service, as it is. */
export interface ServiceNow {
  readonly name: string;
  readonly is: "there" | "missing" | "refused";
  readonly isOthers: boolean;
  readonly delivered: DeliveredNow | "nothing" | "unknown";
  /** Image in the task definition that it runs. */
  readonly image: string | undefined;
  readonly strategy: string;
  readonly running: number;
  readonly pending: number;
  readonly desired: number;
  readonly rollouts: readonly RolloutNow[];
  readonly deployment: DeploymentNow | undefined;
  readonly traffic: readonly TrafficNow[];
  readonly events: readonly { readonly at: Date | undefined; readonly says: string }[];
  readonly stopped: readonly StoppedGroup[];
  readonly alarms: readonly AlarmNow[];
}

/** Events that are shown. */
const SHOWN_EVENTS = 5;

/** Reads a service: what it runs, how its deployment stands, and why tasks stopped. */
export async function readService(placed: PlacedService, place: StackPlace, asking: Asking): Promise<ServiceNow> {
  const of = `service ${placed.name}`;
  const { cluster } = place;
  const [services, delivered] = await Promise.all([
    asking.ask("describeServices", of, (cloud) => cloud.describeServices({ cluster, services: [placed.service] })),
    readDelivered(placed, asking),
  ]);
  const service = services.is === "there" ? services.value.services?.[0] : undefined;
  const isOthers = placed.record === undefined;
  if (!service || service.status === "INACTIVE") {
    const is = services.is === "refused" ? "refused" : "missing";
    return { ...NOTHING, name: placed.name, is, isOthers, delivered };
  }
  const rollouts = rolloutsOf(service);
  const current = rollouts.find(({ status }) => status === "PRIMARY") ?? rollouts[0];
  const deployment = await readDeployment(of, place, placed, service, asking);
  const [definition, stopped, traffic, alarms] = await Promise.all([
    current && readTaskDefinition(of, current.taskDefinition, asking),
    readStopped(of, place, placed, asking),
    readTraffic(of, strategyOf(service) === "ROLLING" ? [] : balancersOf(service), asking),
    readAlarms(of, placed.name, service, asking),
  ]);
  return {
    name: placed.name,
    is: "there",
    isOthers,
    delivered,
    image: definition?.containerDefinitions?.find(({ name }) => name === placed.container)?.image,
    strategy: strategyOf(service),
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    desired: service.desiredCount ?? 0,
    rollouts,
    deployment,
    traffic,
    events: (service.events ?? [])
      .slice(0, SHOWN_EVENTS)
      .map(({ createdAt, message }) => ({ at: createdAt, says: message ?? "" })),
    stopped,
    alarms,
  };
}

const NOTHING: Omit<ServiceNow, "name" | "is" | "isOthers" | "delivered"> = {
  image: undefined,
  strategy: "",
  running: 0,
  pending: 0,
  desired: 0,
  rollouts: [],
  deployment: undefined,
  traffic: [],
  events: [],
  stopped: [],
  alarms: [],
};

const RECORD = z.looseObject({ image: z.string(), commit: z.string().optional(), deliveredAt: z.string().optional() });

async function readDelivered({ name, record }: PlacedService, asking: Asking): Promise<ServiceNow["delivered"]> {
  if (record === undefined) return "unknown";
  const answer = await asking.ask("getParameter", `service ${name}`, (cloud) => cloud.getParameter({ Name: record }));
  if (answer.is === "refused") return "unknown";
  const text = answer.is === "there" ? (answer.value.Parameter?.Value?.trim() ?? "") : "";
  if (text === "" || text === "none") return "nothing";
  // A person may have written the image alone.
  const read = text.startsWith("{") ? RECORD.safeParse(jsonOf(text)).data : { image: text };
  return read ? { image: read.image, commit: read.commit || undefined, at: read.deliveredAt } : "unknown";
}

function strategyOf({ deploymentController, deploymentConfiguration }: Service): string {
  if (deploymentController?.type === "CODE_DEPLOY") return "CODE_DEPLOY";
  return deploymentConfiguration?.strategy ?? "ROLLING";
}

function rolloutsOf({ deployments = [], taskSets = [] }: Service): readonly RolloutNow[] {
  const sets = taskSets.map(
    (set): RolloutNow => ({
      status: set.status ?? "?",
      state: set.stabilityStatus ?? "?",
      taskDefinition: set.taskDefinition ?? "?",
      running: set.runningCount ?? 0,
      pending: set.pendingCount ?? 0,
      desired: set.computedDesiredCount ?? 0,
      why: undefined,
      codeDeploy: set.externalId,
      created: set.createdAt,
    }),
  );
  return sets.length > 0 ? sets : deployments.map(rolloutOf);
}

function rolloutOf(one: Deployment): RolloutNow {
  return {
    status: one.status ?? "?",
    state: one.rolloutState ?? "?",
    taskDefinition: one.taskDefinition ?? "?",
    running: one.runningCount ?? 0,
    pending: one.pendingCount ?? 0,
    desired: one.desiredCount ?? 0,
    why: one.rolloutStateReason,
    codeDeploy: undefined,
    created: one.createdAt,
  };
}

/** AWS lists none with CodeDeploy, and promises no order. */
async function readDeployment(
  of: string,
  { cluster }: StackPlace,
  { service }: PlacedService,
  { deploymentController }: Service,
  asking: Asking,
): Promise<DeploymentNow | undefined> {
  if (deploymentController?.type === "CODE_DEPLOY") return undefined;
  const listed = await asking.read("listServiceDeployments", of, (cloud) =>
    cloud.listServiceDeployments({ cluster, service, maxResults: 100 }),
  );
  const sorted = [...(listed?.serviceDeployments ?? [])].sort((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt));
  const newest = sorted[0];
  const arn = newest?.serviceDeploymentArn;
  if (newest === undefined || arn === undefined) return undefined;
  const described = await asking.read("describeServiceDeployments", of, (cloud) =>
    cloud.describeServiceDeployments({ serviceDeploymentArns: [arn] }),
  );
  return deploymentOf(arn, described?.serviceDeployments?.[0] ?? newest);
}

function deploymentOf(arn: string, one: ServiceDeployment): DeploymentNow {
  const waiting = (one.lifecycleHookDetails ?? []).filter(({ status }) => status === "AWAITING_ACTION");
  return {
    arn,
    status: one.status ?? "?",
    stage: one.lifecycleStage,
    why: one.statusReason ?? one.rollback?.reason,
    rings: one.alarms?.triggeredAlarmNames ?? [],
    traffic: {
      production: one.targetServiceRevision?.requestedProductionTrafficWeight,
      test: one.targetServiceRevision?.requestedTestTrafficWeight,
    },
    created: one.createdAt,
    pauses: waiting.flatMap(({ hookId, expiresAt, timeoutAction }) =>
      hookId === undefined ? [] : [{ hook: hookId, until: expiresAt, atTheEnd: timeoutAction }],
    ),
  };
}

function timeOf(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}

function balancersOf({ loadBalancers = [], taskSets = [] }: Service): readonly LoadBalancer[] {
  return [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
}

/** A revision of a task definition. */
export async function readTaskDefinition(
  of: string,
  taskDefinition: string,
  asking: Asking,
): Promise<DescribeTaskDefinitionCommandOutput["taskDefinition"]> {
  const answer = await asking.read("describeTaskDefinition", of, (cloud) =>
    cloud.describeTaskDefinition({ taskDefinition }),
  );
  return answer?.taskDefinition;
}
