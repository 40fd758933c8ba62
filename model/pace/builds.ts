import type { Guesses } from "../environment/guesses";
import { buildKindOf } from "../graph/buildKind";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import type { Action, Pipeline } from "../graph/pipelines";
import { physicalName } from "../graph/resources";
import { runnablesOf, sharesMachine } from "../graph/workflows";
import { type Build, buildOf, imageRepository } from "../permissions/builds";
import type { PaceStep } from "./step";

/** Seconds that the rest of a task's log is waited for. */
const LOG_SECONDS = 5;

/** The project that an action builds with, or the step of a workflow, where the graph has it. */
export function projectOf(graph: RecordedGraph, action: Action): RecordedResource | undefined {
  return runnablesOf(graph).find((one) => physicalName(one) === action.configuration.ProjectName);
}

/** What a build takes: its machine, and its work by what its script does. Undefined where the project is not in the graph. */
export function buildStep(
  graph: RecordedGraph,
  pipeline: Pipeline,
  action: Action,
  guesses: Guesses,
): PaceStep | undefined {
  const project = projectOf(graph, action);
  if (!project) return undefined;
  const { what, seconds } = workOf(graph, buildOf(pipeline, action, project), guesses);
  const isShared = sharesMachine(pipeline.workflow, action.name);
  const machine = isShared ? 0 : guesses.machine;
  const where = isShared ? "on its job's machine" : `${machine} s for a machine`;
  const detail = `${action.name}: ${where}${seconds > 0 ? `, ${seconds} s of work` : ""}`;
  return { what, detail, seconds: machine + seconds };
}

type Work = Pick<PaceStep, "what" | "seconds">;

function workOf(graph: RecordedGraph, build: Build, guesses: Guesses): Work {
  const { text, project } = build;
  const calls = (script: string) => text.includes(`\\n${script}`);
  if (calls("run_before_deployment"))
    return { what: "commands before the deployment", seconds: guesses.task + LOG_SECONDS };
  if (calls("provide_image")) return { what: "building the image", seconds: guesses.build + guesses.push };
  if (calls("promote_image"))
    return {
      what: "releasing the image",
      seconds: copies(graph, build) ? guesses.push : 0,
    };
  if (calls("take_image") || calls("resolve_image")) return { what: "releasing the image", seconds: 0 };
  if (buildKindOf(project) === "confirm") return { what: "checks and records", seconds: 0 };
  // A buildspec of the repository's own, by its path: it tests, builds and pushes.
  if (!text.startsWith("{"))
    return { what: "building the image", seconds: guesses.tests + guesses.build + guesses.push };
  return { what: "tests", seconds: guesses.tests };
}

/** Within a repository a tag sends no layers. */
function copies(graph: RecordedGraph, build: Build): boolean {
  const target = build.env.TARGET_REPOSITORY_URI ?? "";
  return imageRepository(graph, build) !== target;
}
