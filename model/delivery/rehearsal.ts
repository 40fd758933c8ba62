import type { RecordedGraph } from "../graph/graph";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { arnOf, ofType, TYPES } from "../graph/resources";
import { AwsError } from "./awsError";
import { connectBus } from "./bus";
import { type CloudOptions, PlayedCloud } from "./cloud";
import type { RunAgain } from "./pipeline/again";
import type { Builder } from "./pipeline/builder";
import { type Ended, PipelineRunner } from "./pipeline/pipelineRunner";
import { type Push, type Start, startsOf } from "./pipeline/push";
import { receiversOf, releasesIn } from "./pipeline/released";
import { type Broken, brokenPromises } from "./promises";
import { reconciled } from "./reconcile";
import { takesRole } from "./roles";

/** What is rehearsed. */
export interface RehearsalOptions extends CloudOptions {
  /** Stacks that take part, by name: others are there for what goes across. @default - all */
  readonly stacks?: readonly string[];
  readonly push: Push;
  /** The commit that somebody pushes in the middle, where that is asked for. */
  readonly secondCommit?: string;
  readonly startsAt: Date;
  /** What happens from outside, and when. @default - nothing */
  readonly meanwhile?: readonly {
    readonly at: number;
    readonly happen: (cloud: PlayedCloud, pushAnother: () => void) => void;
  }[];
  /** What a person runs again of workflows that have failed. @default - nobody runs one again */
  readonly again?: RunAgain | undefined;
  /** Whoever runs builds, once the AWS of the rehearsal is there. */
  readonly builder: (cloud: PlayedCloud) => Builder;
}

/** A pipeline, and what became of its runs. */
export interface Rehearsed {
  readonly graph: RecordedGraph;
  readonly pipeline: Pipeline;
  readonly runs: readonly Ended[];
}

/** What a rehearsal came to. */
export interface Rehearsal {
  readonly cloud: PlayedCloud;
  /** What the push means for every source of every pipeline. */
  readonly starts: readonly Start[];
  readonly pipelines: readonly Rehearsed[];
  /** What must never happen, and did. */
  readonly broken: readonly Broken[];
  /** Whether the commit reached users by every pipeline that it concerns. */
  readonly reached: boolean;
  /** Seconds from the push until users had it, or until it was over. */
  readonly seconds: number;
}

/** The commit that is pushed in the middle, unless one is named. */
const SECOND_COMMIT = "2".repeat(40);

/** Seconds in which everything that was left under way comes to an end. */
const SETTLE_SECONDS = 6 * 3600;

/** Plays one commit from push to users. */
export async function rehearse(recorded: readonly RecordedGraph[], options: RehearsalOptions): Promise<Rehearsal> {
  const graphs = reconciled(recorded);
  const { stacks = graphs.map(({ stack }) => stack), push } = options;
  const cloud = new PlayedCloud(graphs, options);
  connectBus(cloud);
  const builder = options.builder(cloud);
  const starts = startsOf(
    graphs.filter(({ stack }) => stacks.includes(stack)),
    push,
  );
  const asked = graphs.flatMap((graph) =>
    pipelinesOf(graph).flatMap((pipeline) => {
      const start = starts.find((one) => one.graph === graph && one.pipeline.arn === pipeline.arn && one.starts);
      return start ? [{ graph, pipeline, start }] : [];
    }),
  );
  // What waits for an image that another one releases is started by that, and by nobody from outside.
  const fed = asked.flatMap(({ graph }) => releasesIn(graph)).flatMap((one) => receiversOf(graphs, one));
  const started = asked.filter(({ pipeline }) => !fed.some((one) => one.pipeline.arn === pipeline.arn));
  let seconds = 0;
  const pipelines = await cloud.clock.start(async () => {
    const runners = started.map(({ graph, pipeline }) => runnerFor(cloud, graph, pipeline, builder, options));
    for (const { at, happen } of options.meanwhile ?? []) {
      void cloud.clock.start(async () => {
        await cloud.clock.sleep(at);
        happen(cloud, () => {
          for (const runner of runners) runner.startAnother(options.secondCommit ?? SECOND_COMMIT);
        });
      });
    }
    const done = started.map(({ graph, pipeline, start }, index) =>
      cloud.clock.start(async (): Promise<Rehearsed> => {
        const runner = runners[index];
        if (!runner) throw new Error(`no runner for ${pipeline.name}`);
        if (mayStart(cloud, start)) {
          await runner.start(push.commit);
          await runner.idle();
          if (options.again !== undefined) await runner.again(options.again);
        }
        return { graph, pipeline, runs: runner.ended };
      }),
    );
    const first = await cloud.clock.join(Promise.all(done));
    const released: Rehearsed[] = [];
    for (const image of [...cloud.registry.pushedTags]) {
      for (const start of receiversOf(graphs, image).filter(({ pipeline }) => !isAmong(first, pipeline))) {
        if (!start.starts || !mayStart(cloud, start)) continue;
        const { graph, pipeline } = start;
        const runner = runnerFor(cloud, graph, pipeline, builder, options);
        await cloud.clock.join(cloud.clock.start(() => runner.start(push.commit, image)));
        await runner.idle();
        released.push({ graph, pipeline, runs: runner.ended });
      }
    }
    const ended = [...first, ...released];
    seconds = cloud.clock.now;
    // Old tasks that drain, alarms, state machines: whatever goes on after the last run.
    await cloud.clock.sleep(SETTLE_SECONDS);
    return ended;
  });
  cloud.closeOutages();
  const broken = brokenPromises(cloud, pipelines);
  const good = pipelines.length > 0 && pipelines.every(({ runs }) => runs.at(-1)?.status === "Succeeded");
  return {
    cloud,
    starts,
    pipelines,
    broken,
    reached: good && broken.length === 0 && cloud.refused.length === 0,
    seconds,
  };
}

function isAmong(rehearsed: readonly Rehearsed[], pipeline: Pipeline): boolean {
  return rehearsed.some((one) => one.pipeline.arn === pipeline.arn);
}

function runnerFor(
  cloud: PlayedCloud,
  graph: RecordedGraph,
  pipeline: Pipeline,
  builder: Builder,
  options: RehearsalOptions,
): PipelineRunner {
  const runner: PipelineRunner = new PipelineRunner(cloud, cloud.stackOf(graph), pipeline, builder, {
    startsAt: options.startsAt,
    pushAnother: () => {
      const commit = options.secondCommit ?? SECOND_COMMIT;
      cloud.timeline.add(pipeline.name, `commit ${commit.slice(0, 12)} is pushed in the middle`, "note");
      runner.startAnother(commit);
    },
  });
  return runner;
}

/** Whether the rule that matches may start the pipeline: EventBridge takes the target's role, which may. */
function mayStart(cloud: PlayedCloud, { graph, pipeline, roleArn, rule }: Start): boolean {
  if (roleArn === undefined) return true;
  const { account } = cloud.stackOf(graph).place;
  const where = `rule ${rule ?? ""}`;
  const event = ofType(graph, TYPES.eventRule).find((one) => one.name === rule);
  const sourceArn = event && arnOf(event);
  if (!takesRole(cloud, { service: "events.amazonaws.com", roleArn, account, sourceArn, where })) return false;
  try {
    const caller = { arn: roleArn, account: roleArn.split(":")[4] ?? account };
    cloud.demand({ caller, action: "codepipeline:StartPipelineExecution", resource: pipeline.arn ?? "" }, where);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
