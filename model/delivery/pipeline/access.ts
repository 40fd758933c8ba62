import type { RecordedGraph } from "../../graph/graph";
import { roleOf, statementsIn } from "../../graph/iam";
import type { Action } from "../../graph/pipelines";
import { textOf } from "../../graph/read";
import { arnPlace } from "../../graph/resources";
import { admitsJob, tokenOf } from "../../graph/tokens";
import type { RecordedWorkflow } from "../../graph/workflows";
import { actionNeeds } from "../../permissions/actionNeeds";
import { artifactNeeds, PIPELINE_SETTINGS } from "../../permissions/calls";
import { roleCaller } from "../../permissions/evaluate/request";
import { type Calls, requestsFor } from "../../permissions/need";
import { workflowActionNeeds } from "../../permissions/workflowNeeds";
import { takesRole } from "../roles";
import { ActionFailed, type Run } from "./run";

/** The role that an action works in: its own, which the pipeline's role takes, or the pipeline's. */
export function roleOfAction({ cloud, pipeline }: Run, action: Action, where: string): string {
  const own = textOf(pipeline.resource.inputs.roleArn) ?? "";
  if (action.roleArn === undefined) return own;
  if (pipeline.workflow) return roleOfJob(cloud, pipeline.workflow, action, action.roleArn);
  const caller = roleCaller(own);
  cloud.demand({ caller, action: "sts:AssumeRole", resource: action.roleArn }, where);
  return action.roleArn;
}

/** A job takes a role by the token that GitHub gives it; of a role that no stack here has, nobody can tell. */
function roleOfJob({ stacks }: Run["cloud"], workflow: RecordedWorkflow, action: Action, roleArn: string): string {
  const [role] = stacks.flatMap(({ graph }) => roleOf(graph, roleArn) ?? []);
  const token = tokenOf(workflow, action);
  if (role && !admitsJob(statementsIn(role.inputs.assumeRolePolicy), token)) {
    throw new ActionFailed(`role ${roleArn} does not admit ${token.sub} on ${token.ref}`);
  }
  return roleArn;
}

/** Holds everything that an action itself calls against the role it works in. */
export function demandForAction(run: Run, graph: RecordedGraph, action: Action, where: string): void {
  const role = roleOfAction(run, action, where);
  const place = arnPlace(run.pipeline.arn);
  if (run.pipeline.workflow && place) {
    // What a shell step calls, it calls when it is played.
    const needs = action.deploysTo ? workflowActionNeeds(run.stack.graph, run.pipeline, action, place, graph) : [];
    demandAll(run, role, needs, where);
    return;
  }
  demandAll(run, role, actionNeeds(graph, run.pipeline, action), where);
  if (action.provider === "CodeBuild" || action.category === "Approval") return;
  const { inputs: reads, outputs: writes, region } = action;
  demandAll(run, role, artifactNeeds(run.pipeline, { reads, writes, settings: PIPELINE_SETTINGS, region }), where);
}

/** Holds calls against a role, each on each of its resources. */
export function demandAll({ cloud }: Run, roleArn: string, needs: readonly Calls[], where: string): void {
  const caller = roleCaller(roleArn);
  for (const need of needs.filter(({ isAdvised = false }) => !isAdvised)) {
    // AWS renamed this service and checks under either name: one of the two is enough.
    const either = need.actions.length > 1 && need.actions.every((action) => action.endsWith(":UseConnection"));
    const requests = requestsFor(need).map((request) => ({ ...request, caller }));
    if (either && requests.some((request) => cloud.access.decide(request).allowed)) continue;
    for (const request of either ? requests.slice(0, 1) : requests) cloud.demand(request, where);
  }
}

/** The pipeline itself starts: CodePipeline takes its role. */
export function takePipelineRole({ cloud, pipeline, stack }: Run, where: string): void {
  // A job of a workflow takes its role by the token that GitHub gives it.
  if (pipeline.workflow) return;
  const roleArn = textOf(pipeline.resource.inputs.roleArn) ?? "";
  const { account } = stack.place;
  if (!takesRole(cloud, { service: "codepipeline.amazonaws.com", roleArn, account, sourceArn: pipeline.arn, where })) {
    throw new ActionFailed(`CodePipeline may not take role ${roleArn}`);
  }
}
