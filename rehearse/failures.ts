import type { Fault } from "../model/delivery/faults";
import { strategyOf } from "../model/environment/service";
import { buildspecOf } from "../model/graph/buildspec";
import type { RecordedGraph } from "../model/graph/graph";
import { type Action, pipelinesOf, variableGiven } from "../model/graph/pipelines";
import { mapOf, mapsOf, textOf } from "../model/graph/read";
import { ofType, physicalName, TYPES } from "../model/graph/resources";
import { deploymentGroupFor } from "../model/graph/services";
import { runnablesOf } from "../model/graph/workflows";
import { UsageError } from "../preview/arguments";

/** Something that can go wrong, and what a rehearsal shows of it. */
export interface Failure extends Fault {
  readonly text: string;
  /** Whether a delivery gets over it by itself: then it must reach users. @default false */
  readonly survives?: true;
}

/** Everything that can go wrong on the way of a commit through some stacks. */
export function failuresOf(graphs: readonly RecordedGraph[], stacks: readonly string[]): readonly Failure[] {
  const actions = graphs
    .filter(({ stack }) => stacks.includes(stack))
    .flatMap((graph) =>
      pipelinesOf(graph).flatMap((pipeline) => pipeline.actions.map((action) => ({ graph, action }))),
    );
  const targets = new Set(actions.flatMap(({ action }) => serviceNamesOf(graphs, action)));
  return [
    ...actions.flatMap(({ graph, action }) => ofAction(graph, action)),
    ...graphs.flatMap((graph) =>
      ofType(graph, TYPES.service)
        .filter((service) => targets.has(physicalName(service)))
        .flatMap((service) => ofService(graph, physicalName(service))),
    ),
  ];
}

/** Names of the services that an action deploys to. */
export function serviceNamesOf(
  graphs: readonly RecordedGraph[],
  { provider, configuration }: Action,
): readonly string[] {
  if (provider === "ECS") return [configuration.ServiceName ?? ""];
  if (provider !== "CodeDeployToECS") return [];
  return graphs.flatMap((graph) =>
    ofType(graph, TYPES.deploymentGroup)
      .filter(({ inputs }) => inputs.deploymentGroupName === configuration.DeploymentGroupName)
      .flatMap(({ inputs }) => textOf(mapOf(inputs.ecsService).serviceName) ?? []),
  );
}

function ofAction(graph: RecordedGraph, action: Action): readonly Failure[] {
  const step = action.name;
  switch (action.category) {
    case "Source":
      return action.provider === "ECR" ? [] : [{ step, how: "fails", text: "the source cannot be fetched" }];
    case "Approval":
      return [
        { step, how: "rejected", text: "a person says no" },
        { step, how: "timeout", text: "nobody answers" },
        { step, how: "second-commit", text: "another commit is pushed while it waits", survives: true },
      ];
    case "Deploy":
      return [{ step, how: "second-commit", text: "another commit is pushed while this is deployed", survives: true }];
    default:
      return action.provider === "CodeBuild" ? ofBuild(graph, action) : [];
  }
}

function ofBuild(graph: RecordedGraph, action: Action): readonly Failure[] {
  const step = action.name;
  const text = buildspecRun(graph, action);
  const refusals: readonly (readonly [string, string])[] = [
    ["docker push", "the push is refused"],
    ["docker build", "docker build fails"],
    ["docker buildx imagetools create", "the copy to the release is refused"],
    ["aws ssm put-parameter", "the record is refused"],
    ["aws ssm get-parameter-history", "the record of what was tested cannot be read"],
    ["aws ecs describe-services", "the service cannot be read"],
    ["aws ecs run-task", "the task before the deployment is refused"],
    ["aws ecr batch-get-image", "the manifest cannot be read"],
  ];
  const ofTask = text.includes("aws ecs run-task")
    ? [
        { step, how: "task-fails", text: "the command that runs before the deployment fails" },
        { step, how: "task-hangs", text: "the command that runs before the deployment does not end" },
        { step, how: "task-refused", text: "ECS cannot start the task that runs before the deployment" },
      ]
    : [];
  const usesAws = /\baws (ecs|ecr|ssm)\b/.test(text);
  return [
    ...(/cd \\"\$SERVICE_FOLDER\\"/.test(text) || !text.startsWith("{")
      ? [{ step, how: "fails", text: "its commands fail" }]
      : []),
    ...(text.includes("start-image-scan") || text.includes("describe-image-scan-findings")
      ? [{ step, how: "findings", text: "the scan finds something critical" }]
      : []),
    ...refusals
      .filter(([call]) => text.includes(call))
      .map(([call, what]) => ({ step, how: `refused:${call}`, text: what })),
    ...ofTask,
    ...(usesAws
      ? [
          { step, how: "throttled", text: "AWS throttles its first call" },
          { step, how: "stopped", text: "somebody stops the build midway" },
        ]
      : []),
    ...(variableGiven(action, "DELIVERED_IMAGE_PARAMETER") === undefined
      ? []
      : [
          {
            step,
            how: "second-commit",
            text: "another commit is pushed before it is recorded",
            survives: true as const,
          },
        ]),
  ];
}

function buildspecRun(graph: RecordedGraph, { configuration }: Action): string {
  const project = runnablesOf(graph).find((one) => physicalName(one) === configuration.ProjectName);
  return project ? buildspecOf(project) : "";
}

function ofService(graph: RecordedGraph, step: string): readonly Failure[] {
  const service = ofType(graph, TYPES.service).find((one) => physicalName(one) === step);
  if (!service) return [];
  const strategy = strategyOf(service);
  const hooks = mapsOf(mapOf(service.inputs.deploymentConfiguration).lifecycleHooks);
  const asks = hooks.some(({ targetType }) => targetType === "PAUSE");
  const calls =
    hooks.some(({ targetType }) => targetType !== "PAUSE") ||
    (strategy === "CODE_DEPLOY" && hasAppspecHook(graph, step));
  const group = deploymentGroupFor(graph, service);
  const watched =
    mapOf(service.inputs.alarms).enable === true || mapOf(group?.inputs.alarmConfiguration).enabled === true;
  return [
    { step, how: "unhealthy", text: "no new task becomes healthy" },
    ...(watched
      ? [
          { step, how: "alarm", text: "an alarm goes off once users reach the new version" },
          { step, how: "dies", text: "the new tasks die once users reach them" },
        ]
      : []),
    { step, how: "stopped", text: "a person stops the deployment" },
    ...(calls
      ? [
          { step, how: "hook-fails", text: "the function that checks says no" },
          { step, how: "hook-silent", text: "the function that checks never answers" },
        ]
      : []),
    ...(asks
      ? [
          { step, how: "pause-rejected", text: "a person says no in the middle" },
          { step, how: "pause-timeout", text: "nobody answers in the middle" },
        ]
      : []),
    ...(strategy === "ROLLING" ? [] : [{ step, how: "weights", text: "somebody sets the weights by hand" }]),
  ];
}

function hasAppspecHook(graph: RecordedGraph, name: string): boolean {
  return ofType(graph, "aws:ssm/parameter:Parameter").some(
    ({ inputs }) => textOf(inputs.name)?.endsWith(`/${name}/appspec.yaml`) && /Hooks/.test(textOf(inputs.value) ?? ""),
  );
}

/** Reads `STEP=HOW`; what does not exist lists what does. */
export function readFaults(given: readonly string[], there: readonly Failure[]): readonly Fault[] {
  return given.map((text) => {
    const [step = "", how = ""] = text.split(/=(.*)/s);
    const known = there.filter((failure) => failure.step === step);
    if (known.length === 0) {
      const steps = [...new Set(there.map((failure) => failure.step))];
      throw new UsageError(`--fail ${text}: no step "${step}"; steps are ${steps.join(", ")}, or all`);
    }
    const isCall = how.startsWith("refused:") && how.length > 8;
    if (known.some((failure) => failure.how === how) || isCall) return { step, how };
    const ways = known.map((failure) => `\n  --fail ${quoted(`${step}=${failure.how}`)}  ${failure.text}`);
    throw new UsageError(`--fail ${text}: "${step}" fails in these ways:${ways.join("")}`);
  });
}

function quoted(word: string): string {
  return /^[\w=.:-]+$/.test(word) ? word : `'${word}'`;
}
