import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapOf, numberOf, textOf } from "../graph/read";
import { ofType, physicalName, TYPES } from "../graph/resources";
import { onGroup } from "./advance";
import { asDelivered, builtFor, repositoryOf } from "./delivered";
import { type Environment, resourceOf, withInputs } from "./environment";
import { groupPair, strategyOf } from "./service";
import { idleGroup, releasedTasks, servingGroup } from "./tasks";

const TARGET = "aws:appautoscaling/target:Target";
const SCHEDULE = "aws:appautoscaling/scheduledAction:ScheduledAction";

/** What the first `pulumi up` leaves: everything is there, and nothing runs. */
export function afterFirstUp(graph: RecordedGraph): Environment {
  const present = asDelivered(graph);
  const images = ofType(graph, TYPES.service).map((service) => ({
    service: service.urn,
    repository: repositoryOf(graph, service) ?? "",
    digest: "",
    architecture: builtFor(graph, service),
  }));
  return { ...present, clock: 0, tasks: [], deployments: [], failed: [], images, program: present };
}

/** Minutes that a delivery takes, at a guess. */
const DELIVERY_SECONDS = 30 * 60;

/** What a delivery to every service leaves: new tasks, and with a blue/green strategy all traffic on the other group. */
export function deliver(environment: Environment): Environment {
  const later = { ...environment, clock: environment.clock + DELIVERY_SECONDS };
  return ofType(later, TYPES.service).reduce(deliverTo, later);
}

function deliverTo(environment: Environment, { urn }: RecordedResource): Environment {
  const service = resourceOf(environment, urn);
  if (!service) return environment;
  const alternates = strategyOf(service) !== "ROLLING" && groupPair(environment, service).length === 2;
  const groupArn = alternates ? idleGroup(environment, service) : undefined;
  const images = environment.images.map((image) =>
    image.service === urn
      ? {
          ...image,
          digest: `sha256:${environment.clock}`,
          architecture: builtFor(environment.program, service, image.repository),
        }
      : image,
  );
  const moved = groupArn === undefined ? environment : onGroup(environment, service, groupArn);
  const present = resourceOf(moved, urn) ?? service;
  const started = { ...releasedTasks(moved, present, servingGroup(moved, present)), readyAt: moved.clock };
  const others = moved.tasks.filter((set) => set.service !== urn);
  return { ...moved, images, tasks: [...others, ...(started.count > 0 ? [started] : [])] };
}

/** What load leaves: scaling has chosen the most tasks that it may. */
function scaledOut(environment: Environment): Environment {
  return ofType(environment, TARGET).reduce((now, target) => {
    const service = scaledService(now, target);
    const most = numberOf(target.inputs.maxCapacity);
    if (!service || most === undefined) return now;
    const tasks = now.tasks.map((set) => (set.service === service.urn ? { ...set, count: most } : set));
    return { ...withInputs(now, service, { desiredCount: most }), tasks };
  }, environment);
}

/**
 * What scheduled actions leave: each has set the limits of its target.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 */
function scheduled(environment: Environment): Environment {
  return ofType(environment, SCHEDULE).reduce((now, { inputs }) => {
    const target = ofType(now, TARGET).find((one) => one.inputs.resourceId === inputs.resourceId);
    const { minCapacity, maxCapacity } = mapOf(inputs.scalableTargetAction);
    return target ? withInputs(now, target, { minCapacity, maxCapacity }) : now;
  }, environment);
}

/** The service whose tasks a scaling target counts. */
function scaledService(environment: Environment, target: RecordedResource): RecordedResource | undefined {
  const name = textOf(target.inputs.resourceId)?.split("/").at(-1);
  return ofType(environment, TYPES.service).find((service) => physicalName(service) === name);
}

/** An environment that lives, and how it came about, in words. */
export interface Life {
  readonly environment: Environment;
  /** For example `after an odd number of deliveries`. */
  readonly told: string;
}

/**
 * The environments that deliveries, load and schedules leave of a graph. Where every delivery swaps two target groups,
 * there are two: it matters which one serves.
 */
export function livesOf(graph: RecordedGraph): readonly Life[] {
  const lived = (environment: Environment) => scheduled(scaledOut(environment));
  const odd = deliver(afterFirstUp(graph));
  const swaps = ofType(odd, TYPES.service).some((service) => strategyOf(service) !== "ROLLING");
  if (!swaps) return [{ environment: lived(odd), told: "once something was delivered" }];
  return [
    { environment: lived(deliver(odd)), told: "after an even number of deliveries" },
    { environment: lived(odd), told: "after an odd number of deliveries" },
  ];
}
