import type { WorkflowJob } from "../../components/workflow/jobs";
import { type Action, type Pipeline, variableGiven } from "../graph/pipelines";
import { physicalName } from "../graph/resources";
import type { RecordedWorkflow } from "../graph/workflows";
import { literal, type WorkflowValues } from "./values";

/** What a job of a workflow is written from. */
export interface WrittenJob {
  readonly pipeline: Pipeline;
  readonly workflow: RecordedWorkflow;
  readonly job: WorkflowJob;
  readonly values: WorkflowValues;
}

/** The step that an action runs. */
export function stepOfAction({ steps }: RecordedWorkflow, { configuration }: Action) {
  return steps.find((step) => physicalName(step) === configuration.ProjectName);
}

/** Commands as one text for bash, and the file that has them where several steps of a job run them. */
export interface ShellText {
  readonly file: string;
  readonly text: string;
}

/** A script for a workflow: what it says to a linter is not for who reads the workflow. */
export function withoutNotes(script: string): string {
  return script.replaceAll("# shellcheck shell=bash\n", "").trimEnd();
}

/** The commands, or what runs the file that has them: it is called after the first that runs them. */
export function writtenOnce({ text }: ShellText, shared: readonly ShellText[]): string {
  const once = shared.find((other) => other.text === text);
  return once ? `. "$RUNNER_TEMP/delivery/${once.file}"` : literal(text);
}

/** Id of the step that reads what a deployment is made of. */
export function readingStep({ name }: Action): string {
  return `${name}-from`;
}

/** A variable that the confirmation of a deployment is told. */
export function toldToConfirmation({ actions }: Pipeline, { deploysTo }: Action, name: string): string | undefined {
  const confirmation = confirmationOf(actions, deploysTo?.service);
  return confirmation && variableGiven(confirmation, name);
}

/** The action that confirms the deployments of a service. */
export function confirmationOf(actions: readonly Action[], service: string | undefined): Action | undefined {
  return actions.find((action) => action.provider === "CodeBuild" && variableGiven(action, "SERVICE_NAME") === service);
}
