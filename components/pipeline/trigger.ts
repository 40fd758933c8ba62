import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { RoleRef } from "../refs";
import type { PipelineAction, PipelineStage, SourceAction, SourceTrigger } from "./action";

/** The actions that bring files in; they stand in the first stage. */
export function sourceActions(stages: readonly PipelineStage[]): SourceAction[] {
  return stages.flatMap((stage) => stage.actions).filter(isSource);
}

function isSource(action: PipelineAction): action is SourceAction {
  return "trigger" in action;
}

/**
 * CodePipeline's own triggers, for sources on a connection.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-triggers.html
 */
export function gitTriggers(stages: readonly PipelineStage[]): aws.types.input.codepipeline.PipelineTrigger[] {
  return sourceActions(stages).flatMap(({ declaration, trigger }) =>
    trigger.kind === "git"
      ? [
          {
            providerType: "CodeStarSourceConnection",
            gitConfiguration: { sourceActionName: declaration.name, pushes: [trigger.filter] },
          },
        ]
      : [],
  );
}

/**
 * The EventBridge rule that starts a pipeline; nothing for a source that CodePipeline itself watches.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/create-cwe-codecommit.html
 */
export function defineEventTrigger(
  name: string,
  source: SourceAction,
  args: {
    readonly pipelineArn: Input<string>;
    readonly parent: pulumi.Resource;
    readonly role?: RoleRef | undefined;
  },
): void {
  const { trigger, declaration } = source;
  if (trigger.kind !== "event") return;
  const { parent, pipelineArn } = args;
  const ruleName = fittedName(`${name}-on-${declaration.name}`, AUTONAMED_MAX.eventRule);
  const rule = new aws.cloudwatch.EventRule(
    ruleName,
    { description: `Starts ${name} when its source changes`, eventPattern: trigger.pattern },
    { parent },
  );
  const starter = args.role
    ? { arn: args.role.arn, policies: [] }
    : defineRole(
        ruleName,
        { service: "events.amazonaws.com", statements: startPermissions(pipelineArn), sourceArn: rule.arn },
        parent,
      );
  new aws.cloudwatch.EventTarget(
    ruleName,
    {
      rule: rule.name,
      arn: pipelineArn,
      roleArn: starter.arn,
      inputTransformer: trigger.revision ? revisionInput(declaration.name, trigger.revision) : undefined,
    },
    { parent, dependsOn: [...starter.policies] },
  );
}

/**
 * Hands the revision in the event to the run. Left to look for itself, a run would take what is newest by then.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-trigger-source-overrides.html
 */
function revisionInput(
  actionName: string,
  { type, path }: NonNullable<Extract<SourceTrigger, { kind: "event" }>["revision"]>,
): aws.types.input.cloudwatch.EventTargetInputTransformer {
  const revision = { actionName, revisionType: type, revisionValue: "<revision>" };
  return { inputPaths: { revision: path }, inputTemplate: pulumi.jsonStringify({ sourceRevisions: [revision] }) };
}

function startPermissions(pipelineArn: Input<string>): Statement[] {
  return [allow(["codepipeline:StartPipelineExecution"], [pipelineArn])];
}
