import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { revisionsOf } from "../../components/arn";
import {
  containerVariables,
  deploymentFile,
  imageDefinitions,
  imageDefinitionsOf,
} from "../../components/build/buildspec/deploymentFiles";
import { promoteImageBuildspec, promoteImagePermissions } from "../../components/build/buildspec/promoteImage";
import { type Artifact, artifactOf, inTarget, type PipelineAction, seatedIn } from "../../components/pipeline/action";
import { codeBuildAction } from "../../components/pipeline/build/codeBuild";
import { ecsDeployAction } from "../../components/pipeline/deploy/ecs";
import type { ImageSource } from "../../components/refs";
import { deliveredContainers } from "../../components/service/container";
import type { DeliveryContext } from "../deliveryContext";
import {
  releaseActionIn,
  releaseProjectIn,
  releaseRoleIn,
  releaseTagPrefix,
  rolePathIn,
  WATCHED_TAG_PREFIX,
} from "../names";
import { passportArn, passportProject, signingKeyOf } from "../passports";
import type { ReleaseTarget } from "../releaseTarget";
import type { ServiceDelivery } from "../serviceDelivery";
import { builders, storedFor } from "./artifacts";
import { additionalTag, runImage } from "./builds";
import { type ConfirmedRun, releaseConfirmation } from "./confirm";
import { handedOver, projectFor } from "./projects";
import { waitingMinutes } from "./workflow";

/** One service's way into the stack in `releaseTo`. */
export interface Release {
  readonly delivery: ServiceDelivery;
  readonly target: ReleaseTarget;
  readonly run: ConfirmedRun;
}

function releaseAction({ delivery }: Pick<Release, "delivery">): string {
  return releaseActionIn(delivery.config.name);
}

/** What the release leaves for who deploys and confirms it. */
function released({ delivery }: Pick<Release, "delivery">): Artifact {
  return artifactOf(releaseAction({ delivery: delivery.imageOf ?? delivery }));
}

/** Whether the image stays in its repository, and the other stack pulls it from there. */
function staysInRepository(delivery: ServiceDelivery, { config }: DeliveryContext): boolean {
  const isEcr = delivery.repository.arn !== undefined;
  return (config.releaseTo?.images ?? (isEcr ? "own" : "same")) === "same";
}

function targetRepository({ delivery, target }: Release, context: DeliveryContext): ImageSource {
  return staysInRepository(delivery, context) ? delivery.repository : target.service(delivery.config.name).repository;
}

/** The containers of the other stack's service that get the image: the one that serves may have another name there. */
function containersIn(target: ReleaseTarget, { config, imageOf }: ServiceDelivery): Readonly<Record<string, string>> {
  const name = target.service(config.name).containerName ?? config.container.name;
  return containerVariables({ name }, deliveredContainers(config.sidecars), imageOf && config.name);
}

/** Where the other stack's own pipeline deploys, no container is named here. */
const NOBODY: Readonly<Record<string, string>> = {};

function containersOfOthers(target: ReleaseTarget, { sharing }: ServiceDelivery): Readonly<Record<string, string>> {
  return Object.fromEntries(sharing.flatMap((other) => Object.entries(containersIn(target, other))));
}

/** Gives the image that was tested its release tag, where the other stack takes it from. */
export function release(one: Release, context: DeliveryContext): PipelineAction {
  const { delivery, target, run } = one;
  const { config, repository, credentials } = delivery;
  const name = releaseAction(one);
  const image = runImage(delivery);
  const existing = config.projects?.release;
  const to = targetRepository(one, context);
  const promotion = context.workflow?.promotion;
  const byTag = context.workflow?.releasesByTag ?? false;
  const watched = byTag ? WATCHED_TAG_PREFIX : "";
  const prefix = staysInRepository(delivery, context) ? releaseTagPrefix(target.stack) : watched;
  const constant = {
    TARGET_REPOSITORY_URI: to.repositoryUrl,
    RELEASE_TAG_PREFIX: prefix,
    PASSED_IMAGE_PARAMETER: delivery.passedImage().name,
    ...(byTag ? NOBODY : containersIn(target, delivery)),
  };
  const parameters = { ...credentials, ...additionalTag(target.service(config.name).tagParameter) };
  const projectName = releaseProjectIn(context.stack, config.name);
  const project = projectFor(
    name,
    existing,
    context,
    () => ({
      kind: "release",
      projectName,
      roleName: projectName,
      environment: {
        ...constant,
        ...passportProject(context.stack, context),
        ...(byTag ? NOBODY : containersOfOthers(target, delivery)),
      },
      parameters,
      secretsKey: config.secretsKey,
      description: `Releases the tested image of ${config.name} to ${target.stack}`,
      reads: [storedFor(delivery, image.artifact, context)],
      writes: byTag ? [] : [storedFor(delivery, released(one), context)],
      buildspec: promoteImageBuildspec({
        // Nothing is deployed from here where the other stack's own pipeline takes the image.
        buildFiles: byTag
          ? []
          : [imageDefinitions, ...delivery.sharing.map((other) => imageDefinitionsOf(other.config.name))],
      }),
      permissions: promoteImagePermissions({
        sourceRepositoryArn: repository.arn,
        targetRepositoryArn: to.arn,
        passedImageParameterArn: delivery.passedImage().arn,
        passportArn: passportArn(delivery, context),
        signingKeyArn: signingKeyOf(context),
      }),
    }),
    promotion && { name: releaseRoleIn(context.stack, config.name), environment: promotion.environment },
  );
  // A project of this stack has them already.
  const toldToAll = existing ? constant : undefined;
  const action = codeBuildAction({
    name,
    project,
    input: image.artifact,
    environmentVariables: {
      TESTED_IMAGE_URI: image.uri,
      COMMIT_ID: run.commit,
      ...toldToAll,
      ...handedOver(parameters, existing),
    },
  });
  const roleArn = roleArnIn(context, releaseRoleIn(context.stack, config.name));
  const left = byTag ? { ...action, declaration: { ...action.declaration, outputArtifacts: [] } } : action;
  return promotion ? seatedIn(left, { environment: promotion.environment, roleArn }) : left;
}

/** A role of this stack, by the name that it will have. */
function roleArnIn({ stack, config, place }: DeliveryContext, name: string): Output<string> {
  return pulumi.interpolate`arn:${place.partition}:iam::${place.accountId}:role${rolePathIn(stack, config.rolePath)}${name}`;
}

/** Brings the released image into service in the other stack, in that stack's own role. */
export function deployRelease(one: Release, { workflow }: DeliveryContext): PipelineAction {
  const { delivery, target } = one;
  const { name } = delivery.config;
  const service = target.service(name);
  const action = ecsDeployAction({
    name: `${name}-to-${target.stack}`,
    input: released(one),
    fileName: deploymentFile("imagedefinitions.json", delivery.imageOf && name),
    clusterName: target.cluster.name,
    serviceName: service.name,
    serviceArn: service.arn,
    taskDefinitionArnPattern: revisionsOf(service.name, target.place),
    passRoleArns: [],
    timeoutInMinutes: target.timeoutInMinutes,
  });
  const there = { roleArn: target.deployRoleArn, region: target.region };
  return workflow?.promotion
    ? waitingMinutes(seatedIn(action, { ...there, environment: workflow.promotion.environment }))
    : inTarget(action, there);
}

/** Sees that the released image runs in the other stack, and records it there. */
export function confirmRelease(
  one: Release,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction {
  const { delivery } = one;
  const builder = delivery.imageOf ?? delivery;
  const tagged = !staysInRepository(delivery, context) && one.target.service(builder.config.name).ownsRepository;
  const inputs = builders(all).map((other) => storedFor(other, released({ delivery: other }), context));
  return releaseConfirmation(delivery, { ...one, all, input: released(one), inputs, tagged }, context);
}
