import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runStacks } from "../preview/record/runStack";
import { type Measured, measured } from "./measured";

const ROOT = join(__dirname, "..");

/** What is measured, in a process of its own. */
export interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The barest program that registers what prod does, under the barest mocks; `folder` takes what it reads. */
export async function bareProgram(folder: string): Promise<Subject> {
  const file = join(folder, "graph.json");
  const [result] = await runStacks(ROOT, ["prod"]);
  const resources = (result?.graph?.resources ?? []).filter(({ type }) => type.startsWith("aws:"));
  writeFileSync(file, JSON.stringify(resources.map(({ type, name, inputs }) => ({ type, name, inputs }))));
  return { name: `bare program, ${resources.length} resources`, args: [join(__dirname, "benchBare.cjs"), file] };
}

/**
 * Runs all in turn, so that what else the machine does meets all alike, `times` times, and prints each as a multiple of the
 * first. Of tests that start processes only their own are counted.
 */
export function compare(folder: string, first: Subject, others: readonly Subject[], times = 5): void {
  const runs = [first, ...others];
  // What they keep is there from here on.
  for (const run of runs) measured(folder, run.args, run.env);
  const all = Array.from({ length: times }, () => runs.map((run) => measured(folder, run.args, run.env)));
  const medians = runs.map((_, at) => median(all.map((round) => round[at] ?? NOTHING)));
  const base = medians[0] ?? NOTHING;
  for (const [at, { name }] of runs.entries()) {
    const { seconds, cpuSeconds, mebibytes } = medians[at] ?? NOTHING;
    const ratios = [seconds / base.seconds, cpuSeconds / base.cpuSeconds, mebibytes / base.mebibytes];
    const [wall, cpu, memory] = ratios.map((ratio) => ratio.toFixed(2));
    console.log(
      `${name}: ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of CPU, ${Math.round(mebibytes)} MiB: ${wall}, ${cpu} and ${memory} times`,
    );
  }
}

const NOTHING: Measured = { seconds: 0, cpuSeconds: 0, mebibytes: 0 };

/** Each number's own median. */
function median(all: readonly Measured[]): Measured {
  const of = (pick: (one: Measured) => number) => all.map(pick).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return {
    seconds: of((one) => one.seconds),
    cpuSeconds: of((one) => one.cpuSeconds),
    mebibytes: of((one) => one.mebibytes),
  };
}
