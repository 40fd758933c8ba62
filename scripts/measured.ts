import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

/** What a process has used. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly mebibytes: number;
}

/** Runs Node.js in the project's folder, and says what it used; `folder` is for what the process says of itself. */
export function measured(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Measured {
  const file = join(folder, "usage");
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["-r", join(__dirname, "usage.cjs"), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env, USAGE_FILE: file },
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(readFileSync(file, "utf8")) as NodeJS.ResourceUsage;
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, mebibytes: maxRSS / 1024 };
}
