import assert from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import type { Step } from "../../model/update/plan";
import { schedule } from "../../model/update/schedule";
import { deliverOutside } from "../engine/delivery";
import { StandInAws } from "../engine/standIn/awsProvider";
import { readCloud, writeCloud } from "../engine/standIn/cloud";
import { textAt } from "../support/read";

/**
 * Takes the steps of an update as the model orders them against the stand-in provider, which knows nothing of the model:
 * where the two disagree on what is refused, one of them is wrong.
 */
export class Walk {
  private readonly folder = mkdtempSync(join(tmpdir(), "walk-"));
  private readonly path = join(this.folder, "cloud.json");
  private readonly aws = new StandInAws(this.path);
  /** What an id of the recorded graph is in the cloud. */
  private ids: [recorded: string, real: string][] = [];
  /** The same, before the update: what is replaced has another one afterwards. */
  private former: [recorded: string, real: string][] = [];
  private readonly states = new Map<string, { id: string; outs: Record<string, unknown> }>();

  /** The first `pulumi up`, and two deliveries. */
  async live(graph: RecordedGraph): Promise<void> {
    for (const resource of inOrder(graph)) await this.create(resource);
    const cloud = readCloud(this.path);
    deliverOutside(cloud);
    deliverOutside(cloud);
    writeCloud(this.path, cloud);
  }

  /** Takes the steps one after another; gives what the provider says where it refuses one. */
  async take(steps: readonly Step[]): Promise<string | undefined> {
    this.former = [...this.ids];
    try {
      for (const step of steps) await this.compare(step);
      for (const { step } of schedule(steps)) await this.takeOne(step);
      return undefined;
    } catch (error) {
      assert(error instanceof Error);
      return error.message;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private async takeOne({ kind, before, after, properties }: Step): Promise<void> {
    if (kind === "create" && after) return this.create(after);
    const state = before && this.states.get(this.formerId(plainId(before)));
    if (!before?.custom) return;
    assert(state, `${before.urn} is there`);
    if (kind === "delete") return this.aws.delete(state.id, before.urn);
    const left = new Set(
      properties.filter((one) => one.ignored || one.kept).map(({ path }) => path.split(/[.[]/, 1)[0]),
    );
    const wanted = this.translated(after?.inputs ?? {});
    const keys = [...Object.keys(before.inputs), ...Object.keys(wanted)].filter((key) => !left.has(key));
    const entries = keys.map((key) => [key, wanted[key]] as const);
    const updated = await this.aws.update(state.id, before.urn, state.outs, {
      ...state.outs,
      ...Object.fromEntries(entries),
    });
    state.outs = updated.outs as Record<string, unknown>;
  }

  /** What the engine asks before it does anything. */
  private async compare({ before, replacing, after }: Step): Promise<void> {
    const former = before ?? replacing;
    const state = former && this.states.get(this.formerId(plainId(former)));
    if (state && after) await this.aws.diff(state.id, after.urn, state.outs, this.translated(after.inputs));
  }

  private async create(resource: RecordedResource): Promise<void> {
    if (!resource.custom) return;
    const made = (await this.aws.create(resource.urn, this.translated(resource.inputs))) as {
      id: string;
      outs: Record<string, unknown>;
    };
    const recorded = plainId(resource);
    const name = textAt(resource.outputs.name);
    const same = recorded === made.id;
    this.ids = [
      ...(same ? [] : [[recorded, made.id] as [string, string]]),
      ...(/[0-9a-f]{7}$/.test(name) && name !== made.outs.name
        ? [[name, String(made.outs.name)] as [string, string]]
        : []),
      ...pairOf(textAt(resource.outputs.arn), textAt(made.outs.arn)),
      ...this.ids.filter(([id]) => id !== recorded && id !== name),
    ];
    this.states.set(made.id, { id: made.id, outs: made.outs });
  }

  private translated(inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const inCloud = this.ids.reduce(
      (rest, [recorded, real]) => rest.replaceAll(recorded, real),
      JSON.stringify(inputs),
    );
    return JSON.parse(inCloud) as Record<string, unknown>;
  }

  private formerId(recorded: string): string {
    return this.former.find(([id]) => id === recorded)?.[1] ?? recorded;
  }
}

/** What is called differently in the cloud. */
function pairOf(recorded: string, real: string): [string, string][] {
  return recorded === "" || recorded === real ? [] : [[recorded, real]];
}

/** The id without what sets aside the one that is replaced. */
function plainId({ id = "" }: RecordedResource): string {
  return id.replaceAll("~old", "");
}

/** What something stands on before it. */
function inOrder({ resources }: RecordedGraph): readonly RecordedResource[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const done = new Set<string>();
  const ordered: RecordedResource[] = [];
  const visit = (resource: RecordedResource) => {
    if (done.has(resource.urn)) return;
    done.add(resource.urn);
    for (const urn of resource.dependencies) {
      const other = byUrn.get(urn);
      if (other) visit(other);
    }
    ordered.push(resource);
  };
  resources.forEach(visit);
  return ordered;
}
