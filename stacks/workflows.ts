import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { defined } from "../components/defined";
import { allow } from "../components/iam/policyDocument";
import { parameterName } from "../components/parameters";
import type { PipelineStage } from "../components/pipeline/action";
import { shellWord } from "../components/shellWord";
import { DeliveryWorkflow, defineGitHubIdentityProvider } from "../components/workflow/deliveryWorkflow";
import { environmentGate } from "../components/workflow/environmentGate";
import { longJobs, longJobText } from "../components/workflow/jobLength";
import { DEFAULT_RUNNER, longestJob, planJobs } from "../components/workflow/jobs";
import type { StackConfig } from "./config/load";
import { NAMESPACE } from "./config/namespace";
import type { DeliveryContext, StackWorkflow } from "./deliveryContext";
import { pipelineNameIn, releaseNameIn, workflowRoleIn } from "./names";
import { byPipeline, pipelineNameOf } from "./parts/artifacts";
import { pipelineParts } from "./pipelineParts";
import type { EnvironmentProfile } from "./profile";
import { promised } from "./promised";
import type { ServiceDelivery } from "./serviceDelivery";

/** A workflow of the stack, by the name it goes by here: the stack's, or its service's. */
export interface OwnWorkflow {
  readonly name: string;
  readonly workflow: DeliveryWorkflow;
  readonly deliveries: readonly ServiceDelivery[];
  readonly asks: boolean;
}

type GitHubActions = NonNullable<StackConfig["delivery"]>["gitHubActions"];

/** The stack's workflow for all services, or one for each: what a pipeline would do, in the same order. */
export function defineWorkflows(
  profile: EnvironmentProfile,
  deliveries: readonly ServiceDelivery[],
  given: GitHubActions,
  context: DeliveryContext,
): OwnWorkflow[] {
  const { stack, config } = context;
  const perService = config.pipelines === "perService";
  const providerArn = identityProviderOf(given, context);
  return byPipeline(deliveries, config).map((of) => {
    const service = perService ? of[0].config.name : undefined;
    const name = service ?? stack;
    const workflowName = service === undefined ? pipelineNameIn(stack) : pipelineNameOf(of[0].config, context);
    const prefix = service === undefined ? stack : `${stack}-${service}`;
    const own = { ...workflowOf(given, of, context), name: workflowName, prefix };
    const promotion = promotionOf(profile, context);
    const releasesByTag = profile.releases !== true;
    const arranged = profile.stages(
      pipelineParts(of, of, { ...context, workflow: { ...own, promotion, releasesByTag } }),
    );
    const stages = arranged.map((stage, index) => gatesNamed(stage, arranged.slice(index + 1)));
    requireTime(own, stages, { runsOn: given.runsOn, mayPart: !perService && !config.releaseTo });
    const workflow = new DeliveryWorkflow(name, {
      workflowName,
      repository: given.repository,
      environment: gitHubEnvironmentOf(given),
      branch: promised(config.branch, "branch"),
      stages,
      promotion,
      steps: [...own.steps.values()],
      published: Object.fromEntries([topicOf(context), ...of.map(publishedOf)].flatMap((one) => Object.entries(one))),
      addresses: of.flatMap(({ service: { name: known }, url }) =>
        url === undefined ? [] : [{ service: known, address: url }],
      ),
      permissions: of.flatMap(({ record }) => (record ? [allow(["ssm:GetParameter"], [record.arn])] : [])),
      parameterName: parameterName(prefix, "workflow"),
      roleName: workflowRoleIn(stack, service),
      providerArn,
      runsOn: given.runsOn,
      queues: profile.executionMode === "QUEUED",
    });
    return { name, workflow, deliveries: of, asks: false };
  });
}

/** Throws where GitHub would end a job while the settings still have it wait: before the workflow, and its role, are there. */
function requireTime(
  { name, environment, steps: known }: StackWorkflow,
  stages: readonly PipelineStage[],
  { runsOn = DEFAULT_RUNNER, mayPart }: { readonly runsOn?: string | undefined; readonly mayPart: boolean },
): void {
  const steps = [...known.values()];
  const jobs = planJobs({ stages, steps, environment, runsOn });
  const long = longJobs({ jobs, stages, steps, environment, runsOn });
  if (long.length === 0) return;
  const isMended = mayPart && long.every(({ waits }) => waits.length > 1);
  const stack = shellWord(pulumi.getStack());
  const apart = `pulumi config set --stack ${stack} --path '${NAMESPACE}:pipelines' perService`;
  throw new pulumi.RunError(
    [
      `${NAMESPACE}:delivery.gitHubActions: workflow ${name} has steps that take longer than a job may:`,
      ...long.map((one) => `  ${longJobText(one)}`),
      ...(isMended ? ["  Each service in a workflow, and in jobs, of its own:", `    ${apart}`] : []),
      `  ${isMended ? "Or let" : "Let"} them wait for less (the settings that are named), or run the jobs on runners of your own (delivery.gitHubActions.runsOn), where a job may take ${longestJob("self-hosted")} minutes; a pipeline in AWS has no such end.`,
    ].join("\n"),
  );
}

/** The environment on GitHub: the stack's name, unless stack config says another. */
export function gitHubEnvironmentOf({ environment }: Pick<GitHubActions, "environment">): string {
  return environment ?? pulumi.getStack();
}

/** What the steps of one workflow are about. */
function workflowOf(
  given: GitHubActions,
  [first]: readonly [ServiceDelivery, ...ServiceDelivery[]],
  { config }: DeliveryContext,
) {
  const { folder } = first.config;
  const own =
    config.pipelines === "perService" && folder !== undefined && folder !== "." ? [`${folder}/**`] : undefined;
  const { repository, filePaths = own, excludedFilePaths } = given;
  return {
    repository,
    environment: gitHubEnvironmentOf(given),
    branch: promised(config.branch, "branch"),
    filePaths: excludedFilePaths && given.filePaths === undefined ? undefined : filePaths,
    excludedFilePaths,
    steps: new Map(),
  };
}

/**
 * Where the workflow goes on: in the environment of the stack in `releaseTo`, in a workflow that is named after that stack and what
 * it does there.
 */
function promotionOf(
  { releases = false, releasesByTag = false }: EnvironmentProfile,
  { target }: DeliveryContext,
): StackWorkflow["promotion"] {
  if (!target || !(releases || releasesByTag)) return undefined;
  const workflowName = releases ? pipelineNameIn(target.stack) : releaseNameIn(target.stack);
  return { environment: target.environment, workflowName };
}

/** Who is asked are the reviewers of the environment in which it goes on. */
function gatesNamed(stage: PipelineStage, after: readonly PipelineStage[]): PipelineStage {
  const actions = stage.actions.map((action, index) => {
    if (action.declaration.provider !== "GitHubEnvironment") return action;
    const next = [...stage.actions.slice(index + 1), ...after.flatMap((one) => one.actions)].find(
      ({ declaration: { category } }) => category !== "Approval",
    );
    if (!next?.seat) return action;
    const { name, runOrder } = action.declaration;
    const { declaration, ...gate } = environmentGate({ name, environment: next.seat.environment });
    return { ...gate, declaration: { ...declaration, runOrder } };
  });
  return { ...stage, actions };
}

/** What of a service only the stack knows, because AWS gives it its name. */
function publishedOf({
  config: { name },
  url,
  beforeDeployment,
  deployment,
}: ServiceDelivery): Record<string, Input<string>> {
  return defined<Input<string>>({
    [`${name}-url`]: typeof url === "string" ? undefined : url,
    [`${name}-run-task`]: beforeDeployment?.environment.RUN_TASK,
    [`${name}-application`]: deployment.codeDeploy?.applicationName,
  });
}

/** A topic of this stack gets its name from Pulumi. */
function topicOf({ failuresTold, config, foundation }: DeliveryContext): Record<string, Input<string>> {
  return failuresTold && config.topic === undefined ? { topic: foundation.topic().arn } : {};
}

/** The account's identity provider, where stack config says another than the one that AWS names after GitHub. */
export function identityProviderOf({ identityProvider }: GitHubActions, { stack }: DeliveryContext) {
  if (identityProvider === undefined) return undefined;
  return identityProvider === "created"
    ? defineGitHubIdentityProvider(`${stack}-github`).arn
    : identityProvider.existing;
}
