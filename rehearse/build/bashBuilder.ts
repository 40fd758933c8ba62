import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../model/delivery/awsError";
import type { PlayedCloud } from "../../model/delivery/cloud";
import { callApi } from "../../model/delivery/operations";
import { readParameter, readSecret } from "../../model/delivery/pipeline/actions";
import type { PlayedArtifact } from "../../model/delivery/pipeline/artifact";
import type { Builder, BuildRequest, BuildResult } from "../../model/delivery/pipeline/builder";
import { GUESSES } from "../../model/environment/guesses";
import { mapOf, textOf } from "../../model/graph/read";
import { roleCaller } from "../../model/permissions/evaluate/request";
import { printAnswer, readAwsCommand } from "./awsCommand";
import { BuildspecError, type ReadBuildspec, readBuildspec } from "./buildspec";
import { CallServer, type Reply, type StandInCall } from "./callServer";
import { DockerEngine } from "./dockerCommand";
import { driverFor, isLeftOut, type OwnersRun, ownersIn, type Places } from "./driver";
import { FolderArtifact, pack, unpack } from "./folderArtifact";

/** Commands with stand-ins: none of them reaches the network, or the settings of whoever rehearses. */
const STAND_INS = ["aws", "docker", "date", "sleep"];

/** What builds work with. */
export interface BuilderOptions {
  readonly cloud: PlayedCloud;
  /** Folder with the source, as a commit has it. */
  readonly source: string;
  /** Whose commands are run besides this program's own. */
  readonly runs: OwnersRun;
  readonly startsAt: Date;
}

/** Runs buildspecs with bash, on this machine, against the AWS of the rehearsal. */
export class BashBuilder implements Builder {
  private readonly root = mkdtempSync(join(tmpdir(), "rehearse-"));
  private readonly running = new Set<ChildProcess>();
  private builds = 0;

  constructor(private readonly options: BuilderOptions) {}

  source(): PlayedArtifact {
    return new FolderArtifact(this.options.source);
  }

  /** Takes away everything that a rehearsal has left: folders and processes. */
  close(): void {
    for (const child of this.running) kill(child);
    rmSync(this.root, { recursive: true, force: true });
  }

  async run(request: BuildRequest): Promise<BuildResult> {
    this.builds += 1;
    const root = join(this.root, String(this.builds));
    const failed = (line: string): BuildResult => ({ succeeded: false, log: [line], exported: {}, outputs: {} });
    try {
      const spec = this.prepare(root, request);
      return await this.runIn(root, request, spec);
    } catch (error) {
      if (error instanceof BuildspecError || error instanceof AwsError) return failed(error.message);
      throw error;
    }
  }

  /** Unpacks the inputs, and reads the buildspec: the project's text, or a file of the source. */
  private prepare(root: string, { inputs, project }: BuildRequest): ReadBuildspec {
    inputs.forEach(([name, artifact], index) => {
      unpack(artifact, index === 0 ? join(root, "src") : join(root, "inputs", name));
    });
    for (const folder of ["src", "bin", "home", "calls", "outputs"]) mkdirSync(join(root, folder), { recursive: true });
    const given = textOf(mapOf(project.inputs.source).buildspec) ?? "buildspec.yml";
    if (/^\s*[{#]|\n/.test(given)) return readBuildspec(given, false);
    const file = join(root, "src", given);
    if (!existsSync(file))
      throw new BuildspecError(`YAML_FILE_ERROR: stat ${given}: no such file or directory in the source`);
    return readBuildspec(readFileSync(file, "utf8"), true);
  }

  private async runIn(root: string, request: BuildRequest, spec: ReadBuildspec): Promise<BuildResult> {
    const { cloud, runs } = this.options;
    const places: Places = { source: join(root, "src"), log: join(root, "log"), env: join(root, "env") };
    for (const name of STAND_INS) {
      copyFileSync(join(__dirname, "standIn.sh"), join(root, "bin", name));
      chmodSync(join(root, "bin", name), 0o755);
    }
    const owners = ownersIn(spec);
    if (owners.length > 0) await cloud.clock.sleep(GUESSES.tests);
    const step = request.action.name;
    if (owners.length > 0 && cloud.faults.take(step, "fails")) return failedTests(step);
    if (owners.includes("file") && isLeftOut("file", runs)) {
      const given = textOf(mapOf(request.project.inputs.source).buildspec) ?? "";
      throw new BuildspecError(`${given} is code of your repository, and is not run without --run-commands`);
    }
    const status = await this.bash(root, request, driverFor(spec, places, runs), this.environment(root, request, spec));
    const log = existsSync(places.log) ? readFileSync(places.log, "utf8").trimEnd().split("\n") : [];
    const exported = exportedFrom(places.env, spec.exported);
    if (status !== 0) {
      const told = status === 143 ? [...log, "ERROR: the build was stopped"] : log;
      return { succeeded: false, log: told, exported, outputs: {} };
    }
    return this.outputsOf(root, request, spec, { log, exported });
  }

  private outputsOf(
    root: string,
    { action }: BuildRequest,
    { artifacts, secondary }: ReadBuildspec,
    done: Pick<BuildResult, "log" | "exported">,
  ): BuildResult {
    const outputs: Record<string, PlayedArtifact> = {};
    const [primary] = action.outputs;
    const wanted =
      artifacts && primary !== undefined && Object.keys(secondary).length === 0 ? { [primary]: artifacts } : secondary;
    for (const [name, one] of Object.entries(wanted)) {
      const folder = join(root, "outputs", name);
      const missing = pack(join(root, "src"), one, folder);
      if (missing.length > 0) {
        return {
          succeeded: false,
          log: [...done.log, `CLIENT_ERROR: no matching artifact paths found: ${missing.join(", ")}`],
          exported: done.exported,
          outputs: {},
        };
      }
      outputs[name] = new FolderArtifact(folder);
    }
    return { succeeded: true, ...done, outputs };
  }

  /** A clean environment: nothing of whoever rehearses but the way to programs. */
  private environment(root: string, request: BuildRequest, spec: ReadBuildspec): Record<string, string> {
    const { roleArn, region, where, inputs, revision, project, pipeline } = request;
    const { cloud } = this.options;
    const call = { cloud, caller: roleCaller(roleArn), region, where };
    const name = textOf(project.inputs.name) ?? "";
    const filled = (names: Readonly<Record<string, string>>, read: (name: string) => string) =>
      Object.fromEntries(Object.entries(names).map(([key, value]) => [key, read(value)]));
    return {
      PATH: `${join(root, "bin")}:${process.env.PATH ?? ""}`,
      HOME: join(root, "home"),
      TMPDIR: join(root, "home"),
      LANG: "C.UTF-8",
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      CODEBUILD_SRC_DIR: join(root, "src"),
      CODEBUILD_BUILD_ID: `${name}:0a1b2c3`,
      CODEBUILD_BUILD_ARN: `arn:aws:codebuild:${region}:${call.caller.account}:build/${name}:0a1b2c3`,
      CODEBUILD_BUILD_NUMBER: String(this.builds),
      CODEBUILD_INITIATOR: `codepipeline/${pipeline}`,
      CODEBUILD_RESOLVED_SOURCE_VERSION: revision,
      CODEBUILD_SOURCE_VERSION: revision,
      ...Object.fromEntries(
        inputs.slice(1).map(([artifact]) => [`CODEBUILD_SRC_DIR_${artifact}`, join(root, "inputs", artifact)]),
      ),
      ...spec.variables,
      ...filled(spec.parameters, (parameter) => readParameter(call, parameter)),
      ...filled(spec.secrets, (secret) => readSecret(call, secret)),
      ...request.env,
    };
  }

  private async bash(
    root: string,
    request: BuildRequest,
    program: string,
    env: Record<string, string>,
  ): Promise<number> {
    const { cloud } = this.options;
    const engine = new DockerEngine(
      cloud,
      machineOf(request),
      mapOf(request.project.inputs.environment).privilegedMode === true,
    );
    const children: ChildProcess[] = [];
    let failure: Error | undefined;
    const stop = () => children.forEach(kill);
    // It listens before anything can call.
    const server = new CallServer(
      join(root, "calls"),
      (call) => this.answer(call, request, engine, stop),
      (error) => {
        failure = error instanceof Error ? error : new Error("a stand-in could not answer");
        stop();
      },
    );
    const child = spawn("bash", ["-c", program], { cwd: join(root, "src"), env, stdio: "ignore", detached: true });
    children.push(child);
    this.running.add(child);
    try {
      const status = await new Promise<number>((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code) => resolve(code ?? 143));
      });
      if (failure !== undefined) throw failure;
      return status;
    } finally {
      server.close();
      this.running.delete(child);
    }
  }

  private async answer(
    call: StandInCall,
    request: BuildRequest,
    engine: DockerEngine,
    stop: () => void,
  ): Promise<Reply> {
    const { cloud, startsAt } = this.options;
    const { action } = request;
    if (call.command === "sleep") {
      await cloud.clock.sleep(Number(call.argv[0] ?? 0));
      return { status: 0 };
    }
    if (call.command === "date")
      return { status: 0, out: `${dateText(new Date(startsAt.getTime() + cloud.clock.now * 1000), call.argv)}\n` };
    const text = `${call.command} ${call.argv.join(" ")}`;
    const refused = cloud.faults.takeWhere(
      action.name,
      (how) => how.startsWith("refused:") && text.startsWith(how.slice(8)),
    );
    if (refused !== undefined) return refusal(call, "AccessDeniedException", "not authorized (asked for)");
    if (call.command === "aws" && cloud.faults.take(action.name, "throttled"))
      return refusal(call, "ThrottlingException", "Rate exceeded");
    if (cloud.faults.take(action.name, "stopped")) {
      stop();
      return { status: 143 };
    }
    const caller = callerOf(call, request, cloud);
    if ("refused" in caller) return refusal(call, "AccessDenied", caller.refused);
    if (call.command === "docker") return engine.run(call, caller, request.where);
    return awsAnswer(cloud, call, caller, request);
  }
}

function failedTests(step: string): BuildResult {
  return { succeeded: false, log: [`the commands of ${step} fail (asked for)`], exported: {}, outputs: {} };
}

/** The role that a call is made in: the build's, or one that a profile names and the build's may take. */
function callerOf(
  call: StandInCall,
  { roleArn, where }: BuildRequest,
  cloud: PlayedCloud,
): { arn: string; account: string } | { refused: string } {
  const own = roleCaller(roleArn);
  if (call.profile === "" || call.command !== "aws") return own;
  const config = existsSync(call.configFile) ? readFileSync(call.configFile, "utf8") : "";
  const section = config.split(/^\[/m).find((one) => one.startsWith(`profile ${call.profile}]`)) ?? "";
  const role = /^role_arn = (.+)$/m.exec(section)?.[1];
  if (role === undefined) return { refused: `The config profile (${call.profile}) could not be found` };
  try {
    cloud.demand({ caller: own, action: "sts:AssumeRole", resource: role }, where);
  } catch (error) {
    if (error instanceof AwsError) return { refused: error.message };
    throw error;
  }
  return roleCaller(role);
}

function awsAnswer(
  cloud: PlayedCloud,
  call: StandInCall,
  caller: { arn: string; account: string },
  { region, where }: BuildRequest,
): Reply {
  const command = readAwsCommand(call.argv);
  const isLogin = command.service === "ecr" && command.operation === "GetLoginPassword";
  const operation = isLogin ? "GetAuthorizationToken" : command.operation;
  try {
    const answer = callApi(cloud, {
      service: command.service,
      operation,
      input: command.input,
      caller,
      region: command.region ?? (call.region || region),
      where,
    });
    return { status: 0, out: isLogin ? "a password for an hour\n" : printAnswer(answer, command) };
  } catch (error) {
    if (error instanceof AwsError) return refusal(call, error.code, error.message);
    throw error;
  }
}

/** An error as the AWS command line prints it. */
function refusal({ command, argv }: StandInCall, code: string, message: string): Reply {
  if (command === "docker") return { status: 1, err: `denied: ${message}\n` };
  const { operation } = readAwsCommand(argv);
  return { status: 254, err: `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n` };
}

/** CPU architecture of the machine that a project builds on. */
function machineOf({ project }: BuildRequest): string {
  const type = textOf(mapOf(project.inputs.environment).type) ?? "";
  return type.startsWith("ARM") ? "ARM64" : "X86_64";
}

/** What `date` prints; of its formats those of years to seconds. */
function dateText(date: Date, argv: readonly string[]): string {
  const format = argv.find((word) => word.startsWith("+"))?.slice(1) ?? "%Y-%m-%dT%H:%M:%SZ";
  const iso = date.toISOString();
  const parts: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    s: String(Math.floor(date.getTime() / 1000)),
    Z: "UTC",
    N: "000000000",
    "%": "%",
  };
  return format.replace(/%(.)/g, (whole, key: string) => parts[key] ?? whole);
}

function exportedFrom(file: string, names: readonly string[]): Record<string, string> {
  if (!existsSync(file)) return {};
  const pairs = readFileSync(file, "utf8")
    .split("\0")
    .map((entry): [string, string] => [entry.split("=", 1)[0] ?? "", entry.replace(/^[^=]*=/, "")]);
  return Object.fromEntries(pairs.filter(([name]) => names.includes(name)));
}

/** Ends a build with everything that it has started. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    child.kill("SIGTERM");
  }
}
