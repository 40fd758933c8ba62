import { ResourceError, RunError } from "@pulumi/pulumi";
import type { RecordedGraph } from "../../model/graph/graph";
import { mapsOf } from "../../model/graph/read";
import { ofType, TYPES } from "../../model/graph/resources";
import { recordProgram } from "../../preview/record/recordGraph";
import { deployStack } from "../../stacks/environment";
import type { Keys, Variant } from "./variants";

/** The service of the base. */
const SERVICE = { name: "api", container: { name: "api", port: 8080 }, desiredCount: 2 };

/** A stack file, and what it is recorded as; where the program refuses it, why. */
export type Recorded =
  | { readonly graph: RecordedGraph; readonly config: Readonly<Record<string, string>> }
  | { readonly refusal: string };

/** Records stack files, each once. */
export class Recorder {
  private readonly known = new Map<string, Recorded>();

  /** How many were recorded. */
  get size(): number {
    return this.known.size;
  }

  /** The stack of a strategy, with these edits one after another. */
  async record(deployment: Keys | string, ...edits: readonly Edit[]): Promise<Recorded> {
    const config = stackConfig(deployment, ...edits);
    const key = JSON.stringify(config);
    const recorded = this.known.get(key) ?? (await recordStack(config));
    this.known.set(key, recorded);
    return recorded;
  }

  /** The stack once more where another one runs: only for another port does the program ask what it does not know by itself. */
  async where(before: Recorded, after: Recorded): Promise<Recorded> {
    if (!("graph" in before) || !("graph" in after)) return after;
    return portsIn(before.graph) === portsIn(after.graph) ? after : await recordStack(after.config, before.graph);
  }
}

/** What of a variant is an edit of the stack file. */
export type Edit = Pick<Variant, "keys" | "service" | "services">;

/** The stack file of a strategy, with these edits one after another, as the engine hands it over. */
export function stackConfig(deployment: Keys | string, ...edits: readonly Edit[]): Readonly<Record<string, string>> {
  const keys = Object.assign({}, ...edits.map((edit) => edit.keys ?? {})) as Keys;
  const service = Object.assign({ ...SERVICE }, ...edits.map((edit) => edit.service ?? {})) as Keys;
  const more = edits.map((edit) => edit.services).filter((services) => services !== undefined);
  const base: Keys = {
    environment: "dev",
    branch: "main",
    source: { provider: "CodeCommit", repository: "shop" },
    deployment,
    ...keys,
    services: [service, ...(more.at(-1) ?? [])],
  };
  return Object.fromEntries(
    Object.entries(base).flatMap(([key, value]) =>
      value === undefined ? [] : [[`ecs-delivery:${key}`, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}

/** The ports of all services, as text. */
function portsIn(graph: RecordedGraph): string {
  return ofType(graph, TYPES.service)
    .flatMap(({ inputs }) => mapsOf(inputs.loadBalancers).map(({ containerPort }) => String(containerPort)))
    .join();
}

async function recordStack(config: Readonly<Record<string, string>>, live?: RecordedGraph): Promise<Recorded> {
  try {
    const graph = await recordProgram(() => deployStack(), {
      live,
      stack: "dev",
      config: { "aws:region": "eu-west-1", ...config },
    });
    return { graph, config };
  } catch (error) {
    // A strategy may have no such thing: the program says so.
    if (!RunError.isInstance(error) && !ResourceError.isInstance(error)) throw error;
    return { refusal: error.message };
  }
}
