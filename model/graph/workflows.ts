import type { WorkflowJob } from "../../components/workflow/jobs";
import type { RecordedGraph, RecordedResource } from "./graph";
import { oncePerGraph } from "./once";
import { mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "./read";
import { arnOf, ofType, TYPES } from "./resources";

/** A workflow of GitHub Actions that delivers, beside what it has in common with a pipeline. */
export interface RecordedWorkflow {
  readonly resource: RecordedResource;
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
  readonly branch: string;
  readonly region: string;
  readonly runsOn: string;
  readonly queues: boolean;
  readonly jobs: readonly WorkflowJob[];
  /** What its actions run: as projects of CodeBuild are recorded, so that what reads those reads these. */
  readonly steps: readonly RecordedResource[];
  /** What only the stack knows, and the parameter that says it. */
  readonly published: Readonly<Record<string, string>>;
  readonly publishedIn: string;
  /** Where services answer, by their names. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly role?: RecordedResource | undefined;
}

/** The workflows of a graph. */
export const workflowsOf: (graph: RecordedGraph) => readonly RecordedWorkflow[] = oncePerGraph((graph) =>
  ofType(graph, TYPES.workflow).map((resource) => readWorkflow(graph, resource)),
);

function readWorkflow(graph: RecordedGraph, resource: RecordedResource): RecordedWorkflow {
  const { inputs } = resource;
  const role = ofType(graph, TYPES.role).find(({ parent }) => parent === resource.urn);
  const text = (key: string) => textOf(inputs[key]) ?? "";
  return {
    resource,
    role,
    name: text("workflowName"),
    repository: text("repository"),
    environment: text("environment"),
    branch: text("branch"),
    region: text("region"),
    runsOn: text("runsOn"),
    publishedIn: text("publishedIn"),
    queues: inputs.queues === true,
    jobs: mapsOf(inputs.jobs).map(readJob),
    steps: mapsOf(inputs.steps).map((step) => asProject(resource, step, role)),
    published: textsIn(mapOf(inputs.published)),
    addresses: Object.fromEntries(
      mapsOf(inputs.addresses).map(({ service, address }) => [textOf(service) ?? "", textOf(address) ?? ""]),
    ),
  };
}

function readJob({ id, needs, environment, actions, asks, timeoutInMinutes, runsOn }: Values): WorkflowJob {
  return {
    id: textOf(id) ?? "",
    needs: textsOf(needs),
    environment: textOf(environment),
    actions: textsOf(actions),
    asks: asks === true,
    timeoutInMinutes: numberOf(timeoutInMinutes) ?? 0,
    runsOn: textOf(runsOn),
  };
}

function textsIn(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, textOf(value) ?? ""]));
}

/** A step, as a project of CodeBuild would be recorded: it runs in the workflow's role. */
function asProject(workflow: RecordedResource, step: Values, role: RecordedResource | undefined): RecordedResource {
  const name = textOf(step.name) ?? "";
  // GitHub's runners have Docker.
  const type = textOf(step.runsOn)?.endsWith("-arm") === true ? "ARM_CONTAINER" : "LINUX_CONTAINER";
  const environment = { ...mapOf(step.environment), type, privilegedMode: true };
  const inputs = { ...step, environment, serviceRole: role && arnOf(role) };
  return { ...workflow, type: TYPES.workflowStep, name, inputs, outputs: { name }, ignoreChanges: [], aliases: [] };
}

/** What actions run by their names, wherever it runs: projects of CodeBuild, and steps of workflows. */
export const runnablesOf: (graph: RecordedGraph) => readonly RecordedResource[] = oncePerGraph((graph) => [
  ...ofType(graph, TYPES.project),
  ...workflowsOf(graph).flatMap(({ steps }) => steps),
]);

/** Whether an action runs on a machine that another action of its job has waited for; a build of CodeBuild has its own. */
export function sharesMachine(workflow: RecordedWorkflow | undefined, action: string): boolean {
  return workflow?.jobs.some(({ actions }) => actions.slice(1).includes(action)) ?? false;
}
