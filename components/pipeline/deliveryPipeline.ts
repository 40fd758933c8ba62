import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { consoleIn, placeOf, regionalArn } from "../arn";
import { NAMES } from "../checks/names";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import type { ArtifactStoreRef, RoleRef } from "../refs";
import { ACTION_LOOKS, artifactPermissions } from "../storage/artifactStore";
import type { PipelineStage } from "./action";
import { artifactKeys } from "./artifactKeys";
import { checkPipeline } from "./check";
import { entryCondition } from "./condition";
import { defineEventTrigger, gitTriggers, sourceActions } from "./trigger";

/** Arguments of `DeliveryPipeline`. */
export interface DeliveryPipelineArgs {
  /** Name of the pipeline; people look for it. @default - the component's name */
  readonly pipelineName?: string;
  /** The first stage holds source actions only. Stages without actions are left out. */
  readonly stages: readonly PipelineStage[];
  readonly artifactStore: ArtifactStoreRef;
  /** Stores in other regions, by region; actions there read and write them. @default - none: all actions are in one region */
  readonly regionalStores?: Readonly<Record<string, ArtifactStoreRef>>;
  /** @default - a new role that holds exactly the actions' and rules' permissions */
  readonly role?: RoleRef;
  /** Name of the new role, so that another account can name it before it is there. @default - a generated name */
  readonly roleName?: string;
  /** Role in which EventBridge starts the pipeline. @default - a new role that may start this pipeline */
  readonly triggerRole?: RoleRef;
  /** What happens to a run when a newer one comes. @default "SUPERSEDED": a waiting run is overtaken */
  readonly executionMode?: "SUPERSEDED" | "QUEUED" | "PARALLEL";
}

/**
 * A CodePipeline pipeline, the role it runs in, and what starts it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export class DeliveryPipeline extends pulumi.ComponentResource {
  readonly pipeline: aws.codepipeline.Pipeline;
  readonly arn: Output<string>;
  /** Where a person watches it. */
  readonly consoleUrl: Output<string>;

  constructor(name: string, args: DeliveryPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const { pipelineName = name } = args;
    const topics = args.stages.flatMap(({ actions }) => actions).flatMap(({ encryptedTopic }) => encryptedTopic ?? []);
    const encryptedTopics = topics.length > 0 ? topics : undefined;
    super("ecs-delivery:index:DeliveryPipeline", name, { pipelineName, encryptedTopics }, opts);
    const stages = args.stages.filter(({ actions }) => actions.length > 0);
    checkPipeline(pipelineName, stages, args.executionMode)
      .text("roleName", args.roleName, NAMES.role)
      .throwFor(this, `DeliveryPipeline "${name}"`);
    const role = args.role
      ? { arn: args.role.arn, policies: [] }
      : definePipelineRole(name, { ...args, stages }, pipelineName, this);
    this.pipeline = definePipeline(name, { ...args, stages, pipelineName }, role, this);
    this.arn = this.pipeline.arn;
    for (const source of sourceActions(stages)) {
      defineEventTrigger(name, source, { pipelineArn: this.arn, parent: this, role: args.triggerRole });
    }
    const place = placeOf(this);
    const console = pulumi.interpolate`${consoleIn(place.region)}/codesuite/codepipeline/pipelines`;
    this.consoleUrl = pulumi.interpolate`${console}/${this.pipeline.name}/view?region=${place.region}`;
    this.registerOutputs({ arn: this.arn, consoleUrl: this.consoleUrl });
  }
}

function definePipelineRole(
  name: string,
  args: DeliveryPipelineArgs,
  pipelineName: string,
  parent: pulumi.Resource,
): RoleWithPolicies {
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/cross-service-confused-deputy-prevention.html
  const sourceArn = regionalArn(placeOf(parent), "codepipeline", pipelineName);
  const description = pulumi.interpolate`Runs ${sourceArn}`;
  const { stages, roleName, artifactStore, regionalStores = {} } = args;
  const keys = [artifactKeys({ pipelineName })];
  const all = { reads: keys, writes: keys, looks: ACTION_LOOKS };
  const statements = [
    ...[artifactStore, ...Object.values(regionalStores)].flatMap((store) => artifactPermissions(store, all)),
    ...stages.flatMap(({ actions }) => actions).flatMap(({ permissions }) => permissions),
    ...stages.flatMap(({ beforeEntry = [] }) => beforeEntry).flatMap(({ permissions }) => permissions),
  ];
  const service = "codepipeline.amazonaws.com";
  return defineRole(`${name}-pipeline`, { service, description, statements, roleName, sourceArn }, parent);
}

function definePipeline(
  name: string,
  args: DeliveryPipelineArgs & { readonly pipelineName: string },
  role: { readonly arn: Input<string>; readonly policies: readonly pulumi.Resource[] },
  parent: pulumi.Resource,
): aws.codepipeline.Pipeline {
  const triggers = gitTriggers(args.stages);
  return new aws.codepipeline.Pipeline(
    name,
    {
      name: args.pipelineName,
      pipelineType: "V2",
      executionMode: args.executionMode ?? "SUPERSEDED",
      roleArn: role.arn,
      artifactStores: declareStores(args, parent),
      stages: args.stages.map(declareStage),
      triggers: triggers.length > 0 ? triggers : undefined,
    },
    { parent, deleteBeforeReplace: true, dependsOn: [...role.policies] },
  );
}

type StoreDeclaration = aws.types.input.codepipeline.PipelineArtifactStore;

/** CodePipeline wants every store's region where there are several, and none where there is one. */
function declareStores(args: DeliveryPipelineArgs, parent: pulumi.Resource): StoreDeclaration[] {
  const others = Object.entries(args.regionalStores ?? {});
  if (others.length === 0) return [declareStore(args.artifactStore)];
  return [
    { ...declareStore(args.artifactStore), region: placeOf(parent).region },
    ...others.map(([region, store]) => ({ ...declareStore(store), region })),
  ];
}

function declareStore({ bucket, kmsKeyArn }: ArtifactStoreRef): StoreDeclaration {
  return {
    location: bucket,
    type: "S3",
    encryptionKey: kmsKeyArn !== undefined ? { id: kmsKeyArn, type: "KMS" } : undefined,
  };
}

const RETRY_FAILED = { retryMode: "FAILED_ACTIONS" };

function declareStage({ name, actions, beforeEntry = [], onFailure }: PipelineStage) {
  return {
    name,
    actions: actions.map(({ declaration }) => declaration),
    beforeEntry: beforeEntry.length > 0 ? entryCondition(beforeEntry) : undefined,
    onFailure: onFailure
      ? { result: onFailure, retryConfiguration: onFailure === "RETRY" ? RETRY_FAILED : undefined }
      : undefined,
  };
}
