import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Call, StandInAnswer } from "./shell";

/** A job of a generated workflow, as GitHub reads it. */
export interface ReadJob {
  readonly needs?: readonly string[];
  readonly environment?: string | { readonly name: string; readonly url?: string };
  readonly permissions: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly if?: string;
  readonly steps: readonly ReadStep[];
}

export interface ReadStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly "continue-on-error"?: boolean;
  readonly "timeout-minutes"?: number;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly "working-directory"?: string;
}

export interface ReadWorkflow {
  readonly name: string;
  readonly on: {
    readonly push?: Readonly<Record<string, readonly string[]>>;
    readonly workflow_dispatch: null | { readonly inputs: Readonly<Record<string, object>> };
  };
  readonly permissions: object;
  readonly concurrency: Readonly<Record<string, unknown>>;
  readonly defaults: { readonly run: { readonly shell: string } };
  readonly jobs: Readonly<Record<string, ReadJob>>;
}

export function readWorkflow(text: string): ReadWorkflow {
  return parse(text) as ReadWorkflow;
}

/** What GitHub's actions come to, by the beginning of their names: outputs, or nothing where they fail. */
export type PlayedActions = Readonly<
  Record<string, (given: Readonly<Record<string, string>>) => Readonly<Record<string, string>> | undefined>
>;

export interface PlayOptions {
  readonly answers: readonly StandInAnswer[];
  readonly actions?: PlayedActions;
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** What a workflow is told when it is started. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The attempt before, of which a person runs those jobs again that failed, and all that need one of them. */
  readonly failedOf?: PlayedWorkflow;
  /** The attempt that it is. @default 1 */
  readonly attempt?: number;
  /** Id of the step in which a person cancels the run, before it has done anything. @default - nobody does */
  readonly cancelledIn?: string;
}

/** How a step or a job ends. */
type Outcome = "success" | "failure" | "cancelled" | "skipped";

export interface PlayedStep {
  readonly job: string;
  readonly id: string;
  readonly outcome: Outcome;
  readonly given: Readonly<Record<string, string>>;
}

export interface PlayedWorkflow {
  readonly steps: readonly PlayedStep[];
  readonly calls: readonly Call[];
  readonly summary: string;
  readonly log: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Outputs of jobs. */
  readonly handed: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const SHA = "0123456789abcdef0123456789abcdef01234567";

/** Plays a workflow: shell steps in bash with stand-ins for what they call, GitHub's actions as they are told to end. */
export function playWorkflow(workflow: ReadWorkflow, options: PlayOptions): PlayedWorkflow {
  const root = mkdtempSync(join(tmpdir(), "workflow-"));
  try {
    return new Player(root, workflow, options).play();
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

type Outputs = Record<string, string>;

class Player {
  private readonly done: PlayedStep[] = [];
  private readonly outcomes: Record<string, Outcome> = {};
  private readonly handed: Record<string, Outputs> = {};
  private log = "";
  private cancelled = false;

  constructor(
    private readonly root: string,
    private readonly workflow: ReadWorkflow,
    private readonly options: PlayOptions,
  ) {
    for (const name of ["bin", "home"]) mkdirSync(join(root, name));
    const list = (name: string, values: readonly (string | number)[]) => `${name}=(${values.map(quote).join(" ")})`;
    const { answers } = options;
    writeFileSync(
      join(root, "bin/answers.sh"),
      [
        list(
          "PATTERNS",
          answers.map(({ when }) => when),
        ),
        list(
          "STDOUTS",
          answers.map(({ stdout = "" }) => stdout),
        ),
        list(
          "STDERRS",
          answers.map(({ stderr = "" }) => stderr),
        ),
        list(
          "STATUSES",
          answers.map(({ status = 0 }) => status),
        ),
        list(
          "TIMES",
          answers.map(({ times = 1_000_000 }) => times),
        ),
        list(
          "DELAYS",
          answers.map(() => 0),
        ),
        list(
          "STOPS",
          answers.map(() => ""),
        ),
        "FAIL_CALL=0",
      ].join("\n"),
    );
    writeFileSync(join(root, "bin/number"), "0\n");
    for (const name of ["aws", "docker", "npm", "node", "gh"])
      copyFileSync(join(__dirname, "fakes", "command.sh"), join(root, "bin", name));
    // Nothing is waited for.
    writeFileSync(join(root, "bin/sleep"), "#!/usr/bin/env bash\n", { mode: 0o755 });
    writeFileSync(join(root, "summary"), "");
  }

  play(): PlayedWorkflow {
    const kept = this.options.failedOf;
    for (const [id, job] of Object.entries(this.workflow.jobs)) {
      if (kept && this.isKept(id, kept)) {
        this.outcomes[id] = kept.outcomes[id] ?? "skipped";
        this.handed[id] = { ...kept.handed[id] };
      } else this.playJob(id, job);
    }
    const calls = join(this.root, "bin/calls");
    return {
      steps: this.done,
      outcomes: this.outcomes,
      handed: this.handed,
      log: this.log,
      summary: readFileSync(join(this.root, "summary"), "utf8"),
      calls: existsSync(calls)
        ? readFileSync(calls, "utf8")
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line) as Call)
        : [],
    };
  }

  /** A job that ended well is not run again, unless one that it needs is. */
  private isKept(id: string, before: PlayedWorkflow): boolean {
    const needs = this.workflow.jobs[id]?.needs ?? [];
    return before.outcomes[id] === "success" && needs.every((need) => this.isKept(need, before));
  }

  private playJob(id: string, job: ReadJob): void {
    const needed = (job.needs ?? []).map((need) => this.outcomes[need]);
    const failed = needed.includes("failure");
    const runs =
      job.if === undefined
        ? !this.cancelled && needed.every((one) => one === "success")
        : this.holds(job.if, {}, {}, failed);
    if (!runs) {
      this.outcomes[id] = "skipped";
      return;
    }
    const place = join(this.root, id);
    mkdirSync(join(place, "temp"), { recursive: true });
    for (const [path, text] of Object.entries(this.options.files ?? {})) {
      mkdirSync(dirname(join(place, "src", path)), { recursive: true });
      writeFileSync(join(place, "src", path), text);
    }
    mkdirSync(join(place, "src"), { recursive: true });
    const outputs: Record<string, Outputs> = {};
    const ends: Record<string, PlayedStep["outcome"]> = {};
    let bad = false;
    for (const [index, step] of job.steps.entries()) {
      const name = step.id ?? `step-${index}`;
      const runs = step.if === undefined ? !bad && !this.cancelled : this.holds(step.if, outputs, ends, bad);
      const given = this.all({ ...step.env, ...step.with }, outputs, ends, place);
      const isCancelled = runs && !this.cancelled && name === this.options.cancelledIn;
      if (isCancelled) this.cancelled = true;
      const result = runs && !isCancelled ? this.playStep(step, given, outputs, ends, place) : undefined;
      const outcome = isCancelled ? "cancelled" : runs ? (result ? "success" : "failure") : "skipped";
      if (outcome === "failure" && step["continue-on-error"] !== true) bad = true;
      outputs[name] = result ?? this.written(place);
      ends[name] = outcome;
      this.done.push({ job: id, id: name, outcome, given });
    }
    this.handed[id] = this.all(job.outputs ?? {}, outputs, ends, place);
    this.outcomes[id] = this.cancelled ? "cancelled" : bad ? "failure" : "success";
  }

  private playStep(
    step: ReadStep,
    given: Outputs,
    outputs: Record<string, Outputs>,
    ends: Record<string, string>,
    place: string,
  ): Outputs | undefined {
    writeFileSync(join(place, "output"), "");
    if (step.uses !== undefined) {
      const [action = ""] = step.uses.split("@");
      const played = this.options.actions?.[action];
      return played ? played(given) && { ...played(given) } : {};
    }
    const where = step["working-directory"];
    const [shell = "", ...words] = this.workflow.defaults.run.shell.split(" ");
    const script = join(place, "script.sh");
    writeFileSync(script, step.run ?? "");
    const run = spawnSync(
      shell,
      words.map((word) => (word === "{0}" ? script : word)),
      {
        cwd: where === undefined ? join(place, "src") : this.text(where, outputs, ends, place),
        env: {
          PATH: `${join(this.root, "bin")}:${process.env.PATH ?? ""}`,
          HOME: join(this.root, "home"),
          RUNNER_TEMP: join(place, "temp"),
          GITHUB_OUTPUT: join(place, "output"),
          GITHUB_STEP_SUMMARY: join(this.root, "summary"),
          GITHUB_SERVER_URL: "https://github.com",
          GITHUB_REPOSITORY: "acme/shop",
          GITHUB_REF_NAME: "main",
          GITHUB_RUN_ID: "4711",
          GITHUB_RUN_ATTEMPT: String(this.options.attempt ?? 1),
          AWS_REGION: "eu-west-1",
          ...given,
        },
        timeout: 20_000,
      },
    );
    this.log += `${run.stdout?.toString() ?? ""}${run.stderr?.toString() ?? ""}`;
    return run.status === 0 ? this.written(place) : undefined;
  }

  private written(place: string): Outputs {
    const file = join(place, "output");
    const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
    return Object.fromEntries(
      lines
        .filter((line) => line.includes("="))
        .map((line): [string, string] => [line.split("=", 1)[0] ?? "", line.replace(/^[^=]*=/, "")]),
    );
  }

  private all(
    values: Readonly<Record<string, string>>,
    outputs: Record<string, Outputs>,
    ends: Record<string, string>,
    place: string,
  ): Outputs {
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, this.text(String(value), outputs, ends, place)]),
    );
  }

  /** Expressions, as far as generated workflows have them. Throws at any other. */
  private text(text: string, outputs: Record<string, Outputs>, ends: Record<string, string>, place: string): string {
    return text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
      if (expression === "github.sha") return SHA;
      if (expression === "github.run_id") return "4711";
      if (expression === "github.token") return "token";
      const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
      if (input !== undefined) {
        const told = this.options.inputs?.[input];
        if (told === undefined) throw new Error(`nobody says input ${input}`);
        return told;
      }
      if (expression === "runner.temp") return join(place, "temp");
      if (expression === "'${{'") return "${{";
      const [, variable] = /^vars\.(\w+)$/.exec(expression) ?? [];
      if (variable !== undefined) return this.options.variables?.[variable] ?? "";
      const [, step, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
      if (step !== undefined) return outputs[step]?.[output ?? ""] ?? "";
      const [, ended] = /^steps\.([\w-]+)\.outcome$/.exec(expression) ?? [];
      if (ended !== undefined) return ends[ended] ?? "";
      const [, job, handed] = /^needs\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
      if (job !== undefined) return this.handed[job]?.[handed ?? ""] ?? "";
      throw new Error(`expression ${expression}`);
    });
  }

  private holds(
    condition: string,
    outputs: Record<string, Outputs>,
    ends: Record<string, string>,
    failed: boolean,
  ): boolean {
    const text = condition.replace(/^\$\{\{ (.*) \}\}$/, "$1");
    const any = outside(text, " || ");
    if (any.length > 1) return any.some((one) => this.holds(one, outputs, ends, failed));
    return outside(text, " && ").every((part) => {
      if (part.startsWith("(") && part.endsWith(")")) return this.holds(part.slice(1, -1), outputs, ends, failed);
      if (part === "!cancelled()") return !this.cancelled;
      if (part === "always()") return true;
      if (part === "failure()") return failed && !this.cancelled;
      const [, value = "", operator, expected] = /^(\S+) (==|!=) '(.*)'$/.exec(part) ?? [];
      if (operator === undefined) throw new Error(`condition ${part}`);
      const is = this.text(`\${{ ${value} }}`, outputs, ends, "") === expected;
      return operator === "==" ? is : !is;
    });
  }
}

/** The parts of an expression between an operator that stands in no parentheses. */
function outside(text: string, operator: string): readonly string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth > 0 || !text.startsWith(operator, at)) continue;
    parts.push(text.slice(from, at));
    from = at + operator.length;
  }
  return [...parts, text.slice(from)];
}

function quote(value: string | number): string {
  return `'${String(value).replaceAll("'", `'\\''`)}'`;
}
