import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { Problems } from "../checks/problems";
import { checkSchedule } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { TaskRef } from "../refs";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { SCHEDULE, TIME_ZONE } from "../settings/times";
import { COMMAND } from "./container";

/** A command of the service's own image, at certain times. */
export const SCHEDULED_TASK = settings({
  /** When it runs: `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-12-31T23:00:00)`. */
  schedule: SCHEDULE,
  /** Whose clock it means. @default "UTC" */
  timeZone: TIME_ZONE,
  /** What runs instead of the image's command. */
  command: COMMAND,
});

/** Arguments of `ScheduledTask`. */
export interface ScheduledTaskArgs extends ArgsOf<typeof SCHEDULED_TASK> {
  /** The service whose task it is: each run takes the newest revision, so what was last delivered. */
  readonly task: TaskRef;
}

/**
 * A task of a service's own image and settings, with another command, at certain times.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 */
export class ScheduledTask extends pulumi.ComponentResource {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ScheduledTask", name, {}, opts);
    const { task } = args;
    const { schedule, timeZone } = withDefaults(SCHEDULED_TASK, args);
    const zoneProblem = checkTimeZone(timeZone);
    new Problems()
      .addAll(checkSchedule(schedule).map((problem) => `schedule: ${problem}`))
      .add(zoneProblem && `timeZone: ${zoneProblem}`)
      .throwFor(this, `ScheduledTask "${name}"`);
    const place = placeOf(this);
    // Without a revision: the newest one, at the time of the run.
    const family = regionalArn(place, "ecs", pulumi.interpolate`task-definition/${task.family}`);
    const statements = runPermissions(task, family, place);
    // Schedules go into this group; a single one must not be named.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    const sourceArn = regionalArn(place, "scheduler", "schedule-group/default");
    const role = defineRole(name, { service: "scheduler.amazonaws.com", statements, sourceArn }, this);
    this.schedule = new aws.scheduler.Schedule(
      fittedName(name, AUTONAMED_MAX.schedule),
      {
        scheduleExpression: schedule,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow: { mode: "OFF" },
        target: targetOf(args, family, role.arn),
      },
      { parent: this, dependsOn: [...role.policies] },
    );
    this.registerOutputs({ scheduleArn: this.schedule.arn });
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html */
function runPermissions(task: TaskRef, family: Input<string>, place: Place): Statement[] {
  const tasks = regionalArn(place, "ecs", pulumi.interpolate`task/${task.cluster.name}/*`);
  return [
    allow(["ecs:RunTask"], [family, pulumi.interpolate`${family}:*`], {
      ArnEquals: { "ecs:cluster": task.cluster.arn },
    }),
    allow(["ecs:TagResource"], [tasks], { StringEquals: { "ecs:CreateAction": "RunTask" } }),
    allow(["iam:PassRole"], task.passRoleArns, {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
  ];
}

function targetOf(
  { task, command }: ScheduledTaskArgs,
  taskDefinitionArn: Input<string>,
  roleArn: Input<string>,
): aws.types.input.scheduler.ScheduleTarget {
  const onFargate = task.capacityProvider === "FARGATE";
  return {
    arn: task.cluster.arn,
    roleArn,
    input: JSON.stringify({ containerOverrides: [{ name: task.containerName, command }] }),
    // A run that could not be started is not worth starting an hour later.
    retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 900 },
    ecsParameters: {
      taskDefinitionArn,
      launchType: onFargate ? "FARGATE" : undefined,
      capacityProviderStrategies: onFargate ? undefined : [{ capacityProvider: task.capacityProvider, weight: 1 }],
      enableEcsManagedTags: true,
      propagateTags: "TASK_DEFINITION",
      networkConfiguration: {
        subnets: task.subnetIds,
        securityGroups: task.securityGroupIds,
        assignPublicIp: false,
      },
    },
  };
}
