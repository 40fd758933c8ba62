import { buildspecOf } from "../../../model/graph/buildspec";
import { isMap, mapOf, mapsOf, textOf } from "../../../model/graph/read";
import { TYPES } from "../../../model/graph/resources";
import { guardrail, IN_PRODUCTION, type NamedRule, NO_OPTIONS } from "../rule";

const notTakenBack = guardrail({
  name: "deployment-not-taken-back",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "A deployment that fails is taken back without a person",
  remedy: "switch on the circuit breaker (or deployment alarms) with rollback: true",
  types: [TYPES.service, TYPES.deploymentGroup],
  options: NO_OPTIONS,
  problems: ({ type, inputs }) => {
    if (type === TYPES.deploymentGroup) {
      return mapOf(inputs.autoRollbackConfiguration).enabled === true
        ? []
        : ["autoRollbackConfiguration is not enabled"];
    }
    const controller = textOf(mapOf(inputs.deploymentController).type) ?? "ECS";
    const back = [inputs.deploymentCircuitBreaker, inputs.alarms]
      .map(mapOf)
      .some(({ enable, rollback }) => enable === true && rollback === true);
    return controller !== "ECS" || back ? [] : ["nothing takes a failed deployment back"];
  },
});

const publicTask = guardrail({
  name: "task-with-public-address",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Tasks have no address on the internet",
  remedy: "put them into private subnets, behind a load balancer, with VPC endpoints or a NAT gateway",
  types: [TYPES.service],
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    mapOf(inputs.networkConfiguration).assignPublicIp === true ? ["assignPublicIp is true"] : [],
});

const noApproval = guardrail({
  name: "nobody-approves",
  enforcement: "advisory",
  looksAt: "resource",
  description: "A person says yes before production changes",
  remedy:
    "add a manual approval before the deployment, or a pause in it, or switch this rule off for a stack that needs none",
  types: [TYPES.pipeline],
  options: IN_PRODUCTION,
  problems: ({ inputs }, { stacks }, { stack, resources }) => {
    if (!stacks.includes(stack)) return [];
    const actions = mapsOf(inputs.stages).flatMap((stage) => mapsOf(stage.actions));
    const at = (category: string) => actions.findIndex((action) => action.category === category);
    const deploys = at("Deploy");
    const pauses = resources.some(({ type, inputs: other }) =>
      type === TYPES.service ? pausesForPerson(mapOf(other.deploymentConfiguration)) : false,
    );
    const approved = at("Approval") !== -1 && at("Approval") < deploys;
    return deploys === -1 || approved || pauses ? [] : ["deploys without a person's yes"];
  },
});

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html */
function pausesForPerson(configuration: Readonly<Record<string, unknown>>): boolean {
  return mapsOf(configuration.lifecycleHooks).some(({ targetType }) => targetType === "PAUSE");
}

const polledSource = guardrail({
  name: "polled-source",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Pipelines start by an event, not by asking again and again",
  remedy: 'set PollForSourceChanges to "false", and start the pipeline by an EventBridge rule',
  types: [TYPES.pipeline],
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    mapsOf(inputs.stages)
      .flatMap((stage) => mapsOf(stage.actions))
      .filter(
        ({ category, provider }) => category === "Source" && ["CodeCommit", "S3"].includes(textOf(provider) ?? ""),
      )
      // AWS's default is to poll.
      .filter(({ configuration }) => textOf(mapOf(configuration).PollForSourceChanges) !== "false")
      .map(({ name }) => `action ${textOf(name) ?? ""} asks its source every minute`),
});

const privilegedBuild = guardrail({
  name: "privileged-build",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Builds have the rights of their host only where they make an image",
  remedy: "set environment.privilegedMode to false",
  types: [TYPES.project],
  options: NO_OPTIONS,
  problems: ({ inputs }) => {
    const buildspec = buildspecOf({ inputs });
    // A path says nothing about what is in it.
    const here = /[\n{]/.test(buildspec);
    const privileged = isMap(inputs.environment) && inputs.environment.privilegedMode === true;
    return privileged && here && !/docker|buildx|buildctl|kaniko|podman|buildah|finch/.test(buildspec)
      ? ["privilegedMode is true, and its buildspec makes no image"]
      : [];
  },
});

export const deploymentRules: readonly NamedRule[] = [
  notTakenBack,
  publicTask,
  noApproval,
  polledSource,
  privilegedBuild,
];
