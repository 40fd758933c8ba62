import type { Pipeline } from "../graph/pipelines";
import { arnOf } from "../graph/resources";
import type { RecordedWorkflow } from "../graph/workflows";

/** The step that every job with a role begins with: it hands on what only the stack knows. */
export const STACK_STEP = "stack";

/** GitHub's variable with the account, where the stack's settings do not say it. */
export const ACCOUNT_VARIABLE = "AWS_ACCOUNT_ID";

/** Input with the commit, of the workflow that goes on. */
export const COMMIT_INPUT = "commit";

/** A value that is told to the workflow that goes on. */
export interface ToldInput {
  readonly input: string;
  /** The job that says it, and its output. */
  readonly job: string;
  readonly output: string;
  /** Whether it is an image by digest. */
  readonly isImage: boolean;
}

/**
 * What a workflow writes for values of the stack: what is known stands there, what another step says is an expression that asks
 * it, and what is between `${{` and `}}` in a value of the stack is a text like any other.
 */
export class WorkflowValues {
  private readonly outputs = new Map<string, Map<string, string>>();
  private readonly needs = new Map<string, Set<string>>();
  private readonly told = new Map<string, ToldInput>();

  constructor(
    private readonly pipeline: Pipeline,
    private readonly workflow: RecordedWorkflow,
    private readonly account: string | undefined,
    /** Jobs of the workflow that goes on: what others say is told to it when it is started. */
    private readonly after: ReadonlySet<string> = new Set(),
  ) {}

  /** What the workflow that goes on is told, beside the commit. */
  inputs(): readonly ToldInput[] {
    return [...this.told.values()];
  }

  /** A value of the stack, as a step of this job writes it. */
  of(text: string, job: string): string {
    return this.variables(this.published(this.accounts(literal(text)), job), job);
  }

  /** What a job hands on, as far as others have asked for it. */
  outputsOf(job: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.outputs.get(job) ?? []);
  }

  /** Jobs that this one asks for something. */
  neededBy(job: string): readonly string[] {
    return [...(this.needs.get(job) ?? [])];
  }

  /** An output of a step, for a step of this job: of another job it is handed on. */
  output(step: string, name: string, from: string, job: string): string {
    if (from === job) return expression(`steps.${step}.outputs.${name}`);
    const key = `${step}-${name}`;
    const outputs = this.outputs.get(from) ?? new Map<string, string>();
    this.outputs.set(from, outputs.set(key, expression(`steps.${step}.outputs.${name}`)));
    if (this.after.has(job) && !this.after.has(from)) {
      const input = name === "IMAGE_URI" ? step : key;
      this.told.set(input, { input, job: from, output: key, isImage: name === "IMAGE_URI" });
      return expression(`inputs.${input}`);
    }
    this.needs.set(job, (this.needs.get(job) ?? new Set()).add(from));
    return expression(`needs.${from}.outputs.${key}`);
  }

  /** Name of the workflow that has a job. */
  nameOf(job: string): string {
    return (this.after.has(job) ? this.workflow.promotion?.workflowName : undefined) ?? this.workflow.name;
  }

  /** The commit that a job is about. */
  commit(job: string): string {
    return expression(this.after.has(job) ? `inputs.${COMMIT_INPUT}` : "github.sha");
  }

  /** How a step of another job has ended, for a job that needs it. */
  outcome(step: string, from: string, job: string): string {
    const outputs = this.outputs.get(from) ?? new Map<string, string>();
    this.outputs.set(from, outputs.set(`${step}-outcome`, expression(`steps.${step}.outcome`)));
    this.needs.set(job, (this.needs.get(job) ?? new Set()).add(from));
    return expression(`needs.${from}.outputs.${step}-outcome`);
  }

  /** The account of the preview is made up. */
  private accounts(text: string): string {
    const recorded = (this.workflow.role && arnOf(this.workflow.role))?.split(":")[4];
    if (recorded === undefined || this.account === recorded) return text;
    return text.replaceAll(recorded, expression(`vars.${ACCOUNT_VARIABLE}`));
  }

  private published(text: string, job: string): string {
    const known = Object.entries(this.workflow.published);
    const whole = known.find(([, value]) => this.accounts(literal(value)) === text);
    return whole ? this.output(STACK_STEP, whole[0], this.telling(job), job) : text;
  }

  /** The job that has asked the stack: this one, or the first with a role. */
  private telling(job: string): string {
    const { jobs } = this.workflow;
    const asking = jobs.filter(({ environment }) => environment === this.workflow.environment);
    return (asking.find(({ id }) => id === job) ?? asking[0])?.id ?? job;
  }

  private variables(text: string, job: string): string {
    return text.replaceAll(/#\{([^.}]+)\.([^}]+)\}/g, (whole, namespace: string, name: string) => {
      if (namespace === "codepipeline") return expression("github.run_id");
      const action = this.pipeline.actions.find((one) => one.namespace === namespace);
      if (!action) return whole;
      if (action.category === "Source") return this.commit(job);
      const from = this.workflow.jobs.find(({ actions }) => actions.includes(action.name));
      return from ? this.output(action.name, name, from.id, job) : whole;
    });
  }
}

/** An expression, as GitHub reads it. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** A text in which GitHub finds no expression. */
export function literal(text: string): string {
  return text.replaceAll("${{", "${{ '${{' }}");
}

/** The folder of an artifact, where steps of a job find what others have left. */
export function folderOf(artifact: string): string {
  return `${expression("runner.temp")}/${artifact}`;
}
