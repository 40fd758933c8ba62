import { builtFor, repositoryOf } from "../environment/delivered";
import { servingGroup, tasksOf } from "../environment/tasks";
import type { RecordedGraph } from "../graph/graph";
import { mapOf, textOf, type Values } from "../graph/read";
import { arnIn, arnOf, ofType, parameterArnIn, TYPES } from "../graph/resources";
import { familyIn, taskDefinitionOf } from "../graph/services";
import { Access } from "../permissions/evaluate/access";
import { explain } from "../permissions/evaluate/explain";
import type { AccessRequest } from "../permissions/evaluate/request";
import { AwsError } from "./awsError";
import { Clock } from "./clock";
import { Faults } from "./faults";
import type { OneTask } from "./oneTask";
import { Parameters } from "./parameters";
import type { People } from "./people";
import { Registry } from "./registry";
import { containersIn, Revisions, type TaskRevision } from "./revisions";
import { PlayedService } from "./runningService";
import { PlayedStack } from "./runningStack";
import { Timeline, type TimelineMoment } from "./timeline";
import { isAsked, isServed, sharesOf } from "./traffic";

/** An event as EventBridge gets it. */
export interface BusEvent extends Values {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: Values;
}

/** An action of a pipeline that ended well. */
export interface ActedAction {
  readonly pipeline: string;
  readonly execution: string;
  readonly name: string;
  readonly category: string;
  /** ARN of who approved. @default - nobody was asked */
  readonly by?: string;
}

type Listener = (stack: PlayedStack, event: BusEvent) => void;

/** How a rehearsal starts, and who takes part. */
export interface CloudOptions {
  /** Whether something was delivered before. @default true */
  readonly delivered?: boolean;
  readonly faults?: Faults;
  /** Whoever is asked. @default - says yes */
  readonly people?: People;
  /** When it starts. @default - the beginning of 1970 */
  readonly startsAt?: Date;
  readonly onMoment?: (moment: TimelineMoment) => void;
}

/** The commit that ran before the rehearsal. */
export const COMMIT_BEFORE = "0".repeat(40);

/** AWS as far as deliveries touch it: stacks whose resources are there, and everything that builds and deployments change. */
export class PlayedCloud {
  readonly clock = new Clock();
  readonly timeline: Timeline;
  readonly registry = new Registry();
  readonly parameters = new Parameters();
  readonly revisions = new Revisions();
  readonly access: Access;
  readonly faults: Faults;
  readonly people: People;
  readonly startsAt: Date;
  readonly stacks: readonly PlayedStack[];
  readonly services: readonly PlayedService[];
  /** Scaling that is suspended, by `service/<cluster>/<service>`. */
  readonly suspended = new Set<string>();
  /** Scaling that went on while CodeDeploy deployed. */
  readonly scalesMeanwhile = new Set<string>();
  /** Tasks that run once, by ARN. */
  readonly tasks = new Map<string, OneTask>();
  /** What AWS has refused, each once. */
  readonly refused: string[] = [];
  /** What could not be told, because the policy or the role is nobody's here: each once. */
  readonly untold = new Set<string>();
  /** Images that were recorded as fit for release while something else ran: each once, in words. */
  readonly unfounded: string[] = [];
  /** What pipelines have done, in order. */
  readonly acted: ActedAction[] = [];
  /** Every call that was held against policies, in order. */
  readonly demanded: AccessRequest[] = [];

  constructor(graphs: readonly RecordedGraph[], options: CloudOptions = {}) {
    const { delivered = true, faults = new Faults(), people = () => Promise.resolve("approve") } = options;
    this.timeline = new Timeline(() => this.clock.now, options.onMoment);
    this.access = new Access(graphs);
    this.faults = faults;
    this.people = people;
    this.startsAt = options.startsAt ?? new Date(0);
    this.stacks = graphs.map((graph) => new PlayedStack(graph, delivered));
    this.services = this.stacks.flatMap((stack) =>
      ofType(stack.graph, TYPES.service).map((service) => new PlayedService(stack, service)),
    );
    for (const stack of this.stacks) this.makeParameters(stack);
    for (const service of this.services) this.begin(service);
  }

  /** Holds a call against the policies that decide it; what AWS would refuse is told, and thrown. */
  demand(request: AccessRequest, where: string): void {
    this.demanded.push(request);
    const verdict = this.access.decide(request);
    if (!verdict.known) this.untold.add(request.caller.arn);
    if (verdict.allowed) return;
    const why = explain(request, verdict);
    if (!this.refused.includes(why)) {
      this.refused.push(why);
      this.timeline.add(where, `AWS refuses ${request.action}`, "bad", { role: request.caller.arn, detail: [why] });
    }
    throw new AwsError("AccessDeniedException", why);
  }

  /** The service of an ARN. */
  service(arn: string): PlayedService | undefined {
    return this.services.find((service) => service.arn === arn);
  }

  /** The stack of a graph. */
  stackOf(graph: RecordedGraph): PlayedStack {
    const found = this.stacks.find((stack) => stack.graph === graph);
    if (!found) throw new Error(`stack ${graph.stack} takes no part`);
    return found;
  }

  /** Notes who answers users now, where that has changed. */
  noteTraffic(service: PlayedService, fresh: string, where: string): void {
    if (service.desired === 0) return;
    const shares = sharesOf(service, this.clock.now, fresh);
    const before = this.shares.get(service.arn);
    if (before && Math.abs(before.fresh - shares.fresh) < 1e-6 && Math.abs(before.old - shares.old) < 1e-6) return;
    this.shares.set(service.arn, shares);
    const words = isServed(service) ? "of production's requests" : "of the tasks that run";
    this.timeline.add(
      where,
      `${percent(shares.fresh)} ${words} go to the new version, ${percent(shares.old)} to the old one`,
      "note",
      {
        traffic: shares,
      },
    );
    this.watchOutage(service, shares.fresh + shares.old);
  }

  private readonly shares = new Map<string, { fresh: number; old: number }>();
  /** Services whose users were served, all of them, at some time. */
  private readonly served = new Set<string>();
  private readonly outages = new Map<string, { since: number; least: number }>();
  /** Services whose new version fails by itself, as the rehearsal asks for: users notice until it is taken back. */
  readonly dying = new Set<string>();
  /** Times in which users got less than everything answered. */
  readonly gaps: { readonly service: string; readonly from: number; readonly to: number; readonly least: number }[] =
    [];

  /** A time without answers begins once users were served: a first delivery finds none to lose. A worker owes none meanwhile. */
  private watchOutage(service: PlayedService, share: number): void {
    const { now } = this.clock;
    const open = this.outages.get(service.arn);
    if (share < 1 - 1e-6) {
      if (!this.served.has(service.arn)) return;
      this.outages.set(service.arn, { since: open?.since ?? now, least: Math.min(open?.least ?? 1, share) });
      return;
    }
    this.served.add(service.arn);
    if (!open) return;
    this.outages.delete(service.arn);
    if (now > open.since && isAsked(service))
      this.gaps.push({ service: service.name, from: open.since, to: now, least: open.least });
  }

  /** Closes what is open at the end: users who are not served then, though tasks are told to run. */
  closeOutages(): void {
    for (const service of this.services) {
      const open = this.outages.get(service.arn);
      const { fresh, old } = this.shares.get(service.arn) ?? { fresh: 0, old: 0 };
      const lost = service.desired > 0 && fresh + old < 1 - 1e-6;
      if (!open && !lost) continue;
      const least = Math.min(open?.least ?? 1, fresh + old);
      this.gaps.push({ service: service.name, from: open?.since ?? 0, to: Number.POSITIVE_INFINITY, least });
    }
  }

  private readonly listeners: Listener[] = [];

  /** Calls back for every event. */
  onEvent(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** An event in a stack's account and region. */
  emit(stack: PlayedStack, event: BusEvent): void {
    const whole = { account: stack.place.account, region: stack.place.region, ...event };
    for (const listener of this.listeners) listener(stack, whole);
  }

  private makeParameters({ graph, place }: PlayedStack): void {
    for (const parameter of ofType(graph, "aws:ssm/parameter:Parameter")) {
      const name = textOf(parameter.inputs.name) ?? "";
      const arn = arnOf(parameter) ?? parameterArnIn(place, name);
      this.parameters.put(arn, textOf(parameter.inputs.value) ?? "");
    }
  }

  /** What a service runs at the start: its first revision, with the image that was delivered before. */
  private begin(service: PlayedService): void {
    const { stack } = service;
    const { graph, place, delivered } = stack;
    const definition = taskDefinitionOf(graph, service.resource);
    const repository = repositoryOf(graph, service.resource);
    const image = repository === undefined ? undefined : this.imageBefore(repository, service);
    const family = arnIn(
      place,
      "ecs",
      `task-definition/${familyIn(textOf(definition?.inputs.family) ?? service.name)}`,
    );
    const containers = containersIn(definition?.inputs.containerDefinitions).map((container) =>
      image !== undefined && textOf(container.image)?.endsWith(":not-delivered-yet")
        ? { ...container, image }
        : container,
    );
    const revision = this.revisions.register(family, containers, mapOf(definition?.inputs));
    service.revision = revision.arn;
    if (!delivered) return;
    if (image !== undefined) this.recordBefore(service, image);
    this.startBefore(service, revision);
  }

  private imageBefore(repository: string, service: PlayedService): string | undefined {
    if (!service.stack.delivered) return undefined;
    const architecture = builtFor(service.stack.graph, service.resource);
    const digest = this.registry.newDigest(`${repository}:${COMMIT_BEFORE}`);
    this.registry.put(repository, { digest, architecture }, COMMIT_BEFORE, -86_400);
    return `${repository}@${digest}`;
  }

  private recordBefore(service: PlayedService, image: string): void {
    const arn = this.recordOf(service);
    if (arn === undefined) return;
    this.parameters.put(arn, JSON.stringify({ image, commit: COMMIT_BEFORE, deliveredAt: "2026-01-01T00:00:00Z" }));
  }

  /** ARN of the parameter that records what was delivered to a service. */
  recordOf(service: PlayedService): string | undefined {
    return this.parameters.arns.find(
      (arn) =>
        arn.endsWith(`/${service.name}/delivered-image`) &&
        arn.split(":")[4] === service.stack.place.account &&
        arn.split(":")[3] === service.stack.place.region,
    );
  }

  private startBefore(service: PlayedService, { arn }: TaskRevision): void {
    if (service.desired === 0) return;
    const { environment } = service.stack;
    const groupArn = servingGroup(environment, service.resource);
    const set = { ...tasksOf(environment, service.resource, groupArn), readyAt: -3600 };
    service.tasks.push({
      id: `tasks-${service.number()}`,
      revision: arn,
      count: service.desired,
      groupArn,
      set,
      isHealthy: true,
    });
    this.shares.set(service.arn, sharesOf(service, 0, ""));
    this.served.add(service.arn);
  }

  /** Names of the load balancer's things in words, for the timeline. */
  nameOf(service: PlayedService, groupArn: string | undefined): string {
    const group = ofType(service.stack.graph, TYPES.targetGroup).find((one) => arnOf(one) === groupArn);
    return group ? group.name : (groupArn ?? "no target group");
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
