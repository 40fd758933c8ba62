import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "@aws-sdk/client-ecs";
import { main as logs } from "../../operate/logs";
import { main as shell } from "../../operate/shell";
import { ROOT } from "../support/stack";
import { DEFINITION, healthyAnswers, runningService } from "./situations";
import { type Answers, deniedCall, minutesAgo, NOW, runRecorded } from "./standIns";

const service = async () => ({ services: [runningService({ taskDefinition: DEFINITION })] });

describe("npm run logs", () => {
  const read = (argv: readonly string[], changes: Answers = {}) =>
    runRecorded(logs, argv, healthyAnswers({ describeServices: service, ...changes }), { more: {} });
  const event = (id: string, minutes: number, message: string) => ({
    eventId: id,
    timestamp: minutesAgo(minutes).getTime(),
    logStreamName: `api/api/${"0123456789ab".repeat(2)}`,
    message,
  });

  it("prints what was written in the order of time, from every page", async () => {
    const { code, printed } = await read(["prod", "--since", "1h"], {
      filterLogEvents: async ({ logGroupName, startTime, nextToken }) => {
        assert.equal(logGroupName, "/ecs/prod-api");
        assert.equal(startTime, NOW.getTime() - 3_600_000);
        return nextToken === undefined
          ? { events: [event("b", 2, "second\n")], nextToken: "more" }
          : { events: [event("a", 3, "first")] };
      },
    });
    assert.equal(code, 0);
    assert.equal(
      printed,
      "2026-11-27T11:57:00Z api api 01234567 | first\n2026-11-27T11:58:00Z api api 01234567 | second",
    );
  });

  it("follows, tells each line once, and ends in words when it may not go on", async () => {
    let looks = 0;
    const { code, printed, slept } = await read(["prod", "api", "--follow"], {
      filterLogEvents: async () => {
        looks += 1;
        if (looks === 3) throw deniedCall("logs:FilterLogEvents");
        return { events: [event("a", 3, "first"), ...(looks === 2 ? [event("b", 2, "second")] : [])] };
      },
    });
    assert.equal(code, 1);
    assert.equal(slept, 2);
    assert.equal(printed.match(/first/g)?.length, 1);
    assert.match(
      printed,
      /second\nservice api: .*jane may not logs:FilterLogEvents \(eu-west-1, account 123456789012\)$/,
    );
  });

  it("says that nothing was written, or nothing can be", async () => {
    const quiet = await read(["prod"]);
    assert.equal(quiet.code, 0);
    assert.match(quiet.printed, /^nothing was written since 2026-11-27T11:50:00.000Z/);
    const none = await read(["prod"], { describeServices: async () => ({ services: [] }) });
    assert.equal(none.code, 1);
    assert.match(none.printed, /no container of api writes to CloudWatch/);
    for (const since of ["10", "0m", "1w", "ten"]) {
      const { code, printed } = await read(["prod", "--since", since]);
      assert.equal(code, 2);
      assert.match(printed, /--since: expected a time like 30s, 10m, 2h or 7d/);
    }
  });
});

describe("npm run shell", () => {
  const PROD = readFileSync(join(ROOT, "Pulumi.prod.yaml"), "utf8");
  const WITH = PROD.replace("    - name: api\n", "    - name: api\n      executeCommand: true\n");
  const task = (changes: Partial<Task> = {}): Task => ({
    taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/prod/new",
    lastStatus: "RUNNING",
    enableExecuteCommand: true,
    startedAt: minutesAgo(5),
    containers: [{ name: "api" }, { name: "proxy" }],
    ...changes,
  });

  async function open(
    argv: readonly string[],
    { tasks = [task()], missing = "", file = WITH }: { tasks?: Task[]; missing?: string; file?: string } = {},
  ) {
    const started: string[] = [];
    const answers = healthyAnswers({
      listTasks: async ({ desiredStatus }) => {
        assert.equal(desiredStatus, "RUNNING");
        return { taskArns: tasks.flatMap(({ taskArn }) => taskArn ?? []) };
      },
      describeTasks: async () => ({ tasks }),
    });
    const more = {
      has: (program: string) => program !== missing,
      start: (program: string, words: readonly string[]) => {
        started.push([program, ...words].join(" "));
        return 7;
      },
    };
    const result = await runRecorded(shell, argv, answers, { more, files: { "Pulumi.prod.yaml": file } });
    return { ...result, started };
  }

  it("opens one in the newest task, and ends as the session did", async () => {
    const old = task({ taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/prod/old", startedAt: minutesAgo(50) });
    const { code, started } = await open(["prod"], { tasks: [old, task()] });
    const where = "--region eu-west-1 --cluster prod --task arn:aws:ecs:eu-west-1:123456789012:task/prod/new";
    assert.deepEqual(started, [`aws ecs execute-command ${where} --container api --interactive --command /bin/sh`]);
    assert.equal(code, 7);
    const other = await open(["prod", "api", "--container", "proxy", "--command", "sh -l"]);
    assert.match(other.started[0] ?? "", /--container proxy --interactive --command sh -l$/);
    assert.match(other.printed, /--command 'sh -l'$/);
  });

  it("says what is missing", async () => {
    const situations: readonly (readonly [Parameters<typeof open>[1], RegExp])[] = [
      [
        { file: PROD },
        /does not let a shell be opened in api; pulumi config set --stack prod --path 'ecs-delivery:services\[0\]\.executeCommand' true, then pulumi up$/,
      ],
      [{ tasks: [] }, /no task of api runs: npm run status -- prod api says why/],
      [{ tasks: [task({ lastStatus: "PENDING" })] }, /no task of api runs/],
      [{ tasks: [task({ enableExecuteCommand: false })] }, /were started without executeCommand/],
      [{ tasks: [task({ containers: [{ name: "web" }] })] }, /no container "api" in api; containers are web/],
      [{ missing: "session-manager-plugin" }, /session-manager-plugin is not installed: see https/],
      [{ missing: "aws" }, /aws is not installed: see https/],
    ];
    for (const [given, said] of situations) {
      const { code, printed, started } = await open(["prod", "api"], given);
      assert.equal(code, 1);
      assert.match(printed, said);
      assert.deepEqual(started, []);
    }
    const two = `${WITH.replace("  ecs-delivery:notificationEmails:", "    - { name: web }\n  ecs-delivery:notificationEmails:")}`;
    const which = await open(["prod"], { file: two });
    assert.equal(which.code, 2);
    assert.match(which.printed, /name one service of Pulumi.prod.yaml: api, web/);
  });
});
