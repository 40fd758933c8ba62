import { workflowSummaryCommand } from "../../components/build/buildspec/workflowSteps";
import { defined } from "../../components/defined";
import type { Action } from "../graph/pipelines";
import type { FileStep } from "./document";
import { lookAgainStep } from "./shellStep";
import { expression, STACK_STEP } from "./values";
import { confirmationOf, readingStep, type ShellText, type WrittenJob, withoutNotes, writtenOnce } from "./written";

/** The commands of the summary. */
export const SUMMARY: ShellText = { file: "summary.sh", text: withoutNotes(workflowSummaryCommand()) };

/** The summary of one service's delivery, on the page of the run. */
export function summaryStep(
  { pipeline, workflow, job, values }: WrittenJob,
  action: Action,
  shared: readonly ShellText[],
): FileStep {
  const service = action.deploysTo?.service ?? "";
  const confirmation = confirmationOf(pipeline.actions, service);
  const address = workflow.addresses[service];
  const last = confirmation && job.actions.includes(confirmation.name) ? confirmation : action;
  const from = (name: string) => expression(`steps.${readingStep(action)}.outputs.${name}`);
  return {
    name: `Summarise ${service}`,
    if: expression(`always() && steps.${action.name}.outcome != 'skipped'`),
    env: defined({
      SERVICE_NAME: values.of(service, job.id),
      ADDRESS: address === undefined ? undefined : values.of(address, job.id),
      COMMIT_ID: values.commit(job.id),
      IMAGE_URI: from("IMAGE"),
      BEFORE_COMMIT: from("BEFORE_COMMIT"),
      STARTED_AT: expression(`steps.${STACK_STEP}.outputs.started`),
      OUTCOME: expression(`steps.${last.name}.outcome`),
      AGAIN: last === action ? undefined : expression(`steps.${lookAgainStep(last)}.outcome`),
    }),
    run: writtenOnce(SUMMARY, shared),
  };
}
