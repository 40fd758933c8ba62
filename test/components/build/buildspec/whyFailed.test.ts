import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { search } from "jmespath";
import { whyFailedScript } from "../../../../components/build/buildspec/whyFailed";
import { causeOf, isRoutine, STOP_CAUSES, withoutDiffering } from "../../../../components/service/stopCauses";
import {
  called,
  confirm,
  describedService,
  ROLLED_BACK,
  SETTLING,
  serviceDeployment,
  WANTED,
} from "./confirmDeliveryRun";

const TOPIC = { TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:prod" };

/** What a function of the script prints for each text, with U+0001 between what it prints. */
function eachSaid(texts: readonly string[], print: string): readonly string[] {
  const loop = `${whyFailedScript()}\nfor text in "$@"; do ${print}; printf '\\001'; done`;
  return execFileSync("bash", ["-c", loop, "bash", ...texts], { encoding: "utf8" })
    .split("\u0001")
    .slice(0, -1);
}

describe("why a delivery failed", () => {
  it("gives each text of AWS's the cause and the fix that npm run status gives it", () => {
    const texts = [...STOP_CAUSES.flatMap((one) => one.texts), "something else entirely", ""];
    const said = eachSaid(texts, `find_cause "$text"; printf '%s|%s' "$CAUSE" "$FIX"`);
    texts.forEach((text, index) => {
      const known = causeOf(text);
      assert.equal(said[index], known ? `${known.cause}|${known.fix}` : "|", text);
    });
  });

  it("knows by the same words what is routine, and what differs from task to task", () => {
    const texts = [
      "Scaling activity initiated by (deployment ecs-svc/123)",
      "ServiceSchedulerInitiated Scaling activity initiated by deployment ecs-svc/123",
      "Task failed ELB health checks in (target-group arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:targetgroup/api-blue/0a1b2c)",
      "dial tcp 34.205.13.154:443: i/o timeout, request ID: 0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f, task 0123456789abcdef0123456789abcdef",
    ];
    const said = eachSaid(
      texts,
      `[[ $text =~ $ROUTINE ]] && printf 'routine '; printf '%s' "$(sed -E "\${DIFFERING[@]}" <<<"$text")"`,
    );
    assert.deepEqual(
      said,
      texts.map((text) => `${isRoutine(text) ? "routine " : ""}${withoutDiffering(text)}`),
    );
    assert.equal(said[2], "Task failed ELB health checks in (target-group api-blue)");
  });

  it("ends the log of a failed delivery with cause, fix and the last lines of the newest of the commonest", () => {
    const { output, calls } = confirm(ROLLED_BACK);
    const { cause = "", fix = "" } = causeOf("exit code 1") ?? {};
    const health = causeOf("failed ELB health checks");
    assert.deepEqual(output.slice(output.indexOf("Why it failed: ")).trim().split("\n").slice(1), [
      "3 x Essential container in task exited (web: exit code 1)",
      `Cause: ${cause}`,
      `Fix: ${fix}`,
      "1 x Task failed ELB health checks in (target-group api-blue)",
      `Cause: ${health?.cause ?? ""}`,
      `Fix: ${health?.fix ?? ""}`,
      "Last lines of web:",
      "| Listening",
      '| Error: no "DATABASE_URL"',
    ]);
    const log = calls.find(({ argv }) => argv[2] === "get-log-events")?.argv ?? [];
    assert.deepEqual(log.slice(3, 7), [
      "--log-group-name",
      "/ecs/api",
      "--log-stream-name",
      `web/web/${"3".repeat(32)}`,
    ]);
  });

  it("tells the topic the same, in the form that chat clients show", () => {
    const result = confirm(ROLLED_BACK, { env: TOPIC });
    assert.notEqual(result.status, 0);
    const [publish = []] = result.calls.filter(({ argv }) => argv[1] === "sns").map(({ argv }) => argv);
    assert.equal(publish[publish.indexOf("--topic-arn") + 1], TOPIC.TOPIC_ARN);
    const message = JSON.parse(publish[publish.indexOf("--message") + 1] ?? "") as {
      readonly version: string;
      readonly source: string;
      readonly content: { readonly title: string; readonly description: string };
    };
    assert.deepEqual([message.version, message.source], ["1.0", "custom"]);
    assert.equal(message.content.title, "The delivery of api in main failed");
    const told = result.output.slice(result.output.indexOf("Why it failed: ") + "Why it failed: ".length).trim();
    assert.equal(
      message.content.description,
      `0123456789abcdef0123456789abcdef01234567 was not delivered: ${told}\nMore: npm run status`,
    );
  });

  it("tells nobody of a delivery that succeeded, and nobody where there is no topic", () => {
    assert.deepEqual(called(confirm(SETTLING, { env: TOPIC }), "sns publish"), []);
    assert.deepEqual(called(confirm(ROLLED_BACK), "sns publish"), []);
  });

  it("tells of a failure before anything was looked at, too", () => {
    const { calls } = confirm(SETTLING, { env: TOPIC, files: {} });
    assert.equal(calls.length, 1);
    assert.match(calls[0]?.argv.join(" ") ?? "", /sns publish .*was not delivered: the build left no imagedefinitions/);
  });

  it("fails as before when the topic cannot be told", () => {
    const good = confirm(ROLLED_BACK, { env: TOPIC });
    const number = good.calls.findIndex(({ argv }) => argv[1] === "sns") + 1;
    const result = confirm(ROLLED_BACK, { env: TOPIC, failCall: { number } });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /WARNING: cannot tell arn:aws:sns:[^\n]*\nWhy it failed: rolled back/);
  });

  it("goes by what the deployment says where no task stopped, and where it was an alarm", () => {
    const none = { when: "^aws ecs list-tasks ", stdout: "None\n" };
    const alarm = "Service deployment rolled back because the CloudWatch alarm api-5xx was triggered.";
    const states = [
      describedService({ strategy: "CANARY", times: 1 }),
      describedService({ strategy: "CANARY", revision: 6 }),
    ];
    const deployment = { ...serviceDeployment("ROLLBACK_SUCCESSFUL") };
    const because = { ...deployment, stdout: (deployment.stdout ?? "").replace("because", alarm) };
    const { cause = "" } = causeOf(alarm) ?? {};
    for (const answers of [[none, because], [because]]) {
      const { output } = confirm(states, { answers });
      const told = output.slice(output.indexOf("Why it failed: "));
      assert.match(told, new RegExp(`^Why it failed: the deployment ended with .*: ${alarm}\n`));
      assert.match(told, new RegExp(`\nCause: ${cause}\nFix: `));
      assert.equal(told.split(alarm).length - 1, 1, told);
    }
  });

  it("asks AWS for what npm run status reads of a task", () => {
    const query =
      confirm(ROLLED_BACK)
        .calls.find(({ argv }) => argv[2] === "describe-tasks")
        ?.argv.at(-1) ?? "";
    const task = {
      stoppedAt: 7,
      taskArn: "t",
      taskDefinitionArn: "d",
      stoppedReason: "Essential container in task exited",
    };
    const image = WANTED;
    const rows = search(
      {
        tasks: [
          {
            ...task,
            containers: [
              { name: "web", image, exitCode: 1, reason: "OutOfMemoryError" },
              { name: "log", exitCode: 0 },
            ],
          },
          { ...task, containers: [{ name: "web", image, exitCode: 0 }] },
          {
            ...task,
            stoppedReason: undefined,
            stopCode: "TaskFailedToStart",
            containers: [{ name: "web", image, reason: "CannotPullContainerError" }],
          },
          { ...task, stoppedAt: undefined, containers: [{ name: "web", image }] },
          { ...task, containers: [{ name: "web", image: "another", exitCode: 1 }] },
        ],
      },
      query,
    ) as unknown;
    const why = "Essential container in task exited";
    assert.deepEqual(rows, [
      [7, "t", "d", "web", why, "web: exit code 1, OutOfMemoryError"],
      [7, "t", "d", "web", why, "web: exit code 0"],
      [7, "t", "d", "?", "TaskFailedToStart", "web: CannotPullContainerError"],
      ["-", "t", "d", "?", why, ""],
    ]);
  });
});
