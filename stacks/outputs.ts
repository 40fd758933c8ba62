import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { DeliveryContext } from "./deliveryContext";
import type { StackPipeline } from "./pipelines";
import type { ServiceDelivery } from "./serviceDelivery";
import type { OwnWorkflow } from "./workflows";

/** Where a person watches the stack's pipeline, or each of them. */
export function pipelineUrls(pipelines: readonly StackPipeline[]): Record<string, unknown> {
  const [first, ...others] = pipelines;
  if (first && others.length === 0) return { pipelineUrl: first.pipeline.consoleUrl };
  return { pipelineUrls: Object.fromEntries(pipelines.map(({ name, pipeline }) => [name, pipeline.consoleUrl])) };
}

/** The role that each workflow takes. */
export function workflowOutputs(workflows: readonly OwnWorkflow[]): Record<string, unknown> {
  const [first, ...others] = workflows;
  if (first && others.length === 0) return { workflowRole: first.workflow.roleArn };
  return { workflowRoles: Object.fromEntries(workflows.map(({ name, workflow }) => [name, workflow.roleArn])) };
}

/** What the stack that the pipeline goes on to has to know. */
export function artifactOutputs({ config, foundation }: DeliveryContext): Record<string, unknown> {
  const { releaseTo } = config;
  if (!releaseTo) return {};
  const store = (releaseTo.region && foundation.regionalStores()[releaseTo.region]) || foundation.artifactStore();
  return { artifactBucket: store.bucket, artifactKey: store.kmsKeyArn };
}

/** Of every service: addresses, the repository, and the commands that show what it does. */
export function serviceOutputs(
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
): Record<string, unknown> {
  return Object.fromEntries(
    deliveries.map((delivery) => [
      delivery.config.name,
      {
        repository: delivery.repository.repositoryUrl,
        ...delivery.outputs,
        followDeployment: followDeployment(delivery, context),
        followLogs: delivery.config.service ? undefined : followLogs(delivery, context),
        openShell: delivery.config.executeCommand ? openShell(delivery, context) : undefined,
      },
    ]),
  );
}

/** The service's tasks and last events, every ten seconds; Ctrl-C ends it. */
function followDeployment({ service }: ServiceDelivery, { foundation, place }: DeliveryContext): Output<string> {
  const where = pulumi.interpolate`--region ${place.region} --cluster ${foundation.cluster().name} --services ${service.name}`;
  const shown =
    "services[0].[deployments[].[rolloutState,runningCount,desiredCount,taskDefinition],events[:5].message]";
  return pulumi.interpolate`while aws ecs describe-services ${where} --query '${shown}' --output yaml; do sleep 10; done`;
}

/** A shell in one of the tasks, with the Session Manager plugin of the CLI. */
function openShell({ service, config }: ServiceDelivery, { foundation, place }: DeliveryContext): Output<string> {
  const where = pulumi.interpolate`--region ${place.region} --cluster ${foundation.cluster().name}`;
  const task = pulumi.interpolate`$(aws ecs list-tasks ${where} --service-name ${service.name} --query 'taskArns[0]' --output text)`;
  return pulumi.interpolate`aws ecs execute-command ${where} --task ${task} --container ${config.container.name} --interactive --command /bin/sh`;
}

function followLogs({ service }: ServiceDelivery, { place }: DeliveryContext): Output<string> {
  return pulumi.interpolate`aws logs tail /ecs/${service.name} --follow --region ${place.region}`;
}
