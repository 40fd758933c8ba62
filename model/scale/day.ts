import { Clock } from "../delivery/clock";
import { windowOpens } from "../delivery/pipeline/conditions";
import type { PlannedAction, PlannedPipeline, PlannedStage } from "./plan";

/** A push, and the pipeline that it starts. */
export interface DayPush {
  /** Seconds since the day began. */
  readonly at: number;
  readonly pipeline: PlannedPipeline;
}

/** What runs wait for. */
export const WAITS = ["a free machine", "the run before", "a person", "the window"] as const;

/** Something that a run waits for. */
export type WaitFor = (typeof WAITS)[number];

/** What came of a push. */
export interface DayRun {
  readonly pipeline: PlannedPipeline;
  readonly at: number;
  readonly seconds: number;
  /** `Refused`: CodeBuild's queue was full, or the pipeline's. */
  readonly status: "Succeeded" | "Superseded" | "Refused";
  readonly waited: Readonly<Record<WaitFor, number>>;
  readonly dollars: number;
}

/** How full the machines of an account and region were. */
export interface DayMachines {
  readonly account: string;
  readonly mostAtOnce: number;
  readonly mostQueued: number;
  /** Seconds that each build waited for its machine. */
  readonly waits: readonly number[];
}

/** What a day came to. */
export interface Day {
  readonly runs: readonly DayRun[];
  readonly machines: readonly DayMachines[];
}

/** What a day is played with. */
export interface DayOptions {
  /** Midnight, for windows. */
  readonly startsAt: Date;
  /** Builds that an account runs at once in a region, of each kind of machine. */
  readonly buildsAtOnce: number;
  /** Seconds after which the nth person that is asked has answered, by the second at which they are asked. */
  readonly answer: (asked: number, at: number) => number;
}

/**
 * Builds that wait at most, for each that may run. Which of them goes first AWS does not say; here it is the first.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html
 */
const QUEUED_PER_BUILD = 5;

/** Runs of a pipeline at once at most, where none overtakes another. */
const RUNS_AT_ONCE = 50;

/** Plays the pushes of a day on a clock that nobody waits for. Nothing fails but what AWS has no room for. */
export async function playDay(pushes: readonly DayPush[], options: DayOptions): Promise<Day> {
  const day = new PlayedDay(options);
  await day.play([...pushes].sort((one, other) => one.at - other.at));
  return { runs: day.runs, machines: day.machines() };
}

/** What a run is stopped by. */
class Ended extends Error {
  constructor(readonly status: DayRun["status"]) {
    super(status);
  }
}

interface Door {
  inside: boolean;
  waiting: ((mayEnter: boolean) => void)[];
}

interface Pool {
  readonly account: string;
  running: number;
  mostAtOnce: number;
  mostQueued: number;
  readonly waits: number[];
  readonly queue: (() => void)[];
}

type Waited = Record<WaitFor, number>;

class PlayedDay {
  readonly runs: DayRun[] = [];
  private readonly clock = new Clock();
  private readonly doors = new Map<string, Door>();
  private readonly pools = new Map<string, Pool>();
  private readonly under = new Map<PlannedPipeline, number>();
  private asked = 0;

  constructor(private readonly options: DayOptions) {}

  machines(): readonly DayMachines[] {
    return [...this.pools.values()];
  }

  async play(pushes: readonly DayPush[]): Promise<void> {
    const { clock } = this;
    await clock.start(async () => {
      const going: Promise<void>[] = [];
      for (const push of pushes) {
        await clock.sleep(push.at - clock.now);
        going.push(clock.start(() => this.run(push)));
      }
      for (const one of going) await clock.join(one);
    });
  }

  private async run({ pipeline, at }: DayPush): Promise<void> {
    const waited: Waited = { "a free machine": 0, "the run before": 0, "a person": 0, "the window": 0 };
    let dollars = 0;
    const pay = (sum: number) => {
      dollars += sum;
    };
    const end = (status: DayRun["status"]) =>
      this.runs.push({ pipeline, at, seconds: this.clock.now - at, status, waited, dollars });
    await this.clock.sleep(pipeline.trigger);
    const under = this.under.get(pipeline) ?? 0;
    if (pipeline.mode !== "SUPERSEDED" && under >= RUNS_AT_ONCE) {
      end("Refused");
      return;
    }
    this.under.set(pipeline, under + 1);
    try {
      for (const stage of pipeline.stages) await this.stage(pipeline, stage, waited, pay);
      end("Succeeded");
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      end(error.status);
    } finally {
      this.under.set(pipeline, (this.under.get(pipeline) ?? 1) - 1);
    }
  }

  private async stage(
    pipeline: PlannedPipeline,
    stage: PlannedStage,
    waited: Waited,
    pay: (dollars: number) => void,
  ): Promise<void> {
    const before = this.clock.now;
    const leave = await this.enter(pipeline, stage);
    waited["the run before"] += this.clock.now - before;
    try {
      await this.opened(stage, waited);
      for (const together of stage.steps) {
        const begun = this.clock.now;
        const done = together.map((action) => this.clock.start(() => this.act(pipeline, action, pay)));
        const ends = await this.clock.join(Promise.all(done));
        // What more than the longest of them takes is waiting.
        const late = this.clock.now - begun - Math.max(0, ...together.map(({ seconds }) => seconds));
        if (ends.includes("refused")) throw new Ended("Refused");
        waited[together.some(({ kind }) => kind === "person") ? "a person" : "a free machine"] += late;
      }
    } finally {
      leave();
    }
  }

  /** A stage takes one run at a time; a newer one takes the place of what waits before it, unless runs queue. */
  private async enter({ account, region, name, mode }: PlannedPipeline, stage: PlannedStage): Promise<() => void> {
    if (mode === "PARALLEL") return () => undefined;
    const key = [account, region, name, stage.name].join(" ");
    const door = this.doors.get(key) ?? { inside: false, waiting: [] };
    this.doors.set(key, door);
    if (door.inside) {
      if (mode === "SUPERSEDED") for (const enter of door.waiting.splice(0)) enter(false);
      const entered = new Promise<boolean>((enter) => void door.waiting.push(enter));
      if (!(await this.clock.join(entered))) throw new Ended("Superseded");
    }
    door.inside = true;
    return () => {
      const next = door.waiting.shift();
      door.inside = next !== undefined;
      next?.(true);
    };
  }

  private async opened({ window }: PlannedStage, waited: Waited): Promise<void> {
    if (!window) return;
    const now = new Date(this.options.startsAt.getTime() + this.clock.now * 1000);
    const opens = windowOpens(window.cron, window.timeZone, now);
    if (!opens) throw new Ended("Refused");
    const seconds = Math.ceil((opens.getTime() - now.getTime()) / 1000);
    waited["the window"] += seconds;
    await this.clock.sleep(seconds);
  }

  private async act(
    pipeline: PlannedPipeline,
    action: PlannedAction,
    pay: (dollars: number) => void,
  ): Promise<"done" | "refused"> {
    const { clock } = this;
    const started = clock.now;
    if (action.kind === "person") {
      this.asked += 1;
      await clock.sleep(this.options.answer(this.asked, clock.now));
    }
    const free = action.kind === "build" ? await this.machine(pipeline, action.machine ?? "") : () => undefined;
    if (!free) return "refused";
    await clock.sleep(action.seconds);
    free();
    pay(action.dollars + action.minuteDollars * Math.ceil((clock.now - started) / 60));
    return "done";
  }

  /** Waits for a machine, and gives what hands it on; nothing where too many wait. */
  private async machine({ account, region }: PlannedPipeline, kind: string): Promise<(() => void) | undefined> {
    const { buildsAtOnce } = this.options;
    const key = [account, region, kind].join(" ");
    const pool = this.pools.get(key) ?? { account, running: 0, mostAtOnce: 0, mostQueued: 0, waits: [], queue: [] };
    this.pools.set(key, pool);
    const asked = this.clock.now;
    if (pool.running < buildsAtOnce) pool.running += 1;
    else {
      if (pool.queue.length >= QUEUED_PER_BUILD * buildsAtOnce) return undefined;
      const given = new Promise<void>((give) => void pool.queue.push(give));
      pool.mostQueued = Math.max(pool.mostQueued, pool.queue.length);
      await this.clock.join(given);
    }
    pool.mostAtOnce = Math.max(pool.mostAtOnce, pool.running);
    pool.waits.push(this.clock.now - asked);
    return () => {
      const next = pool.queue.shift();
      if (next) next();
      else pool.running -= 1;
    };
  }
}
