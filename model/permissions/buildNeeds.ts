import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { pipelinesOf, type RecordedVariable, variablesIn, variablesOf } from "../graph/pipelines";
import { mapOf, textOf } from "../graph/read";
import { type ArnPlace, arnIn, arnPlace, physicalName } from "../graph/resources";
import { keyOfSecret, toldSecretsKeys } from "../graph/secretsKeys";
import { artifactNeeds, because, imageCalls, logCalls, secretCalls, secretKeyCalls } from "./calls";
import type { Calls, Need } from "./need";

/**
 * What the builds of a project need of the role they run in.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildNeeds(graph: RecordedGraph, project: RecordedResource, place: ArnPlace): readonly Need[] {
  const name = physicalName(project);
  const callers = pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions
      .filter(({ provider, configuration }) => provider === "CodeBuild" && configuration.ProjectName === name)
      .map((action) => ({ pipeline, action })),
  );
  const environment = mapOf(project.inputs.environment);
  const own = variablesIn(environment.environmentVariables);
  const variables = [...own, ...callers.flatMap(({ action }) => variablesOf(action))];
  return [
    ...because("its log", buildLog(project, place)),
    ...callers.flatMap(({ pipeline, action: { inputs, outputs, region } }) =>
      artifactNeeds(pipeline, {
        reads: inputs.length > 0,
        writes: outputs.length > 0,
        settings: false,
        region: region ?? arnPlace(pipeline.arn)?.region,
      }),
    ),
    ...variables.flatMap((variable) => variableNeeds(variable, place)),
    ...own.flatMap((variable) => variableKeyNeeds(graph, project, variable, place)),
    ...because("its build image", buildImage(graph, environment)),
    ...because("its network", buildNetwork(project, place)),
  ];
}

function buildLog(project: RecordedResource, place: ArnPlace): readonly Calls[] {
  const logs = mapOf(mapOf(project.inputs.logsConfig).cloudwatchLogs);
  if (logs.status === "DISABLED") return [];
  return [logCalls(place, textOf(logs.groupName) ?? `/aws/codebuild/${physicalName(project)}`)];
}

function variableNeeds({ name, value, type }: RecordedVariable, place: ArnPlace): readonly Need[] {
  const secret = type === "SECRETS_MANAGER" && value.startsWith("arn:");
  return secret || type === "PARAMETER_STORE" ? because(`variable ${name}`, [secretCalls(value, place)]) : [];
}

/** A variable of the project's own, where its component was told of keys or the program makes the secret. */
function variableKeyNeeds(
  graph: RecordedGraph,
  project: RecordedResource,
  { name, value, type }: RecordedVariable,
  place: ArnPlace,
): readonly Need[] {
  if (type === "PLAINTEXT") return [];
  const [arn = ""] = secretCalls(value, place).resources;
  const keys = [...toldSecretsKeys(graph, project), ...keyOfSecret(graph, arn)];
  return because(`the key of variable ${name}`, secretKeyCalls(value, place, keys));
}

/** With its own credentials CodeBuild asks the repository's policy, not the role. */
function buildImage(graph: RecordedGraph, environment: Readonly<Record<string, unknown>>): readonly Calls[] {
  return environment.imagePullCredentialsType === "SERVICE_ROLE"
    ? imageCalls(graph, textOf(environment.image) ?? "")
    : [];
}

function buildNetwork({ inputs }: RecordedResource, place: ArnPlace): readonly Calls[] {
  if (mapOf(inputs.vpcConfig).vpcId === undefined) return [];
  const look = ["NetworkInterfaces", "Subnets", "SecurityGroups", "DhcpOptions", "Vpcs"];
  const actions = ["CreateNetworkInterface", "DeleteNetworkInterface", ...look.map((what) => `Describe${what}`)];
  return [
    { actions: actions.map((action) => `ec2:${action}`), resources: ["*"] },
    {
      actions: ["ec2:CreateNetworkInterfacePermission"],
      resources: [arnIn(place, "ec2", "network-interface/eni-0a1b2c3")],
    },
  ];
}
