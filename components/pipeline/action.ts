import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../iam/policyDocument";
import type { TopicRef } from "../refs";
import type { StageRule } from "./condition";

/** A named set of files that one action makes and later ones read. Unique in a pipeline; letters, digits, `-`, `_`. */
export interface Artifact {
  readonly name: string;
}

/** A declaration whose name is known at once: artifacts and variables are named after it. So is its place in the stage. */
export type ActionDeclaration = aws.types.input.codepipeline.PipelineStageAction & {
  readonly name: string;
  readonly runOrder?: number;
};

/** One CodePipeline action: its declaration, and what the pipeline's role must be allowed so that it can run. */
export interface PipelineAction {
  readonly declaration: ActionDeclaration;
  readonly permissions: readonly Statement[];
  /** How a workflow deploys the same. @default - it is no deployment */
  readonly inWorkflow?: WorkflowDeployment;
  /** What a deployment takes at least, where a job waits for it. @default - nothing that settings say */
  readonly takes?: DeploymentTime | undefined;
  /** Where a workflow does it. @default - in its own environment, in its own role */
  readonly seat?: WorkflowSeat;
  /** Topic that it tells, where that is someone else's and has a key. @default - none */
  readonly encryptedTopic?: TopicRef | undefined;
}

/** How long a deployment takes at least. */
export interface DeploymentTime {
  readonly leastMinutes: number;
  /** Minutes of them, by the setting that says them. */
  readonly bySetting: Readonly<Record<string, number>>;
}

/** Another environment on GitHub, and the role that is taken there. */
export interface WorkflowSeat {
  /** Name of the environment: its rules come first. */
  readonly environment: string;
  /** Role that admits the runs of that environment. */
  readonly roleArn: Input<string>;
  /** Region that is worked in. @default - the workflow's */
  readonly region?: string | undefined;
}

/** A deployment by the official action for GitHub's workflows, which is not CodePipeline's. */
export interface WorkflowDeployment {
  readonly clusterName: Input<string>;
  readonly serviceName: Input<string>;
  /** What the official action calls in AWS, and the steps that make its task definition. */
  readonly permissions: readonly Statement[];
}

/** An action whose files later actions read. */
export interface BuildAction extends PipelineAction {
  readonly output: Artifact;
}

/** How a pipeline learns that its source has changed. */
export type SourceTrigger =
  /** CodePipeline's own V2 trigger, on a connection. */
  | { readonly kind: "git"; readonly filter: aws.types.input.codepipeline.PipelineTriggerGitConfigurationPush }
  /** An EventBridge rule with this pattern (JSON text). */
  | {
      readonly kind: "event";
      readonly pattern: Input<string>;
      /** JSON path to what was pushed, in the event: the run takes exactly that. @default - it takes the newest */
      readonly revision?: { readonly type: "IMAGE_DIGEST" | "S3_OBJECT_VERSION_ID"; readonly path: string };
    };

/** An action that brings files in. */
export interface SourceAction extends BuildAction {
  readonly trigger: SourceTrigger;
  /** The commit that the run works on, as a pipeline variable: `#{namespace.CommitId}`. */
  readonly commitId: string;
  /** Link to that commit. @default - there is none, or nobody knows in which region's console */
  readonly changeUrl?: Input<string>;
  /** What the role of every build that takes its files in must be allowed besides: such a build clones by itself. @default - nothing */
  readonly clonePermissions?: readonly Statement[];
}

/** One stage: actions of equal run order go in parallel. */
export interface PipelineStage {
  readonly name: string;
  readonly actions: readonly PipelineAction[];
  /** What must hold before the stage begins, one to five rules; unless all hold, the run fails. @default - nothing */
  readonly beforeEntry?: readonly StageRule[];
  /**
   * What happens when an action fails. `ROLLBACK`: the stage is run again with what last went through it. `RETRY`: the
   * actions that failed are run again. @default - the run stops there
   */
  readonly onFailure?: "ROLLBACK" | "RETRY";
}

/** A stage of these actions. A stage without actions is left out by `DeliveryPipeline`. */
export function stage(
  name: string,
  actions: readonly PipelineAction[],
  options: Pick<PipelineStage, "beforeEntry" | "onFailure"> = {},
): PipelineStage {
  return { name, actions, ...options };
}

/**
 * Groups one after another: the actions of a group run in parallel, a group waits for the one before it. A group may be in
 * order itself, and stays so.
 */
export function inOrder(...groups: (readonly PipelineAction[])[]): PipelineAction[] {
  let before = 0;
  return groups.flatMap((group) => {
    const start = before;
    before += Math.max(0, ...group.map(orderIn));
    return group.map((action) => ({
      ...action,
      declaration: { ...action.declaration, runOrder: start + orderIn(action) },
    }));
  });
}

function orderIn({ declaration }: PipelineAction): number {
  return declaration.runOrder ?? 1;
}

/** Another account, or another region, that an action works in. */
export interface ActionTarget {
  /** Role in that account that the action runs in; it must trust the pipeline's. */
  readonly roleArn: Input<string>;
  /** Region the action works in; the pipeline needs an artifact store there. @default - the pipeline's */
  readonly region?: string;
}

/**
 * The action in another account. What it may do there is that role's matter: the pipeline's role may only take it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
 */
export function inTarget(action: PipelineAction, { roleArn, region }: ActionTarget): PipelineAction {
  return {
    ...action,
    declaration: { ...action.declaration, roleArn, region },
    permissions: [allow(["sts:AssumeRole"], [roleArn])],
  };
}

/** The action in another environment of the workflow. What it may do there is that role's matter. */
export function seatedIn(action: PipelineAction, seat: WorkflowSeat): PipelineAction {
  const { roleArn, region } = seat;
  return { ...action, seat, declaration: { ...action.declaration, roleArn, region }, permissions: [] };
}

/** The fields every action of an AWS provider shares. */
export function declare(
  category: "Source" | "Build" | "Test" | "Deploy" | "Approval",
  provider: string,
  fields: Omit<ActionDeclaration, "category" | "provider" | "owner" | "version">,
): ActionDeclaration {
  return { ...fields, category, provider, owner: "AWS", version: "1" };
}

/** An action's artifact. CodeBuild makes a shell variable of the name, so it has no hyphen. */
export function artifactOf(actionName: string): Artifact {
  return { name: actionName.replace(/[^A-Za-z0-9_]/g, "_") };
}
