import assert from "node:assert/strict";
import type { DocumentStatement, Graph } from "./graph";
import { admitted, allows, type Caller, type DocumentedNeed, like, neededBy, onRepository } from "./iam";
import { type DeclaredAction, parsedVariables, type Variable } from "./pipelineActions";
import { at, documentStatements, textAt } from "./read";
import { Registries } from "./registries";
import { RunningService } from "./runningService";
import { type BuildRun, type Call, calledWith, runBuildspec, type StandInAnswer } from "./shell";

type Texts = Readonly<Record<string, string>>;

/** What a build starts from. */
export interface BuildInput {
  readonly files: Texts;
  /** A commit where the files come from a repository; else where the artifact is. */
  readonly revision: string;
}

/** A run of a build: what it was given, and what became of it. */
export interface Built {
  readonly env: Texts;
  readonly run: BuildRun;
  /** The image that ran at `ENVIRONMENT_URL`. */
  readonly saw: string | undefined;
}

/** What decides how things end. */
export interface ReleaseOutcome {
  /** Findings of ECR's scan in every image, by severity. @default - none */
  findings?: Readonly<Record<string, number>>;
  /** Name of an action whose tests fail. @default - none */
  failing?: string;
  /** Name of a service whose next image does not come up. @default - all do */
  broken?: string;
}

/** What the examples' tests call. */
const COMMAND = "npm";
const RATINGS = ["UNDEFINED", "UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];

/** Values that somebody put into SSM by hand. */
export const SECRETS: Texts = { "/shop/docker-hub/user": "acme", "/shop/docker-hub/token": "dckr_pat_$ecret's" };

/**
 * Two recorded stacks, one of which has a pipeline that goes on to the other, with AWS around them: registries, records,
 * running services. Every call of a build is held against the policies of the role that it is made in.
 */
export class ReleaseWorld {
  readonly registries = new Registries();
  /** Versions of SSM parameters, oldest first. */
  readonly versions = new Map<string, string[]>();
  readonly services: readonly RunningService[];
  fate: ReleaseOutcome = {};

  constructor(
    readonly staging: Graph,
    readonly production: Graph,
    /** Files of the source, by path: buildspecs of the services' own, for example. */
    readonly sources: Texts = {},
  ) {
    for (const [name, value] of Object.entries(SECRETS)) this.versions.set(name, [value]);
    for (const { inputs } of this.both("aws:ssm/parameter:Parameter"))
      this.versions.set(textAt(inputs.name), [textAt(inputs.value)]);
    this.services = [staging, production].flatMap((graph) =>
      graph.all("aws:ecs/service:Service").map((service) => new RunningService(graph, service)),
    );
  }

  /** The newest version of a parameter. */
  record(name: string): string {
    return this.versions.get(name)?.at(-1) ?? "";
  }

  service(name: string): RunningService {
    const found = this.services.find((one) => one.name === name);
    assert.ok(found, `there is no service ${name}`);
    return found;
  }

  /** What the deploy action of CodePipeline does, where its role is and its region; tasks then pull the image. */
  deploy({ configuration, roleArn, region }: DeclaredAction, files: Texts): void {
    const home = callerIn(this.staging);
    const pipelineRole = textAt(this.staging.only("aws:codepipeline/pipeline:Pipeline").inputs.roleArn);
    if (roleArn !== "") this.expectAssumed(roleArn, pipelineRole);
    const account = (roleArn || pipelineRole).split(":")[4] ?? "";
    const service = this.service(configuration.ServiceName ?? "");
    assert.equal(
      service.arn,
      `arn:aws:ecs:${region || home.region}:${account}:service/${configuration.ClusterName ?? ""}/${service.name}`,
      "the action finds the service",
    );
    const image = service.deploy(files[configuration.FileName ?? ""] ?? "[]", this.fate.broken !== service.name);
    for (const need of onRepository("ecr:BatchGetImage", image)) this.expect(service.executionRoleArn, need);
  }

  /** Runs the build that an action calls, with the action's variables, filled in. */
  build(action: DeclaredAction, variables: readonly Variable[], { files, revision }: BuildInput): Built {
    const inputs = this.project(action);
    const roleArn = textAt(inputs.serviceRole);
    const own = parsedVariables(at(inputs.environment, "environmentVariables"));
    const given = [...own, ...variables].map(({ name, type, value }): [string, string] => {
      if (type === "PLAINTEXT") return [name, value];
      this.expect(roleArn, { action: "ssm:GetParameters", resource: this.parameterArn(value) });
      return [name, this.record(value)];
    });
    const env = Object.fromEntries(given);
    const saw = env.ENVIRONMENT_URL && this.behind(env.ENVIRONMENT_URL).image;
    const run = runBuildspec(this.buildspec(action), {
      files,
      answers: this.answers(action, env, env.COMMIT_ID ?? revision),
      standIns: [COMMAND],
      env: { CODEBUILD_RESOLVED_SOURCE_VERSION: revision, POLL_SECONDS: "0", ...env },
    });
    for (const call of run.calls) {
      this.expectRole(call, roleArn);
      this.apply(call);
    }
    return { env, run, saw };
  }

  /** The service of staging that has this address. */
  private behind(url: string): RunningService {
    const { stack, stackOutputs } = this.staging.recorded;
    const services = Object.entries(stackOutputs.services ?? {}) as [string, unknown][];
    const [name = ""] = services.find(([, outputs]) => at(outputs, "url") === url) ?? [];
    return this.service(`${stack}-${name}`);
  }

  /** The build project of an action. */
  project({ configuration }: DeclaredAction): Readonly<Record<string, unknown>> {
    const projects = this.staging.all("aws:codebuild/project:Project");
    const inputs = projects.find((one) => one.inputs.name === configuration.ProjectName)?.inputs;
    assert.ok(inputs, `there is no project ${configuration.ProjectName ?? ""}`);
    return inputs;
  }

  /** The text of the buildspec that an action runs: its project's, or the file of the source that it names. */
  buildspec(action: DeclaredAction): string {
    const given = textAt(at(this.project(action).source, "buildspec"));
    return this.sources[given] ?? given;
  }

  private answers({ name }: DeclaredAction, env: Texts, commit: string): StandInAnswer[] {
    const { TESTED_IMAGE_URI: tested, RELEASE_TAG_PREFIX: prefix = "", SERVICE_NAME: service } = env;
    const repository = env.TARGET_REPOSITORY_URI ?? env.IMAGE_REPOSITORY_URI ?? "";
    const tag = `${prefix}${commit}`;
    const digest = tested?.split("@")[1] ?? this.registries.nextDigest(`${repository}:${tag}`);
    const counts = RATINGS.map((rating) => this.fate.findings?.[rating] ?? "None");
    return [
      // A release looks again before it sets the tag.
      ...this.registries.answers({ repository, tag, digest }, tested ? 2 : 1),
      ...(service === undefined ? [] : this.service(service).answers()),
      ...[...this.versions].map(([parameter, values]) => ({
        when: `^aws ssm get-parameter-history --name ${parameter} `,
        stdout: values.map((value) => `${value}\n`).join(""),
      })),
      ...[...this.versions].map(([parameter, values]) => ({
        when: `^aws ssm get-parameter --name ${parameter} --query .Parameter.Version, `,
        stdout: `${values.length}\t${values.at(-1) ?? "none"}\n`,
      })),
      ...[...this.versions].map(([parameter, values]) => ({
        when: `^aws ssm get-parameter --name ${parameter} `,
        stdout: `${values.at(-1) ?? "none"}\n`,
      })),
      { when: "^aws codepipeline list-action-executions ", stdout: "" },
      { when: "^aws ssm put-parameter " },
      {
        when: "^aws ecr describe-image-scan-findings ",
        stdout: `${["COMPLETE", "2026-01-01T00:00:00+00:00", ...counts, "done"].join("\t")}\n`,
      },
      ...(this.fate.failing === name ? [{ when: `^${COMMAND} `, stderr: "1 failed\n", status: 1 }] : []),
      { when: `^${COMMAND} ` },
    ];
  }

  private apply(call: Call): void {
    this.registries.apply(call);
    for (const service of this.services) service.apply(call);
    if (!calledWith(call).startsWith("aws ssm put-parameter ")) return;
    const after = (flag: string) => call.argv[call.argv.indexOf(flag) + 1] ?? "";
    this.versions.get(after("--name"))?.push(after("--value"));
  }

  /** A call in the role of the other stack is made there. */
  private expectRole({ role, region, ...call }: Call, buildRole: string): void {
    if (role !== undefined) this.expectAssumed(role, buildRole);
    const there = { account: role?.split(":")[4] ?? "", region: region ?? "" };
    const caller = role === undefined ? callerIn(this.staging) : there;
    for (const need of neededBy(call, caller)) this.expect(role ?? buildRole, need);
  }

  /** One role may take another, which admits it. */
  private expectAssumed(role: string, by: string): void {
    this.expect(by, { action: "sts:AssumeRole", resource: role });
    const [trust = {}] = this.both("aws:iam/role:Role").filter(({ outputs }) => outputs.arn === role);
    const roles = admitted(at(trust, "inputs", "assumeRolePolicy"));
    assert.ok(
      roles.some((pattern) => like(pattern, by)),
      `${role} does not admit ${by}`,
    );
  }

  /** What a role needs is in its policies; a repository of another account must admit the role as well. */
  private expect(role: string, need: DocumentedNeed): void {
    const { action, resource } = need;
    const owner = [this.staging, this.production].find((graph) => roleIn(graph, role)) ?? this.staging;
    assert.ok(allows(statementsOf(owner, role), need), `${role} may not ${action} ${resource}`);
    if (!resource.startsWith("arn:aws:ecr:") || resource.split(":")[4] === role.split(":")[4]) return;
    const name = resource.split(":repository/")[1];
    const policies = this.both("aws:ecr/repositoryPolicy:RepositoryPolicy").filter(
      ({ inputs }) => inputs.repository === name,
    );
    const roles = policies.flatMap(({ inputs }) => admitted(inputs.policy, action));
    assert.ok(
      roles.some((pattern) => like(pattern, role)),
      `${resource} does not let ${role} ${action}`,
    );
  }

  private both(type: string) {
    return [this.staging, this.production].flatMap((graph) => graph.all(type));
  }

  private parameterArn(name: string): string {
    const { account, region } = callerIn(this.staging);
    return `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
  }
}

/** Account and region of a recorded stack. */
export function callerIn(graph: Graph): Caller {
  const [, , , region = "", account = ""] = textAt(graph.only("aws:ecs/cluster:Cluster").outputs.arn).split(":");
  return { account, region };
}

function roleIn(graph: Graph, arn: string) {
  return graph.all("aws:iam/role:Role").find(({ outputs }) => outputs.arn === arn);
}

/** What a role of a recorded stack may do. */
export function statementsOf(graph: Graph, roleArn: string): DocumentStatement[] {
  const role = roleIn(graph, roleArn);
  assert.ok(role, `there is no role ${roleArn}`);
  const policies = graph.all("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) => inputs.role === role.outputs.name);
  return policies.flatMap(({ inputs }) => documentStatements(inputs.policy));
}
