import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { bareProgram, compare } from "./compare";

const ROOT = join(__dirname, "..");
const MOCHA = join(ROOT, "node_modules", "mocha", "bin", "mocha.js");

/** Mocha in the process that is measured: its command starts another one for what `.mocharc.yaml` says of Node.js. */
const ALONE = ["--max-semi-space-size=128", "--min-semi-space-size=64", require.resolve("mocha/lib/cli/cli.js")];

/** How many files are measured alone. */
const SLOWEST = 10;

/** What mocha's JSON says of a test. */
interface Tested {
  readonly file: string;
  /** Milliseconds. */
  readonly duration?: number;
}

/** Runs all tests as `npm test` does, then the files that took longest, each alone, as multiples of the barest program. */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const started = performance.now();
    const tests = testedIn(join(folder, "tests.json"));
    console.log(`${tests.length} tests in ${Math.round((performance.now() - started) / 1000)} s`);
    const files = slowest(tests).map((file) => ({ name: relative(ROOT, file), args: [...ALONE, file] }));
    compare(folder, await bareProgram(folder), files, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function testedIn(file: string): readonly Tested[] {
  const told = ["--reporter", "json", "--reporter-option", `output=${file}`];
  const args = [MOCHA, "--parallel", "--jobs", "2", ...told, "test/**/*.test.ts"];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "ignore" });
  if (status !== 0) throw new Error("not all tests pass: npm test says which do not");
  return (JSON.parse(readFileSync(file, "utf8")) as { tests: readonly Tested[] }).tests;
}

function slowest(tests: readonly Tested[]): readonly string[] {
  const taken = new Map<string, number>();
  for (const { file, duration = 0 } of tests) taken.set(file, (taken.get(file) ?? 0) + duration);
  return [...taken]
    .sort(([, one], [, other]) => other - one)
    .slice(0, SLOWEST)
    .map(([file]) => file);
}

void bench();
