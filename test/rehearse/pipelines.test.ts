import assert from "node:assert/strict";
import type { Rehearsal } from "../../model/delivery/rehearsal";
import type { RecordedGraph } from "../../model/graph/graph";
import { mapsOf } from "../../model/graph/read";
import { exampleGraph, stackGraph } from "../support/stack";
import { inBash, onPaper, toldBy, withInputsOf } from "./play";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

/** A pipeline with other settings on one stage. */
function withStage(graph: RecordedGraph, name: string, more: Readonly<Record<string, unknown>>): RecordedGraph {
  return withInputsOf(graph, PIPELINE, ({ stages }) => ({
    stages: mapsOf(stages).map((stage) => (stage.name === name ? { ...stage, ...more } : stage)),
  }));
}

const condition = (result: string, provider: string, configuration: Readonly<Record<string, string>>) => ({
  condition: [{ result, rules: [{ name: "Rule", ruleTypeId: { category: "Rule", provider }, configuration }] }],
});

const shares = ({ cloud }: Rehearsal) =>
  cloud.timeline.moments.flatMap(({ at, traffic }) =>
    traffic ? [[Math.round(at / 60), Math.round(traffic.fresh * 100)]] : [],
  );

const statuses = ({ pipelines }: Rehearsal) =>
  pipelines.flatMap(({ runs }) => runs.map(({ number, status }) => `${number} ${status}`));

describe("a rehearsed pipeline", () => {
  let dev: RecordedGraph;
  let prod: RecordedGraph;
  before(async () => {
    dev = (await stackGraph("dev")).recorded;
    prod = (await stackGraph("prod")).recorded;
  });
  const second = { faults: [{ step: "Approve", how: "second-commit" }] };

  it("lets only the newest of those that wait go on: SUPERSEDED", async () => {
    const faults = [...second.faults, { step: "api-deploy", how: "second-commit" }];
    const rehearsal = await onPaper([prod], { faults });
    assert.deepEqual(statuses(rehearsal).sort(), ["1 Succeeded", "2 Succeeded", "3 Succeeded"]);
  });

  it("lets a run that waits before a stage be overtaken by a newer one", async () => {
    const slow = withInputsOf(prod, PIPELINE, ({ stages }) => ({
      stages: mapsOf(stages).map((stage) => ({
        ...stage,
        actions: mapsOf(stage.actions).map((action) =>
          action.name === "Approve" ? { ...action, timeoutInMinutes: 60 } : action,
        ),
      })),
    }));
    const rehearsal = await onPaper([slow], {
      meanwhile: [
        { at: 60, happen: (_cloud, push) => push() },
        { at: 120, happen: (_cloud, push) => push() },
      ],
      people: ({ step }) => Promise.resolve(step === "Approve" ? "silent" : "approve"),
    });
    assert.deepEqual(statuses(rehearsal).sort(), ["1 Failed", "2 Superseded", "3 Failed"]);
    assert.match(toldBy(rehearsal), /prod-delivery \(run 2\): waits before stage Build: run 1 is in it/);
  });

  it("lets runs wait in order: QUEUED, and not at all: PARALLEL", async () => {
    const mode = (executionMode: string) => withInputsOf(prod, PIPELINE, () => ({ executionMode }));
    const queued = await onPaper([mode("QUEUED")], second);
    assert.deepEqual(statuses(queued), ["1 Succeeded", "2 Succeeded"]);
    assert.match(toldBy(queued), /run 2\): waits before stage Build/);
    assert.doesNotMatch(toldBy(await onPaper([mode("PARALLEL")], second)), /waits before stage/);
  });

  it("tries a stage once more where it says so: the failed actions, or all of them", async () => {
    const retried = (retryMode: string) =>
      withStage(dev, "Build", { onFailure: { result: "RETRY", retryConfiguration: { retryMode } } });
    const count = (rehearsal: Rehearsal, name: string) =>
      rehearsal.cloud.timeline.moments.filter(
        ({ where, what }) => where.endsWith(`action ${name}`) && /^(ends well|fails)/.test(what),
      ).length;
    for (const [mode, tests] of [
      ["FAILED_ACTIONS", 1],
      ["ALL_ACTIONS", 2],
    ] as const) {
      const graph = withInputsOf(retried(mode), PIPELINE, ({ stages }) => ({
        stages: mapsOf(stages).map((stage) => ({
          ...stage,
          actions: mapsOf(stage.actions).map((action) =>
            action.name === "api-image" ? { ...action, inputArtifacts: ["none"] } : action,
          ),
        })),
      }));
      const rehearsal = await onPaper([graph]);
      assert.deepEqual([count(rehearsal, "api-unit-tests"), count(rehearsal, "api-image")], [tests, 2], mode);
      assert.match(toldBy(rehearsal), /stage Build: is tried once more, by itself/);
    }
  });

  it("holds a stage back by its conditions: fails, skips, rolls back", async () => {
    const check = { Variable: "#{SourceVariables.BranchName}", Value: "other", Operator: "EQ" };
    const failed = await onPaper([
      withStage(dev, "Deploy", { beforeEntry: condition("FAIL", "VariableCheck", check) }),
    ]);
    assert.match(toldBy(failed), /stage Deploy: is not entered: .+ is "master", which is not EQ "other"/);
    assert.deepEqual(statuses(failed), ["1 Failed"]);
    const skipped = await onPaper([
      withStage(dev, "Deploy", { beforeEntry: condition("SKIP", "VariableCheck", check) }),
    ]);
    assert.deepEqual([statuses(skipped), /api-deploy/.test(toldBy(skipped))], [["1 Succeeded"], false]);
    const back = await onPaper([
      withStage(dev, "Deploy", { onSuccess: condition("ROLLBACK", "VariableCheck", check) }),
    ]);
    assert.match(toldBy(back), /stage Deploy: the rollback ends well: commit 000000000000 is back/);
    assert.deepEqual(statuses(back), ["1 Failed"]);
  });

  it("looks at alarms when the run arrives, in a role that may", async () => {
    const alarms = condition("FAIL", "CloudWatchAlarm", { AlarmName: "errors" });
    const rehearsal = await onPaper([withStage(dev, "Deploy", { beforeEntry: alarms })]);
    assert.match(
      rehearsal.cloud.refused.join(),
      /dev-pipeline-\w+ may not cloudwatch:DescribeAlarms on arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors/,
    );
  });

  it("waits for a person as long as the action says, a day on the clock being a day", async () => {
    const rehearsal = await onPaper([prod], { people: () => Promise.resolve("silent") });
    assert.equal(Math.round(rehearsal.seconds / 60), 10_080);
    assert.match(toldBy(rehearsal), /nobody has answered within 7 days/);
  });
});

describe("a rehearsed delivery", () => {
  it("takes a service that no stack here has to work, and does not look at it either", async () => {
    const existing = {
      service: { existing: "shop-api" },
      executionRole: { existing: "x" },
      taskRole: { existing: "t" },
    };
    const services = [{ name: "api", container: { name: "api", port: 8080 }, ...existing }];
    const { recorded } = await stackGraph("dev", { changes: { cluster: { existing: "shared" }, services } });
    const rehearsal = await inBash([recorded]);
    assert.deepEqual(statuses(rehearsal), ["1 Succeeded"]);
    const taken = rehearsal.cloud.timeline.moments.filter(({ what }) =>
      /shop-api is in no stack here: taken/.test(what),
    );
    assert.equal(taken.length, 2);
  });

  it("builds by a buildspec of one's own in whichever folder the service is", async () => {
    for (const folder of [".", "web/api"]) {
      const services = [
        {
          name: "api",
          folder,
          buildspec: "ci/image.yml",
          unitTests: { buildspec: "ci/unit.yml" },
          container: { name: "api", port: 8080 },
        },
      ];
      const { recorded } = await stackGraph("dev", { changes: { services } });
      assert.deepEqual(statuses(await inBash([recorded])), ["1 Succeeded"], folder);
    }
  });
});

describe("a rehearsed deployment", () => {
  it("moves traffic as the strategy says: a canary, then the rest", async () => {
    const { recorded } = await exampleGraph("ecs-canary", "dev");
    const [first, rest] = shares(await onPaper([recorded])).filter(([, share]) => (share ?? 0) > 0);
    assert.deepEqual([first?.[1], rest?.[1], (rest?.[0] ?? 0) - (first?.[0] ?? 0)], [5, 100, 10]);
  });

  it("moves traffic as the strategy says: in equal steps", async () => {
    const { recorded } = await exampleGraph("ecs-linear", "dev");
    const steps = shares(await onPaper([recorded])).map(([, share]) => share);
    assert.ok(steps.length >= 4, String(steps));
    assert.deepEqual(
      [...steps].sort((one, other) => (one ?? 0) - (other ?? 0)),
      steps,
    );
    assert.equal(steps.at(-1), 100);
  });

  it("keeps CodeDeploy's old tasks for its waiting time, and suspends scaling meanwhile", async () => {
    const { recorded } = await exampleGraph("code-deploy-blue-green", "dev");
    const rehearsal = await onPaper([recorded]);
    const at = (what: RegExp) =>
      rehearsal.cloud.timeline.moments.find((moment) => what.test(moment.what))?.at ?? assert.fail(String(what));
    assert.equal(at(/old task\(s\) drain/) - at(/keeps the old tasks for 60 minutes/), 3600);
    assert.ok(at(/^suspends scaling/) <= at(/starts 2 task/));
    assert.ok(at(/^resumes scaling/) >= at(/has Succeeded/));
  });

  it("trips the circuit breaker after as many failed tasks as AWS counts, and takes the deployment back", async () => {
    const { recorded } = await stackGraph("prod");
    const rehearsal = await onPaper([recorded], { faults: [{ step: "prod-api", how: "unhealthy" }] });
    const stops = rehearsal.cloud.timeline.moments.filter(({ what }) =>
      /2 task\(s\) stop: it never answers/.test(what),
    );
    // Half of two, but three at least: with two tasks at a time the second pair trips it.
    assert.equal(stops.length, 2);
    assert.match(
      toldBy(rehearsal),
      /topic prod-\w+: tells approvers@example.com\nA deployment failed\narn:\S+service\/prod\/prod-api: ECS deployment circuit breaker: .*npm run status\./,
    );
  });

  it("asks nothing of a worker that stops before its next version starts", async () => {
    const deployment = { strategy: "rolling", minimumHealthyPercent: 0, maximumPercent: 100 };
    const worker = { name: "worker", container: { name: "worker" }, deployment };
    const promises = async (one: object) => {
      const { recorded } = await stackGraph("dev", { changes: { services: [one] } });
      return (await onPaper([recorded])).broken.map(({ promise }) => promise);
    };
    assert.deepEqual(await promises(worker), []);
    // One that others call owes them answers all the time.
    assert.deepEqual(await promises({ ...worker, container: { name: "worker", port: 8080 } }), ["served"]);
    assert.deepEqual(await promises({ ...worker, container: { name: "worker", port: 8080 }, loadBalanced: false }), [
      "served",
    ]);
  });

  it("waits without a circuit breaker, until the deploy action gives up", async () => {
    const { recorded } = await stackGraph("prod");
    const graph = withInputsOf(recorded, "aws:ecs/service:Service", () => ({
      deploymentCircuitBreaker: { enable: false },
    }));
    const rehearsal = await onPaper([graph], { faults: [{ step: "prod-api", how: "unhealthy" }] });
    assert.match(toldBy(rehearsal), /api-deploy: fails after 20 min: the service was not stable within 20 minutes/);
  });
});
