import type { RecordedGraph, RecordedResource } from "../graph";
import { actionNeeds } from "./actionNeeds";
import { type Calls, type Need, objectCalls, type Use } from "./need";
import { type BuildVariable, type Pipeline, pipelinesOf, variablesIn, variablesOf } from "./pipelines";
import { mapOf, mapsOf, textOf } from "./read";
import { arnIn, arnOf, label, ofType, type Place, physicalName, placeOf, referredBy, TYPES } from "./resources";
import { containersOf } from "./services";

/** A role in use: which AWS service takes it, for what, and what it must be able to do then. */
export interface RoleUse {
  /** ARN or name of the role. */
  readonly role: string;
  /** For example `codebuild.amazonaws.com`; undefined where another role takes it. */
  readonly service?: string;
  /** The resource that uses it. */
  readonly user: RecordedResource;
  readonly needs: readonly Need[];
}

/** Every use of a role in a graph. */
export function roleUses(graph: RecordedGraph): readonly RoleUse[] {
  return [
    ...pipelinesOf(graph).flatMap((pipeline) => pipelineUses(graph, pipeline)),
    ...ofType(graph, TYPES.project).flatMap((project) => buildUses(graph, project)),
    ...ofType(graph, TYPES.taskDefinition).flatMap((definition) => taskUses(graph, definition)),
    ...ofType(graph, TYPES.eventTarget).flatMap((target) => triggerUses(graph, target)),
    ...graph.resources.flatMap(otherUses),
  ];
}

function uses(role: unknown, service: string | undefined, user: RecordedResource, needs: readonly Need[]): RoleUse[] {
  const text = textOf(role);
  return text === undefined ? [] : [{ role: text, user, needs, ...(service && { service }) }];
}

/** Roles of which only the trust is checked: the property that names them, and who takes them. */
const TRUST_ONLY: Readonly<Record<string, readonly [string, string]>> = {
  [TYPES.deploymentGroup]: ["serviceRoleArn", "codedeploy.amazonaws.com"],
  "aws:sfn/stateMachine:StateMachine": ["roleArn", "states.amazonaws.com"],
  "aws:lambda/function:Function": ["role", "lambda.amazonaws.com"],
  "aws:ec2/flowLog:FlowLog": ["iamRoleArn", "vpc-flow-logs.amazonaws.com"],
};

function otherUses(resource: RecordedResource): readonly RoleUse[] {
  const [property, service] = TRUST_ONLY[resource.type] ?? [];
  const own = property === undefined ? [] : uses(resource.inputs[property], service, resource, []);
  const balancers = resource.type === TYPES.service ? mapsOf(resource.inputs.loadBalancers) : [];
  const infrastructure = balancers.flatMap(({ advancedConfiguration }) =>
    uses(mapOf(advancedConfiguration).roleArn, "ecs.amazonaws.com", resource, []),
  );
  return [...own, ...infrastructure];
}

function pipelineUses(graph: RecordedGraph, pipeline: Pipeline): readonly RoleUse[] {
  const { resource, actions } = pipeline;
  const own = actions
    .filter(({ roleArn }) => roleArn === undefined)
    .flatMap((one) => actionNeeds(graph, pipeline, one));
  const assumed = actions.flatMap((action): Need[] =>
    action.roleArn
      ? [{ actions: ["sts:AssumeRole"], resources: [action.roleArn], why: `taking the role of action ${action.name}` }]
      : [],
  );
  const needs = [...artifactNeeds(pipeline, { reads: true, writes: true, settings: true }), ...own, ...assumed];
  return [
    ...uses(resource.inputs.roleArn, "codepipeline.amazonaws.com", resource, needs),
    ...actions.flatMap((action) => uses(action.roleArn, undefined, resource, actionNeeds(graph, pipeline, action))),
  ];
}

function artifactNeeds(pipeline: Pipeline, use: Use & { readonly settings: boolean }): readonly Need[] {
  const { partition } = placeOf(pipeline.arn) ?? { partition: "aws" };
  return mapsOf(pipeline.resource.inputs.artifactStores).flatMap((store) => {
    const bucket = `arn:${partition}:s3:::${textOf(store.location) ?? ""}`;
    const object = `${bucket}/${pipeline.name.slice(0, 20)}/artifact/0a1b2c3`;
    const settings = ["s3:GetBucketVersioning", "s3:GetBucketAcl", "s3:GetBucketLocation"];
    return because(`artifacts of pipeline ${pipeline.name}`, [
      ...(use.settings ? [{ actions: settings, resources: [bucket] }] : []),
      ...objectCalls(object, textOf(mapOf(store.encryptionKey).id), use),
    ]);
  });
}

function because(why: string, calls: readonly Calls[]): readonly Need[] {
  return calls.map((call) => ({ ...call, why }));
}

function buildUses(graph: RecordedGraph, project: RecordedResource): readonly RoleUse[] {
  const place = placeOf(arnOf(project));
  if (!place) return [];
  const name = physicalName(project);
  const callers = pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions
      .filter(({ provider, configuration }) => provider === "CodeBuild" && configuration.ProjectName === name)
      .map((action) => ({ pipeline, action })),
  );
  const own = variablesIn(mapOf(project.inputs.environment).environmentVariables);
  const variables = [...own, ...callers.flatMap(({ action }) => variablesOf(action))];
  return uses(project.inputs.serviceRole, "codebuild.amazonaws.com", project, [
    ...because("its log", buildLog(project, place)),
    ...callers.flatMap(({ pipeline, action: { inputs, outputs } }) =>
      artifactNeeds(pipeline, { reads: inputs.length > 0, writes: outputs.length > 0, settings: false }),
    ),
    ...variables.flatMap((variable) => variableNeeds(variable, place)),
  ]);
}

function buildLog(project: RecordedResource, place: Place): readonly Calls[] {
  const logs = mapOf(mapOf(project.inputs.logsConfig).cloudwatchLogs);
  if (logs.status === "DISABLED") return [];
  const group = textOf(logs.groupName) ?? `/aws/codebuild/${physicalName(project)}`;
  return [logCalls(arnIn(place, "logs", `log-group:${group}:log-stream:a1b2`))];
}

function logCalls(stream: string): Calls {
  return { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [stream] };
}

function variableNeeds({ name, value, type }: BuildVariable, place: Place): readonly Need[] {
  const why = `variable ${name}`;
  if (type === "PARAMETER_STORE") return because(why, [secretCalls(parameterArn(value, place))]);
  return type === "SECRETS_MANAGER" && value.startsWith("arn:") ? because(why, [secretCalls(value)]) : [];
}

function parameterArn(name: string, place: Place): string {
  return name.startsWith("arn:") ? name : arnIn(place, "ssm", `parameter/${name.replace(/^\//, "")}`);
}

/** A secret's ARN may go on with JSON key, stage and version. */
function secretCalls(arn: string): Calls {
  if (!arn.includes(":secretsmanager:")) return { actions: ["ssm:GetParameters"], resources: [arn] };
  return { actions: ["secretsmanager:GetSecretValue"], resources: [arn.split(":").slice(0, 7).join(":")] };
}

function taskUses(graph: RecordedGraph, definition: RecordedResource): readonly RoleUse[] {
  const place = placeOf(arnOf(definition));
  if (!place) return [];
  const needs = containersOf(definition).flatMap(({ name, image, definition: container }) =>
    because(`container ${name}`, [
      ...imageCalls(graph, image),
      ...mapsOf(container.secrets).map(({ valueFrom }) => secretCalls(parameterArn(textOf(valueFrom) ?? "", place))),
      ...containerLog(mapOf(container.logConfiguration), place),
    ]),
  );
  const service = "ecs-tasks.amazonaws.com";
  const { executionRoleArn, taskRoleArn } = definition.inputs;
  return [...uses(executionRoleArn, service, definition, needs), ...uses(taskRoleArn, service, definition, [])];
}

function containerLog(log: Readonly<Record<string, unknown>>, place: Place): readonly Calls[] {
  const options = mapOf(log.options);
  const group = textOf(options["awslogs-group"]);
  if (log.logDriver !== "awslogs" || group === undefined) return [];
  const region = textOf(options["awslogs-region"]) ?? place.region;
  return [logCalls(arnIn({ ...place, region }, "logs", `log-group:${group}:log-stream:a1b2`))];
}

function imageCalls(graph: RecordedGraph, image: string): readonly Calls[] {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com[^/]*\/([^:@]+)/.exec(image) ?? [];
  if (!account || !region || !name) return [];
  const repository = referredBy(graph, TYPES.repository, name);
  const arn =
    (repository && arnOf(repository)) ?? arnIn({ partition: "aws", region, account }, "ecr", `repository/${name}`);
  const pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];
  return [
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    { actions: pull, resources: [arn] },
  ];
}

function triggerUses(graph: RecordedGraph, target: RecordedResource): readonly RoleUse[] {
  const arn = textOf(target.inputs.arn) ?? "";
  const pipeline = pipelinesOf(graph).find((one) => one.arn === arn);
  const needs = pipeline
    ? because(`starting ${label(pipeline.resource)}`, [
        { actions: ["codepipeline:StartPipelineExecution"], resources: [arn] },
      ])
    : [];
  return uses(target.inputs.roleArn, "events.amazonaws.com", target, needs);
}
