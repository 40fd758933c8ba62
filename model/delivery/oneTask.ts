import { textOf, type Values } from "../graph/read";
import type { TaskRevision } from "./revisions";

/** A task that runs once, beside those of services. */
export interface OneTask {
  readonly arn: string;
  readonly revision: TaskRevision;
  /** Container that its command runs in. */
  readonly container: string;
  readonly exitCode: number;
  /** When its command ends. */
  readonly endsAt: number;
  /** Why somebody has stopped it. @default - nobody has */
  readonly stoppedBecause?: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export function describedTaskOnce(task: OneTask, now: number): Values {
  const ended = task.stoppedBecause !== undefined || now >= task.endsAt;
  const exitCode = task.stoppedBecause === undefined ? task.exitCode : 143;
  return {
    taskArn: task.arn,
    taskDefinitionArn: task.revision.arn,
    lastStatus: ended ? "STOPPED" : "RUNNING",
    stoppedReason: ended ? (task.stoppedBecause ?? "Essential container in task exited") : undefined,
    containers: task.revision.containers.map(({ name, image }) => ({
      name,
      image,
      exitCode: ended && textOf(name) === task.container ? exitCode : undefined,
    })),
  };
}
