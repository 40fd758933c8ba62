import { type Answer, byArn, named, settingOf, textOf } from "./asked";

/** The name in the ARN of a cluster, or the name itself. */
function clusterName(value: unknown): string {
  const text = textOf(value) ?? "default";
  return text.slice(text.lastIndexOf("/") + 1);
}

const taskDefinition: Answer = (asked) => {
  const family = textOf(asked.inputs.family) ?? "";
  const arnWithoutRevision = asked.arn("ecs", `task-definition/${family}`);
  return { id: family, arn: `${arnWithoutRevision}:1`, arnWithoutRevision, revision: 1 };
};

/** Clusters, services, scaling. */
export const computeAnswers: Readonly<Record<string, Answer>> = {
  "aws:appautoscaling/policy:Policy": (asked) => ({
    id: asked.name,
    name: asked.name,
    arn: asked.arn("autoscaling", `scalingPolicy:${asked.name}`),
  }),
  "aws:appautoscaling/scheduledAction:ScheduledAction": named("autoscaling", (name) => `scheduledAction:${name}`),
  "aws:appautoscaling/target:Target": (asked) => ({
    id: textOf(asked.inputs.resourceId) ?? "",
    arn: asked.arn("application-autoscaling", `scalable-target/${asked.hash.slice(0, 16)}`),
  }),
  "aws:ecs/cluster:Cluster": byArn("ecs", (name) => `cluster/${name}`),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": settingOf("clusterName"),
  "aws:ecs/service:Service": byArn("ecs", (name, { inputs }) => `service/${clusterName(inputs.cluster)}/${name}`),
  "aws:ecs/taskDefinition:TaskDefinition": taskDefinition,
  "aws:lambda/function:Function": named("lambda", (name) => `function:${name}`),
  "aws:scheduler/schedule:Schedule": named("scheduler", (name) => `schedule/default/${name}`),
  "aws:sfn/stateMachine:StateMachine": byArn("states", (name) => `stateMachine:${name}`),
};
