import { Asking } from "../asking";
import type { AwsCalls } from "../cloud";
import type { PlacedService, StackPlace } from "../stackPlace";
import { type PipelineNow, readPipeline } from "./pipelineNow";
import { readService, type ServiceNow } from "./serviceNow";

/** A stack, as it is. */
export interface StackNow {
  readonly place: StackPlace;
  readonly pipelines: readonly PipelineNow[];
  readonly services: readonly ServiceNow[];
  /** What could not be read. */
  readonly refusals: readonly string[];
}

/** Reads a stack, or some of its services and the pipelines that deliver them. */
export async function readStack(
  place: StackPlace,
  services: readonly PlacedService[],
  cloud: AwsCalls,
): Promise<StackNow> {
  const asking = new Asking(cloud, place.region);
  const wanted = new Set(services.flatMap(({ pipeline }) => pipeline ?? []));
  const [pipelines, read] = await Promise.all([
    Promise.all(place.pipelines.filter((name) => wanted.has(name)).map((name) => readPipeline(name, asking))),
    Promise.all(services.map((one) => readService(one, place, asking))),
  ]);
  return { place, pipelines, services: read, refusals: asking.refusals };
}
