import * as assert from "node:assert/strict";
import { confirmDeliveryBuildspec } from "../../../../components/build/buildspec/confirmDelivery";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";

/** Repository of the images below. */
export const CONFIRMED_REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api";
export const WANTED = `${CONFIRMED_REPOSITORY}@sha256:${"a".repeat(64)}`;
const BEFORE = `${CONFIRMED_REPOSITORY}@sha256:${"b".repeat(64)}`;
export const FAMILY = "arn:aws:ecs:eu-west-1:123456789012:task-definition/api";
export const CLUSTER_ARN = "arn:aws:ecs:eu-west-1:123456789012:cluster/main";

/** What the service's state is, as the script's query prints it; `revision` 7 has the wanted image, 6 the one before. */
interface State {
  readonly controller?: string;
  readonly strategy?: string;
  readonly revision?: number;
  /** With CodeDeploy the task set's `stabilityStatus`. */
  readonly rollout?: string;
  readonly running?: number;
  readonly desired?: number;
  readonly events?: readonly string[];
  readonly times?: number;
}

/** Answers the script's reading of the service. */
export function describedService(state: State): StandInAnswer {
  const {
    controller = "ECS",
    strategy = "ROLLING",
    revision = 7,
    rollout = "COMPLETED",
    running = 2,
    desired = 2,
    events = [],
    times,
  } = state;
  const reason = rollout === "FAILED" ? "tasks failed to start." : "all is well.";
  const deployment = [`${FAMILY}:${revision}`, rollout, desired, running, 0, reason];
  const line = ["ACTIVE", desired, controller, strategy, ...deployment].join("\t");
  const stdout = [line, ...events.map((event) => `${event}\t(service api) ${event}`)].join("\n");
  return { when: "^aws ecs describe-services ", stdout: `${stdout}\n`, ...(times !== undefined && { times }) };
}

/** Answers the script's question for the newest service deployment; `serviceDeployment()` is none. */
export function serviceDeployment(status?: string, times?: number, id = "new"): StandInAnswer {
  const line = status && [`arn:aws:ecs:eu-west-1:123456789012:service-deployment/main/api/${id}`, status, "because"];
  const stdout = `${line ? line.join("\t") : "None"}\n`;
  return { when: "^aws ecs list-service-deployments ", stdout, ...(times !== undefined && { times }) };
}

/** What the script's question for stopped tasks gets of one. */
function stoppedTask(minute: number, why: string, said: string): string {
  const task = `arn:aws:ecs:eu-west-1:123456789012:task/main/${String(minute).repeat(32)}`;
  return `${[`2026-03-01T10:0${minute}:00+00:00`, task, `${FAMILY}:7`, "web", why, said].join("\t")}\n`;
}

/** Answers the script's question for what was recorded last. */
export function recordBefore(image = BEFORE, deliveredAt = "2026-01-01T00:00:00Z"): StandInAnswer {
  const record = JSON.stringify({ image, commit: "1234567", deliveredAt });
  return { when: "^aws ssm get-parameter --name [^ ]*/delivered-image ", stdout: `7\t${record}\n` };
}

const REST: readonly StandInAnswer[] = [
  { when: "^aws ecs describe-task-definition .*awslogs", stdout: "awslogs\t/ecs/api\tweb\n" },
  { when: `^aws ecs describe-task-definition --task-definition ${FAMILY}:7 `, stdout: `${WANTED}\n` },
  { when: `^aws ecs describe-task-definition --task-definition ${FAMILY}:6 `, stdout: `${BEFORE}\n` },
  { when: "^aws ecs list-task-definitions --family-prefix api ", stdout: `${FAMILY}:7\n` },
  { when: "^aws ecs deregister-task-definition ", stdout: "INACTIVE\n" },
  { when: "^aws ecs update-service ", stdout: "ACTIVE\n" },
  { when: "^aws ecs list-tasks ", stdout: "arn:task/1\tarn:task/2\tarn:task/3\tarn:task/4\n" },
  {
    when: "^aws ecs describe-tasks ",
    stdout: [
      stoppedTask(1, "Essential container in task exited", "web: exit code 1"),
      stoppedTask(3, "Essential container in task exited", "web: exit code 1"),
      stoppedTask(2, "Essential container in task exited", "web: exit code 1"),
      stoppedTask(4, "Scaling activity initiated by (deployment ecs-svc/1)", "web: exit code 143"),
      stoppedTask(
        5,
        "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/api-blue/0a)",
        "",
      ),
    ].join(""),
  },
  { when: "^aws logs get-log-events ", stdout: 'Listening\n\nError: no "DATABASE_URL"\n' },
  { when: "^aws sns publish ", stdout: "0a1b\n" },
  recordBefore(),
  { when: "^aws ssm put-parameter ", stdout: "8\n" },
  serviceDeployment(),
];
/** A rolling deployment that takes some polls, and ends well. */
export const SETTLING: readonly StandInAnswer[] = [
  describedService({ rollout: "IN_PROGRESS", running: 0, events: ["e1"], times: 1 }),
  describedService({ rollout: "IN_PROGRESS", running: 1, events: ["e2", "e1"], times: 2 }),
  describedService({ events: ["e3", "e2", "e1"] }),
];
/** A deployment that the circuit breaker takes back. */
export const ROLLED_BACK: readonly StandInAnswer[] = [
  describedService({ rollout: "IN_PROGRESS", running: 0, times: 2 }),
  describedService({ revision: 6, events: ["e6", "e5"] }),
];
/** A new environment without tasks; the state lags behind the raised count. */
export const FIRST: readonly StandInAnswer[] = [
  describedService({ running: 0, desired: 0, times: 2 }),
  describedService({ rollout: "IN_PROGRESS", running: 1, times: 1 }),
  describedService({}),
];
export const ENV = {
  CLUSTER_NAME: "main",
  SERVICE_NAME: "api",
  CONTAINER_NAME: "web",
  DESIRED_COUNT: "2",
  DELIVERED_IMAGE_PARAMETER: "/dev/api/delivered-image",
  COMMIT_ID: "0123456789abcdef0123456789abcdef01234567",
  POLL_SECONDS: "0",
};

/** The file that says which image is wanted. */
export function definitions(image: string): Record<string, string> {
  return {
    "imagedefinitions.json": JSON.stringify([
      { name: "log", imageUri: "log:1" },
      { name: "web", imageUri: image },
    ]),
  };
}

/** Runs the buildspec on a service that goes through `states`. */
export function confirm(states: readonly StandInAnswer[], options: BuildOptions = {}): BuildRun {
  return runBuildspec(confirmDeliveryBuildspec(), {
    files: definitions(WANTED),
    ...options,
    env: { ...ENV, ...options.env },
    answers: [...(options.answers ?? []), ...states, ...REST],
  });
}

/** Calls of one AWS command, as text. */
export function called(result: BuildRun, verb: string): string[] {
  return result.calls.map(calledWith).filter((text) => text.startsWith(`aws ${verb} `));
}

/** Calls that only look, or do the same twice: made again where they fail. */
const MADE_AGAIN =
  /^aws (?:ecs (?:describe-services|list-service-deployments|describe-task-definition|list-tasks|describe-tasks)|ecr batch-get-image|ssm (?:get|put)-parameter) /;

/** Fails unless a good delivery outlives one failure of each look, and none of another call. */
export function assertOutlivesFailedLooks(states: readonly StandInAnswer[], options: BuildOptions = {}): void {
  const good = confirm(states, options);
  assert.equal(good.status, 0, good.output);
  for (const [index, call] of good.calls.entries()) {
    const result = confirm(states, { ...options, failCall: { number: index + 1 } });
    if (MADE_AGAIN.test(calledWith(call))) {
      assert.equal(result.status, 0, result.output);
      assert.match(result.output, /AccessDeniedException[\s\S]*Looking again, 2 of 5\n[\s\S]*Recorded in /);
    } else assertFailed(result, /AccessDeniedException/);
  }
}

/** Fails unless the run failed, recorded nothing, and says why. */
export function assertFailed(result: BuildRun, reason: RegExp): void {
  assert.notEqual(result.status, 0, result.output);
  assert.match(result.output, reason);
  assert.deepStrictEqual(called(result, "ssm put-parameter"), []);
}
