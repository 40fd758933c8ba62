import type { Input } from "@pulumi/pulumi";
import {
  CONFIRM_TIMEOUT_IN_MINUTES,
  confirmDeliveryBuildspec,
  confirmDeliveryPermissions,
  confirmDeliveryVariables,
} from "../../components/build/buildspec/confirmDelivery";
import { deploymentFile } from "../../components/build/buildspec/deploymentFiles";
import { passportParameterPermissions, passportRunPermissions } from "../../components/build/buildspec/passport";
import { allow, type Statement } from "../../components/iam/policyDocument";
import { publishPermissions } from "../../components/notify/notificationTopic";
import { type Artifact, type PipelineAction, seatedIn } from "../../components/pipeline/action";
import type { StoredArtifact } from "../../components/pipeline/artifactKeys";
import { codeBuildAction } from "../../components/pipeline/build/codeBuild";
import type { ClusterRef, RoleRef } from "../../components/refs";
import type { DeliveryContext } from "../deliveryContext";
import { confirmProjectIn } from "../names";
import {
  type PassedSteps,
  passportAction,
  passportArn,
  passportProject,
  passportRun,
  writesPassports,
} from "../passports";
import type { ReleaseTarget } from "../releaseTarget";
import type { ServiceDelivery } from "../serviceDelivery";
import { builders, storedFor } from "./artifacts";
import { runImage } from "./builds";
import { projectFor } from "./projects";

/** What a run says to who confirms its delivery. */
export interface ConfirmedRun extends PassedSteps {
  readonly commit: string;
}

/** Sees that a service of this stack runs what was delivered. One project sees to all; an action's variables say which. */
export function confirmation(
  delivery: ServiceDelivery,
  run: ConfirmedRun,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction[] {
  const { verify, config } = context;
  if (!verify && !config.confirmProject) return [];
  const cluster = context.foundation.cluster();
  const told = toldOfFailures(context, context.foundation.roles.builds.confirm);
  const project = projectFor("confirm", context.config.confirmProject, context, () => ({
    kind: "confirm",
    description: `Confirms and records deliveries to ${context.stack}`,
    timeoutInMinutes: CONFIRM_TIMEOUT_IN_MINUTES,
    reads: builders(all).map((one) => storedFor(one, runImage(one).artifact, context)),
    writes: [],
    buildspec: confirmDeliveryBuildspec(),
    environment: { ...passportProject(context.stack, context), ...told.variables },
    permissions: [
      ...told.permissions,
      ...all.flatMap((one) =>
        confirmPermissions(one, cluster, passportArn(one, context), context.workflow !== undefined),
      ),
      // A passport stands beside the record, and a service that is someone else's has none.
      ...passportRuns(
        all.filter(({ record }) => record !== undefined),
        context,
      ),
    ],
  }));
  const action = codeBuildAction({
    name: `${delivery.config.name}-confirm`,
    project,
    input: runImage(delivery).artifact,
    category: "Test",
    environmentVariables: confirmDeliveryVariables({
      cluster,
      commit: run.commit,
      // A project of someone else's writes none.
      passport: config.confirmProject ? {} : passportAction(delivery, run, context),
      service: delivery.service,
      files: filesNamed(delivery),
      containerName: delivery.config.container.name,
      desiredCount: delivery.desiredCount,
      record: delivery.record?.name ?? "",
      tagged: delivery.tagsDelivered,
      stops: isStoppedLate(delivery, context.workflow !== undefined),
    }),
  });
  return [action];
}

/** Who is told why a delivery failed, and what telling takes; nobody where it happens in a role that exists. */
function toldOfFailures(
  { failuresTold, foundation }: DeliveryContext,
  role?: RoleRef,
): { readonly variables: Readonly<Record<string, Input<string>>>; readonly permissions: readonly Statement[] } {
  if (!failuresTold || role) return { variables: {}, permissions: [] };
  const topic = foundation.topic();
  return { variables: { TOPIC_ARN: topic.arn }, permissions: publishPermissions(topic) };
}

/** What the passports of these services take in the role of the build that writes them. */
function passportRuns(all: readonly ServiceDelivery[], context: DeliveryContext) {
  if (!writesPassports(context) || builders(all).length === 0) return [];
  return passportRunPermissions(passportRun(all, context));
}

/** Whether confirming stops a deployment that does not settle: after a workflow nothing else would stop one of ECS's own. */
function isStoppedLate({ deployment }: ServiceDelivery, byWorkflow: boolean): boolean {
  return byWorkflow && deployment.codeDeploy === undefined;
}

/** What confirming deliveries to a service takes, whoever does it. */
export function confirmPermissions(
  delivery: ServiceDelivery,
  cluster: ClusterRef,
  passport: Input<string> | undefined,
  byWorkflow: boolean,
) {
  const { service, record, repository, tagsDelivered, logGroupArns } = delivery;
  const confirmed = confirmDeliveryPermissions({
    clusterArn: cluster.arn,
    serviceArn: service.arn,
    deliveredImageParameterArn: record?.arn,
    repositoryArn: tagsDelivered ? repository.arn : undefined,
    logGroupArns,
    stops: isStoppedLate(delivery, byWorkflow),
  });
  return record && passport !== undefined ? [...confirmed, ...passportParameterPermissions(passport)] : confirmed;
}

/** Sees that a service of the stack in `releaseTo` runs what was released, in that stack's own role. */
export function releaseConfirmation(
  delivery: ServiceDelivery,
  release: {
    readonly target: ReleaseTarget;
    readonly run: ConfirmedRun;
    readonly all: readonly ServiceDelivery[];
    readonly input: Artifact;
    /** What the confirmation of any service reads. */
    readonly inputs: readonly StoredArtifact[];
    readonly tagged: boolean;
  },
  context: DeliveryContext,
): PipelineAction {
  const { target, run, input, inputs, tagged } = release;
  const { name, container } = delivery.config;
  const service = target.service(name);
  const projectName = confirmProjectIn(context.stack, target.stack);
  const promotion = context.workflow?.promotion;
  const step = promotion ? {} : inRoleOf(target, context);
  const project = projectFor(`confirm-${target.stack}`, undefined, context, () => ({
    kind: "confirm",
    ownRole: true,
    projectName,
    roleName: projectName,
    description: `Confirms and records deliveries to ${target.stack}`,
    timeoutInMinutes: CONFIRM_TIMEOUT_IN_MINUTES,
    reads: inputs,
    writes: [],
    buildspec: confirmDeliveryBuildspec({ inRole: promotion === undefined }),
    environment: { ...passportProject(target.stack, context), ...step.variables },
    permissions: [
      ...(step.permissions ?? []),
      ...passportRuns(
        release.all.filter(({ config }) => target.service(config.name).record !== undefined),
        context,
      ),
    ],
  }));
  const action = codeBuildAction({
    name: `${name}-confirm-${target.stack}`,
    project,
    input,
    category: "Test",
    environmentVariables: confirmDeliveryVariables({
      cluster: target.cluster,
      service,
      files: filesNamed(delivery),
      containerName: service.containerName ?? container.name,
      commit: run.commit,
      passport: service.record === undefined ? {} : passportAction(delivery, run, context, promotion),
      tagged,
      stops: promotion !== undefined,
      desiredCount: target.desiredCount,
      record: service.record ?? "",
    }),
  });
  return promotion
    ? seatedIn(action, { environment: promotion.environment, roleArn: target.confirmRoleArn, region: target.region })
    : action;
}

/** A build takes the other stack's role by itself, and tells this stack's people in its own; a job of a workflow has that role. */
function inRoleOf(target: ReleaseTarget, context: DeliveryContext): Partial<ReturnType<typeof toldOfFailures>> {
  const told = toldOfFailures(context);
  return {
    variables: { ...told.variables, TARGET_ROLE_ARN: target.confirmRoleArn, TARGET_REGION: target.place.region },
    permissions: [allow(["sts:AssumeRole"], [target.confirmRoleArn]), ...told.permissions],
  };
}

/** Which of the files in the artifact is its own, where it is not the one that all have. */
function filesNamed({ imageOf, config }: ServiceDelivery): Readonly<Record<string, string>> {
  return imageOf ? { IMAGE_DEFINITIONS: deploymentFile("imagedefinitions.json", config.name) } : {};
}
