import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { strategyOf } from "../../model/environment/service";
import { TYPES } from "../../model/graph/resources";
import { narrowedLater } from "../../model/update/findings/repeated";
import type { UpdateRun } from "../../model/update/updateRun";
import { deliverOutside } from "./delivery";
import type { EngineProject } from "./project";

/** A step that the engine took, with its place among all beginnings and ends. */
export interface EngineStep {
  readonly kind: "create" | "update" | "delete";
  readonly urn: string;
  readonly began: number;
  /** @default - it failed */
  readonly ended?: number;
}

/** What came of an update under the engine. */
export interface EngineUpdate {
  readonly steps: readonly EngineStep[];
  /** What the engine said last. @default - it ended well */
  readonly error?: string;
  /** What a second update would do; nothing after one that failed. */
  readonly again: readonly string[];
  /** Services that the next delivery reached. */
  readonly delivered: number;
}

const KINDS: Readonly<Record<string, EngineStep["kind"]>> = {
  create: "create",
  "create-replacement": "create",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
};

/** An update, then what another one would do, then a delivery. */
export async function playOnEngine(project: EngineProject, stack: Stack): Promise<EngineUpdate> {
  const steps: EngineStep[] = [];
  const open = new Map<string, { kind: EngineStep["kind"]; urn: string; began: number }>();
  let clock = 0;
  const onEvent = ({ resourcePreEvent, resOutputsEvent }: EngineEvent) => {
    const metadata = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    const kind = metadata && KINDS[metadata.op];
    if (!metadata || !kind || /^(?:pulumi|ecs-delivery):/.test(metadata.type)) return;
    clock += 1;
    const key = `${kind} ${metadata.urn}`;
    const begun = open.get(key);
    if (resourcePreEvent) open.set(key, { kind, urn: metadata.urn, began: clock });
    else if (begun) {
      steps.push({ ...begun, ended: clock });
      open.delete(key);
    }
  };
  try {
    await stack.up({ onEvent });
  } catch (error) {
    return { steps: [...steps, ...open.values()], error: lastWords(error), again: [], delivered: 0 };
  }
  const again: string[] = [];
  await stack.preview({
    onEvent: ({ resourcePreEvent }) => {
      const { op = "same", urn = "", type = "" } = resourcePreEvent?.metadata ?? {};
      if (KINDS[op] && !type.startsWith("ecs-delivery:")) again.push(nameOf(`${op} ${urn}`));
    },
  });
  return { steps, again, delivered: project.change(deliverOutside) };
}

function lastWords(error: unknown): string {
  const lines = String(error)
    .split("\n")
    .filter((line) => /error: /.test(line));
  return [...new Set(lines.map((line) => line.trim()))].join("; ");
}

/** Where what the engine did is not what the model says; nothing where they agree. */
export function disagreements(run: UpdateRun, engine: EngineUpdate): readonly string[] {
  const { played, changed } = run;
  const refused = played.refusals.length > 0;
  const reasons = played.refusals.map(({ rule, resource }) => `${rule} (${resource.name})`).join(", ");
  if (!changed) return engine.steps.length === 0 ? [] : ["the model sees no change"];
  if (engine.error !== undefined) return refused ? [] : [`the engine fails, the model does not: ${engine.error}`];
  if (refused) return [`the model refuses, the engine does not: ${reasons}`];
  // A network's component is made of nothing here.
  const said = new Set(played.steps.map(({ key }) => key).filter((key) => !key.includes("awsx:")));
  // A revision that is replaced stays: Pulumi only forgets it.
  const forgotten = (key: string) => key.startsWith("delete ") && key.includes("aws:ecs/taskDefinition:");
  const done = new Set(engine.steps.map(({ kind, urn }) => `${kind} ${urn}`).filter((key) => !forgotten(key)));
  const missing = [...said].filter((key) => !done.has(key)).map((key) => `only the model: ${nameOf(key)}`);
  const more = [...done].filter((key) => !said.has(key)).map((key) => `only the engine: ${nameOf(key)}`);
  // Under CodeDeploy the tasks with the former port serve until the next release.
  const waits = run.wanted.resources.some((one) => one.type === TYPES.service && strategyOf(one) === "CODE_DEPLOY");
  const expected = (waits ? [] : narrowedLater(run)).map(({ urn }) => nameOf(`update ${urn}`));
  const again = isDeepStrictEqual([...engine.again].sort(), [...expected].sort())
    ? []
    : [`a second update does ${engine.again.join(", ") || "nothing"}, not ${expected.join(", ") || "nothing"}`];
  return [...missing, ...more, ...outOfOrder(played.steps, engine.steps), ...again];
}

/** Steps that the engine began before another had ended for which the model has them wait. */
function outOfOrder(
  said: readonly { readonly key: string; readonly waitsFor: readonly string[] }[],
  done: readonly EngineStep[],
): readonly string[] {
  const byKey = new Map(done.map((step) => [`${step.kind} ${step.urn}`, step]));
  return said.flatMap(({ key, waitsFor }) =>
    waitsFor.flatMap((other) => {
      const [one, first] = [byKey.get(key), byKey.get(other)];
      if (!one || !first || (first.ended !== undefined && first.ended < one.began)) return [];
      return [`the engine does not wait: ${nameOf(key)} for ${nameOf(other)}`];
    }),
  );
}

/** A step in words: `update Service api`. */
function nameOf(key: string): string {
  const [kind = ""] = key.split(" ", 1);
  const [type = "", name = ""] = key.split("::").slice(-2);
  return `${kind} ${type.split(":").at(-1) ?? ""} ${name}`;
}
