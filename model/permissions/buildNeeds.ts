import { cloneCalls } from "../actions/clone";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { actionPlace, type RecordedVariable, variablesOf } from "../graph/pipelines";
import { mapOf, textOf, textsOf } from "../graph/read";
import { type ArnPlace, arnIn, arnPlace, physicalName } from "../graph/resources";
import { keyOfSecret, toldSecretsKeys } from "../graph/secretsKeys";
import { type Build, buildsOf, machineOf, projectVariables, reportGroups } from "./builds";
import { artifactNeeds, BUILD_SETTINGS, because, imageCalls, logCalls, secretCalls, secretKeyCalls } from "./calls";
import type { Calls, Need } from "./need";
import { scriptCalls } from "./scriptNeeds";

/**
 * What the builds of a project need of the role they run in.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildNeeds(graph: RecordedGraph, project: RecordedResource, place: ArnPlace): readonly Need[] {
  const builds = buildsOf(graph, project);
  const variables = [...projectVariables(project), ...builds.flatMap(({ action }) => variablesOf(action))];
  return [
    ...machineNeeds(graph, project, place),
    ...because("its reports", reportCalls(project, place)),
    ...builds.flatMap(buildArtifacts),
    ...builds.flatMap(buildClones),
    ...variables.flatMap((variable) => secretNeeds(variable, place)),
    ...secretKeyNeeds(graph, project, place),
    ...builds.flatMap((build) => ownScript(graph, build, place)),
  ];
}

/** What every build of a project takes, whatever it does: its log, its image, its network. */
export function machineNeeds(graph: RecordedGraph, project: RecordedResource, place: ArnPlace): readonly Need[] {
  return [
    ...because("its log", buildLog(project, place)),
    ...because("its build image", buildImage(graph, machineOf(project.inputs))),
    ...because("its network", buildNetwork(project, place)),
  ];
}

/** A build reads the artifacts its action takes in, and writes those it leaves. */
export function buildArtifacts({ pipeline, action }: Pick<Build, "pipeline" | "action">): readonly Need[] {
  const { inputs, outputs, region } = action;
  const place = region ?? arnPlace(pipeline.arn)?.region;
  return artifactNeeds(pipeline, { reads: inputs, writes: outputs, settings: BUILD_SETTINGS, region: place });
}

/** A build clones what a source hands on as a reference. */
export function buildClones({ pipeline, action }: Pick<Build, "pipeline" | "action">): readonly Need[] {
  return pipeline.actions
    .filter(({ outputs }) => outputs.some((output) => action.inputs.includes(output)))
    .flatMap((source) => {
      const place = actionPlace(pipeline, source);
      return because(`the clone that ${action.name} works on`, place ? cloneCalls(source, place) : []);
    });
}

/** What its script does: in this role, or in the one that it takes. */
function ownScript(graph: RecordedGraph, build: Build, place: ArnPlace): readonly Need[] {
  const { calls, own = [], roleArn } = scriptCalls(graph, build, place);
  const why = `action ${build.action.name}`;
  return roleArn === undefined
    ? because(why, calls)
    : because(why, [{ actions: ["sts:AssumeRole"], resources: [roleArn] }, ...own]);
}

/**
 * What publishing test results calls. Of a buildspec in the source nobody knows the groups.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
 */
export function reportCalls(project: RecordedResource, place: ArnPlace): readonly Calls[] {
  const groups = reportGroups(project);
  const arn = (group: string) => arnIn(place, "codebuild", `report-group/${physicalName(project)}-${group}`);
  const verbs = ["CreateReport", "UpdateReport", "BatchPutTestCases"];
  const callsOn = (on: Pick<Calls, "resources" | "within">, more: readonly string[]): readonly Calls[] => [
    { ...on, actions: [...verbs, ...more].map((verb) => `codebuild:${verb}`) },
    { ...on, actions: ["codebuild:BatchPutCodeCoverages"], isAdvised: true },
  ];
  if (groups === undefined) return callsOn({ resources: [], within: [arn("*")] }, ["CreateReportGroup"]);
  return groups.flatMap((group) =>
    group.startsWith("arn:")
      ? callsOn({ resources: [group] }, [])
      : callsOn({ resources: [arn(group)], within: [arn("*")] }, ["CreateReportGroup"]),
  );
}

function buildLog(project: RecordedResource, place: ArnPlace): readonly Calls[] {
  const logs = mapOf(mapOf(project.inputs.logsConfig).cloudwatchLogs);
  if (logs.status === "DISABLED") return [];
  return [logCalls(place, textOf(logs.groupName) ?? `/aws/codebuild/${physicalName(project)}`)];
}

/** What reading the value of a variable takes. */
export function secretNeeds({ name, value, type }: RecordedVariable, place: ArnPlace): readonly Need[] {
  const secret = type === "SECRETS_MANAGER" && value.startsWith("arn:");
  return secret || type === "PARAMETER_STORE" ? because(`variable ${name}`, [secretCalls(value, place)]) : [];
}

/** The keys that what its own variables stand for is encrypted with. */
export function secretKeyNeeds(graph: RecordedGraph, project: RecordedResource, place: ArnPlace): readonly Need[] {
  return projectVariables(project).flatMap((variable) => variableKeyNeeds(graph, project, variable, place));
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
    ...textsOf(mapOf(inputs.vpcConfig).subnets).map((subnet) => ({
      actions: ["ec2:CreateNetworkInterfacePermission"],
      resources: [arnIn(place, "ec2", "network-interface/*")],
      context: {
        "ec2:AuthorizedService": "codebuild.amazonaws.com",
        "ec2:Subnet": arnIn(place, "ec2", `subnet/${subnet}`),
      },
    })),
  ];
}
