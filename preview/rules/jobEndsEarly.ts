import { JOB_MARGIN_MINUTES } from "../../components/workflow/jobs";
import type { Rule } from "../../model/graph/graph";
import { type Action, pipelinesOf } from "../../model/graph/pipelines";
import { numberOf } from "../../model/graph/read";
import { notice } from "../../model/graph/resources";
import type { RecordedWorkflow } from "../../model/graph/workflows";
import { inJobOrder } from "../../model/workflow/jobSteps";
import { stepOfAction } from "../../model/workflow/written";

/** A job whose steps may take longer together than it may itself; that its deployments alone do is refused. */
export const jobEndsEarly: Rule = (graph) =>
  pipelinesOf(graph).flatMap(({ workflow, actions }) => {
    if (!workflow) return [];
    const minutes = new Map(actions.map((action) => [action, minutesOf(action, workflow)]));
    return workflow.jobs.flatMap((job) => {
      const steps = job.actions.flatMap((name) => actions.find((action) => action.name === name) ?? []);
      // Of deployments at the same time, the longest is waited for.
      const sum = inJobOrder(steps)
        .map((together) => Math.max(...together.map((action) => minutes.get(action) ?? 0)))
        .reduce((all, longest) => all + longest, JOB_MARGIN_MINUTES);
      if (sum <= job.timeoutInMinutes) return [];
      const taken = steps.map((action) => `${action.name} ${minutes.get(action) ?? 0}`).join(", ");
      return notice(
        "job-ends-early",
        workflow.resource,
        `job ${job.id}: its steps may take ${sum} minutes together (${taken}), and it is ended after ${job.timeoutInMinutes}: ` +
          "what is deployed at that moment is neither confirmed nor recorded",
      );
    });
  });

/** Minutes that an action may take. */
function minutesOf(action: Action, workflow: RecordedWorkflow): number {
  return numberOf(stepOfAction(workflow, action)?.inputs.buildTimeout) ?? action.timeoutInMinutes ?? 0;
}
