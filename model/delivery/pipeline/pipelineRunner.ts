import { minutesInWords } from "../../../components/settings/minutesInWords";
import type { Condition } from "../../graph/conditions";
import { type Action, inRunOrder, type Pipeline, type Stage } from "../../graph/pipelines";
import { textOf } from "../../graph/read";
import { arnPlace } from "../../graph/resources";
import { confirmationOf } from "../../workflow/written";
import { AwsError } from "../awsError";
import type { ActedAction, PlayedCloud } from "../cloud";
import { tellOfPipeline } from "../notify";
import type { PushedTag } from "../registry";
import type { PlayedStack } from "../runningStack";
import { takePipelineRole } from "./access";
import { labelOf, perform, whereOfAction, workingRole } from "./actions";
import { deliveredSince, keptJobs, noteRecord, noteUnfounded, type RunAgain, refusedAgain } from "./again";
import { doneBefore, type LastGood } from "./before";
import type { Builder } from "./builder";
import { type Checked, checkCondition } from "./conditions";
import { type Acted, ActionFailed, executionId, fill, type Run } from "./run";

/** How a run of a pipeline ended. */
export type RunStatus = "Succeeded" | "Failed" | "Superseded";

/** What a run came to. */
export interface Ended {
  readonly number: number;
  readonly commit: string;
  readonly status: RunStatus;
  /** The action or stage that stopped it, and why. */
  readonly why?: string;
  /** Actions that ended well, by name. */
  readonly passed: readonly string[];
}

/** A stage takes one run at a time, unless runs are parallel. */
interface Door {
  inside: number | undefined;
  waiting: { readonly number: number; readonly enter: (mayEnter: boolean) => void }[];
}

/** One pipeline, and its runs. https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html */
export class PipelineRunner {
  readonly ended: Ended[] = [];
  private readonly mode: string;
  private readonly doors = new Map<string, Door>();
  private readonly lastGood = new Map<string, LastGood>();
  private runs = 0;
  /** The run that ended last, and what of it ended well. */
  private latest: { readonly run: Run; readonly passed: readonly string[]; readonly status: RunStatus } | undefined;

  constructor(
    private readonly cloud: PlayedCloud,
    private readonly stack: PlayedStack,
    readonly pipeline: Pipeline,
    private readonly builder: Builder,
    private readonly options: { readonly startsAt: Date; readonly pushAnother: () => void },
  ) {
    this.mode = textOf(pipeline.resource.inputs.executionMode) ?? "SUPERSEDED";
  }

  /** Runs the pipeline for a commit, or for the image that somebody has pushed for it, to whatever end. */
  async start(commit: string, image?: PushedTag): Promise<Ended> {
    this.runs += 1;
    const number = this.runs;
    const { cloud, stack, pipeline, builder, options } = this;
    return this.play({
      cloud,
      stack,
      pipeline,
      builder,
      number,
      commit,
      image,
      ...options,
      artifacts: new Map(),
      variables: new Map(),
      recorded: new Map(),
    });
  }

  /** A person runs a workflow again that has failed: those jobs alone, and what needs them, or all. */
  async again(which: RunAgain): Promise<Ended | undefined> {
    const { workflow } = this.pipeline;
    if (!workflow || this.latest?.status !== "Failed") return undefined;
    const { run, passed } = this.latest;
    const attempt = (run.attempt ?? 1) + 1;
    const words =
      which === "all-jobs" ? "whole, with all its jobs" : "those of its jobs that failed, and what needs them";
    this.cloud.timeline.add(labelOf({ ...run, attempt }), `a person runs it again: ${words}`, "note");
    if (which === "all-jobs")
      return this.play({ ...run, attempt, artifacts: new Map(), variables: new Map(), recorded: new Map() });
    const kept = keptJobs(workflow.jobs, passed);
    const actions = new Set(kept.flatMap((job) => job.actions));
    // What is none of a job's: the files of the commit, and reviewers of what is not run again.
    const others = passed.filter((name) => !workflow.jobs.some((job) => job.actions.includes(name)));
    return this.play({ ...run, attempt, kept: new Set([...actions, ...others]) });
  }

  private async play(run: Run): Promise<Ended> {
    const { cloud, pipeline } = this;
    const { commit, image } = run;
    const label = labelOf(run);
    cloud.timeline.add(
      label,
      `starts for ${image === undefined ? "commit" : `image ${image.tag} of commit`} ${commit.slice(0, 12)}`,
    );
    this.tell("pipeline-execution-started", `${pipeline.name} has started for ${commit}`);
    const passed: string[] = [...(run.kept ?? [])];
    const ended = await this.go(run, passed);
    this.ended.push(ended);
    this.latest = { run, passed, status: ended.status };
    const words = { Succeeded: "good", Failed: "bad", Superseded: "note" } as const;
    cloud.timeline.add(
      label,
      `ends: ${ended.status}${ended.why === undefined ? "" : `: ${ended.why}`}`,
      words[ended.status],
    );
    this.tell(
      `pipeline-execution-${ended.status.toLowerCase()}`,
      `${pipeline.name} ${ended.status}${ended.why === undefined ? "" : `: ${ended.why}`}`,
    );
    this.emitState(ended.status.toUpperCase());
    return ended;
  }

  /** Starts a run beside those that go on. */
  startAnother(commit: string): void {
    this.others.push(this.cloud.clock.start(() => this.start(commit)));
  }

  /** Waits until no run goes on. */
  async idle(): Promise<void> {
    for (const other of this.others) await this.cloud.clock.join(other);
  }

  private readonly others: Promise<Ended>[] = [];

  private async go(run: Run, passed: string[]): Promise<Ended> {
    const { number, commit } = run;
    const base = { number, commit, passed };
    try {
      takePipelineRole(run, labelOf(run));
    } catch (error) {
      if (!(error instanceof ActionFailed)) throw error;
      return { ...base, status: "Failed", why: error.message };
    }
    for (const stage of this.pipeline.stages) {
      if (!(await this.enter(stage, run))) {
        return { ...base, status: "Superseded", why: `a newer run came before stage ${stage.name}` };
      }
      const why = await this.stage(run, stage, passed);
      this.leave(stage);
      if (why !== undefined) return { ...base, status: "Failed", why };
    }
    return { ...base, status: "Succeeded" };
  }

  /** Waits until a stage is free; false where a newer run takes this one's place. */
  private async enter({ name }: Stage, run: Run): Promise<boolean> {
    if (this.mode === "PARALLEL") return true;
    const { number } = run;
    const door = this.doors.get(name) ?? { inside: undefined, waiting: [] };
    this.doors.set(name, door);
    if (door.inside === undefined) {
      door.inside = number;
      return true;
    }
    if (this.mode === "SUPERSEDED") {
      for (const { enter } of door.waiting.splice(0)) enter(false);
    }
    this.cloud.timeline.add(labelOf(run), `waits before stage ${name}: run ${door.inside} is in it`, "waiting");
    return this.cloud.clock.join(new Promise<boolean>((enter) => void door.waiting.push({ number, enter })));
  }

  private leave({ name }: Stage): void {
    const door = this.doors.get(name);
    if (!door) return;
    const next = door.waiting.shift();
    door.inside = next?.number;
    next?.enter(true);
  }

  /** Runs a stage; says what stopped it. */
  private async stage(run: Run, stage: Stage, passed: string[]): Promise<string | undefined> {
    const entry = await this.condition(run, stage, "beforeEntry");
    if (entry && !entry.holds) {
      this.cloud.timeline.add(
        this.whereOf(run, stage),
        `is not entered: ${entry.why}`,
        entry.result === "SKIP" ? "note" : "bad",
      );
      return entry.result === "SKIP" ? undefined : entry.why;
    }
    const open = stage.actions.filter(({ name }) => run.kept?.has(name) !== true);
    let failed = await this.actions(run, stage, open, passed);
    if (failed && stage.onFailure === "RETRY") {
      const again = stage.retryMode === "ALL_ACTIONS" ? open : this.from(stage, failed.actions);
      this.cloud.timeline.add(this.whereOf(run, stage), "is tried once more, by itself", "note");
      // What was wrong is still wrong.
      for (const { name } of failed.actions) this.cloud.faults.again(name);
      failed = await this.actions(run, stage, again, passed);
    }
    if (!failed) {
      const success = await this.condition(run, stage, "onSuccess");
      if (!success || success.holds) {
        this.lastGood.set(stage.name, {
          commit: run.commit,
          artifacts: new Map(run.artifacts),
          variables: new Map(run.variables),
        });
        return undefined;
      }
      if (success.result === "ROLLBACK") await this.rollBack(run, stage, passed);
      return success.why;
    }
    if (stage.onFailure === "ROLLBACK") await this.rollBack(run, stage, passed);
    return failed.why;
  }

  /** The actions that failed, and everything after them. */
  private from(stage: Stage, failed: readonly Action[]): readonly Action[] {
    const first = Math.min(...failed.map(({ runOrder }) => runOrder));
    return stage.actions.filter((action) => action.runOrder > first || failed.includes(action));
  }

  private async actions(
    run: Run,
    stage: Stage,
    actions: readonly Action[],
    passed: string[],
  ): Promise<{ readonly actions: readonly Action[]; readonly why: string } | undefined> {
    for (const group of inRunOrder(actions)) {
      const { clock } = this.cloud;
      const acted = await clock.join(Promise.all(group.map((action) => clock.start(() => this.act(run, action)))));
      const good = group.filter((_action, index) => acted[index]?.good !== false);
      passed.push(...good.map(({ name }) => name));
      const bad = group.filter((action) => !good.includes(action) && !this.isConfirmed(action, actions));
      if (bad.length > 0) {
        const reasons = bad.map((action) => `${action.name}: ${acted[group.indexOf(action)]?.why ?? "failed"}`);
        return { actions: bad, why: `stage ${stage.name}, ${reasons.join("; ")}` };
      }
    }
    return undefined;
  }

  /** In a workflow, how a deployment has ended its confirmation says: the deployment's own step decides nothing. */
  private isConfirmed({ deploysTo }: Action, actions: readonly Action[]): boolean {
    if (!this.pipeline.workflow || !deploysTo) return false;
    return confirmationOf(actions, deploysTo.service) !== undefined;
  }

  private async act(run: Run, action: Action): Promise<Acted> {
    const { cloud } = this;
    const where = whereOfAction(run, action);
    const before = cloud.clock.now;
    const refused = refusedAgain(run, action);
    const first = refused === undefined ? await this.filled(run, action) : { good: false, why: refused };
    const acted = first.good || refused !== undefined ? first : await this.lookedAgain(run, action, first);
    for (const [name, artifact] of Object.entries(acted.outputs ?? {})) run.artifacts.set(name, artifact);
    if (action.namespace !== undefined && acted.variables) run.variables.set(action.namespace, acted.variables);
    if (acted.good) {
      cloud.acted.push(this.done(run, action));
      noteRecord(run, action);
      noteUnfounded(run, action);
    }
    const minutes = Math.round((cloud.clock.now - before) / 60);
    const took = minutes > 0 ? ` after ${minutes < 120 ? `${minutes} min` : minutesInWords(minutes)}` : "";
    cloud.timeline.add(
      where,
      acted.good ? `ends well${took}` : `fails${took}: ${acted.why ?? ""}`,
      acted.good ? "good" : "bad",
      { role: workingRole(run, action) },
    );
    return acted;
  }

  /** In a workflow, a step looks again after a confirmation that was stopped or failed: what runs well is recorded; the run stays red. */
  private async lookedAgain(run: Run, action: Action, first: Acted): Promise<Acted> {
    const { actions, workflow } = this.pipeline;
    const confirms = actions.some(
      ({ deploysTo }) => deploysTo !== undefined && confirmationOf(actions, deploysTo.service) === action,
    );
    if (!workflow || !confirms) return first;
    const again = await this.filled({ ...run, looksAgain: true }, action);
    return again.good ? { ...first, why: `${first.why ?? "failed"}; what runs is recorded by a second look` } : first;
  }

  /** What AWS says of an action that ended well. */
  private done({ number }: Run, { name, category, provider }: Action): ActedAction {
    const { account, partition } = arnPlace(this.pipeline.arn) ?? this.stack.place;
    const by = provider === "Manual" ? `arn:${partition}:sts::${account}:assumed-role/approver/rehearsal` : undefined;
    return { pipeline: this.pipeline.name, execution: executionId(number), name, category, by };
  }

  /** Variables are filled in before an action starts: one without a value stops it. */
  private async filled(run: Run, action: Action): Promise<Acted> {
    try {
      for (const value of Object.values(action.configuration)) fill(value, run);
    } catch (error) {
      if (error instanceof ActionFailed) return { good: false, why: error.message };
      throw error;
    }
    return perform(run, action);
  }

  private async condition(run: Run, stage: Stage, place: Condition["place"]): Promise<Checked | undefined> {
    const [condition]: readonly (Condition | undefined)[] = stage.conditions.filter((one) => one.place === place);
    if (!condition) return undefined;
    const { cloud, stack, pipeline, options } = this;
    const where = this.whereOf(run, stage);
    try {
      return await checkCondition(condition, {
        cloud,
        stack,
        pipeline,
        startsAt: options.startsAt,
        where,
        fill: (text) => fill(text, run),
      });
    } catch (error) {
      if (error instanceof ActionFailed || error instanceof AwsError)
        return { holds: false, result: condition.result ?? "FAIL", why: error.message };
      throw error;
    }
  }

  private whereOf(run: Run, { name }: Stage): string {
    return `${labelOf(run)}, stage ${name}`;
  }

  /**
   * The stage runs once more with what it was last done with when it ended well.
   * https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback-how-it-works.html
   */
  private async rollBack(run: Run, stage: Stage, passed: readonly string[]): Promise<void> {
    const { workflow } = this.pipeline;
    const where = this.whereOf(run, stage);
    const actions = workflow ? this.takenBack(run, stage, passed) : stage.actions;
    // What failed to deploy, ECS or CodeDeploy has taken back.
    if (actions.length === 0) return;
    const last =
      this.lastGood.get(stage.name) ?? doneBefore(this.cloud, this.stack, this.pipeline, this.builder.source());
    if (!last) {
      const text = workflow
        ? "stays as it is: nothing was delivered before that could be brought back"
        : "cannot be rolled back: it has never ended well";
      this.cloud.timeline.add(where, text, "bad");
      return;
    }
    const how = workflow ? "job take-back deploys" : "runs again with";
    this.cloud.timeline.add(where, `is rolled back: ${how} commit ${last.commit.slice(0, 12)}`, "note");
    const again: Run = {
      ...run,
      commit: last.commit,
      artifacts: new Map(last.artifacts),
      variables: new Map(last.variables),
      recorded: new Map(),
    };
    const failed = await this.actions(again, stage, actions, []);
    this.cloud.timeline.add(
      where,
      failed
        ? `the rollback fails: ${failed.why}`
        : `the rollback ends well: commit ${last.commit.slice(0, 12)} is back`,
      failed ? "bad" : "note",
    );
  }

  /** What a workflow's job deploys and confirms again: what has been deployed well, and is recorded still. */
  private takenBack(run: Run, stage: Stage, passed: readonly string[]): readonly Action[] {
    const { actions } = stage;
    return actions.flatMap((action) => {
      const confirm = action.deploysTo && confirmationOf(actions, action.deploysTo.service);
      if (!confirm || !passed.includes(confirm.name)) return [];
      const later = deliveredSince(run, confirm, this.whereOf(run, stage));
      if (later === undefined) return [action, confirm];
      this.cloud.timeline.add(this.whereOf(run, stage), `${action.deploysTo?.service ?? ""}: ${later}`, "note");
      return [];
    });
  }

  private tell(event: string, message: string): void {
    tellOfPipeline(this.cloud, this.stack, this.pipeline.arn ?? "", event, message);
  }

  private emitState(state: string): void {
    this.cloud.emit(this.stack, {
      source: "aws.codepipeline",
      "detail-type": "CodePipeline Pipeline Execution State Change",
      resources: [this.pipeline.arn ?? ""],
      detail: { pipeline: this.pipeline.name, state },
    });
  }
}
