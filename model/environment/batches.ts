import type { RecordedResource } from "../graph/graph";
import { numberOf } from "../graph/read";

/** How a rolling update replaces so many tasks. */
export interface Batches {
  readonly most: number;
  readonly least: number;
  /** Whether no task fits beside the old ones, so that some of them stop first. */
  readonly stopsFirst: boolean;
  /** Tasks that are replaced at a time. */
  readonly atOnce: number;
  readonly count: number;
}

/**
 * How many tasks a rolling update replaces at a time: as many as may run, or as may be missing. Tasks that drain count no more.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function batchesOf({ inputs }: RecordedResource, desired: number): Batches {
  const most = Math.floor((desired * (numberOf(inputs.deploymentMaximumPercent) ?? 200)) / 100);
  const least = Math.ceil((desired * (numberOf(inputs.deploymentMinimumHealthyPercent) ?? 100)) / 100);
  const atOnce = Math.min(Math.max(1, most - least), Math.max(1, desired));
  return { most, least, stopsFirst: most <= desired, atOnce, count: Math.max(1, Math.ceil(desired / atOnce)) };
}
