import { isRoutine } from "../../../components/service/stopCauses";
import { roleCaller } from "../../../model/permissions/evaluate/request";
import { GUESSES } from "../../environment/guesses";
import { architecturesOf } from "../../graph/architectures";
import { buildspecOf } from "../../graph/buildspec";
import { ECR_PULL, ECR_PUSH, ecrPlace, imageName, repositoryArn } from "../../graph/ecr";
import type { RecordedResource } from "../../graph/graph";
import { jsonOf, mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "../../graph/read";
import { pulls } from "../../permissions/scriptNeeds";
import { AwsError } from "../awsError";
import type { PlayedCloud } from "../cloud";
import { callApi } from "../operations";
import { type PlayedArtifact, TextArtifact } from "./artifact";
import type { Builder, BuildRequest, BuildResult } from "./builder";
import { type Api, isSigned, writePassportOnPaper, wrongOnPaper } from "./paperPassport";

/** A step of a build fails: what its log would say. */
class StepFailed extends Error {}

/** The name of a file that a deployment reads: what it is, and whose, where several services run the image. */
const DEPLOYMENT_FILE = /\b(imagedefinitions|taskdef|appspec)((?:-[a-z0-9]+)*)\.(?:json|yaml)/g;

/** Files of an output artifact. */
type Files = Record<string, string>;

/** What a build leaves. */
interface Left {
  readonly exported: Readonly<Record<string, string>>;
  readonly files: Files;
}

/**
 * Builds on paper: every generated script as its calls, without a shell, for searches that play a delivery thousands of
 * times. A test holds the calls of each against those of the script.
 */
export class PaperBuilder implements Builder {
  constructor(
    private readonly cloud: PlayedCloud,
    private readonly files: PlayedArtifact = new TextArtifact({}),
  ) {}

  source(): PlayedArtifact {
    return this.files;
  }

  async run(request: BuildRequest): Promise<BuildResult> {
    const { project, action } = request;
    const text = buildspecOf(project);
    const env = { ...variablesOf(project), ...request.env };
    try {
      const { exported, files } = await this.perform(text, env, request);
      const outputs = Object.fromEntries(action.outputs.map((output) => [output, new TextArtifact({ ...files })]));
      return { succeeded: true, log: [], exported, outputs };
    } catch (error) {
      if (!(error instanceof StepFailed) && !(error instanceof AwsError)) throw error;
      return { succeeded: false, log: [`ERROR: ${error.message}`], exported: {}, outputs: {} };
    }
  }

  private async perform(text: string, env: Readonly<Record<string, string>>, request: BuildRequest): Promise<Left> {
    const [[, artifact] = []] = request.inputs;
    const api = this.apiOf(request, env);
    if (text.includes("\\nconfirm_delivery")) return this.confirm(env, artifact, request, api);
    if (text.includes("\\nrun_before_deployment")) return this.runBefore(env, artifact, api);
    if (text.includes("\\npromote_image")) return this.promote(env, text, request, api);
    if (text.includes("\\nrecord_passed")) return this.recordPassed(env, request, api);
    if (text.includes("\\nscan_gate")) return this.scan(env, api);
    if (text.includes("\\ntake_image")) return this.leave(env, text, detailIn(artifact), api, request);
    if (text.includes("\\nresolve_image")) return this.resolve(env, text, request, api);
    if (text.includes("\\nprovide_image")) return this.build(env, text, request, api);
    await this.cloud.clock.sleep(GUESSES.tests);
    // A buildspec of the repository's own: it pushes what the commit is, and says so.
    return text.startsWith("{") ? { exported: {}, files: {} } : this.build(env, "imagedefinitions.json", request, api);
  }

  /** Calls in the build's own role, whatever role it acts in. */
  private ownApi({ roleArn, region, where }: BuildRequest): Api {
    return (service, operation, input) => {
      const place = textOf(input.region) ?? region;
      return callApi(this.cloud, { service, operation, input, caller: roleCaller(roleArn), region: place, where });
    };
  }

  private apiOf({ roleArn, region, where }: BuildRequest, env: Readonly<Record<string, string>>): Api {
    const own = roleCaller(roleArn);
    const target = env.TARGET_ROLE_ARN;
    return (service, operation, input) => {
      if (target !== undefined) this.cloud.demand({ caller: own, action: "sts:AssumeRole", resource: target }, where);
      const caller = target === undefined ? own : roleCaller(target);
      const place = textOf(input.region) ?? (target === undefined ? region : (env.TARGET_REGION ?? region));
      return callApi(this.cloud, { service, operation, input, caller, region: place, where });
    };
  }

  private async build(
    env: Readonly<Record<string, string>>,
    text: string,
    request: BuildRequest,
    api: Api,
  ): Promise<Left> {
    const { registry, clock } = this.cloud;
    const { revision, project } = request;
    const repository = env.IMAGE_REPOSITORY_URI ?? "";
    const tag = (env.SOURCE_REVISION ?? "") || revision;
    if (!registry.tagged(repository, tag)) {
      this.push(repository, request, api, pulls({ env }));
      await clock.sleep(GUESSES.build);
      const own = (textOf(mapOf(project.inputs.environment).type) ?? "").startsWith("ARM") ? "ARM64" : "X86_64";
      const architecture = architecturesOf(env.BUILD_PLATFORMS) ?? own;
      const digest = registry.newDigest(`${repository}:${tag}`);
      await clock.sleep(GUESSES.push);
      registry.put(repository, { digest, architecture }, tag, clock.now);
    }
    const digest = registry.tagged(repository, tag)?.digest ?? "";
    return this.leave(env, text, `${repository}@${digest}`, api, request);
  }

  /** What asking for a tag, logging in, taking the newest image as a cache and pushing call in ECR. */
  private push(repository: string, { roleArn, where }: BuildRequest, api: Api, pulled: boolean): void {
    const resource = repositoryArn(repository);
    if (resource === undefined) return;
    api("ecr", "GetAuthorizationToken", {});
    const caller = roleCaller(roleArn);
    const verbs = [
      "DescribeImages",
      ...(pulled && this.cloud.registry.images(repository).length > 0 ? ECR_PULL : []),
      ...ECR_PUSH,
    ];
    for (const verb of verbs) this.cloud.demand({ caller, action: `ecr:${verb}`, resource }, where);
  }

  /** The files that a build leaves for the deploy action. */
  private leave(
    env: Readonly<Record<string, string>>,
    text: string,
    image: string,
    api: Api,
    { inputs }: Pick<BuildRequest, "inputs">,
  ): Left {
    const file = (path: string, name: string | undefined) => {
      if (name !== undefined) return textOf(mapOf(api("ssm", "GetParameter", { name }).Parameter).Value) ?? "";
      const places = [path, `${env.SERVICE_FOLDER ?? "."}/${path}`];
      const [found = ""] = inputs.flatMap(([, artifact]) => places.flatMap((one) => artifact.read(one) ?? []));
      return found;
    };
    const files: Files = {};
    if (text.includes("imageDetail.json")) files["imageDetail.json"] = JSON.stringify({ ImageURI: image });
    // Of each service that runs the image, told apart by its name: imagedefinitions-worker.json, CONTAINER_NAME_worker.
    for (const [path, beginning, suffix = ""] of text.matchAll(DEPLOYMENT_FILE)) {
      const variable = (name: string) => env[name + suffix.replace(/-/g, "_")];
      if (beginning === "imagedefinitions")
        files[path] = JSON.stringify(
          [variable("CONTAINER_NAME"), ...(variable("FURTHER_CONTAINERS") ?? "").split(" ").filter(Boolean)].map(
            (name) => ({ name, imageUri: image }),
          ),
        );
      if (beginning === "taskdef") files[path] = file(path, variable("TASK_DEFINITION_PARAMETER"));
      if (beginning === "appspec") files[path] = file(path, variable("APPSPEC_PARAMETER"));
    }
    const { digest = "" } = imageName(image);
    return { exported: { IMAGE_URI: image, IMAGE_TAG: "", IMAGE_DIGEST: digest }, files };
  }

  private resolve(env: Readonly<Record<string, string>>, text: string, request: BuildRequest, api: Api): Left {
    const image = wantedIn(env, request.inputs[0]?.[1]);
    const { repository, tag, digest } = imageName(image);
    const found = digest ?? this.cloud.registry.tagged(repository, tag ?? "")?.digest;
    if (found === undefined) throw new StepFailed(`${image} is not in its repository`);
    return this.leave(env, text, `${repository}@${found}`, api, request);
  }

  private async promote(
    env: Readonly<Record<string, string>>,
    text: string,
    request: BuildRequest,
    api: Api,
  ): Promise<Left> {
    const { registry, clock } = this.cloud;
    const image = env.TESTED_IMAGE_URI ?? "";
    const { Parameters } = api("ssm", "GetParameterHistory", { name: env.PASSED_IMAGE_PARAMETER });
    const passed = mapsOf(Parameters).some(({ Value }) => textOf(Value)?.includes(`"image":"${image}"`));
    if (!passed) throw new StepFailed(`${image} has not passed its tests`);
    const { pipeline } = request;
    const wrong =
      (env.PASSPORT_STACK ?? "") === ""
        ? undefined
        : wrongOnPaper({ env, api, own: this.ownApi(request), pipeline }, image);
    if (wrong !== undefined) throw new StepFailed(wrong);
    const { repository, digest = "" } = imageName(image);
    const target = env.TARGET_REPOSITORY_URI ?? "";
    const found = registry.image(repository, digest);
    if (!found) throw new StepFailed(`${image} is no longer there`);
    const tag = `${env.RELEASE_TAG_PREFIX ?? ""}${env.COMMIT_ID ?? ""}`;
    const present = registry.tagged(target, tag);
    if (present && present.digest !== digest) throw new StepFailed(`${target}:${tag} is another image`);
    this.release(repository, target, request, api);
    if (!present) {
      // Layers that are there are not sent again.
      if (!registry.image(target, digest)) await clock.sleep(GUESSES.push);
      registry.put(target, found, tag, clock.now);
    }
    return this.leave(env, text, `${target}@${digest}`, api, request);
  }

  /** What a release calls in ECR: a tag within a repository, a copy between two. */
  private release(from: string, to: string, { roleArn, where }: BuildRequest, api: Api): void {
    const [source, target] = [repositoryArn(from), repositoryArn(to)];
    const caller = roleCaller(roleArn);
    const demand = (resource: string | undefined, verbs: readonly string[]) => {
      if (resource === undefined) return;
      for (const verb of verbs) this.cloud.demand({ caller, action: `ecr:${verb}`, resource }, where);
    };
    demand(target, ["DescribeImages"]);
    if (from === to) {
      demand(target, ["BatchGetImage", "PutImage"]);
      return;
    }
    if (source !== undefined || target !== undefined) api("ecr", "GetAuthorizationToken", {});
    demand(source, ECR_PULL);
    demand(target, ECR_PUSH);
  }

  private recordPassed(env: Readonly<Record<string, string>>, request: BuildRequest, api: Api): Left {
    const value = `{"image":"${env.IMAGE_URI ?? ""}","commit":"${env.COMMIT_ID ?? ""}","passedAt":""}`;
    const name = env.PASSED_IMAGE_PARAMETER ?? "";
    for (const delivered of (env.DELIVERED_IMAGE_PARAMETERS ?? "").split(" ").filter((one) => one !== "")) {
      const record = textOf(mapOf(api("ssm", "GetParameter", { name: delivered }).Parameter).Value) ?? "";
      if (!record.includes(`"image":"${env.IMAGE_URI ?? ""}"`))
        throw new StepFailed(`nothing vouches for ${env.IMAGE_URI ?? ""}: ${delivered} says ${record}`);
    }
    api("ssm", "PutParameter", { name, value, overwrite: true });
    const { pipeline } = request;
    if ((env.PASSPORT_STACK ?? "") !== "")
      writePassportOnPaper({ env, api, own: this.ownApi(request), pipeline }, name, "passed", env.IMAGE_URI ?? "");
    return { exported: {}, files: {} };
  }

  private scan(env: Readonly<Record<string, string>>, api: Api): Left {
    const { repository, digest } = imageName(env.IMAGE_URI ?? "");
    const place = ecrPlace(repository);
    const at = { registryId: place?.account, repositoryName: place?.name, region: place?.region };
    api("ecr", "BatchGetImage", { ...at, imageIds: [{ imageDigest: digest }] });
    const { imageScanFindings } = api("ecr", "DescribeImageScanFindings", { ...at, imageId: { imageDigest: digest } });
    const found = Object.keys(mapOf(mapOf(imageScanFindings).findingSeverityCounts));
    if (found.length > 0) throw new StepFailed(`findings above ${env.MAX_SEVERITY ?? ""}: ${found.join(", ")}`);
    return { exported: { SCAN_RESULT: "no findings" }, files: {} };
  }

  /** What `before-deployment.sh` does, call by call. */
  private async runBefore(
    env: Readonly<Record<string, string>>,
    artifact: PlayedArtifact | undefined,
    api: Api,
  ): Promise<Left> {
    const task = new TaskBefore(this.cloud, env, api);
    await task.run(wantedIn(env, artifact), artifact);
    return { exported: {}, files: {} };
  }

  /** What `confirm-delivery.sh` does, call by call. */
  private async confirm(
    env: Readonly<Record<string, string>>,
    artifact: PlayedArtifact | undefined,
    request: BuildRequest,
    api: Api,
  ): Promise<Left> {
    const wanted = wantedIn(env, artifact);
    const service = new ConfirmedService(this.cloud, env, wanted, api);
    try {
      await service.confirm();
    } catch (error) {
      if (error instanceof StepFailed || error instanceof AwsError) this.tell(env, error.message, request);
      throw error;
    }
    const record = env.DELIVERED_IMAGE_PARAMETER ?? "";
    if (record !== "" && (env.PASSPORT_STACK ?? "") !== "") this.passportOf(env, wanted, request, api);
    return { exported: {}, files: {} };
  }

  /** A topic that cannot be told changes nothing. */
  private tell({ TOPIC_ARN: topicArn = "" }: Readonly<Record<string, string>>, why: string, request: BuildRequest) {
    if (topicArn !== "") ifAwsLets(() => this.ownApi(request)("sns", "Publish", { topicArn, message: why }));
  }

  /** Without a key a passport that cannot be written is no reason to fail. */
  private passportOf(env: Readonly<Record<string, string>>, image: string, request: BuildRequest, api: Api): void {
    const { pipeline } = request;
    try {
      const build = { env, api, own: this.ownApi(request), pipeline };
      writePassportOnPaper(build, env.DELIVERED_IMAGE_PARAMETER ?? "", "delivered", image);
    } catch (error) {
      if (!(error instanceof AwsError) || isSigned(env)) throw error;
    }
  }
}

/** The task that runs before a deployment. */
class TaskBefore {
  private page: string | undefined;

  constructor(
    private readonly cloud: PlayedCloud,
    private readonly env: Readonly<Record<string, string>>,
    private readonly api: Api,
  ) {}

  async run(image: string, artifact: PlayedArtifact | undefined): Promise<void> {
    const definition = mapOf(jsonOf(this.template(artifact).replaceAll("<IMAGE1_NAME>", image)));
    const registered = this.api("ecs", "RegisterTaskDefinition", { ...definition, family: this.env.TASK_FAMILY });
    const taskDefinition = textOf(mapOf(registered.taskDefinition).taskDefinitionArn);
    try {
      const input = { ...mapOf(jsonOf(this.env.RUN_TASK)), taskDefinition };
      const [task] = mapsOf(this.api("ecs", "RunTask", input).tasks);
      if (!task) throw new StepFailed("ECS cannot start the task");
      await this.await(textOf(task.taskArn) ?? "");
    } finally {
      this.api("ecs", "DeregisterTaskDefinition", { taskDefinition });
    }
  }

  private template(artifact: PlayedArtifact | undefined): string {
    const name = this.env.TASK_DEFINITION_PARAMETER ?? "";
    if (name === "") return artifact?.read(this.env.TASK_DEFINITION_FILE ?? "taskdef.json") ?? "";
    return textOf(mapOf(this.api("ssm", "GetParameter", { name }).Parameter).Value) ?? "";
  }

  private async await(arn: string): Promise<void> {
    const seconds = numberOf(this.env.POLL_SECONDS) ?? 5;
    const { clock } = this.cloud;
    const deadline = clock.now + (numberOf(this.env.TIMEOUT_SECONDS) ?? 1800);
    for (;;) {
      const input = { cluster: this.env.CLUSTER_NAME, tasks: [arn] };
      const answer = await look(clock, seconds, () => this.api("ecs", "DescribeTasks", input));
      const [task = {}] = mapsOf(answer.tasks);
      if (task.lastStatus === "STOPPED") {
        await clock.sleep(seconds);
        this.readLog(arn);
        this.expectSuccess(task);
        return;
      }
      this.readLog(arn);
      if (clock.now >= deadline) {
        this.api("ecs", "StopTask", { cluster: this.env.CLUSTER_NAME, task: arn, reason: "it took too long" });
        throw new StepFailed("not ended in time");
      }
      await clock.sleep(seconds);
    }
  }

  private expectSuccess({ containers, stoppedReason }: Values): void {
    const own = mapsOf(containers).find(({ name }) => name === this.env.CONTAINER_NAME);
    if (own?.exitCode !== 0) throw new StepFailed(`the command failed: ${textOf(stoppedReason) ?? ""}`);
  }

  private readLog(arn: string): void {
    const logGroupName = this.env.LOG_GROUP ?? "";
    if (logGroupName === "") return;
    const name = this.env.CONTAINER_NAME ?? "";
    const logStreamName = `${name}/${name}/${arn.split("/").at(-1) ?? ""}`;
    const nextToken = this.page;
    this.page = textOf(this.api("logs", "GetLogEvents", { logGroupName, logStreamName, nextToken }).nextForwardToken);
  }
}

/** `look` of `look-again.sh`. */
async function look<T>(clock: PlayedCloud["clock"], seconds: number, made: () => T): Promise<T> {
  for (let left = 4; left > 0; left--) {
    try {
      return made();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
    await clock.sleep(seconds);
  }
  return made();
}

/** The service that a delivery is confirmed of. */
class ConfirmedService {
  private state: Values = {};
  private deployment: { readonly arn: string; readonly status: string } = { arn: "", status: "" };
  private oldDeployment: string | undefined;
  private startedFirst = false;
  private knownBad = false;

  constructor(
    private readonly cloud: PlayedCloud,
    private readonly env: Readonly<Record<string, string>>,
    private readonly wanted: string,
    private readonly api: Api,
  ) {}

  async confirm(): Promise<void> {
    await this.look(() => this.read());
    try {
      if (this.codeDeploy) await this.refuseOtherTaskSet();
      await this.startFirst();
      await this.await();
      await this.expectWanted();
    } catch (error) {
      await this.cleanUp();
      throw error;
    }
    this.protect();
    await this.look(() => this.record());
  }

  private look<T>(made: () => T): Promise<T> {
    return look(this.cloud.clock, numberOf(this.env.POLL_SECONDS) ?? 10, made);
  }

  private get place(): Values {
    return { cluster: this.env.CLUSTER_NAME, service: this.env.SERVICE_NAME };
  }

  private get codeDeploy(): boolean {
    return textOf(mapOf(this.state.deploymentController).type) === "CODE_DEPLOY";
  }

  private get primary(): Values {
    const sets = mapsOf(this.codeDeploy ? this.state.taskSets : this.state.deployments);
    return sets.find(({ status }) => status === "PRIMARY") ?? {};
  }

  private read(): void {
    const { services } = this.api("ecs", "DescribeServices", { ...this.place, services: [this.env.SERVICE_NAME] });
    const [state] = mapsOf(services);
    if (!state) throw new StepFailed(`there is no service ${this.env.SERVICE_NAME ?? ""}`);
    this.state = state;
  }

  private readDeployment(): void {
    this.deployment = { arn: "", status: "" };
    if (this.codeDeploy) return;
    const { serviceDeployments } = this.api("ecs", "ListServiceDeployments", this.place);
    const newest = [...mapsOf(serviceDeployments)]
      .sort((one, other) => (numberOf(one.createdAt) ?? 0) - (numberOf(other.createdAt) ?? 0))
      .at(-1);
    if (!newest) return;
    const arn = textOf(newest.serviceDeploymentArn) ?? "";
    this.deployment = { arn, status: arn === this.oldDeployment ? "PENDING" : (textOf(newest.status) ?? "") };
  }

  private imageOf(revision: unknown): string {
    const { taskDefinition } = this.api("ecs", "DescribeTaskDefinition", { taskDefinition: revision });
    const containers = mapsOf(mapOf(taskDefinition).containerDefinitions);
    return textOf(containers.find(({ name }) => name === this.env.CONTAINER_NAME)?.image) ?? "None";
  }

  private async expectWanted(): Promise<void> {
    const image = await this.look(() => this.imageOf(this.primary.taskDefinition));
    if (image === this.wanted) return;
    this.knownBad = true;
    throw new StepFailed(`rolled back: the service runs ${image}, wanted was ${this.wanted}`);
  }

  private async refuseOtherTaskSet(): Promise<void> {
    const { clock } = this.cloud;
    const deadline = clock.now + (numberOf(this.env.TIMEOUT_SECONDS) ?? 1800);
    while ((await this.look(() => this.imageOf(this.primary.taskDefinition))) !== this.wanted) {
      const isBeside = await this.look(() => this.readBeside());
      if (!isBeside) {
        await this.look(() => this.read());
        await this.expectWanted();
        return;
      }
      if (clock.now >= deadline) throw new StepFailed("CodeDeploy has not ended in time");
      await clock.sleep(numberOf(this.env.POLL_SECONDS) ?? 10);
      await this.look(() => this.read());
    }
  }

  /** Whether a task set with the wanted image stands beside the one that serves. */
  private readBeside(): boolean {
    const { services } = this.api("ecs", "DescribeServices", { ...this.place, services: [this.env.SERVICE_NAME] });
    const others = mapsOf(mapsOf(services)[0]?.taskSets).filter(({ status }) => status !== "PRIMARY");
    return others.filter(({ taskDefinition }) => this.imageOf(taskDefinition) === this.wanted).length > 0;
  }

  private async startFirst(): Promise<void> {
    const count = numberOf(this.env.DESIRED_COUNT) ?? 0;
    if (numberOf(this.state.desiredCount) !== 0 || count === 0) return;
    if (this.env.LOOKS_AGAIN === "yes") throw new StepFailed("the first delivery has no tasks");
    await this.expectWanted();
    await this.look(() => this.readDeployment());
    this.oldDeployment = this.deployment.arn;
    this.startedFirst = true;
    const force = this.codeDeploy ? undefined : true;
    this.api("ecs", "UpdateService", { ...this.place, desiredCount: count, forceNewDeployment: force });
  }

  private async await(): Promise<void> {
    const { clock } = this.cloud;
    const timeout = numberOf(this.env.TIMEOUT_SECONDS) ?? 1800;
    let deadline = clock.now + timeout;
    let isLate = false;
    for (;;) {
      await this.look(() => this.read());
      await this.look(() => this.readDeployment());
      if (this.hasSettled()) return;
      if (["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"].includes(this.deployment.status)) {
        this.knownBad = true;
        throw new StepFailed(`the deployment ended with ${this.deployment.status}`);
      }
      if (this.primary.rolloutState === "FAILED") throw new StepFailed("the deployment failed");
      if (clock.now >= deadline) {
        if (isLate || !this.stop()) throw new StepFailed("not settled in time");
        isLate = true;
        deadline = clock.now + timeout;
      }
      await clock.sleep(numberOf(this.env.POLL_SECONDS) ?? 10);
    }
  }

  /** Whether the deployment is stopped: nothing else goes back after a workflow. */
  private stop(): boolean {
    const { arn, status } = this.deployment;
    if (this.env.STOP_DEPLOYMENT !== "yes" || status !== "IN_PROGRESS") return false;
    this.api("ecs", "StopServiceDeployment", { serviceDeploymentArn: arn, stopType: "ROLLBACK" });
    return true;
  }

  private hasSettled(): boolean {
    const { rolloutState, stabilityStatus, computedDesiredCount, desiredCount, runningCount } = this.primary;
    const state = textOf(rolloutState ?? stabilityStatus);
    if (state !== "COMPLETED" && state !== "STEADY_STATE") return false;
    const desired = numberOf(computedDesiredCount ?? desiredCount) ?? 0;
    if (numberOf(runningCount) !== desired) return false;
    if (desired === 0 && numberOf(this.env.DESIRED_COUNT) !== 0) return false;
    const rolling = (textOf(mapOf(this.state.deploymentConfiguration).strategy) ?? "ROLLING") === "ROLLING";
    return this.codeDeploy || this.deployment.status === "SUCCESSFUL" || (rolling && this.deployment.status === "");
  }

  private protect(): void {
    const prefix = this.env.RELEASED_TAG_PREFIX ?? "";
    const { repository, digest = "" } = imageName(this.wanted);
    const place = ecrPlace(repository);
    if (prefix === "" || !place) return;
    const at = { registryId: place.account, repositoryName: place.name, region: place.region };
    this.api("ecr", "BatchGetImage", { ...at, imageIds: [{ imageDigest: digest }] });
    try {
      this.api("ecr", "PutImage", { ...at, imageTag: `${prefix}${digest.slice(7, 19)}`, imageDigest: digest });
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "ImageAlreadyExistsException") throw error;
    }
  }

  private record(): void {
    const name = this.env.DELIVERED_IMAGE_PARAMETER ?? "";
    if (name === "") return;
    this.read();
    const image = this.imageOf(this.primary.taskDefinition);
    this.api("ssm", "GetParameter", { name });
    if (image !== this.wanted) throw new StepFailed(`the service has gone on to ${image}`);
    const value = JSON.stringify({ image: this.wanted, commit: this.env.COMMIT_ID ?? "", deliveredAt: "" });
    this.api("ssm", "PutParameter", { name, value, overwrite: true });
  }

  private async cleanUp(): Promise<void> {
    await this.look(() => this.read());
    ifAwsLets(() => {
      this.explain();
    });
    if (!this.codeDeploy) this.deregister();
    const { rolloutState, runningCount } = this.primary;
    const mayBeWell = !this.knownBad && rolloutState !== "FAILED" && numberOf(runningCount) !== 0;
    if (this.startedFirst && !mayBeWell) this.api("ecs", "UpdateService", { ...this.place, desiredCount: 0 });
  }

  /** Why tasks stopped, and what the first of them wrote last. */
  private explain(): void {
    const { cluster } = this.place;
    const { SERVICE_NAME: serviceName } = this.env;
    const { taskArns } = this.api("ecs", "ListTasks", { cluster, serviceName, desiredStatus: "STOPPED" });
    if (textsOf(taskArns).length === 0) return;
    const { tasks } = this.api("ecs", "DescribeTasks", { cluster, tasks: taskArns });
    const stopped = mapsOf(tasks).find(
      ({ stoppedReason, containers }) =>
        mapsOf(containers).some(({ image }) => image === this.wanted) && !isRoutine(textOf(stoppedReason) ?? ""),
    );
    const ran = mapsOf(stopped?.containers).find(({ exitCode }) => exitCode !== undefined);
    if (!stopped || !ran) return;
    const answer = this.api("ecs", "DescribeTaskDefinition", { taskDefinition: stopped.taskDefinitionArn });
    const of = mapsOf(mapOf(answer.taskDefinition).containerDefinitions).find(({ name }) => name === ran.name);
    const { logDriver, options } = mapOf(of?.logConfiguration);
    const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix } = mapOf(options);
    if (logDriver !== "awslogs" || prefix === undefined) return;
    const id = (textOf(stopped.taskArn) ?? "").split("/").at(-1) ?? "";
    const logStreamName = `${textOf(prefix) ?? ""}/${textOf(ran.name) ?? ""}/${id}`;
    this.api("logs", "GetLogEvents", { logGroupName, logStreamName });
  }

  private deregister(): void {
    const used = textOf(this.primary.taskDefinition) ?? "";
    const familyPrefix = (used.split("/").at(-1) ?? "").replace(/:\d+$/, "");
    const { taskDefinitionArns } = this.api("ecs", "ListTaskDefinitions", {
      familyPrefix,
      sort: "DESC",
      maxResults: 1,
    });
    const [newest] = textsOf(taskDefinitionArns);
    if (newest === undefined || this.imageOf(newest) !== this.wanted || newest === used) return;
    this.api("ecs", "DeregisterTaskDefinition", { taskDefinition: newest });
  }
}

/** Does what may fail without changing what becomes of a build. */
function ifAwsLets(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

/** The image that the build's file gives the container. */
function wantedIn(env: Readonly<Record<string, string>>, artifact: PlayedArtifact | undefined): string {
  const path = env.IMAGE_DEFINITIONS ?? "imagedefinitions.json";
  const definitions = artifact?.read(path);
  if (definitions === undefined) return detailIn(artifact);
  const entry = mapsOf(jsonOf(definitions)).find(({ name }) => name === env.CONTAINER_NAME);
  const image = textOf(entry?.imageUri);
  if (image === undefined) throw new StepFailed(`${path} names no image for container ${env.CONTAINER_NAME ?? ""}`);
  return image;
}

function detailIn(artifact: PlayedArtifact | undefined): string {
  const image = textOf(mapOf(jsonOf(artifact?.read("imageDetail.json"))).ImageURI);
  if (image === undefined) throw new StepFailed("the build left neither imagedefinitions.json nor imageDetail.json");
  return image;
}

/** Variables that the buildspec itself gives. */
function variablesOf(project: RecordedResource): Readonly<Record<string, string>> {
  const spec = mapOf(jsonOf(mapOf(project.inputs.source).buildspec));
  const variables = Object.entries(mapOf(mapOf(spec.env).variables));
  return Object.fromEntries(variables.map(([name, value]) => [name, textOf(value) ?? ""]));
}
