import assert from "node:assert/strict";
import { PINNED } from "../../model/workflow/pinned";
import type { ConfigValues } from "../support/pulumiConfig";
import type { StandInAnswer } from "../support/shell";
import type { PlayedWorkflow, PlayOptions } from "../support/workflowRun";
import {
  BEFORE,
  COMMIT_THAT_RAN,
  calls,
  DELIVERED_DIGEST,
  DELIVERED_FAMILY,
  DELIVERED_IMAGE,
  givenTo,
  playDelivery,
  settledService,
  tests,
  WELL,
} from "./playedDelivery";

const RECORD = "put-parameter --name /ecs-delivery/dev-api/delivered-image";
const PASSED = "put-parameter --name /ecs-delivery/dev-api/passed-image";
const SERVICE = "ecs describe-services --cluster dev --services dev-api .*status";
const staging: ConfigValues = { environment: "staging", tests };

const recorded = (version: number, image: string, commit: string): readonly StandInAnswer[] =>
  ["\\[Parameter.Version", ""].map((query) => ({
    when: `--name /ecs-delivery/dev-api/delivered-image --query ${query}`,
    stdout: `${query === "" ? "" : `${version}\t`}{"image":"${image}","commit":"${commit}","deliveredAt":"z"}\n`,
  }));

/** The test fails, and what went before is brought back. */
const FAILING: readonly StandInAnswer[] = [
  { when: "^npm run end-to-end", status: 1 },
  { when: SERVICE, stdout: `${settledService(7)}\n`, times: 3 },
  { when: SERVICE, stdout: `${settledService(6)}\n` },
  ...WELL,
];

/** What GitHub says of the first attempt. */
const failedJobs = ({ outcomes }: PlayedWorkflow): StandInAnswer => ({
  when: "^gh api --paginate repos/acme/shop/actions/runs/4711/attempts/1/jobs",
  stdout: Object.keys(outcomes)
    .filter((id) => outcomes[id] === "failure")
    .map((id) => `${id}\n`)
    .join(""),
});

const again = (before: PlayedWorkflow, answers: readonly StandInAnswer[], changes: ConfigValues = staging) =>
  playDelivery(changes, { answers: [failedJobs(before), ...answers], failedOf: before, attempt: 2 });

/** A person runs one job again, whatever became of it. */
const jobAgain = (before: PlayedWorkflow, job: string, answers: readonly StandInAnswer[], attempt = 2) =>
  playDelivery(staging, {
    answers: [...answers, failedJobs(before), ...recorded(2, DELIVERED_IMAGE, "c".repeat(40)), ...WELL],
    failedOf: { ...before, outcomes: { ...before.outcomes, [job]: "failure" } },
    attempt,
  });

const ends = ({ outcomes }: PlayedWorkflow, ...names: readonly string[]) => names.map((name) => outcomes[name]);
const deployed = (played: PlayedWorkflow) =>
  played.steps.filter(({ id, outcome }) => id === "api-deploy" && outcome !== "skipped").length;

describe("a run whose failed jobs a person runs again", function () {
  this.timeout(60_000);
  let failed: PlayedWorkflow;
  before(async () => {
    failed = await playDelivery(staging, { answers: FAILING });
    assert.deepEqual(ends(failed, "deliver", "end-to-end-test", "api-passed", "take-back"), [
      "success",
      "failure",
      "skipped",
      "success",
    ]);
  });

  it("tries nothing that was taken back, vouches for nothing, and says what to do", async () => {
    const played = await again(failed, [...recorded(3, BEFORE, COMMIT_THAT_RAN), ...WELL]);
    assert.deepEqual(calls(played, "npm run end-to-end"), []);
    assert.deepEqual(calls(played, PASSED), []);
    assert.deepEqual(ends(played, "deliver", "end-to-end-test", "api-passed"), ["success", "failure", "skipped"]);
    assert.match(played.log, /attempt 1 of this run has deployed it, and this is attempt 2: .*Re-run all jobs/);
    assert.match(played.summary, /Re-run all jobs/);
  });

  it("takes nothing back a second time, nor what a later delivery has brought", async () => {
    for (const commit of [COMMIT_THAT_RAN, "d".repeat(40)]) {
      const played = await again(failed, [...recorded(3, BEFORE, commit), ...WELL]);
      assert.equal(played.outcomes["take-back"], "success", played.log);
      assert.equal(deployed(played), 0);
      assert.deepEqual(calls(played, RECORD), []);
      assert.match(played.summary, /^### dev-api: not taken back$/m);
      assert.match(
        played.summary,
        new RegExp(`Commit ${commit} runs now, or is being delivered: nothing is taken back`),
      );
    }
  });

  it("takes back what could not be taken back the first time", async () => {
    let deployments = 0;
    const actions = { [PINNED.deployTaskDefinition.action]: () => (++deployments === 2 ? undefined : {}) };
    const stays = FAILING.map((one) => (one.when === SERVICE ? { ...one, times: 1_000_000 } : one));
    const first = await playDelivery(staging, { answers: stays, actions });
    assert.equal(first.outcomes["take-back"], "failure", first.log);
    assert.match(first.summary, /^### dev-api: not taken back$[\s\S]*could not be brought back/m);
    const back = [
      { when: SERVICE, stdout: `${settledService(6)}\n` },
      ...recorded(2, DELIVERED_IMAGE, "c".repeat(40)),
      ...WELL,
    ];
    const later = back.map((one) => (one.when.includes("put-parameter") ? { ...one, stdout: "3\n" } : one));
    const played = await again(first, later);
    assert.equal(played.outcomes["take-back"], "success", played.log);
    assert.match(calls(played, RECORD)[0] ?? "", new RegExp(`"image":"${BEFORE}","commit":"${COMMIT_THAT_RAN}"`));
  });

  it("leaves what ended well in service where a person runs one of its jobs again", async () => {
    const good = await playDelivery(staging, {});
    for (const attempt of [2, 3]) {
      const played = await jobAgain(good, "end-to-end-test", [], attempt);
      assert.deepEqual(ends(played, "end-to-end-test", "api-passed", "take-back"), ["failure", "skipped", "success"]);
      assert.equal(deployed(played), 0, played.log);
      assert.deepEqual(calls(played, "put-parameter"), []);
      assert.match(
        played.summary,
        /^### dev-api: not taken back$[\s\S]*Nothing failed after its deployment in attempt 1, which has deployed it\. It stays: commit c{40}/m,
      );
      assert.doesNotMatch(played.log, /::error title=dev-api/);
    }
  });

  it("holds no failure of a job against it that comes after what can be taken back, and none that GitHub does not tell of", async () => {
    const good = await playDelivery(staging, {});
    const handedOver = { when: "^gh api ", stdout: "hand-over\nend-to-end\n" };
    const played = await jobAgain(good, "end-to-end-test", [handedOver]);
    assert.deepEqual([played.outcomes["take-back"], deployed(played)], ["success", 0], played.log);
    const untold = await jobAgain(good, "end-to-end-test", [{ when: "^gh api ", status: 1, stderr: "HTTP 403" }]);
    assert.deepEqual([untold.outcomes["take-back"], deployed(untold)], ["failure", 0]);
    assert.match(untold.log, /cannot tell whether something failed in attempt 1 of this run/);
  });

  it("leaves what was cancelled before it was tried, and says that nothing has failed", async () => {
    const good = await playDelivery(staging, {});
    const cancelled = { ...good, outcomes: { ...good.outcomes, "api-passed": "skipped" as const } };
    const played = await jobAgain(cancelled, "end-to-end-test", []);
    assert.deepEqual([played.outcomes["take-back"], deployed(played)], ["success", 0], played.log);
  });

  it("asks nobody about the attempt that it is itself", async () => {
    const whole = await playDelivery(staging, { attempt: 2, answers: FAILING });
    assert.equal(whole.outcomes["take-back"], "success", whole.log);
    assert.match(whole.summary, /^### dev-api: taken back$/m);
    assert.deepEqual(calls(whole, "gh api"), []);
  });

  it("takes nothing back where nobody can tell what is recorded, and ends red", async () => {
    const played = await again(failed, [{ when: "Parameter.Version", status: 254, stderr: "AccessDenied" }, ...WELL]);
    assert.equal(played.outcomes["take-back"], "failure");
    assert.equal(deployed(played), 0);
    assert.match(played.log, /cannot tell whether dev-api still runs what this run has delivered/);
  });

  it("vouches for nothing where the record names another image by then", async () => {
    const first = await playDelivery(staging, {
      answers: [{ when: PASSED, status: 254, stderr: "Throttled" }, ...FAILING.slice(1)],
    });
    assert.deepEqual(ends(first, "end-to-end-test", "api-passed", "take-back"), ["success", "failure", "success"]);
    const played = await again(first, [...recorded(3, BEFORE, COMMIT_THAT_RAN), ...WELL]);
    assert.equal(played.outcomes["api-passed"], "failure");
    assert.deepEqual(calls(played, PASSED), []);
    assert.match(
      played.log,
      new RegExp(`nothing vouches for ${DELIVERED_IMAGE}: it was taken back, or another delivery`),
    );
    const kept = await again(first, [...recorded(2, DELIVERED_IMAGE, "c".repeat(40)), ...WELL]);
    assert.equal(kept.outcomes["api-passed"], "success", kept.log);
    assert.equal(calls(kept, PASSED).length, 1);
  });

  it("delivers and vouches where the whole run is run again", async () => {
    const played = await playDelivery(staging, { attempt: 2 });
    assert.deepEqual(ends(played, "deliver", "end-to-end-test", "api-passed", "take-back"), [
      "success",
      "success",
      "success",
      "skipped",
    ]);
    assert.equal(calls(played, PASSED).length, 1);
  });

  it("brings back nothing where the same image is delivered again: that is what went before", async () => {
    const same = recorded(1, DELIVERED_IMAGE, COMMIT_THAT_RAN).map((one) =>
      one.when.includes("Version") ? { ...one, times: 1 } : one,
    );
    const played = await playDelivery(staging, { attempt: 2, answers: [...same, ...FAILING] });
    assert.equal(played.outcomes["end-to-end-test"], "failure");
    assert.equal(played.outcomes["take-back"], "skipped", played.log);
  });
});

/** The answers for service web, before those of service api, which would take its questions too. */
const WEB: readonly StandInAnswer[] = WELL.filter(({ when }) => when.includes("dev-api"))
  .map((one) => ({
    ...one,
    when: one.when.replaceAll("dev-api", "dev-web"),
    stdout: one.stdout?.replaceAll("/dev/api@", "/dev/web@"),
  }))
  .concat([
    {
      when: "describe-services .*dev-web .*services\\[0\\].taskDefinition",
      stdout: `${DELIVERED_FAMILY.replace("api", "web")}:6\n`,
    },
    {
      when: "describe-services .*dev-web .*services\\[0\\].\\[\\s*\\[\\[status",
      stdout: `${settledService(7).replace("dev-api", "dev-web")}\n`,
    },
    { when: "describe-task-definition .*dev-web:7 ", stdout: `${DELIVERED_IMAGE.replace("/api@", "/web@")}\n` },
    { when: "describe-task-definition .*dev-web:6 ", stdout: `${BEFORE.replace("/api@", "/web@")}\n` },
    { when: "ecr describe-images .*dev/web .*imageTag=", stdout: `${DELIVERED_DIGEST}\n` },
  ]);

const STABLE: StandInAnswer = { when: "length\\(deployments\\)", stdout: "1\t1\t1\n" };

const two: ConfigValues = {
  tests,
  services: [
    { name: "web", folder: "web", container: { name: "web", port: 3000 } },
    {
      name: "api",
      folder: "api",
      container: { name: "api", port: 8080 },
    },
  ],
};

const playTwo = (options: Partial<PlayOptions> = {}) =>
  playDelivery(two, {
    files: { "web/Dockerfile": "FROM scratch\n", "api/Dockerfile": "FROM scratch\n" },
    ...options,
    answers: [...(options.answers ?? []), ...WEB, STABLE, ...WELL],
  });

describe("two services of one workflow", function () {
  this.timeout(60_000);
  const order = (played: PlayedWorkflow, job: string) =>
    played.steps
      .filter((step) => step.job === job && step.outcome !== "skipped" && /-(from|deploy|end|confirm)$/.test(step.id))
      .map(({ id }) => id);

  it("are deployed at the same time: all is read, all is started, and then each is waited for and confirmed", async () => {
    const played = await playTwo();
    assert.equal(played.outcomes.deliver, "success", played.log);
    assert.deepEqual(order(played, "deliver"), [
      "web-deploy-from",
      "api-deploy-from",
      "web-deploy",
      "api-deploy",
      "web-deploy-end",
      "api-deploy-end",
      "web-confirm",
      "api-confirm",
    ]);
    for (const id of ["web-deploy", "api-deploy"])
      assert.equal(givenTo(played, id)["wait-for-service-stability"], "false");
    assert.equal(givenTo(played, "web-deploy-end").TIMEOUT_SECONDS, "1200");
  });

  it("are confirmed and recorded each, whatever becomes of the other, which is taken back then", async () => {
    const played = await playTwo({
      actions: { [PINNED.deployTaskDefinition.action]: ({ service }) => (service === "dev-web" ? undefined : {}) },
      answers: [
        {
          when: "describe-services .*dev-web .*status",
          stdout: `${settledService(6).replace("dev-api", "dev-web")}\n`,
        },
        { when: `${SERVICE}`, stdout: `${settledService(7)}\n`, times: 3 },
        { when: `${SERVICE}`, stdout: `${settledService(6)}\n` },
      ],
    });
    assert.deepEqual(order(played, "deliver").slice(2), [
      "web-deploy",
      "api-deploy",
      "api-deploy-end",
      "web-confirm",
      "api-confirm",
    ]);
    assert.deepEqual(ends(played, "deliver", "take-back"), ["failure", "success"], played.log);
    const records = calls(played, "put-parameter --name /ecs-delivery/dev-");
    assert.deepEqual(
      records.filter((call) => call.includes("delivered-image")).map((call) => /dev-\w+/.exec(call)?.[0]),
      ["dev-api", "dev-api"],
    );
    assert.deepEqual(order(played, "take-back"), ["api-deploy-from", "api-deploy", "api-deploy-end", "api-confirm"]);
  });

  it("are taken back each, whatever becomes of the other, and the run says which was not", async () => {
    const back = ["web", "api"].flatMap((name): StandInAnswer[] => {
      const when = `describe-services .*dev-${name} .*status`;
      const at = (revision: number) => `${settledService(revision).replace("dev-api", `dev-${name}`)}\n`;
      // The one cannot be brought back.
      return [
        { when, stdout: at(7), times: name === "web" ? 1_000_000 : 3 },
        { when, stdout: at(6) },
      ];
    });
    const played = await playTwo({ answers: [{ when: "^npm run end-to-end", status: 1 }, ...back] });
    assert.deepEqual(
      ends(played, "deliver", "end-to-end-test", "take-back"),
      ["success", "failure", "failure"],
      played.log,
    );
    assert.match(played.summary, /^### dev-web: not taken back$/m);
    assert.match(played.summary, /^### dev-api: taken back$/m);
    assert.match(played.log, /::error title=dev-web is not taken back::/);
    const unread = await playTwo({
      answers: [
        { when: "^npm run end-to-end", status: 1 },
        { when: "dev-web/delivered-image --query \\[Parameter.Version", stdout: "1\tnone\n", times: 1 },
        { when: "dev-web/delivered-image --query \\[Parameter.Version", status: 254, stderr: "Throttled" },
        ...back.slice(2),
      ],
    });
    assert.deepEqual(ends(unread, "deliver", "take-back"), ["success", "failure"], unread.log);
    assert.match(unread.summary, /^### dev-web: not taken back$/m);
    assert.match(unread.summary, /^### dev-api: taken back$/m);
  });
});

describe("a deployment whose step gives up", () => {
  const givesUp: Partial<PlayOptions> = { actions: { [PINNED.deployTaskDefinition.action]: () => undefined } };

  it("is what its confirmation says: well where the service is, with nothing taken back", async () => {
    const played = await playDelivery({ tests }, givesUp);
    assert.deepEqual(ends(played, "deliver", "end-to-end-test", "take-back"), ["success", "success", "skipped"]);
    assert.equal(calls(played, RECORD).length, 1);
    assert.match(played.summary, /^### dev-api: delivered$/m);
  });

  it("and failed where the service is not", async () => {
    const played = await playDelivery(
      { tests },
      { ...givesUp, answers: [{ when: SERVICE, stdout: `${settledService(6)}\n` }, ...WELL] },
    );
    assert.deepEqual(ends(played, "deliver", "end-to-end-test", "take-back"), ["failure", "skipped", "skipped"]);
    assert.equal(givenTo(played, "api-deploy")["wait-for-service-stability"], "true");
  });
});
