import type { Graph } from "./graph";
import { exampleGraph, exampleValues } from "./stack";

type Values = Record<string, unknown>;

/** What is different from the example's stack files. */
export interface Changes {
  readonly staging?: Values;
  readonly production?: Values;
}

/** Two stacks, as recorded: one has the pipeline, the other is what it goes on to. */
export interface ReleaseGraphs {
  readonly staging: Graph;
  readonly production: Graph;
}

const graphs = new Map<string, Promise<ReleaseGraphs>>();

/** Both stacks of an example; production knows the outputs of staging, as a person would have copied them. */
export function releaseGraphs(example: string, changes: Changes = {}): Promise<ReleaseGraphs> {
  const key = JSON.stringify([example, changes]);
  const made = graphs.get(key) ?? record(example, changes);
  graphs.set(key, made);
  return made;
}

async function record(example: string, changes: Changes): Promise<ReleaseGraphs> {
  const staging = await exampleGraph(example, "staging", changes.staging);
  const { artifactBucket, artifactKey: kmsKey } = staging.recorded.stackOutputs;
  const given = exampleValues(example, "production")["ecs-delivery:deliveredBy"];
  const deliveredBy = { ...(given as Values), artifactBucket, kmsKey };
  return { staging, production: await exampleGraph(example, "production", { deliveredBy, ...changes.production }) };
}
