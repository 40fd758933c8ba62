import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { TaskRef } from "../refs";
import { shellWord } from "../shellWord";
import { isPlainFargate } from "./capacity";

/**
 * Another task of a service, with another command, as `ecs run-task` takes it; without the task definition.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export function runTaskInput(task: TaskRef, command: readonly string[]) {
  const onFargate = isPlainFargate(task.capacity);
  return {
    cluster: task.cluster.arn,
    count: 1,
    launchType: onFargate ? "FARGATE" : undefined,
    capacityProviderStrategy: onFargate ? undefined : task.capacity,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: task.subnetIds,
        securityGroups: task.securityGroupIds,
        assignPublicIp: task.assignPublicIp ? "ENABLED" : "DISABLED",
      },
    },
    overrides: { containerOverrides: [{ name: task.containerName, command }] },
  };
}

/** The command line that starts such a task of what was last delivered, for any shell. */
export function runTaskCommand(task: TaskRef, command: readonly string[], region: Output<string>): Output<string> {
  const { cluster, launchType, capacityProviderStrategy, networkConfiguration, overrides } = runTaskInput(
    task,
    command,
  );
  const json = (value: unknown) => pulumi.jsonStringify(value).apply(shellWord);
  const capacity =
    launchType === undefined
      ? pulumi.interpolate`--capacity-provider-strategy ${json(capacityProviderStrategy)}`
      : pulumi.output(`--launch-type ${launchType}`);
  return pulumi.interpolate`aws ecs run-task --region ${region} --cluster ${cluster} --task-definition ${task.family} --count 1 ${capacity} --network-configuration ${json(networkConfiguration)} --overrides ${json(overrides)}`;
}
