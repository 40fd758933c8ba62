import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { GITHUB_AUDIENCE, GITHUB_ISSUER, gitHubEnvironmentOn } from "../access/webIdentity";
import { type Place, placeOf } from "../arn";
import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import { isSecretsManager } from "../iam/secrets";
import type { PipelineStage } from "../pipeline/action";
import { gitTriggers } from "../pipeline/trigger";
import { filesElsewhere, filesElsewhereText } from "./jobFiles";
import { longJobs, longJobText } from "./jobLength";
import type { JobStep } from "./jobStep";
import { DEFAULT_RUNNER, planJobs, SHORTEST_SESSION, sessionSeconds, stepOf, type WorkflowJob } from "./jobs";

/** Arguments of `DeliveryWorkflow`. */
export interface DeliveryWorkflowArgs {
  /** Name of the workflow; people look for it on GitHub. */
  readonly workflowName: string;
  /** `owner/name`, as GitHub's tokens say it. */
  readonly repository: string;
  /** Environment on GitHub whose jobs take the role. */
  readonly environment: string;
  /** Branch whose runs take it. */
  readonly branch: string;
  /** What a delivery consists of, in its order. */
  readonly stages: readonly PipelineStage[];
  /** What its actions run. */
  readonly steps: readonly JobStep[];
  /** Name of the role, which the workflow says before it is there. */
  readonly roleName: string;
  /** Identity provider of the account that stands for GitHub. @default - the one that AWS names after GitHub's issuer */
  readonly providerArn?: Input<string> | undefined;
  /** Names of what only the stack knows, a load balancer's address say, with their values. @default - nothing */
  readonly published?: Readonly<Record<string, Input<string>>>;
  /** Where services answer, by the names of the services in AWS. @default - nowhere */
  readonly addresses?: readonly { readonly service: Input<string>; readonly address: Input<string> }[];
  /** SSM parameter that they are published in. */
  readonly parameterName: string;
  /** Label of the runners. @default "ubuntu-24.04" */
  readonly runsOn?: string | undefined;
  /** Whether each run waits for the one before. @default false: of those that wait, the newest alone stays */
  readonly queues?: boolean;
  /** Environment that the delivery goes on in, and the name of the workflow that goes on. @default - it ends here */
  readonly promotion?: { readonly environment: string; readonly workflowName: string } | undefined;
  /** What the role may do besides. @default - nothing */
  readonly permissions?: readonly Statement[];
}

/**
 * A delivery by a workflow of GitHub Actions: the role that its jobs take, which admits the runs of one environment on one branch,
 * and the workflow itself as data, from which `npm run workflow` writes the file.
 * https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export class DeliveryWorkflow extends pulumi.ComponentResource {
  readonly roleArn: Output<string>;
  /** Jobs of the workflow, in their order. */
  readonly jobs: readonly WorkflowJob[];

  constructor(name: string, args: DeliveryWorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    const stages = args.stages.filter(({ actions }) => actions.length > 0);
    const { steps, environment, published = {}, runsOn = DEFAULT_RUNNER } = args;
    const jobs = planJobs({ stages, steps, environment, runsOn });
    const place = placeOf();
    super(
      "ecs-delivery:index:DeliveryWorkflow",
      name,
      {
        workflowName: args.workflowName,
        repository: args.repository,
        environment,
        branch: args.branch,
        region: place.region,
        runsOn,
        queues: args.queues ?? false,
        jobs,
        stages: stages.map(declareStage),
        steps: steps.map(declareStep),
        published,
        addresses: args.addresses ?? [],
        triggers: gitTriggers(stages),
        publishedIn: args.parameterName,
        promotion: args.promotion,
      },
      opts,
    );
    this.jobs = jobs;
    new Problems()
      .addAll(filesElsewhere({ jobs, stages, steps }).map(filesElsewhereText))
      .addAll(longJobs({ jobs, stages, steps, environment, runsOn }).map(longJobText))
      .throwFor(this, `DeliveryWorkflow "${name}"`);
    new Problems().text("roleName", args.roleName, NAMES.role).throwFor(this, `DeliveryWorkflow "${name}"`);
    const parameter = Object.keys(published).length > 0 ? definePublished(name, args, this) : undefined;
    this.roleArn = defineWorkflowRole(name, { ...args, stages }, jobs, parameter, this).arn;
    defineStepRoles(name, args, jobs, this);
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** `name=value`, a line each: as a step hands it on. */
function definePublished(
  name: string,
  { published = {}, parameterName }: DeliveryWorkflowArgs,
  parent: pulumi.Resource,
): aws.ssm.Parameter {
  const lines = Object.entries(published).map(([key, value]) => pulumi.interpolate`${key}=${value}`);
  return new aws.ssm.Parameter(
    name,
    {
      name: parameterName,
      type: "String",
      tier: "Intelligent-Tiering",
      value: pulumi.all(lines).apply((all) => all.join("\n")),
    },
    { parent },
  );
}

function defineWorkflowRole(
  name: string,
  args: DeliveryWorkflowArgs,
  jobs: readonly WorkflowJob[],
  parameter: aws.ssm.Parameter | undefined,
  parent: pulumi.Resource,
): RoleWithPolicies & { readonly arn: Output<string> } {
  const { repository, environment, branch } = args;
  const providerArn = providerOf(args, parent);
  const actions = args.stages.flatMap((stage) => stage.actions).filter(({ seat }) => seat === undefined);
  const run = new Set(actions.map((action) => stepOf(action, args.steps)));
  const called = args.steps.filter((step) => step.kind !== "test" && run.has(step));
  return defineRole(
    `${name}-github-actions`,
    {
      service: gitHubEnvironmentOn({ providerArn, repository }, environment, branch),
      roleName: args.roleName,
      description: `Delivers ${args.workflowName} from environment ${environment} of ${repository}`,
      maxSessionDuration: longestSession(jobs, environment),
      statements: [
        ...(parameter ? [allow(["ssm:GetParameter"], [parameter.arn])] : []),
        ...called.flatMap(({ permissions }) => permissions),
        ...actions.flatMap(({ inWorkflow }) => inWorkflow?.permissions ?? []),
        ...(args.permissions ?? []),
      ],
    },
    parent,
  );
}

/** What a step does in an environment that is another stack's, it does in a role that admits that environment's runs. */
function defineStepRoles(
  name: string,
  { repository, branch, steps, workflowName, ...args }: DeliveryWorkflowArgs,
  jobs: readonly WorkflowJob[],
  parent: pulumi.ComponentResource,
): void {
  const providerArn = providerOf(args, parent);
  for (const step of steps) {
    if (!step.role) continue;
    const { name: roleName, environment } = step.role;
    new Problems().text("roleName", roleName, NAMES.role).throwFor(parent, `DeliveryWorkflow "${name}"`);
    defineRole(
      step.name,
      {
        service: gitHubEnvironmentOn({ providerArn, repository }, environment, branch),
        roleName,
        description: `${step.description}: workflow ${workflowName}, environment ${environment} of ${repository}`,
        maxSessionDuration: longestSession(jobs, environment),
        statements: step.permissions,
      },
      parent,
    );
  }
}

function providerOf(
  { providerArn }: Pick<DeliveryWorkflowArgs, "providerArn">,
  parent: pulumi.Resource,
): Input<string> {
  return providerArn ?? gitHubProviderIn(placeOf(parent));
}

/** The identity provider of an account that stands for GitHub, as AWS names it. */
export function gitHubProviderIn({ partition, accountId }: Place): Output<string> {
  return pulumi.interpolate`arn:${partition}:iam::${accountId}:oidc-provider/${GITHUB_ISSUER}`;
}

/** Seconds of the longest job in an environment. */
function longestSession(jobs: readonly WorkflowJob[], environment: string): number {
  return Math.max(...jobs.filter((job) => job.environment === environment).map(sessionSeconds), SHORTEST_SESSION);
}

function declareStage({ name, actions, onFailure }: PipelineStage) {
  return {
    name,
    // A job brings back what went before; nothing is run again by itself.
    onFailure: onFailure === "ROLLBACK" && actions.every(({ seat }) => !seat) ? { result: onFailure } : undefined,
    actions: actions.map(({ declaration, inWorkflow, seat }) => ({
      ...declaration,
      deploysTo: inWorkflow && { cluster: inWorkflow.clusterName, service: inWorkflow.serviceName },
      seat: seat && { environment: seat.environment },
    })),
  };
}

/** As CodeBuild has a project: what reads the one reads the other. */
function declareStep({ name, description, kind, buildspec, timeoutInMinutes, runsOn, ...of }: JobStep) {
  const plain = Object.entries(of.environment).map(([variable, value]) => ({
    name: variable,
    value,
    type: "PLAINTEXT",
  }));
  const named = Object.entries(of.parameters).map(([variable, value]) => ({
    name: variable,
    value,
    type: isSecretsManager(value) ? "SECRETS_MANAGER" : "PARAMETER_STORE",
  }));
  return {
    name,
    description,
    kind,
    runsOn,
    buildTimeout: timeoutInMinutes,
    source: { buildspec },
    environment: { environmentVariables: [...plain, ...named] },
  };
}

/**
 * The identity provider of an account that stands for GitHub; there is one for all repositories and stacks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export function defineGitHubIdentityProvider(name: string): aws.iam.OpenIdConnectProvider {
  return new aws.iam.OpenIdConnectProvider(
    name,
    { url: `https://${GITHUB_ISSUER}`, clientIdLists: [GITHUB_AUDIENCE] },
    { retainOnDelete: true },
  );
}
