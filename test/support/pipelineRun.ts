import assert from "node:assert/strict";
import { actionGroups, type DeclaredAction, parsedVariables } from "./pipelineActions";
import type { Built, ReleaseWorld } from "./releaseWorld";
import { parseBuildspec } from "./shell";

type Texts = Readonly<Record<string, string>>;

/** An action that was run. */
export interface RunStep extends Partial<Built> {
  readonly action: DeclaredAction;
  readonly good: boolean;
  /** The action's configuration, with variables filled in. */
  readonly configuration: Texts;
  /** Files of its output artifact. */
  readonly files: Texts;
}

/** One run of a recorded pipeline, from a commit as far as it comes. */
export class PipelineRun {
  readonly steps: RunStep[] = [];
  private readonly groups: DeclaredAction[][];
  private readonly variables = new Map<string, Texts>();
  private readonly artifacts = new Map<string, Texts>();
  private readonly sources: readonly DeclaredAction[];
  private failed: string | undefined;

  constructor(
    private readonly world: ReleaseWorld,
    readonly commit: string,
  ) {
    this.groups = actionGroups(world.staging);
    this.sources = this.groups[0] ?? [];
  }

  /** Runs what is left up to the end of a stage, or all; says which actions stopped it. */
  through(stage?: string): string | undefined {
    while (this.failed === undefined && this.isBefore(stage)) {
      const steps = (this.groups.shift() ?? []).map((action) => this.act(action));
      const bad = steps.filter(({ good }) => !good).map(({ action }) => action.name);
      if (bad.length > 0) this.failed = bad.join();
    }
    return this.failed;
  }

  private isBefore(stage: string | undefined): boolean {
    if (stage === undefined) return this.groups.length > 0;
    const passed = this.steps.some(({ action }) => action.stage === stage);
    const [next] = this.groups;
    assert.ok(passed || this.groups.some(([action]) => action?.stage === stage), `there is no stage ${stage}`);
    return next !== undefined && (!passed || next[0]?.stage === stage);
  }

  /** Runs one action, whatever came before: somebody insists. */
  insist(name: string): RunStep {
    const action = actionGroups(this.world.staging)
      .flat()
      .find((one) => one.name === name);
    assert.ok(action, `there is no action ${name}`);
    return this.act(action);
  }

  /** The last run of an action. */
  step(name: string): RunStep {
    const [step] = this.steps.filter(({ action }) => action.name === name).slice(-1);
    assert.ok(step, `${name} was not run`);
    return step;
  }

  private act(action: DeclaredAction): RunStep {
    const entries = Object.entries(action.configuration).map(([key, value]) => [key, this.filled(value)]);
    const configuration = Object.fromEntries(entries) as Texts;
    const step: RunStep = { ...this.perform(action, configuration), action, configuration };
    this.steps.push(step);
    const [output] = action.outputs;
    if (output !== undefined && step.good) this.artifacts.set(output, step.files);
    return step;
  }

  private perform(action: DeclaredAction, configuration: Texts): Omit<RunStep, "action" | "configuration"> {
    const nothing = { good: true, files: {} };
    switch (action.provider) {
      case "CodeCommit":
      case "CodeStarSourceConnection":
        this.variables.set(action.namespace, { CommitId: this.commit });
        return { ...nothing, files: this.sourceFiles() };
      case "ECS":
        this.world.deploy({ ...action, configuration }, this.input(action));
        return nothing;
      case "CodeBuild":
        return this.build(action, configuration);
      case "Manual":
        return nothing;
      default:
        throw new Error(`${action.name}: nobody plays ${action.provider}`);
    }
  }

  private build(action: DeclaredAction, configuration: Texts): Omit<RunStep, "action" | "configuration"> {
    const variables = parsedVariables(JSON.parse(configuration.EnvironmentVariables ?? "[]"));
    const files = this.input(action);
    const isSource = this.sources.some(({ outputs }) => outputs.some((output) => action.inputs.includes(output)));
    const revision = isSource ? this.commit : "arn:aws:s3:::artifacts/one.zip";
    const built = this.world.build(action, variables, { files, revision });
    const left = parseBuildspec(this.world.buildspec(action)).artifacts?.files ?? [];
    assert.equal(
      action.outputs.length > 0,
      left.length > 0,
      `${action.name} declares the artifact that its build leaves`,
    );
    this.variables.set(action.namespace, built.run.exported);
    const kept = Object.entries(built.run.files).filter(([path]) => left.includes(path));
    return { ...built, good: built.run.status === 0, files: Object.fromEntries(kept) };
  }

  private input({ name, inputs: [input = ""] }: DeclaredAction): Texts {
    const files = this.artifacts.get(input);
    assert.ok(files, `${name} reads ${input}, which no action before it left`);
    return files;
  }

  /** Every folder that a build works in. */
  private sourceFiles(): Texts {
    const folders = actionGroups(this.world.staging)
      .flat()
      .flatMap(({ configuration }) => parsedVariables(JSON.parse(configuration.EnvironmentVariables ?? "[]")))
      .filter(({ name }) => name === "SERVICE_FOLDER");
    const dockerfiles = folders.map(({ value }) => [`${value}/Dockerfile`, "FROM scratch\n"]);
    return { ...(Object.fromEntries(dockerfiles) as Texts), ...this.world.sources };
  }

  /** CodePipeline refuses a variable that no action before has set. */
  private filled(value: string): string {
    return value.replace(/#\{([\w-]+)\.(\w+)\}/g, (whole, namespace: string, name: string) => {
      if (whole === "#{codepipeline.PipelineExecutionId}") return "00000000-0000-4000-8000-000000000001";
      const found = this.variables.get(namespace)?.[name];
      assert.ok(found !== undefined, `${whole} has no value`);
      return found;
    });
  }
}
