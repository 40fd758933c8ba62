import type { WorkflowJob } from "../../../components/workflow/jobs";
import { roleCaller } from "../../../model/permissions/evaluate/request";
import { type Action, variableGiven } from "../../graph/pipelines";
import { jsonOf, mapOf, numberOf, textOf } from "../../graph/read";
import { arnOf, arnPlace, parameterArnIn } from "../../graph/resources";
import { deployedService } from "../../graph/services";
import { deployedBefore, filesOfJobs } from "../../workflow/rerun";
import { confirmationOf } from "../../workflow/written";
import { AwsError } from "../awsError";
import { callApi } from "../operations";
import { imageIn } from "../revisions";
import { ActionFailed, fill, type Run } from "./run";

/** What a person runs again of a workflow that has failed. */
export type RunAgain = "failed-jobs" | "all-jobs";

/** The words for it, as arguments say it. */
export const RUN_AGAIN: readonly RunAgain[] = ["failed-jobs", "all-jobs"];

/**
 * Jobs that are not run again: they ended well, and so did what they need.
 * https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 */
export function keptJobs(jobs: readonly WorkflowJob[], passed: readonly string[]): readonly WorkflowJob[] {
  const kept: WorkflowJob[] = [];
  for (const job of jobs) {
    const isReady = job.needs.every((need) => kept.some(({ id }) => id === need));
    if (isReady && job.actions.every((name) => passed.includes(name))) kept.push(job);
  }
  return kept;
}

/** Why a job that is run again does nothing: what it is about was deployed by another attempt, and may run no longer. */
export function refusedAgain({ pipeline, kept, attempt = 1 }: Run, action: Action): string | undefined {
  const { workflow } = pipeline;
  const job = workflow?.jobs.find(({ actions }) => actions.includes(action.name));
  if (!workflow || !job || !kept) return undefined;
  const { here, after } = filesOfJobs(workflow);
  const isKept = ({ actions }: WorkflowJob) => actions.every((name) => kept.has(name));
  const words = `before attempt ${attempt}: it may have been taken back since, or another delivery may have come in between: run the whole run again (Re-run all jobs), or push a new commit`;
  // The workflow that goes on was not started by the attempt before.
  if (after.includes(job) && !here.every(isKept) && deployedIn(pipeline, here).some(isKept))
    return `nothing is handed over that was deployed ${words}`;
  if (job.environment !== undefined) return undefined;
  return deployedBefore({ pipeline, workflow, job }).some(isKept)
    ? `nothing is tried that was deployed ${words}`
    : undefined;
}

function deployedIn({ actions: all }: Run["pipeline"], jobs: readonly WorkflowJob[]): readonly WorkflowJob[] {
  return jobs.filter(({ actions }) =>
    all.some(({ name, deploysTo }) => deploysTo !== undefined && actions.includes(name)),
  );
}

/** Notes the version of the record that a confirmation has written. */
export function noteRecord({ cloud, pipeline, recorded, stack }: Run, action: Action): void {
  const name = variableGiven(action, "DELIVERED_IMAGE_PARAMETER") ?? "";
  const isConfirmation = pipeline.actions.some(
    ({ deploysTo }) => deploysTo !== undefined && confirmationOf(pipeline.actions, deploysTo.service) === action,
  );
  if (!isConfirmation || name === "") return;
  const place = arnPlace(pipeline.arn) ?? stack.place;
  recorded.set(name, cloud.parameters.history(parameterArnIn(place, name))?.length ?? 0);
}

/** What `take-back-due.sh` says: why a service is not taken back, if it is not. */
export function deliveredSince(
  { cloud, pipeline, recorded, stack }: Run,
  confirm: Action,
  where: string,
): string | undefined {
  const name = variableGiven(confirm, "DELIVERED_IMAGE_PARAMETER") ?? "";
  const caller = roleCaller(textOf(pipeline.resource.inputs.roleArn) ?? "");
  const { region } = arnPlace(pipeline.arn) ?? stack.place;
  try {
    const call = { service: "ssm", operation: "GetParameter", input: { name }, caller, region, where };
    const { Version, Value } = mapOf(callApi(cloud, call).Parameter);
    if (numberOf(Version) === recorded.get(name)) return undefined;
    const { commit } = mapOf(jsonOf(textOf(Value)));
    return `commit ${textOf(commit)?.slice(0, 12) ?? "that nobody knows"} runs now, or is being delivered: nothing is taken back`;
  } catch (error) {
    if (error instanceof AwsError) return `nobody can tell what runs, so nothing is taken back: ${error.message}`;
    throw error;
  }
}

/** Notes where an image is recorded as fit for release while one of the services that it was deployed to runs another. */
export function noteUnfounded(run: Run, action: Action): void {
  const { cloud, pipeline, stack } = run;
  const isRecord = (variableGiven(action, "PASSED_IMAGE_PARAMETER") ?? "") !== "";
  if (!isRecord || variableGiven(action, "TESTED_IMAGE_URI") !== undefined) return;
  const image = imageOf(run, action);
  for (const deploy of pipeline.actions) {
    if (!deploy.inputs.some((input) => action.inputs.includes(input))) continue;
    const resource = deployedService(stack.graph, deploy);
    const service = resource && cloud.service(arnOf(resource) ?? "");
    const revision = service && cloud.revisions.get(service.revision);
    const runs = service && revision && imageIn(revision, service.container);
    if (service && runs !== image)
      cloud.unfounded.push(`${action.name} vouches for ${image}, while ${service.name} runs ${runs ?? "nothing"}`);
  }
}

function imageOf(run: Run, action: Action): string {
  try {
    return fill(variableGiven(action, "IMAGE_URI") ?? "", run);
  } catch (error) {
    if (error instanceof ActionFailed) return "";
    throw error;
  }
}
