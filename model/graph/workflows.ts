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
  /** Where it goes on to another stack: the environment, and the workflow that is started there. @default - it ends */
  readonly promotion?: { readonly environment: string; readonly workflowName: string } | undefined;
}

/** The workflows of a graph. */
export const workflowsOf: (graph: RecordedGraph) => readonly RecordedWorkflow[] = oncePerGraph((graph) =>
  ofType(graph, TYPES.workflow).map((resource) => readWorkflow(graph, resource)),
);

function readWorkflow(graph: RecordedGraph, resource: RecordedResource): RecordedWorkflow {
  const { inputs } = resource;
  // Roles of its steps are beside it, for other environments.
  const taken = actionsIn(inputs).map(({ roleArn }) => textOf(roleArn));
  const role = ofType(graph, TYPES.role).find((one) => one.parent === resource.urn && !taken.includes(arnOf(one)));
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
    steps: mapsOf(inputs.steps).map((step) =>
      asProject(resource, step, roleOfStep(inputs, step) ?? (role && arnOf(role))),
    ),
    promotion: promotionIn(mapOf(inputs.promotion)),
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

function promotionIn({ environment, workflowName }: Values): RecordedWorkflow["promotion"] {
  const [where, name] = [textOf(environment), textOf(workflowName)];
  return where === undefined || name === undefined ? undefined : { environment: where, workflowName: name };
}

/** The role that the actions take which run a step, where that is not the workflow's. */
function roleOfStep(inputs: Values, { name }: Values): string | undefined {
  return textOf(actionsIn(inputs).find(({ configuration }) => mapOf(configuration).ProjectName === name)?.roleArn);
}

function actionsIn({ stages }: Values): readonly Values[] {
  return mapsOf(stages).flatMap((stage) => mapsOf(stage.actions));
}

/** A step, as a project of CodeBuild would be recorded: it runs in the role of its job. */
function asProject(workflow: RecordedResource, step: Values, serviceRole: string | undefined): RecordedResource {
  const name = textOf(step.name) ?? "";
  // GitHub's runners have Docker.
  const type = textOf(step.runsOn)?.endsWith("-arm") === true ? "ARM_CONTAINER" : "LINUX_CONTAINER";
  const environment = { ...mapOf(step.environment), type, privilegedMode: true };
  const inputs = { ...step, environment, serviceRole };
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
