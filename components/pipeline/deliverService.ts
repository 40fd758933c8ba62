import * as pulumi from "@pulumi/pulumi";
import type { BuildProjectArgs } from "../build/args";
import { BuildProject } from "../build/buildProject";
import { BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES, beforeDeploymentBuildspec } from "../build/buildspec/beforeDeployment";
import {
  CONFIRM_TIMEOUT_IN_MINUTES,
  confirmDeliveryBuildspec,
  confirmDeliveryPermissions,
  confirmDeliveryVariables,
} from "../build/buildspec/confirmDelivery";
import { dockerImageBuildspec, dockerImagePermissions } from "../build/buildspec/dockerImage";
import { type UnitTestBuildspecArgs, unitTestBuildspec } from "../build/buildspec/unitTest";
import { publishPermissions } from "../notify/notificationTopic";
import type { ArtifactStoreRef, ProjectRef, TopicRef } from "../refs";
import type { EcsService } from "../service/ecsService";
import {
  artifactOf,
  type BuildAction,
  inOrder,
  type PipelineAction,
  type PipelineStage,
  type SourceAction,
  stage,
} from "./action";
import { codeBuildAction } from "./build/codeBuild";
import { DeliveryPipeline, type DeliveryPipelineArgs } from "./deliveryPipeline";

/** The steps of the usual delivery, to be arranged in stages; one that is not wanted has no actions. */
export interface DeliverySteps {
  readonly source: readonly PipelineAction[];
  readonly unitTests: readonly PipelineAction[];
  /** Builds the image and pushes it; its output is what the deployment reads. */
  readonly imageBuild: readonly BuildAction[];
  readonly beforeDeployment: readonly PipelineAction[];
  readonly deploy: readonly PipelineAction[];
  /** Sees that the new image runs, and records it. */
  readonly confirm: readonly PipelineAction[];
}

/** Arguments of `deliverService`. */
export interface DeliverServiceArgs extends Omit<DeliveryPipelineArgs, "stages"> {
  /** What is delivered to; it must have been given its `repository`, in ECR. */
  readonly service: EcsService;
  readonly source: SourceAction;
  /** Folder of the service in the source. @default "." */
  readonly folder?: string;
  /** From `folder`. @default "Dockerfile" */
  readonly dockerfile?: string;
  /** Unit tests before the image is built. @default - none are run */
  readonly unitTests?: UnitTestBuildspecArgs;
  /** Action that builds the image, in the place of the one that is made. @default - the Dockerfile is built in a project of its own */
  readonly imageBuild?: BuildAction;
  /** Topic that is told why a delivery failed. @default - the log of the confirmation alone says so */
  readonly topic?: TopicRef;
  /** The steps in stages of your own, with others between. @default usualStages */
  readonly stages?: (steps: DeliverySteps) => readonly PipelineStage[];
  /** Key of the logs of builds; its policy must admit CloudWatch Logs. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: BuildProjectArgs["kmsKeyArn"];
}

/** Source, build, what runs before a deployment, and the deployment, which is taken back where it fails. */
export function usualStages(steps: DeliverySteps): PipelineStage[] {
  return [
    stage("Source", steps.source),
    stage("Build", inOrder(steps.unitTests, steps.imageBuild)),
    stage("BeforeDeployment", steps.beforeDeployment),
    stage("Deploy", inOrder(steps.deploy, steps.confirm), { onFailure: "ROLLBACK" }),
  ];
}

/**
 * The usual delivery of one service: a pipeline with build projects of its own, named after it. What is made is made of parts
 * that can be used by themselves as well. Throws where the service has no repository in ECR.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-devops-example.html
 */
export function deliverService(
  name: string,
  args: DeliverServiceArgs,
  opts: pulumi.ComponentResourceOptions = {},
): DeliveryPipeline {
  const { service, source, folder, unitTests, imageBuild, kmsKeyArn, stages = usualStages } = args;
  const { pipelineName = name, artifactStore, regionalStores, role, roleName, triggerRole, executionMode } = args;
  const made = { pipelineName, artifactStore, kmsKeyArn, opts };
  const image = imageBuild ?? buildImage(name, args, made);
  const steps: DeliverySteps = {
    source: [source],
    unitTests: unitTests ? [testUnits(name, { source, folder, unitTests }, made)] : [],
    imageBuild: [image],
    beforeDeployment: beforeDeployment(name, service, image, made),
    deploy: [service.deployment.deployAction({ name: `${name}-deploy`, input: image.output })],
    confirm: [confirm(name, args, image, made)],
  };
  return new DeliveryPipeline(
    name,
    {
      pipelineName,
      artifactStore,
      regionalStores,
      role,
      roleName,
      triggerRole,
      executionMode,
      stages: stages(steps),
    },
    opts,
  );
}

/** What the projects of one delivery share. */
interface Made {
  readonly pipelineName: string;
  readonly artifactStore: ArtifactStoreRef;
  readonly kmsKeyArn: BuildProjectArgs["kmsKeyArn"];
  readonly opts: pulumi.ComponentResourceOptions;
}

function projectOf(
  name: string,
  made: Made,
  args: Omit<BuildProjectArgs, "projectName" | "artifactStores" | "kmsKeyArn" | "reads" | "writes"> & {
    /** Names of the artifacts. */
    readonly reads: readonly string[];
    readonly writes: readonly string[];
  },
): ProjectRef {
  const { pipelineName, artifactStore, kmsKeyArn, opts } = made;
  const stored = (names: readonly string[]) => names.map((one) => ({ pipelineName, name: one }));
  return new BuildProject(
    name,
    {
      ...args,
      projectName: name,
      artifactStores: [artifactStore],
      kmsKeyArn,
      reads: stored(args.reads),
      writes: stored(args.writes),
    },
    opts,
  );
}

function testUnits(
  name: string,
  {
    source,
    folder = ".",
    unitTests,
  }: Pick<DeliverServiceArgs, "source" | "folder"> & { unitTests: UnitTestBuildspecArgs },
  made: Made,
): PipelineAction {
  const project = projectOf(`${name}-unit-tests`, made, {
    description: `Unit tests of ${name}`,
    reads: [source.output.name],
    writes: [],
    reports: unitTests.reports !== undefined,
    buildspec: unitTestBuildspec(unitTests),
    permissions: source.clonePermissions,
  });
  return codeBuildAction({
    name: `${name}-unit-tests`,
    project,
    input: source.output,
    category: "Test",
    environmentVariables: { SERVICE_FOLDER: folder },
  });
}

function buildImage(
  name: string,
  { service, source, folder = ".", dockerfile = "Dockerfile" }: DeliverServiceArgs,
  made: Made,
): BuildAction {
  const { repository, deployment, cpuArchitecture } = service;
  if (repository?.arn === undefined) {
    throw new pulumi.ResourceError(
      `deliverService "${name}": service.repository: expected a repository in ECR, for the image that is built; give EcsService one, or deliver an imageBuild of your own`,
      service,
      true,
    );
  }
  const { clonePermissions: clones = [] } = source;
  const action = `${name}-image`;
  const project = projectOf(action, made, {
    description: `Image of ${name}`,
    reads: [source.output.name],
    writes: [artifactOf(action).name],
    buildspec: dockerImageBuildspec({ buildFiles: deployment.buildFiles }),
    permissions: [
      ...dockerImagePermissions({ repositoryArn: repository.arn }),
      ...deployment.buildPermissions,
      ...clones,
    ],
    docker: true,
    cpuArchitecture,
  });
  return codeBuildAction({
    name: action,
    project,
    input: source.output,
    environmentVariables: {
      IMAGE_REPOSITORY_URI: repository.repositoryUrl,
      SERVICE_FOLDER: folder,
      DOCKERFILE: dockerfile,
      ...deployment.buildEnvironment,
    },
  });
}

function beforeDeployment(name: string, { beforeDeployment: before }: EcsService, image: BuildAction, made: Made) {
  if (!before) return [];
  const action = `${name}-before-deployment`;
  const project = projectOf(action, made, {
    description: `Runs the command of ${name} before a deployment`,
    timeoutInMinutes: before.timeoutInMinutes + BEFORE_DEPLOYMENT_MARGIN_IN_MINUTES,
    reads: [image.output.name],
    writes: [],
    buildspec: beforeDeploymentBuildspec(),
    environment: before.environment,
    permissions: before.permissions,
  });
  return [codeBuildAction({ name: action, project, input: image.output, category: "Test" })];
}

function confirm(
  name: string,
  { service, source, topic }: DeliverServiceArgs,
  image: BuildAction,
  made: Made,
): PipelineAction {
  const { cluster } = service.task;
  const { parameter } = service.deliveredImage;
  const repositoryArn = service.repository?.arn;
  const action = `${name}-confirm`;
  const project = projectOf(action, made, {
    description: `Confirms and records deliveries to ${name}`,
    timeoutInMinutes: CONFIRM_TIMEOUT_IN_MINUTES,
    reads: [image.output.name],
    writes: [],
    buildspec: confirmDeliveryBuildspec(),
    environment: topic && { TOPIC_ARN: topic.arn },
    permissions: [
      ...confirmDeliveryPermissions({
        clusterArn: cluster.arn,
        serviceArn: service.service.id,
        deliveredImageParameterArn: parameter.arn,
        repositoryArn,
        logGroupArns: [service.logGroup.arn],
      }),
      ...(topic ? publishPermissions(topic) : []),
    ],
  });
  return codeBuildAction({
    name: action,
    project,
    input: image.output,
    category: "Test",
    environmentVariables: confirmDeliveryVariables({
      cluster,
      service: { arn: service.service.id, name: service.service.name },
      containerName: service.containerName,
      desiredCount: service.desiredCount,
      record: parameter.name,
      tagged: repositoryArn !== undefined,
      commit: source.commitId,
    }),
  });
}
