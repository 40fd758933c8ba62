import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "./stack";

const FOLDER = join(ROOT, ".github/workflows");

export interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly "runs-on": string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": unknown };
  readonly strategy?: { readonly "fail-fast": boolean; readonly matrix: Readonly<Record<string, unknown>> };
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly WorkflowStep[];
}

export interface Workflow {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Every committed workflow: found, not listed. */
export function workflows(): readonly Workflow[] {
  return readdirSync(FOLDER).map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    return { ...(parse(text) as Omit<Workflow, "file" | "text">), file, text };
  });
}

/** One workflow, by its file. */
export function workflow(file: string): Workflow {
  const found = workflows().find((one) => one.file === file);
  if (!found) throw new Error(`no workflow ${file}`);
  return found;
}

/** The steps that every job begins with: those of the action that installs. */
export function installSteps(): readonly WorkflowStep[] {
  const path = join(ROOT, ".github/actions/install/action.yml");
  return (parse(readFileSync(path, "utf8")) as { runs: { steps: WorkflowStep[] } }).runs.steps;
}
