import { dockerImageBuildspec, dockerImagePermissions } from "../../components/build/buildspec/dockerImage";
import { sourceImageBuildspec } from "../../components/build/buildspec/sourceImage";
import { unitTestBuildspec } from "../../components/build/buildspec/unitTest";
import { defined } from "../../components/defined";
import type { PipelineAction, SourceAction } from "../../components/pipeline/action";
import { type BuildVariable, codeBuildAction, variableOf } from "../../components/pipeline/build/codeBuild";
import type { DeliveryContext } from "../deliveryContext";
import type { ServiceDelivery } from "../serviceDelivery";
import { handedOver, projectFor } from "./projects";

/** Name of the action that provides a service's image, and of its artifact. */
export function imageAction({ config }: ServiceDelivery): string {
  return `${config.name}-image`;
}

/** The image that the run is about, by digest, as a pipeline variable. */
export function imageOf(delivery: ServiceDelivery): string {
  return variableOf(imageAction(delivery), "IMAGE_URI");
}

/** What names the image of a run: the commit; for an image that came in, its tag. */
export function commitOf(delivery: ServiceDelivery, source: SourceAction, { config }: DeliveryContext): string {
  return config.source?.provider === "ECR" ? variableOf(imageAction(delivery), "IMAGE_TAG") : source.commitId;
}

/** Unit tests of a service; nothing for one that has none. */
export function unitTests(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction[] {
  const { config } = delivery;
  const existing = config.projects?.unitTests;
  if ((!config.unitTests && !existing) || context.config.source?.provider === "ECR") return [];
  const name = `${config.name}-unit-tests`;
  const { commands = [], buildspec, runtimeVersions, reports } = config.unitTests ?? {};
  const project = projectFor(name, existing, context, () => ({
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
  }));
  const environmentVariables = { SERVICE_FOLDER: config.folder ?? ".", ...handedOver(config.parameters, existing) };
  return [codeBuildAction({ name, project, input: source.output, category: "Test", environmentVariables })];
}

/** Builds a service's image; from an ECR source, takes the one that came in. */
export function imageBuild(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  return context.config.source?.provider === "ECR"
    ? takeImage(delivery, source, context)
    : buildImage(delivery, source, context);
}

function buildImage(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  const { config, repository, deployment, credentials } = delivery;
  const name = imageAction(delivery);
  const existing = config.projects?.imageBuild;
  const parameters = { ...config.parameters, ...credentials };
  const project = projectFor(name, existing, context, () => ({
    description: `Image of ${config.name}`,
    buildspec: config.buildspec ?? dockerImageBuildspec({ buildFiles: deployment.buildFiles }),
    permissions: [...dockerImagePermissions({ repositoryArn: repository.arn }), ...deployment.buildPermissions],
    parameters,
    docker: true,
    reports: config.buildspec !== undefined,
    computeType: config.computeType,
    cpuArchitecture: config.cpuArchitecture,
  }));
  return codeBuildAction({
    name,
    project,
    input: source.output,
    environmentVariables: defined<BuildVariable>({
      IMAGE_REPOSITORY_URI: repository.repositoryUrl,
      SERVICE_FOLDER: config.folder ?? ".",
      DOCKERFILE: config.dockerfile ?? "Dockerfile",
      // A zip file has no commit: its version names the image.
      SOURCE_REVISION: context.config.source?.provider === "S3" ? source.commitId : undefined,
      ...deployment.buildEnvironment,
      ...handedOver(parameters, existing),
    }),
  });
}

function takeImage(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  const { config, deployment } = delivery;
  const name = imageAction(delivery);
  const project = projectFor(name, config.projects?.imageBuild, context, () => ({
    description: `Takes the image of ${config.name} that was pushed`,
    buildspec: sourceImageBuildspec({ buildFiles: deployment.buildFiles }),
    permissions: deployment.buildPermissions,
  }));
  return codeBuildAction({
    name,
    project,
    input: source.output,
    environmentVariables: deployment.buildEnvironment,
  });
}
