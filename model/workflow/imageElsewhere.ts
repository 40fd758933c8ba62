import { buildspecOf } from "../graph/buildspec";
import type { Action } from "../graph/pipelines";
import { stepOfAction, type WrittenJob } from "./written";

/** Images that a job deploys, or runs a task of, and that another job has built: the files which say so are on another machine. */
export function imagesElsewhere(of: WrittenJob): readonly Action[] {
  const { pipeline, workflow, job } = of;
  const reading = pipeline.actions.filter(
    (action) =>
      job.actions.includes(action.name) &&
      (action.deploysTo !== undefined || runs(of, action, "run_before_deployment")),
  );
  return pipeline.actions.filter(
    (build) =>
      !job.actions.includes(build.name) &&
      reading.some(({ inputs: [input] }) => input !== undefined && build.outputs.includes(input)) &&
      runs(of, build, "provide_image") &&
      // Its role reads what the files are made of.
      workflow.jobs.some(({ actions, environment }) => actions.includes(build.name) && environment === job.environment),
  );
}

/** Whether a job writes what an image's build has left, from the image that it is told. */
export function isWrittenAnew(of: WrittenJob, build: Action): boolean {
  return imagesElsewhere(of).includes(build);
}

/** Whether the script of an action calls this function last. */
function runs({ workflow }: WrittenJob, action: Action, script: string): boolean {
  const step = stepOfAction(workflow, action);
  return step !== undefined && buildspecOf(step).includes(`\\n${script}`);
}
