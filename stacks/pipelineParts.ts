import { regionalArn } from "../components/arn";
import { BuildProject } from "../components/buildProject";
import { confirmDeliveryBuildspec, confirmDeliveryPermissions } from "../components/buildspec/confirmDelivery";
import { dockerImageBuildspec, dockerImagePermissions } from "../components/buildspec/dockerImage";
import { unitTestBuildspec } from "../components/buildspec/unitTest";
import { RELEASED_TAG_PREFIX } from "../components/lifecyclePolicy/policy";
import type { Artifact, PipelineAction, SourceAction } from "../components/pipeline/action";
import { artifactOf } from "../components/pipeline/action";
import { manualApproval } from "../components/pipeline/approval/manual";
import { type BuildVariable, codeBuildAction } from "../components/pipeline/build/codeBuild";
import { codeCommitSource } from "../components/pipeline/source/codeCommit";
import { codeStarSourceConnection } from "../components/pipeline/source/codeStarSourceConnection";
import type { ProjectRef } from "../components/refs";
import { isSecretsManager } from "../components/taskRoles";
import type { ServiceConfig } from "./config";
import { existingRef } from "./existing";
import type { PipelineParts } from "./profile";
import type { DeliveryContext, ServiceDelivery } from "./serviceDelivery";

/** The steps of the stack's delivery. A step's resources are made when a profile asks for the step. */
export function pipelineParts(deliveries: readonly ServiceDelivery[], context: DeliveryContext): PipelineParts {
  const sources = defineSources(deliveries, context);
  const sourceOf = (delivery: ServiceDelivery) => sources.get(repositoryOf(delivery.config, context));
  const files = (delivery: ServiceDelivery): Artifact => sourceOf(delivery)?.output ?? artifactOf("Source");
  const tested = deliveries.filter(({ config }) => config.unitTests ?? config.projects?.unitTests);
  return {
    source: () => [...sources.values()],
    approval: () => [approval([...sources.values()], context)],
    unitTests: () => tested.map((delivery) => unitTests(delivery, files(delivery), context)),
    imageBuild: () => deliveries.map((delivery) => imageBuild(delivery, files(delivery), context)),
    deploy: () =>
      deliveries.map((delivery) =>
        delivery.deployment.deployAction({
          name: `${delivery.config.name}-deploy`,
          input: artifactOf(imageAction(delivery)),
        }),
      ),
    confirm: () => confirmations(deliveries, context, (delivery) => sourceOf(delivery)?.commitId ?? ""),
  };
}

function repositoryOf(service: ServiceConfig, { config }: DeliveryContext): string {
  return service.sourceRepository ?? config.source.repository ?? "";
}

/** One source action for each repository that a service comes from. */
function defineSources(deliveries: readonly ServiceDelivery[], context: DeliveryContext): Map<string, SourceAction> {
  const { config, place } = context;
  const { provider, connectionArn = "", filePaths } = config.source;
  const repositories = [...new Set(deliveries.map((delivery) => repositoryOf(delivery.config, context)))];
  return new Map(
    repositories.map((repository) => {
      const name = repositories.length === 1 ? "Source" : repository.replace(/[^A-Za-z0-9_-]/g, "-");
      const { branch } = config;
      switch (provider) {
        case "CodeCommit": {
          const repositoryArn = regionalArn(place, "codecommit", repository);
          return [repository, codeCommitSource({ name, branch, repositoryName: repository, repositoryArn })];
        }
        case "CodeStarSourceConnection":
          return [
            repository,
            codeStarSourceConnection({ name, branch, connectionArn, fullRepositoryId: repository, filePaths }),
          ];
        default: {
          const never: never = provider;
          return never;
        }
      }
    }),
  );
}

function approval(sources: readonly SourceAction[], { stack, foundation }: DeliveryContext): PipelineAction {
  const commits = sources.map(({ declaration, commitId }) => `${declaration.name} ${commitId}`).join(", ");
  return manualApproval({
    notificationTopic: foundation.topic(),
    customData: `Deliver to ${stack}: ${commits}`,
  });
}

function imageAction({ config }: ServiceDelivery): string {
  return `${config.name}-image`;
}

function unitTests(delivery: ServiceDelivery, input: Artifact, context: DeliveryContext): PipelineAction {
  const { config } = delivery;
  const name = `${config.name}-unit-tests`;
  const { commands = [], buildspec, runtimeVersions, reports } = config.unitTests ?? {};
  const project = projectFor(name, config.projects?.unitTests, context, {
    description: `Unit tests of ${config.name}`,
    writesArtifacts: false,
    reports: true,
    parameters: config.parameters,
    buildspec:
      buildspec ??
      unitTestBuildspec({
        commands,
        runtimeVersions,
        reports: reports && { group: "unit-tests", fileFormat: "JUNITXML", ...reports },
      }),
  });
  const environmentVariables = { SERVICE_FOLDER: config.folder ?? ".", ...shared(config, config.projects?.unitTests) };
  return codeBuildAction({ name, project, input, category: "Test", environmentVariables });
}

function imageBuild(delivery: ServiceDelivery, input: Artifact, context: DeliveryContext): PipelineAction {
  const { config, repository, deployment } = delivery;
  const name = imageAction(delivery);
  const project = projectFor(name, config.projects?.imageBuild, context, {
    description: `Image of ${config.name}`,
    buildspec: config.buildspec ?? dockerImageBuildspec({ buildFiles: deployment.buildFiles }),
    permissions: [...dockerImagePermissions({ repositoryArn: repository.arn }), ...deployment.buildPermissions],
    parameters: config.parameters,
    docker: true,
    reports: config.buildspec !== undefined,
    computeType: config.computeType,
    cpuArchitecture: config.cpuArchitecture,
  });
  return codeBuildAction({
    ...{ name, project, input },
    environmentVariables: {
      IMAGE_REPOSITORY_URI: repository.repositoryUrl,
      SERVICE_FOLDER: config.folder ?? ".",
      DOCKERFILE: config.dockerfile ?? "Dockerfile",
      ...deployment.buildEnvironment,
      ...shared(config, config.projects?.imageBuild),
    },
  });
}

/** A project that is there already knows nothing of this service's parameters: the action hands them over. */
function shared(config: ServiceConfig, existing: object | undefined): Record<string, BuildVariable> {
  if (!existing) return {};
  const entries = Object.entries(config.parameters ?? {});
  return Object.fromEntries(
    entries.map(([name, value]): [string, BuildVariable] => [
      name,
      { type: isSecretsManager(value) ? "SECRETS_MANAGER" : "PARAMETER_STORE", value },
    ]),
  );
}

type OwnProject = Omit<ConstructorParameters<typeof BuildProject>[1], "projectName" | "artifactStores" | "role">;

function projectFor(
  name: string,
  given: { existing: string } | undefined,
  context: DeliveryContext,
  own: OwnProject,
): ProjectRef {
  const { stack, foundation, place } = context;
  if (given) return existingRef("project", given.existing, place);
  const { build: role } = foundation.roles;
  return new BuildProject(name, {
    ...own,
    projectName: `${stack}-${name}`,
    artifactStores: [foundation.artifactStore()],
    kmsKeyArn: foundation.kmsKeyArn(),
    ...(role && { role }),
  });
}

/** One project sees to all services; it is told which by the action's variables. */
function confirmations(
  deliveries: readonly ServiceDelivery[],
  context: DeliveryContext,
  commitOf: (delivery: ServiceDelivery) => string,
): PipelineAction[] {
  const cluster = context.foundation.cluster();
  const project = projectFor("confirm", context.config.confirmProject, context, {
    description: `Confirms and records deliveries to ${context.stack}`,
    timeoutInMinutes: 60,
    writesArtifacts: false,
    buildspec: confirmDeliveryBuildspec(),
    permissions: deliveries.flatMap(({ service, record, repository, ownsRepository }) =>
      confirmDeliveryPermissions({
        clusterArn: cluster.arn,
        serviceArn: service.arn,
        deliveredImageParameterArn: record?.arn,
        ...(ownsRepository && { repositoryArn: repository.arn }),
      }),
    ),
  });
  return deliveries.map((delivery) =>
    codeBuildAction({
      name: `${delivery.config.name}-confirm`,
      project,
      input: artifactOf(imageAction(delivery)),
      category: "Test",
      environmentVariables: {
        CLUSTER_NAME: cluster.name,
        SERVICE_NAME: delivery.service.name,
        CONTAINER_NAME: delivery.config.container.name,
        DESIRED_COUNT: String(delivery.desiredCount),
        DELIVERED_IMAGE_PARAMETER: delivery.record?.name ?? "",
        RELEASED_TAG_PREFIX: delivery.ownsRepository ? RELEASED_TAG_PREFIX : "",
        COMMIT_ID: commitOf(delivery),
      },
    }),
  );
}
