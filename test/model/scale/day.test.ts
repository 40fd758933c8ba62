import assert from "node:assert/strict";
import { deliveryCostOf } from "../../../model/cost/deliveryCost";
import { leadTimesOf } from "../../../model/pace/leadTime";
import { type DayOptions, type DayPush, playDay } from "../../../model/scale/day";
import { type PlannedAction, type PlannedPipeline, plannedPipelines } from "../../../model/scale/plan";
import { stackGraph } from "../../support/stack";

const OPTIONS: DayOptions = { startsAt: new Date("2026-12-01T00:00:00Z"), buildsAtOnce: 100, answer: () => 0 };
const build = (seconds: number, machine = "small"): PlannedAction => ({
  kind: "build",
  seconds,
  machine,
  dollars: 0.01,
  minuteDollars: 0.002,
});
const other = (seconds: number): PlannedAction => ({ kind: "other", seconds, dollars: 0, minuteDollars: 0.002 });
const PERSON: PlannedAction = { kind: "person", seconds: 0, dollars: 0, minuteDollars: 0 };

const pipeline = (name: string, more: Partial<PlannedPipeline> = {}): PlannedPipeline => ({
  account: "111122223333",
  region: "eu-west-1",
  stack: "dev",
  name,
  mode: "SUPERSEDED",
  trigger: 5,
  stages: [{ name: "Build", steps: [[build(100)]] }],
  ...more,
});
const pushes = (...all: readonly (readonly [at: number, pipeline: PlannedPipeline])[]): readonly DayPush[] =>
  all.map(([at, one]) => ({ at, pipeline: one }));
const play = async (all: readonly DayPush[], options: Partial<DayOptions> = {}) => {
  const { runs, machines } = await playDay(all, { ...OPTIONS, ...options });
  return {
    machines,
    runs: [...runs].sort((one, two) => one.at - two.at),
    told: [...runs]
      .sort((one, two) => one.at - two.at)
      .map(({ at, seconds, status, waited }) => {
        const waits = Object.entries(waited).flatMap(([what, waiting]) => (waiting > 0 ? [`${what} ${waiting}`] : []));
        return [`${at}`, status, seconds, ...waits].join(" ");
      }),
  };
};

describe("a day of deliveries", () => {
  it("takes for one push what the model says of its pipeline, and costs it", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const { recorded } = await stackGraph(stack);
      const [planned, ...more] = plannedPipelines(recorded);
      const [time] = leadTimesOf(recorded);
      assert.ok(planned && time && more.length === 0);
      const [run] = (await play(pushes([0, planned]))).runs;
      assert.equal(run?.status, "Succeeded");
      assert.equal(run.seconds, time.seconds, stack);
      assert.equal(run.dollars.toFixed(6), deliveryCostOf(recorded, time).dollars.toFixed(6), stack);
    }
  });

  it("lets builds wait for a machine, first come first served, and pays for the waiting of actions", async () => {
    const { told, machines, runs } = await play(pushes([0, pipeline("a")], [10, pipeline("b")], [20, pipeline("c")]), {
      buildsAtOnce: 1,
    });
    assert.deepEqual(told, [
      "0 Succeeded 105",
      "10 Succeeded 195 a free machine 90",
      "20 Succeeded 285 a free machine 180",
    ]);
    assert.deepEqual(
      machines.map(({ mostAtOnce, mostQueued, waits }) => [mostAtOnce, mostQueued, waits]),
      [[1, 2, [0, 90, 180]]],
    );
    assert.deepEqual(
      runs.map(({ dollars }) => dollars.toFixed(3)),
      ["0.014", "0.018", "0.020"],
    );
  });

  it("has machines for each kind, account and region", async () => {
    const others = [
      pipeline("b", { account: "444455556666" }),
      pipeline("c", { region: "eu-central-1" }),
      pipeline("d", { stages: [{ name: "Build", steps: [[build(100, "large")]] }] }),
    ];
    const { told } = await play(pushes([0, pipeline("a")], ...others.map((one) => [0, one] as const)), {
      buildsAtOnce: 1,
    });
    assert.deepEqual(told, Array<string>(4).fill("0 Succeeded 105"));
  });

  it("refuses what is more than five times as many builds as may run", async () => {
    const many = Array.from({ length: 8 }, (_, index) => [index, pipeline(`p-${index}`)] as const);
    const { told } = await play(pushes(...many), { buildsAtOnce: 1 });
    assert.deepEqual(
      told.map((text) => text.split(" ")[1]),
      [...Array<string>(6).fill("Succeeded"), "Refused", "Refused"],
    );
    assert.equal(told.at(-1), "7 Refused 5");
  });

  it("takes the builds of one step at the same time, and the next step after the last of them", async () => {
    const wide = pipeline("wide", {
      stages: [{ name: "Build", steps: [[build(100), build(60)], [build(10)]] }],
    });
    assert.deepEqual((await play(pushes([0, wide]))).told, ["0 Succeeded 115"]);
    assert.deepEqual((await play(pushes([0, wide]), { buildsAtOnce: 1 })).told, ["0 Succeeded 175 a free machine 60"]);
  });

  it("lets a newer run overtake one that waits, or queue behind it", async () => {
    const stages = [{ name: "Deploy", steps: [[other(100)]] }];
    const three = (mode: string) => {
      const one = pipeline("a", { mode, stages });
      return play(pushes([0, one], [10, one], [20, one]));
    };
    assert.deepEqual((await three("SUPERSEDED")).told, [
      "0 Succeeded 105",
      "10 Superseded 15",
      "20 Succeeded 185 the run before 80",
    ]);
    assert.deepEqual((await three("QUEUED")).told, [
      "0 Succeeded 105",
      "10 Succeeded 195 the run before 90",
      "20 Succeeded 285 the run before 180",
    ]);
    assert.deepEqual(
      (await three("PARALLEL")).told,
      Array.from({ length: 3 }, (_, n) => `${n * 10} Succeeded 105`),
    );
  });

  it("has room for fifty runs of a pipeline that queue", async () => {
    const one = pipeline("a", { mode: "QUEUED", stages: [{ name: "Deploy", steps: [[other(10_000)]] }] });
    const { runs } = await play(pushes(...Array.from({ length: 52 }, (_, index) => [index, one] as const)));
    assert.deepEqual(
      runs.flatMap(({ at, status }) => (status === "Refused" ? [at] : [])),
      [50, 51],
    );
  });

  it("waits for people and windows", async () => {
    const asks = pipeline("a", {
      stages: [
        { name: "Approve", steps: [[PERSON]] },
        { name: "Deploy", window: { cron: "* * 9-16 ? * MON-FRI *", timeZone: "UTC" }, steps: [[other(60)]] },
      ],
    });
    const { told } = await play(pushes([8 * 3600, asks], [10 * 3600, asks]), { answer: () => 600 });
    assert.deepEqual(told, ["28800 Succeeded 3660 a person 600 the window 2995", "36000 Succeeded 665 a person 600"]);
    const never = pipeline("never", {
      stages: [{ name: "Deploy", window: { cron: "0 0 9 1 1 ? 2020", timeZone: "UTC" }, steps: [] }],
    });
    assert.deepEqual((await play(pushes([0, never]))).told, ["0 Refused 5"]);
  });
});
