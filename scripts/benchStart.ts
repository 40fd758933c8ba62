import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { runStacks } from "../preview/record/runStack";
import { type Measured, measured } from "./measured";

const ROOT = join(__dirname, "..");

/** How often each is measured, one after the other, so that what else the machine does meets all alike. */
const TIMES = 5;

/** Services of the stacks that are previewed beside one another. */
const SIZES = [1, 10, 25, 50] as const;

interface Run {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * What the preview takes beside the barest program that registers the same resources under the same mocks, with and without
 * what it has kept, of three stacks and of many services. As ratios: seconds alone say what else the machine does.
 */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const graph = join(folder, "graph.json");
    const resources = await recorded(graph);
    const preview = ["-r", join(ROOT, "preview/register.cjs"), join(ROOT, "preview/main.ts")];
    compare(folder, { name: `bare program, ${resources} resources`, args: [join(__dirname, "benchBare.cjs"), graph] }, [
      { name: "preview of prod", args: [...preview, "prod"] },
      { name: "the same, nothing kept", args: [...preview, "prod"], env: { ECS_DELIVERY_CACHE: "off" } },
      { name: "preview of dev, qa and prod", args: preview },
    ]);
    const [one, ...more] = SIZES.map((size) => {
      const place = ofServices(join(folder, String(size)), size);
      const args = ["-r", join(ROOT, "preview/register.cjs"), join(__dirname, "benchServices.ts"), place];
      return { name: `preview of ${size} service(s)`, args };
    });
    if (one) compare(folder, one, more);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes what prod registers, and gives how many resources that are. */
async function recorded(file: string): Promise<number> {
  const [result] = await runStacks(ROOT, ["prod"]);
  const resources = (result?.graph?.resources ?? []).filter(({ type }) => type.startsWith("aws:"));
  writeFileSync(file, JSON.stringify(resources.map(({ type, name, inputs }) => ({ type, name, inputs }))));
  return resources.length;
}

/** A project of one stack with so many services, each with a pipeline of its own. */
function ofServices(folder: string, size: number): string {
  mkdirSync(folder);
  const services = Array.from({ length: size }, (_, at) => ({
    name: `service-${at + 1}`,
    folder: `service-${at + 1}`,
    container: { name: "app", port: 8080 },
  }));
  const config = {
    "aws:region": "eu-west-1",
    "ecs-delivery:branch": "main",
    "ecs-delivery:pipelines": "perService",
    "ecs-delivery:source": { provider: "CodeCommit", repository: "shop" },
    "ecs-delivery:services": services,
  };
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: ecs-delivery\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(join(folder, "index.ts"), `export = require(${JSON.stringify(join(ROOT, "index"))});\n`);
  return folder;
}

/** Runs all in turn, again and again, and prints each as a multiple of the first. */
function compare(folder: string, first: Run, others: readonly Run[]): void {
  const runs = [first, ...others];
  // What they keep is there from here on.
  for (const run of runs) measured(folder, run.args, run.env);
  const all = Array.from({ length: TIMES }, () => runs.map((run) => measured(folder, run.args, run.env)));
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

void bench();
