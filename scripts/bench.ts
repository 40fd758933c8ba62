import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the update that is played may add to a comparison, at most. */
const BOUND = 1.3;

/** How often each stack is compared. */
const TIMES = 5;

const ROOT = join(__dirname, "..");

/** Milliseconds that a comparison took, and those of them in which the update was played. */
interface Times {
  readonly total: number;
  readonly played: number;
}

/**
 * What playing an update adds to `npm run preview -- --against HEAD`: a changed stack, in a folder of its own, each time in a
 * process of its own. Ends with 1 where it is more than the bound.
 */
function bench(): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    git("worktree", "add", "--detach", "--force", folder, "HEAD");
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    const factors = ["dev", "prod"].map((stack) => {
      change(join(folder, `Pulumi.${stack}.yaml`));
      const all = Array.from({ length: TIMES }, () => measure(folder, stack));
      const [total, played] = [median(all.map((one) => one.total)), median(all.map((one) => one.played))];
      const factor = total / (total - played);
      console.log(
        `${stack}: ${total} ms, ${played} ms of them played: ${factor.toFixed(2)} times what it would take without`,
      );
      return factor;
    });
    return Math.max(...factors) > BOUND ? 1 : 0;
  } finally {
    git("worktree", "remove", "--force", folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another memory size, and another port of the load balancer: something to plan, to play and to say. */
function change(file: string): void {
  const text = readFileSync(file, "utf8").replace("memory: 1024", "memory: 2048");
  writeFileSync(file, `${text}  ecs-delivery:loadBalancer: { productionPort: 81 }\n`);
}

function measure(folder: string, stack: string): Times {
  const child = join(__dirname, "benchAgainst.ts");
  const args = ["-r", join(ROOT, "preview/register.cjs"), child, folder, stack];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Times;
}

function git(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

process.exitCode = bench();
