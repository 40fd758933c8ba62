import { lookAhead, type Outlook } from "../../model/update/lookAhead";
import { AWS_RULES, type AwsRule } from "../../model/update/rules";
import { type Recorded, Recorder } from "./record";
import { SECTIONS, STRATEGIES, type Variant } from "./variants";

/** One change of one strategy: the stack before it and after it. */
export interface Cell {
  readonly change: string;
  /** Strategy that the stack has before. */
  readonly strategy: string;
  readonly before: Recorded;
  readonly after: Recorded;
}

/** Changes under a heading; each has a cell for each strategy. */
export interface Table {
  readonly title: string;
  readonly rows: readonly { readonly change: string; readonly cells: readonly Cell[] }[];
}

const KINDS = Object.keys(STRATEGIES);

/** Records every stack that the changes are between. */
export async function recordTables(recorder = new Recorder()): Promise<readonly Table[]> {
  const tables: Table[] = [await strategyTable(recorder)];
  for (const { title, variants } of SECTIONS) {
    const rows: { change: string; cells: Cell[] }[] = [];
    for (const variant of variants) rows.push(...(await rowsOf(variant, recorder)));
    tables.push({ title, rows });
  }
  return tables;
}

async function rowsOf(variant: Variant, recorder: Recorder): Promise<{ change: string; cells: Cell[] }[]> {
  const pairs: { strategy: string; base: Recorded; other: Recorded; there: Recorded; back: Recorded }[] = [];
  for (const strategy of KINDS) {
    const base = await recorder.record(strategy, variant.both ?? {});
    const other = await recorder.record(strategy, variant.both ?? {}, variant);
    pairs.push({
      strategy,
      base,
      other,
      there: await recorder.where(base, other),
      back: await recorder.where(other, base),
    });
  }
  return [
    {
      change: variant.there,
      cells: pairs.map(({ strategy, base, there }) => ({
        change: variant.there,
        strategy,
        before: base,
        after: there,
      })),
    },
    {
      change: variant.back,
      cells: pairs.map(({ strategy, other, back }) => ({ change: variant.back, strategy, before: other, after: back })),
    },
  ];
}

/** From each strategy to each, and within each to other settings. */
async function strategyTable(recorder: Recorder): Promise<Table> {
  const row = async (change: string, to: (from: string) => Parameters<Recorder["record"]>[0]) => {
    const cells: Cell[] = [];
    for (const strategy of KINDS) {
      cells.push({
        change,
        strategy,
        before: await recorder.record(strategy),
        after: await recorder.record(to(strategy)),
      });
    }
    return { change, cells };
  };
  const rows: { change: string; cells: Cell[] }[] = [];
  for (const kind of KINDS) rows.push(await row(`to \`${kind}\``, () => kind));
  rows.push(await row("another setting of the strategy", (strategy) => ({ strategy, ...STRATEGIES[strategy] })));
  rows.push(await row("`maximumErrorPercent`", (strategy) => ({ strategy, maximumErrorPercent: 1 })));
  rows.push(await row("an alarm added", (strategy) => ({ strategy, alarmNames: ["orders-failing"] })));
  const hook = [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 10 }];
  rows.push(await row("a pause added", (strategy) => ({ strategy, lifecycleHooks: hook })));
  const stopping: Cell[] = [];
  for (const strategy of KINDS) {
    const deployment = { strategy, minimumHealthyPercent: 0 };
    stopping.push({
      change: "more memory, with `minimumHealthyPercent: 0`",
      strategy,
      before: await recorder.record(deployment),
      after: await recorder.record(deployment, { service: { memory: 2048 } }),
    });
  }
  rows.push({ change: "more memory, with `minimumHealthyPercent: 0`", cells: stopping });
  return { title: "How a new version takes over", rows };
}

/** What comes of a cell; undefined where the strategy has no such thing, or nothing changes. */
export function outlookOf({ before, after }: Cell, rules: readonly AwsRule[] = AWS_RULES): Outlook | undefined {
  if ("refusal" in before || "refusal" in after || before === after) return undefined;
  return lookAhead(before.graph, after.graph, rules);
}
