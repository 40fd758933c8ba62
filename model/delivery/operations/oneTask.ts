import { GUESSES } from "../../environment/guesses";
import { mapOf, mapsOf, textOf, type Values } from "../../graph/read";
import { arnIn } from "../../graph/resources";
import { familyOf, shortRevision } from "../revisions";
import { clusterIn, inCluster, revisionNamed } from "./ecs";
import { type GivenCall, given, type Operation } from "./operation";

/** A task ARN of a cluster; what follows is not known before it is there. */
function taskArn({ place, input, cloud }: GivenCall): string {
  return arnIn(place, "ecs", `task/${clusterIn(input)}/0a1b2c3${cloud.tasks.size}`);
}

/** Whether a command that runs once goes wrong in this way now: the step that starts it says so. */
function goesWrong({ cloud, call }: GivenCall, how: string): boolean {
  return cloud.faults.take(/, action (.+)$/.exec(call.where)?.[1] ?? "", how);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html */
export const ONE_TASK: Readonly<Record<string, Operation>> = {
  RegisterTaskDefinition: {
    resources: ({ place, input }) => [arnIn(place, "ecs", `task-definition/${given(input, "family")}:1`)],
    act: ({ cloud, place, input, call }) => {
      for (const role of [input.taskRoleArn, input.executionRoleArn].flatMap((arn) => textOf(arn) ?? [])) {
        const context = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
        cloud.demand({ caller: call.caller, action: "iam:PassRole", resource: role, context }, call.where);
      }
      const family = arnIn(place, "ecs", `task-definition/${given(input, "family")}`);
      const { arn } = cloud.revisions.register(family, mapsOf(input.containerDefinitions), input);
      return { taskDefinition: { ...input, taskDefinitionArn: arn, status: "ACTIVE" } };
    },
  },
  RunTask: {
    resources: (call) => [revisionNamed(call).arn],
    context: inCluster,
    act: (call) => {
      const { cloud, input } = call;
      if (goesWrong(call, "task-refused")) return { tasks: [], failures: [{ reason: "RESOURCE:FARGATE" }] };
      const [override = {}] = mapsOf(mapOf(input.overrides).containerOverrides);
      const revision = revisionNamed(call);
      const arn = taskArn(call);
      const exitCode = goesWrong(call, "task-fails") ? 1 : 0;
      const endsAt = goesWrong(call, "task-hangs") ? Number.POSITIVE_INFINITY : cloud.clock.now + GUESSES.task;
      cloud.tasks.set(arn, { arn, revision, container: textOf(override.name) ?? "", exitCode, endsAt });
      cloud.timeline.add(call.call.where, `starts a task of ${shortRevision(revision.arn)}`, "note");
      return { tasks: [{ taskArn: arn, group: familyOf(revision.arn), lastStatus: "PROVISIONING" }], failures: [] };
    },
  },
  StopTask: {
    resources: ({ input }) => [given(input, "task")],
    context: inCluster,
    act: ({ cloud, input }) => {
      const arn = given(input, "task");
      const task = cloud.tasks.get(arn);
      if (task) cloud.tasks.set(arn, { ...task, stoppedBecause: given(input, "reason") });
      return { task: { taskArn: arn, desiredStatus: "STOPPED" } };
    },
  },
};

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html */
export const LOGS: Readonly<Record<string, Operation>> = {
  GetLogEvents: {
    resources: ({ place, input }) => [
      arnIn(place, "logs", `log-group:${given(input, "logGroupName")}:log-stream:${given(input, "logStreamName")}`),
    ],
    act: ({ input }): Values => {
      const first = given(input, "nextToken") === "";
      const of = /\/stopped\d+-[^/]+$/.test(given(input, "logStreamName")) ? "container" : "command";
      return { nextForwardToken: "f/1", events: first ? [{ message: `what the ${of} writes` }] : [] };
    },
  },
};
