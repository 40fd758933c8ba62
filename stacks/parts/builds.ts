import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import {
  DOCKER_BUILD,
  dockerImageBuildspec,
  dockerImagePermissions,
  PLATFORM_OF,
} from "../../components/build/buildspec/dockerImage";
import { resolveImageBuildspec, resolveImagePermissions } from "../../components/build/buildspec/resolveImage";
import { sourceImageBuildspec } from "../../components/build/buildspec/sourceImage";
import { unitTestBuildspec } from "../../components/build/buildspec/unitTest";
import { defined } from "../../components/defined";
import { cacheAddress, cachePermissions, definePullThroughCache } from "../../components/images/pullThroughCache";
import {
  type Artifact,
  artifactOf,
  inOrder,
  type PipelineAction,
  type SourceAction,
} from "../../components/pipeline/action";
import { type BuildVariable, codeBuildAction, variableOf } from "../../components/pipeline/build/codeBuild";
import { withDefaults } from "../../components/settings/settings";
import { isGit, type Source, sourceFacts } from "../config/source";
import type { DeliveryContext } from "../deliveryContext";
import { existingRepository } from "../existing";
import type { ServiceDelivery } from "../serviceDelivery";
import { storedFor } from "./artifacts";
import { handedOver, projectFor } from "./projects";

/** The image that a run is about: the files that name it, and what it is called, as pipeline variables. */
interface RunImage {
  readonly artifact: Artifact;
  /** By digest. */
  readonly uri: string;
  readonly tag: string;
}

/** The image that the run is about. */
export function runImage(delivery: ServiceDelivery): RunImage {
  const action = imageAction(delivery.imageOf ?? delivery);
  return { artifact: artifactOf(action), uri: variableOf(action, "IMAGE_URI"), tag: variableOf(action, "IMAGE_TAG") };
}

/** Name of the action that says which image a run is about: the build, or what looks up its result. */
function imageAction(delivery: ServiceDelivery): string {
  return delivery.resolvesImage ? `${delivery.config.name}-resolve` : buildAction(delivery);
}

function buildAction({ config }: ServiceDelivery): string {
  return `${config.name}-image`;
}

/** Whether a variable says which image the run is about: a build of someone's own need not export one. */
export function tellsImage(delivery: ServiceDelivery): boolean {
  const { config, resolvesImage } = delivery.imageOf ?? delivery;
  return resolvesImage || (config.buildspec === undefined && !config.projects?.imageBuild);
}

/** The files that deployments of an image read: of the service that builds it, and of those that run it, too. */
function filesOf({ deployment, sharing }: ServiceDelivery) {
  const others = sharing.map((one) => one.deployment);
  const all = [deployment, ...others];
  const files = all.flatMap(({ buildFiles }) => buildFiles);
  return {
    buildFiles: files.filter(({ path }, index) => files.findIndex((file) => file.path === path) === index),
    buildPermissions: all.flatMap(({ buildPermissions }) => buildPermissions),
    readsSource: all.some(({ readsSource }) => readsSource),
    /** What the project has: an action's variables have little room. */
    environment: Object.fromEntries(others.flatMap(({ buildEnvironment }) => Object.entries(buildEnvironment))),
  };
}

/** What names the image of a run: the commit; for an image that came in, its tag. */
export function commitOf(delivery: ServiceDelivery, source: SourceAction, { config }: DeliveryContext): string {
  return bringsImage(config.source) ? runImage(delivery).tag : source.commitId;
}

function bringsImage(source: Source | undefined): boolean {
  return sourceFacts(source?.provider).brings === "image";
}

/** Unit tests of a service; nothing for one that has none. */
export function unitTests(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction[] {
  const { config } = delivery;
  const existing = config.projects?.unitTests;
  if ((!config.unitTests && !existing) || bringsImage(context.config.source)) return [];
  const name = `${config.name}-unit-tests`;
  const { commands = [], buildspec, runtimeVersions, reports } = config.unitTests ?? {};
  const project = projectFor(name, existing, context, () => ({
    kind: "test",
    description: `Unit tests of ${config.name}`,
    reads: [storedFor(delivery, source.output, context)],
    writes: [],
    permissions: source.clonePermissions,
    reports: buildspec !== undefined || reports !== undefined,
    parameters: config.parameters,
    secretsKey: config.secretsKey,
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

/** Builds a service's image; from an ECR source, takes the one that came in. What someone else's build made is looked up. */
export function imageBuild(
  delivery: ServiceDelivery,
  source: SourceAction,
  context: DeliveryContext,
): PipelineAction[] {
  const build = bringsImage(context.config.source)
    ? takeImage(delivery, source, context)
    : buildImage(delivery, source, context);
  return inOrder([build], delivery.resolvesImage ? [resolveImage(delivery, source, context)] : []);
}

function buildImage(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  const { config, repository, deployment, credentials } = delivery;
  const files = filesOf(delivery);
  const name = buildAction(delivery);
  const existing = config.projects?.imageBuild;
  // What a build of someone's own tags is its own matter; the step after it adds this tag.
  const tag = delivery.resolvesImage ? undefined : config.tagParameter;
  const parameters = { ...config.parameters, ...credentials, ...additionalTag(tag) };
  const build = config.build ?? {};
  const base = (build.baseImages ?? []).flatMap((one) =>
    "existing" in one ? [existingRepository(one.existing, context.place)] : [],
  );
  const caches = cachesOf(config, context);
  const { cache } = withDefaults(DOCKER_BUILD, build);
  const project = projectFor(name, existing, context, () => ({
    kind: "build",
    description: `Image of ${config.name}`,
    reads: [storedFor(delivery, source.output, context)],
    writes: [storedFor(delivery, artifactOf(name), context)],
    buildspec: config.buildspec ?? dockerImageBuildspec({ buildFiles: files.buildFiles }),
    permissions: [
      ...dockerImagePermissions({
        repositoryArn: repository.arn,
        baseRepositoryArns: base.map(({ arn }) => arn),
        pulls: cache === "registry" || build.platforms !== undefined || config.buildspec !== undefined,
      }),
      ...cachePermissions(caches, context.place),
      // Where a step after it writes the files, that step alone reads what they are made of.
      ...(delivery.resolvesImage ? [] : files.buildPermissions),
      ...(source.clonePermissions ?? []),
    ],
    parameters: { ...parameters, ...prefixed("SECRET_", build.secrets) },
    environment: defined<Input<string>>({
      ...files.environment,
      ...prefixed("ARG_", build.arguments),
      BUILD_ARGUMENTS: namesIn(build.arguments),
      BUILD_SECRETS: namesIn(build.secrets),
      BUILD_TARGET: build.target,
      BUILD_CONTEXT: build.contextFolder,
      PULL_THROUGH_CACHES:
        caches.length > 0
          ? pulumi.all(caches.map((prefix) => cacheAddress(prefix, context.place))).apply((all) => all.join(" "))
          : undefined,
      BUILD_CACHE: build.cache,
      BUILD_PLATFORMS: build.platforms?.join(","),
      BUILD_EMULATED: emulated(config),
      BASE_REPOSITORIES:
        base.length > 0
          ? pulumi.all(base.map(({ repositoryUrl }) => repositoryUrl)).apply((urls) => urls.join(" "))
          : undefined,
    }),
    secretsKey: config.secretsKey,
    docker: true,
    layerCache: cache !== "none",
    dockerServer: cache === "dockerServer" ? (build.dockerServerComputeType ?? "BUILD_GENERAL1_SMALL") : undefined,
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
      SOURCE_REVISION: namesImage(context) ? source.commitId : undefined,
      ...deployment.buildEnvironment,
      ...handedOver(parameters, existing),
    }),
  });
}

/** Whether a variable names the image: CodeBuild knows the commit of a source, but a zip file has none, and a job tells it. */
function namesImage({ workflow, config }: DeliveryContext): boolean {
  return workflow !== undefined || sourceFacts(config.source?.provider).revision === "version";
}

/** Prefixes of the caches that base images come from; a rule is made once for the stack. */
function cachesOf({ build }: ServiceDelivery["config"], { caches }: DeliveryContext): readonly string[] {
  return (build?.baseImages ?? []).flatMap((one) => {
    if (!("pullThroughCache" in one)) return [];
    if (!caches.has(one.pullThroughCache)) definePullThroughCache(one);
    caches.add(one.pullThroughCache);
    return [one.pullThroughCache];
  });
}

/** CPUs of an image's platforms that its build's machine has not. */
function emulated({ build, cpuArchitecture = "X86_64" }: ServiceDelivery["config"]): string | undefined {
  const others = (build?.platforms ?? []).filter((platform) => platform !== PLATFORM_OF[cpuArchitecture]);
  return others.length === 0 ? undefined : others.map((platform) => platform.replace("linux/", "")).join(",");
}

/** Names, as the script reads them. */
function namesIn(values: Readonly<Record<string, string>> | undefined): string | undefined {
  return values && Object.keys(values).sort().join(" ");
}

/** Values under names that are none of the script's own. */
function prefixed(prefix: string, values: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));
}

function takeImage(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  const { config, deployment } = delivery;
  const files = filesOf(delivery);
  const name = buildAction(delivery);
  const project = projectFor(name, config.projects?.imageBuild, context, () => ({
    kind: "build",
    description: `Takes the image of ${config.name} that was pushed`,
    reads: [storedFor(delivery, source.output, context)],
    writes: [storedFor(delivery, artifactOf(name), context)],
    buildspec: sourceImageBuildspec({ buildFiles: files.buildFiles }),
    environment: files.environment,
    permissions: files.buildPermissions,
  }));
  return codeBuildAction({
    name,
    project,
    input: source.output,
    environmentVariables: deployment.buildEnvironment,
  });
}

/** Finds the digest of the image that a build of someone's own pushed, and writes what the deploy action reads. */
function resolveImage(delivery: ServiceDelivery, source: SourceAction, context: DeliveryContext): PipelineAction {
  const { config, repository, deployment, credentials } = delivery;
  const files = filesOf(delivery);
  const name = imageAction(delivery);
  const existing = config.projects?.resolve;
  const readsSource = files.readsSource && !bringsImage(context.config.source);
  const parameters = { ...credentials, ...additionalTag(config.tagParameter) };
  const project = projectFor(name, existing, context, () => ({
    kind: "build",
    description: `Finds the digest of the image of ${config.name} that its own build pushed`,
    reads: [artifactOf(buildAction(delivery)), ...(readsSource ? [source.output] : [])].map((artifact) =>
      storedFor(delivery, artifact, context),
    ),
    writes: [storedFor(delivery, artifactOf(name), context)],
    buildspec: resolveImageBuildspec({ buildFiles: files.buildFiles }),
    environment: files.environment,
    permissions: [
      ...resolveImagePermissions({ repositoryArn: repository.arn, tags: config.tagParameter !== undefined }),
      ...files.buildPermissions,
      ...(readsSource ? (source.clonePermissions ?? []) : []),
    ],
    parameters,
    secretsKey: config.secretsKey,
  }));
  return codeBuildAction({
    name,
    project,
    input: artifactOf(buildAction(delivery)),
    // Its own build need not hand on what the repository has.
    further: readsSource ? [source.output] : [],
    environmentVariables: defined<BuildVariable>({
      IMAGE_REPOSITORY_URI: repository.repositoryUrl,
      COMMIT_ID: isGit(context.config.source?.provider) ? source.commitId : "",
      // What other containers of this stack's service run is stack config's to say.
      OTHER_CONTAINERS: config.service ? "keep" : "refuse",
      TEMPLATE_ARTIFACT: readsSource ? source.output.name : undefined,
      SERVICE_FOLDER: readsSource ? (config.folder ?? ".") : undefined,
      ...deployment.buildEnvironment,
      ...handedOver(parameters, existing),
    }),
  });
}

/** The variable with a tag besides, from its parameter. */
export function additionalTag(parameter: string | undefined): Record<string, string> {
  return parameter === undefined ? {} : { ADDITIONAL_TAG: parameter };
}
