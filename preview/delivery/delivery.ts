import { ACTION_PROVIDERS } from "../../model/actions";
import type { RecordedGraph } from "../../model/graph/graph";
import { oncePerGraph } from "../../model/graph/once";
import { type Action, type Pipeline, pipelinesOf, type Stage } from "../../model/graph/pipelines";
import { isMap, jsonOf, listOf, mapOf, mapsOf, textOf, textsOf, type Values } from "../../model/graph/read";
import { arnPlace, ofType, physicalName, referredBy, TYPES } from "../../model/graph/resources";
import { deployedBy } from "../../model/graph/services";
import { gatesOf, outcomeOf } from "../../model/graph/stageGates";
import type { RecordedWorkflow } from "../../model/graph/workflows";
import { type ServiceView, viewService } from "./deliveredService";

/** What starts a pipeline. */
export interface TriggerView {
  /** For example `push to shop @ master`. */
  readonly event: string;
  /** Who notices: `EventBridge`, `CodePipeline`. */
  readonly by: string;
}

/** One action, as a person reads it. */
export interface ActionView {
  readonly name: string;
  readonly category: string;
  readonly provider: string;
  readonly runOrder: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What it works on: repository and branch, project, cluster and service, topic. */
  readonly target: string;
  /** Account and region, where they are not the pipeline's. */
  readonly place?: string;
}

/** One stage. */
export interface StageView {
  readonly name: string;
  readonly actions: readonly ActionView[];
  /** What must hold before it begins, for example `while alarm checkout is quiet`. @default - nothing */
  readonly gates?: readonly string[];
  /** What becomes of a failure. @default - the run stops */
  readonly onFailure?: string;
}

/** A workflow of GitHub Actions: what a person sees of it beside its stages. */
export interface WorkflowView {
  readonly repository: string;
  /** Role of its jobs; empty where it is somebody else's. */
  readonly role: string;
  readonly jobs: readonly {
    readonly id: string;
    readonly needs: readonly string[];
    /** Environment on GitHub. @default - none: it calls nothing in AWS */
    readonly environment?: string | undefined;
    readonly asks: boolean;
    readonly actions: readonly string[];
    /** Names of the roles that it takes, one after another. */
    readonly roles: readonly string[];
    /** The workflow that it is in, where that is one that this one starts. @default - this one */
    readonly startedWorkflow?: string | undefined;
  }[];
}

/** One pipeline, from what starts it to the services it brings a new version to. */
export interface Delivery {
  readonly pipeline: string;
  /** Jobs of the workflow that it is, and the role that they take. @default - a pipeline of CodePipeline */
  readonly workflow?: WorkflowView | undefined;
  readonly triggers: readonly TriggerView[];
  readonly stages: readonly StageView[];
  readonly services: readonly ServiceView[];
  /** What deploy actions name that the stack does not make. */
  readonly elsewhere: readonly string[];
}

/** Reads a graph as deliveries: one for each pipeline. */
export const deliveriesOf = oncePerGraph((graph): readonly Delivery[] =>
  pipelinesOf(graph).map((pipeline) => {
    const deployed = deployedBy(graph, pipeline);
    const services = [...new Set(deployed.map(({ service }) => service))];
    return {
      pipeline: pipeline.name,
      workflow: pipeline.workflow && viewWorkflow(pipeline.workflow, pipeline.actions),
      triggers: triggersOf(graph, pipeline),
      stages: pipeline.stages.map((stage) => viewStage(pipeline, stage)),
      services: services.map((service) => viewService(graph, service, pipeline)),
      elsewhere: pipeline.actions
        .filter((action) => action.category === "Deploy" && deployed.every((one) => one.action !== action))
        .map(describeElsewhere),
    };
  }),
);

function describeElsewhere(action: Action): string {
  const { ServiceName: service, ClusterName: cluster = "default" } = action.configuration;
  return service === undefined ? targetOf(action) : `service ${service} on cluster ${cluster}`;
}

function viewStage(pipeline: Pipeline, stage: Stage): StageView {
  const gates = gatesOf(stage);
  const onFailure = outcomeOf(stage);
  return {
    name: stage.name,
    actions: stage.actions.map((action) => viewAction(pipeline, action)),
    gates: gates.length > 0 ? gates : undefined,
    onFailure: onFailure || undefined,
  };
}

function viewWorkflow({ repository, role, jobs, promotion }: RecordedWorkflow, all: readonly Action[]): WorkflowView {
  const own = role ? physicalName(role) : "";
  const roleOf = (name: string) =>
    all
      .find((action) => action.name === name)
      ?.roleArn?.split("/")
      .at(-1) ?? own;
  return {
    repository,
    role: own,
    jobs: jobs.map(({ id, needs, environment, asks, actions }) => ({
      id,
      needs,
      asks,
      actions,
      environment,
      roles: environment === undefined ? [] : [...new Set(actions.map(roleOf))],
      startedWorkflow: environment === promotion?.environment ? promotion?.workflowName : undefined,
    })),
  };
}

/** Who does an action of a workflow, in GitHub's words. */
const IN_WORKFLOWS: Readonly<Record<string, string>> = {
  CodeBuild: "script",
  ECS: "amazon-ecs-deploy-task-definition",
  CodeDeployToECS: "amazon-ecs-deploy-task-definition, CodeDeploy",
  GitHub: "checkout",
  GitHubEnvironment: "environment",
};

function viewAction(pipeline: Pipeline, action: Action): ActionView {
  const { name, category, runOrder, inputs, outputs } = action;
  const provider = (pipeline.workflow && IN_WORKFLOWS[action.provider]) ?? action.provider;
  const place = placeWords(pipeline, action);
  return { name, category, provider, runOrder, inputs, outputs, target: targetOf(action), place: place || undefined };
}

function placeWords({ arn }: Pipeline, { roleArn, region }: Action): string {
  const own = arnPlace(arn);
  const account = roleArn?.split(":")[4];
  return [
    ...(account && account !== own?.account ? [`account ${account}`] : []),
    ...(region && region !== own?.region ? [region] : []),
  ].join(", ");
}

function targetOf({ provider, configuration }: Action): string {
  return ACTION_PROVIDERS[provider]?.target?.(configuration) ?? Object.values(configuration)[0] ?? "";
}

function triggersOf(graph: RecordedGraph, pipeline: Pipeline): readonly TriggerView[] {
  const events = ofType(graph, TYPES.eventTarget)
    .filter((target) => textOf(target.inputs.arn) === pipeline.arn)
    .flatMap((target) => referredBy(graph, TYPES.eventRule, target.inputs.rule) ?? [])
    .map((rule) => ({ event: describeEvent(mapOf(jsonOf(rule.inputs.eventPattern))), by: "EventBridge" }));
  const pushes = pipeline.triggers.map((trigger) => describeTrigger(pipeline, mapOf(trigger.gitConfiguration)));
  return [...events, ...pushes];
}

function describeEvent(pattern: Values): string {
  const detail = mapOf(pattern.detail);
  const resources = textsOf(pattern.resources).map((arn) =>
    arn
      .split(":")
      .slice(5)
      .join(":")
      .replace(/^repository\//, ""),
  );
  const repositories = [...resources, ...textsOf(detail.repositoryName), ...textsOf(detail["repository-name"])];
  const what = [...new Set(repositories)].join(", ");
  const tags = describeChoices(detail["image-tag"]);
  if (tags !== "") return `image ${what}:${tags} pushed`;
  const [bucket, key] = [mapOf(detail.bucket).name, mapOf(detail.object).key].map(describeChoices);
  if (key) return `object s3://${bucket}/${key} written`;
  const branches = textsOf(detail.referenceName);
  if (branches.length > 0) return `push to ${what} @ ${branches.join(", ")}`;
  return `${textsOf(pattern["detail-type"])[0] ?? "event"}${what && ` of ${what}`}`;
}

/** The values a pattern lists: plain ones, and beginnings with a `*` after them. */
function describeChoices(choices: unknown): string {
  return listOf(choices)
    .flatMap((choice) => (isMap(choice) ? textsOf(choice.prefix).map((beginning) => `${beginning}*`) : textsOf(choice)))
    .join(", ");
}

function describeTrigger(pipeline: Pipeline, git: Values): TriggerView {
  const source = pipeline.actions.find(({ name }) => name === git.sourceActionName);
  const filters = [...mapsOf(git.pushes), ...mapsOf(git.pullRequests)];
  const listed = (key: string, list: string) => filters.flatMap((filter) => textsOf(mapOf(filter[key])[list]));
  const tags = listed("tags", "includes").map((tag) => `tag ${tag}`);
  const refs = [...listed("branches", "includes"), ...tags].join(", ");
  const changed = listed("filePaths", "includes").join(", ");
  const unchanged = listed("filePaths", "excludes").join(", ");
  const files = `${changed && ` that changes ${changed}`}${unchanged && ` and not only ${unchanged}`}`;
  const repository = source?.configuration.FullRepositoryId ?? textOf(git.sourceActionName) ?? "";
  return { event: `push to ${repository} @ ${refs}${files}`, by: pipeline.workflow ? "GitHub" : "CodePipeline" };
}
