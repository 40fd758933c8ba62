import { parse } from "yaml";
import { LOOK_AGAIN } from "../../../components/build/buildspec/confirmDelivery";
import { minutesInWords } from "../../../components/settings/minutesInWords";
import { roleCaller } from "../../../model/permissions/evaluate/request";
import { GUESSES, LOOK_SECONDS } from "../../environment/guesses";
import { balancersOf } from "../../environment/service";
import { buildKindOf } from "../../graph/buildKind";
import { imageName } from "../../graph/ecr";
import type { RecordedResource } from "../../graph/graph";
import { type Action, type Pipeline, variablesIn, variablesOf } from "../../graph/pipelines";
import { mapOf, mapsOf, numberOf, textOf, type Values } from "../../graph/read";
import { type ArnPlace, arnIn, arnPlace, ofType, physicalName, TYPES } from "../../graph/resources";
import { runnablesOf, sharesMachine } from "../../graph/workflows";
import { buildArtifacts, buildClones, machineNeeds, reportCalls, secretKeyNeeds } from "../../permissions/buildNeeds";
import { AwsError } from "../awsError";
import { codeDeployments, hooksIn, serviceOfGroup, startCodeDeployment } from "../deployment/codeDeploy";
import { startEcsDeployment } from "../deployment/ecsDeployment";
import { publish, tellOfPipeline } from "../notify";
import { callApi } from "../operations";
import { containersIn, familyOf, shortRevision } from "../revisions";
import { takesRole } from "../roles";
import { demandAll, demandForAction } from "./access";
import { type PlayedArtifact, TextArtifact } from "./artifact";
import { CODE_DEPLOY_BYTES, definitionsIn, detailIn, parsed } from "./images";
import { type Acted, ActionFailed, fill, type Run } from "./run";

/** Where an action's moments stand in the timeline. */
export function whereOfAction(run: Run, { stage, name }: Action): string {
  return `${labelOf(run)}, stage ${stage}, action ${name}`;
}

/** A run, by its number and its attempt where there are several. */
export function labelOf({ pipeline, number, attempt = 1 }: Pick<Run, "pipeline" | "number" | "attempt">): string {
  const which = [...(number > 1 ? [`run ${number}`] : []), ...(attempt > 1 ? [`attempt ${attempt}`] : [])];
  return `${pipeline.name}${which.length > 0 ? ` (${which.join(", ")})` : ""}`;
}

/** The role that an action's work is done in: of a build its project's, else the action's own or the pipeline's. */
export function workingRole(
  { pipeline, stack }: Run,
  { provider, configuration, roleArn }: Action,
): string | undefined {
  const projects = runnablesOf(stack.graph);
  const project = projects.find((one) => physicalName(one) === configuration.ProjectName);
  if (provider === "CodeBuild" && project) return textOf(project.inputs.serviceRole);
  return provider === "Manual" ? undefined : (roleArn ?? textOf(pipeline.resource.inputs.roleArn));
}

/** Does what an action does. */
export async function perform(run: Run, action: Action): Promise<Acted> {
  const where = whereOfAction(run, action);
  try {
    if (run.cloud.faults.take(action.name, "second-commit")) run.pushAnother();
    return await act(run, action, where);
  } catch (error) {
    if (error instanceof ActionFailed || error instanceof AwsError) return { good: false, why: error.message };
    throw error;
  }
}

function act(run: Run, action: Action, where: string): Acted | Promise<Acted> {
  switch (action.provider) {
    case "CodeCommit":
    case "CodeStarSourceConnection":
    case "GitHub":
    case "ECR":
    case "S3":
      return source(run, action, where);
    case "CodeBuild":
      return build(run, action, where);
    case "Manual":
    case "GitHubEnvironment":
      return approval(run, action, where);
    case "ECS":
      return deployToEcs(run, action, where);
    case "CodeDeployToECS":
      return deployByCodeDeploy(run, action, where);
    default:
      return unplayed(run, action, where);
  }
}

/** An action that nothing here plays is taken to work: its permissions are held against its role all the same. */
function unplayed(run: Run, action: Action, where: string): Acted {
  demandForAction(run, run.stack.graph, action, where);
  run.cloud.timeline.add(where, `${action.provider} is taken to work: nothing here plays it`, "note");
  return { good: true };
}

async function source(run: Run, action: Action, where: string): Promise<Acted> {
  const { cloud, stack, builder, commit } = run;
  demandForAction(run, stack.graph, action, where);
  await cloud.clock.sleep(GUESSES.source);
  if (cloud.faults.take(action.name, "fails")) throw new ActionFailed("the source cannot be fetched (asked for)");
  const [output = ""] = action.outputs;
  const { configuration } = action;
  if (action.provider === "ECR") return imageSource(run, action);
  const variables: Readonly<Record<string, string>> =
    action.provider === "S3"
      ? {
          BucketName: configuration.S3Bucket ?? "",
          ObjectKey: configuration.S3ObjectKey ?? "",
          VersionId: commit.slice(0, 32),
          ETag: commit.slice(0, 32),
        }
      : {
          CommitId: commit,
          BranchName: configuration.BranchName ?? "",
          RepositoryName: configuration.RepositoryName ?? "",
          FullRepositoryName: configuration.FullRepositoryId ?? "",
          CommitMessage: "Rehearsed",
          AuthorDate: run.startsAt.toISOString(),
        };
  return { good: true, outputs: { [output]: builder.source() }, variables };
}

/** The image that was pushed, as an ECR source hands it on: by digest. */
function imageSource({ cloud, stack, pipeline, image }: Run, action: Action): Acted {
  const { place, repository } = imagesFor(pipeline, action, stack.place);
  const { RepositoryName = "", ImageTag: watched = "latest" } = action.configuration;
  const given = image?.repository === repository ? image : undefined;
  const ImageTag = given?.tag ?? watched;
  const digest = given?.digest ?? cloud.registry.newDigest(`${repository}:${ImageTag}`);
  if (!given)
    cloud.registry.put(repository, { digest, architecture: architectureFor(stack) }, ImageTag, cloud.clock.now);
  const detail = {
    ImageURI: `${repository}@${digest}`,
    ImageDigest: digest,
    RepositoryName,
    ImageTags: [ImageTag],
    RegistryId: place.account,
  };
  const [output = ""] = action.outputs;
  return {
    good: true,
    outputs: { [output]: new TextArtifact({ "imageDetail.json": JSON.stringify(detail) }) },
    variables: { ImageURI: detail.ImageURI, ImageDigest: digest, ImageTag, RepositoryName, RegistryId: place.account },
  };
}

/** The repository that an ECR source watches, as images name it. */
export function imagesFor(pipeline: Pipeline, action: Action, otherwise: ArnPlace) {
  const place = arnPlace(pipeline.arn) ?? otherwise;
  const host = `${place.account}.dkr.ecr.${action.region ?? place.region}.amazonaws.com${place.partition === "aws-cn" ? ".cn" : ""}`;
  return { place, repository: `${host}/${action.configuration.RepositoryName ?? ""}` };
}

function architectureFor({ graph }: Run["stack"]): string {
  const [definition] = ofType(graph, TYPES.taskDefinition);
  return textOf(mapOf(definition?.inputs.runtimePlatform).cpuArchitecture) ?? "X86_64";
}

async function build(run: Run, action: Action, where: string): Promise<Acted> {
  const { cloud, stack, builder, pipeline } = run;
  demandForAction(run, stack.graph, action, where);
  const name = action.configuration.ProjectName ?? "";
  const project = runnablesOf(stack.graph).find((one) => physicalName(one) === name);
  if (!project) return unplayed(run, action, where);
  const place = arnPlace(pipeline.arn) ?? stack.place;
  const region = action.region ?? place.region;
  const roleArn = textOf(project.inputs.serviceRole) ?? "";
  const there = { ...place, region };
  const sourceArn = arnIn(there, "codebuild", `project/${name}`);
  // A step of a job has the job's role, and what there is around a build is not there.
  if (!pipeline.workflow) {
    if (!takesRole(cloud, { service: "codebuild.amazonaws.com", roleArn, account: place.account, sourceArn, where })) {
      throw new ActionFailed(`CodeBuild may not take role ${roleArn}`);
    }
    const needs = [
      ...machineNeeds(stack.graph, project, there),
      ...secretKeyNeeds(stack.graph, project, there),
      ...buildArtifacts({ pipeline, action }),
      ...buildClones({ pipeline, action }),
      ...reportCalls(project, there),
    ];
    demandAll(run, roleArn, needs, where);
  }
  const given = variables(run, action, project.inputs, roleArn, region, where);
  const env = run.looksAgain ? { ...given, ...LOOK_AGAIN } : given;
  // Who is to look at a service that no stack here has finds none: as the deployment, it is taken to work.
  const confirmed = confirmedService(env, project, { ...there, account: accountOf(run, action) ?? place.account });
  if (confirmed !== undefined && !cloud.service(confirmed)) return elsewhere(run, action, where, confirmed);
  if (!sharesMachine(pipeline.workflow, action.name)) await cloud.clock.sleep(GUESSES.machine);
  const inputs = action.inputs.map((input): readonly [string, PlayedArtifact] => [input, artifact(run, action, input)]);
  const sorted = [...inputs].sort(([one]) => (one === action.configuration.PrimarySource ? -1 : 0));
  const result = await builder.run({
    stack,
    action,
    pipeline: pipeline.name,
    project,
    env,
    inputs: sorted,
    revision: revisionFor(run, action),
    roleArn,
    region,
    where,
  });
  if (!result.succeeded) {
    const last = (pattern: RegExp) => [...result.log].reverse().find((line) => pattern.test(line));
    const problem = last(/^ERROR: |_ERROR: /) ?? last(/error|fail/i) ?? result.log.at(-1) ?? "the build failed";
    return { good: false, why: problem.trim(), variables: result.exported };
  }
  const missing = action.outputs.filter((output) => !(output in result.outputs));
  if (missing.length > 0) throw new ActionFailed(`the build leaves no artifact ${missing.join(", ")}`);
  return { good: true, outputs: result.outputs, variables: result.exported };
}

/** The account that a job of a workflow works in: that of the role which it takes. A build's is its project's. */
function accountOf({ pipeline }: Run, { roleArn }: Action): string | undefined {
  return pipeline.workflow && roleArn?.split(":")[4];
}

/** The service that a build confirms a delivery to, in the account and region of the role that it takes for that. */
function confirmedService(
  { CLUSTER_NAME, SERVICE_NAME, TARGET_ROLE_ARN, TARGET_REGION }: Readonly<Record<string, string>>,
  project: RecordedResource,
  place: ArnPlace,
): string | undefined {
  if (CLUSTER_NAME === undefined || SERVICE_NAME === undefined || buildKindOf(project) !== "confirm") return undefined;
  const account = TARGET_ROLE_ARN?.split(":")[4] ?? place.account;
  const region = TARGET_REGION ?? place.region;
  return arnIn({ ...place, account, region }, "ecs", `service/${CLUSTER_NAME}/${SERVICE_NAME}`);
}

/** Variables of the project, and the action's, which win; what stands in a parameter or a secret is read in the build's role. */
function variables(
  run: Run,
  action: Action,
  project: Values,
  roleArn: string,
  region: string,
  where: string,
): Record<string, string> {
  const { cloud } = run;
  const caller = roleCaller(roleArn);
  const own = variablesIn(mapOf(project.environment).environmentVariables);
  const entries = [...own, ...variablesOf(action)].map(({ name, value, type }): [string, string] => {
    const text = fill(value, run);
    const call = { cloud, caller, region, where };
    if (type === "PARAMETER_STORE") return [name, readParameter(call, text)];
    if (type === "SECRETS_MANAGER") return [name, readSecret(call, text)];
    return [name, text];
  });
  return Object.fromEntries(entries);
}

type Reading = {
  readonly cloud: Run["cloud"];
  readonly caller: { arn: string; account: string };
  readonly region: string;
  readonly where: string;
};

/** The value of a parameter, read in a build's role. */
export function readParameter({ cloud, ...call }: Reading, name: string): string {
  const { Parameters } = callApi(cloud, {
    ...call,
    service: "ssm",
    operation: "GetParameters",
    input: { names: [name] },
  });
  return textOf(mapsOf(Parameters)[0]?.Value) ?? "";
}

/** The value of a secret, read in a build's role. */
export function readSecret({ cloud, ...call }: Reading, reference: string): string {
  const secretId = reference.startsWith("arn:")
    ? reference.split(":").slice(0, 7).join(":")
    : (reference.split(":")[0] ?? "");
  const arn = secretId.startsWith("arn:")
    ? secretId
    : arnIn(
        { partition: "aws", region: call.region, account: call.caller.account },
        "secretsmanager",
        `secret:${secretId}-a1b2c3`,
      );
  const { SecretString } = callApi(cloud, {
    ...call,
    service: "secretsmanager",
    operation: "GetSecretValue",
    input: { secretId: arn },
  });
  return textOf(SecretString) ?? "";
}

/** A commit where the files come straight from git; else where the artifact is. */
function revisionFor({ pipeline, commit, stack }: Run, { inputs }: Action): string {
  const [primary] = inputs;
  const from = pipeline.actions.find(({ outputs }) => primary !== undefined && outputs.includes(primary));
  const git = ["CodeCommit", "CodeStarSourceConnection", "GitHub"].includes(from?.provider ?? "");
  return git ? commit : `arn:${stack.place.partition}:s3:::artifacts/${pipeline.name}/${primary ?? ""}/0a1b2c3`;
}

function artifact({ artifacts }: Run, { name }: Action, input: string): PlayedArtifact {
  const found = artifacts.get(input);
  if (!found) throw new ActionFailed(`action ${name} reads artifact ${input}, which no action before it has left`);
  return found;
}

/** A job waits thirty days for reviewers of its environment. https://docs.github.com/actions/reference/limits */
const REVIEWERS_MINUTES = 43_200;

async function approval(run: Run, action: Action, where: string): Promise<Acted> {
  const { cloud, stack, pipeline } = run;
  const { NotificationArn, CustomData = "", ExternalEntityLink } = action.configuration;
  const text = fill(CustomData, run);
  const link = ExternalEntityLink === undefined ? "" : ` ${fill(ExternalEntityLink, run)}`;
  const role = textOf(pipeline.resource.inputs.roleArn) ?? "";
  if (NotificationArn !== undefined) {
    const caller = roleCaller(role);
    if (!publish(cloud, stack, { topicArn: NotificationArn, caller, message: `APPROVAL NEEDED: ${text}${link}` })) {
      throw new ActionFailed(`${role} may not publish to ${NotificationArn}: nobody would be told`);
    }
  }
  tellOfPipeline(
    cloud,
    stack,
    pipeline.arn ?? "",
    "manual-approval-needed",
    `${pipeline.name}: ${action.name} waits for somebody. ${text}`,
  );
  const minutes = action.timeoutInMinutes ?? (action.provider === "GitHubEnvironment" ? REVIEWERS_MINUTES : 10_080);
  cloud.timeline.add(
    where,
    `waits for a person, for ${minutesInWords(minutes)} at most: ${text || "no text"}`,
    "waiting",
  );
  const rejected = cloud.faults.take(action.name, "rejected");
  const silent = cloud.faults.take(action.name, "timeout");
  const answer = silent ? "silent" : rejected ? "reject" : await cloud.people({ step: action.name, text });
  if (answer === "silent") await cloud.clock.sleep(minutes * 60);
  const good = answer === "approve";
  tellOfPipeline(
    cloud,
    stack,
    pipeline.arn ?? "",
    `manual-approval-${good ? "succeeded" : "failed"}`,
    `${pipeline.name}: ${action.name} ${good ? "approved" : "not approved"}`,
  );
  if (good) return { good: true };
  return {
    good: false,
    why: answer === "silent" ? `nobody has answered within ${minutesInWords(minutes)}` : "a person said no",
  };
}

/** What CodePipeline's ECS action does. https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html */
async function deployToEcs(run: Run, action: Action, where: string): Promise<Acted> {
  const { cloud, stack } = run;
  const {
    ClusterName = "",
    ServiceName = "",
    FileName = "imagedefinitions.json",
    DeploymentTimeout = "60",
  } = action.configuration;
  const place = arnPlace(run.pipeline.arn) ?? stack.place;
  const account = action.roleArn?.split(":")[4] ?? place.account;
  const arn = arnIn(
    { ...place, account, region: action.region ?? place.region },
    "ecs",
    `service/${ClusterName}/${ServiceName}`,
  );
  const service = cloud.service(arn);
  demandForAction(run, service?.stack.graph ?? stack.graph, action, where);
  if (!service) return elsewhere(run, action, where, arn);
  if (service.controller === "CODE_DEPLOY")
    throw new ActionFailed(`service ${ServiceName} is deployed by CodeDeploy: UpdateService takes no task definition`);
  const definitions = definitionsIn(artifact(run, action, action.inputs[0] ?? ""), FileName);
  const inUse = cloud.revisions.get(service.revision);
  if (!inUse) throw new ActionFailed(`${service.revision} is not there`);
  const names = inUse.containers.map(({ name }) => textOf(name) ?? "");
  for (const { name, image } of definitions) {
    if (!names.includes(name))
      throw new ActionFailed(
        `${FileName} names container "${name}", which the task definition does not have (it has ${names.join(", ")})`,
      );
    if (imageName(image).digest === undefined)
      cloud.timeline.add(where, `${image} is given by its tag, not by digest`, "note");
  }
  const images = new Map(definitions.map(({ name, image }) => [name, image]));
  const containers = inUse.containers.map((container) => ({
    ...container,
    image: images.get(textOf(container.name) ?? "") ?? container.image,
  }));
  const revision = cloud.revisions.register(familyOf(inUse.arn), containers, inUse.settings);
  cloud.timeline.add(where, `registers ${shortRevision(revision.arn)} and tells ${service.name} to run it`);
  const deployment = startEcsDeployment(cloud, service, revision);
  const until = cloud.clock.now + Number(DeploymentTimeout) * 60;
  while (service.underWay !== undefined && cloud.clock.now < until) await cloud.clock.sleep(LOOK_SECONDS);
  if (service.underWay !== undefined)
    throw new ActionFailed(`the service was not stable within ${DeploymentTimeout} minutes`);
  if (deployment.status !== "SUCCESSFUL") {
    cloud.timeline.add(
      where,
      `sees a steady service and ends well, although the deployment is ${deployment.status}: the step after it must notice`,
      "note",
    );
  }
  return { good: true };
}

/** A service that no stack here has: the other side is not rehearsed. */
function elsewhere(run: Run, { outputs }: Action, where: string, what: string): Acted {
  run.cloud.timeline.add(where, `${what} is in no stack here: taken to work`, "note");
  return { good: true, outputs: Object.fromEntries(outputs.map((output) => [output, new TextArtifact({})])) };
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html */
async function deployByCodeDeploy(run: Run, action: Action, where: string): Promise<Acted> {
  const { cloud, stack } = run;
  const { configuration: given } = action;
  const service = serviceOfGroup(cloud, given.ApplicationName ?? "", given.DeploymentGroupName ?? "");
  demandForAction(run, service?.stack.graph ?? stack.graph, action, where);
  if (!service) return elsewhere(run, action, where, `deployment group ${given.DeploymentGroupName ?? ""}`);
  const from = (key: string) => {
    const found = artifact(run, action, given[key] ?? "");
    if (found.bytes > CODE_DEPLOY_BYTES) throw new ActionFailed(`artifact ${given[key] ?? ""} has more than 3 MB`);
    return found;
  };
  const taskDefinition = textIn(
    from("TaskDefinitionTemplateArtifact"),
    given.TaskDefinitionTemplatePath ?? "taskdef.json",
  );
  const appspec = textIn(from("AppSpecTemplateArtifact"), given.AppSpecTemplatePath ?? "appspec.yaml");
  if (!appspec.includes("<TASK_DEFINITION>"))
    throw new ActionFailed("appspec.yaml has no <TASK_DEFINITION>: an old version would be deployed");
  const images = [1, 2, 3, 4].flatMap((index) => {
    const name = given[`Image${index}ContainerName`];
    return name === undefined ? [] : [[`<${name}>`, detailIn(from(`Image${index}ArtifactName`))] as const];
  });
  for (const [placeholder] of images) {
    if (!taskDefinition.includes(placeholder))
      throw new ActionFailed(`taskdef.json has no ${placeholder}, which the action replaces`);
  }
  const filled = images.reduce((text, [placeholder, image]) => text.replaceAll(placeholder, image), taskDefinition);
  const definition = mapOf(parsed(filled, "taskdef.json"));
  const containers = containersIn(JSON.stringify(definition.containerDefinitions ?? []));
  const family = textOf(definition.family);
  if (family === undefined || containers.length === 0)
    throw new ActionFailed("taskdef.json has no family or no containerDefinitions");
  const spec = targetIn(appspec);
  const [balancer] = balancersOf(service.resource);
  const { ContainerName, ContainerPort } = mapOf(spec.LoadBalancerInfo);
  if (balancer && !containers.some(({ name }) => name === textOf(ContainerName))) {
    throw new ActionFailed(
      `appspec.yaml names container "${textOf(ContainerName) ?? ""}", which taskdef.json does not have`,
    );
  }
  if (balancer && numberOf(ContainerPort) === undefined) throw new ActionFailed("appspec.yaml has no ContainerPort");
  const revision = cloud.revisions.register(
    arnIn(service.stack.place, "ecs", `task-definition/${family}`),
    containers,
    definition,
  );
  const deployment = startCodeDeployment(cloud, service, revision, hooksIn(yaml(appspec)));
  cloud.timeline.add(where, `registers ${shortRevision(revision.arn)} and starts deployment ${deployment.id}`);
  const running = () => codeDeployments(cloud).some((one) => one.service === service && one.status === "InProgress");
  while (running()) await cloud.clock.sleep(LOOK_SECONDS);
  return deployment.status === "Succeeded"
    ? { good: true }
    : { good: false, why: `deployment ${deployment.id} ended with ${deployment.status}: ${deployment.message}` };
}

function textIn(artifact: PlayedArtifact, path: string): string {
  const text = artifact.read(path);
  if (text === undefined) throw new ActionFailed(`the artifact has no ${path}`);
  return text;
}

function yaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new ActionFailed(`appspec.yaml is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function targetIn(appspec: string): Values {
  const [resource] = mapsOf(mapOf(yaml(appspec)).Resources);
  const [target] = Object.values(mapOf(resource));
  return mapOf(mapOf(target).Properties);
}
