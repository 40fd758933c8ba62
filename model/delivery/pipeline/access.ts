import type { RecordedGraph } from "../../graph/graph";
import type { Action } from "../../graph/pipelines";
import { textOf } from "../../graph/read";
import { actionNeeds } from "../../permissions/actionNeeds";
import { artifactNeeds } from "../../permissions/calls";
import { type Context, roleCaller } from "../../permissions/evaluate/request";
import type { Calls } from "../../permissions/need";
import { takesRole } from "../roles";
import { ActionFailed, type Run } from "./run";

/** The role that an action works in: its own, which the pipeline's role takes, or the pipeline's. */
export function roleOfAction({ cloud, pipeline }: Run, action: Action, where: string): string {
  const own = textOf(pipeline.resource.inputs.roleArn) ?? "";
  if (action.roleArn === undefined) return own;
  const caller = roleCaller(own);
  cloud.demand({ caller, action: "sts:AssumeRole", resource: action.roleArn }, where);
  return action.roleArn;
}

/** Holds everything that an action itself calls against the role it works in. */
export function demandForAction(run: Run, graph: RecordedGraph, action: Action, where: string): void {
  const role = roleOfAction(run, action, where);
  demandAll(run, role, actionNeeds(graph, run.pipeline, action), where);
  if (action.provider === "CodeBuild" || action.category === "Approval") return;
  const use = {
    reads: action.inputs.length > 0,
    writes: action.outputs.length > 0,
    settings: false,
    region: action.region,
  };
  demandAll(run, role, artifactNeeds(run.pipeline, use), where);
}

/** Holds calls against a role, each on each of its resources. */
export function demandAll({ cloud }: Run, roleArn: string, needs: readonly Calls[], where: string): void {
  const caller = roleCaller(roleArn);
  for (const { actions, resources, context } of needs) {
    // AWS renamed this service and checks under either name: one of the two is enough.
    const either = actions.length > 1 && actions.every((action) => action.endsWith(":UseConnection"));
    for (const resource of resources) {
      if (either && actions.some((action) => cloud.access.decide({ caller, action, resource }).allowed)) continue;
      for (const action of either ? actions.slice(0, 1) : actions) {
        cloud.demand({ caller, action, resource, context: context ?? contextFor(action, resource) }, where);
      }
    }
  }
}

/** What AWS knows of a call besides who makes it on what. */
function contextFor(action: string, resource: string): Context | undefined {
  if (action === "iam:PassRole") return { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
  if (action === "ecs:TagResource") return { "ecs:CreateAction": "RegisterTaskDefinition" };
  if (action.startsWith("kms:")) return { "kms:ViaService": `s3.${resource.split(":")[3] ?? ""}.amazonaws.com` };
  if (action === "ec2:CreateNetworkInterfacePermission") return { "ec2:AuthorizedService": "codebuild.amazonaws.com" };
  return undefined;
}

/** The pipeline itself starts: CodePipeline takes its role. */
export function takePipelineRole({ cloud, pipeline, stack }: Run, where: string): void {
  const roleArn = textOf(pipeline.resource.inputs.roleArn) ?? "";
  const { account } = stack.place;
  if (!takesRole(cloud, { service: "codepipeline.amazonaws.com", roleArn, account, sourceArn: pipeline.arn, where })) {
    throw new ActionFailed(`CodePipeline may not take role ${roleArn}`);
  }
}
