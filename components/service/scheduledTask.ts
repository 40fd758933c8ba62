import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { Problems } from "../checks/problems";
import { checkSchedule } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import { defineRole } from "../iam/role";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { SCHEDULE, TIME_ZONE } from "../settings/times";
import { sendPermissions } from "./deadLetterQueue";
import {
  ecsTarget,
  familyArn,
  OWN_TASK,
  type OwnTaskRun,
  ownTaskProblems,
  runTaskPermissions,
  taskOverrides,
  taskRetry,
} from "./ownTask";

/** A command of the service's own image, at certain times. */
export const SCHEDULED_TASK = settings({
  /** When it runs: `rate(5 minutes)`, `cron(0 3 * * ? *)` or `at(2026-12-31T23:00:00)`. */
  schedule: SCHEDULE,
  /** Whose clock it means. @default "UTC" */
  timeZone: TIME_ZONE,
  ...OWN_TASK,
});

/** Arguments of `ScheduledTask`. */
export interface ScheduledTaskArgs extends ArgsOf<typeof SCHEDULED_TASK>, OwnTaskRun {}

/**
 * A task of a service's own image and settings, with another command, at certain times.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 */
export class ScheduledTask extends pulumi.ComponentResource {
  readonly schedule: aws.scheduler.Schedule;

  constructor(name: string, args: ScheduledTaskArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ScheduledTask", name, {}, opts);
    const { task, deadLetterQueue } = args;
    const { schedule, timeZone } = withDefaults(SCHEDULED_TASK, args);
    const zoneProblem = checkTimeZone(timeZone);
    new Problems()
      .addAll(checkSchedule(schedule).map((problem) => `schedule: ${problem}`))
      .add(zoneProblem && `timeZone: ${zoneProblem}`)
      .addAll(ownTaskProblems(task, args))
      .throwFor(this, `ScheduledTask "${name}"`);
    const place = placeOf(this);
    const statements = [...runTaskPermissions(task, place), ...sendPermissions(deadLetterQueue)];
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
        target: targetOf(args, familyArn(task, place), role.arn),
      },
      { parent: this, dependsOn: [...role.policies] },
    );
    this.registerOutputs({ scheduleArn: this.schedule.arn });
  }
}

function targetOf(
  { task, deadLetterQueue, retryPolicy, ...own }: ScheduledTaskArgs,
  taskDefinitionArn: Input<string>,
  roleArn: Input<string>,
): aws.types.input.scheduler.ScheduleTarget {
  return {
    arn: task.cluster.arn,
    roleArn,
    input: taskOverrides(task, own),
    retryPolicy: taskRetry(retryPolicy),
    deadLetterConfig: deadLetterQueue && { arn: deadLetterQueue.arn },
    ecsParameters: ecsTarget(task, taskDefinitionArn),
  };
}
