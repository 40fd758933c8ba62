import assert from "node:assert/strict";
import type { Graph } from "./graph";
import { digestOf, type Revision, revisionOf } from "./revision";
import { type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "./shell";
import { stackGraph } from "./stack";

type Values = Record<string, unknown>;

/** What a run of the pipeline comes to. */
export type Outcome = "succeeds" | "is rolled back";

const FAMILY = "arn:aws:ecs:eu-west-1:111122223333:task-definition/dev-api";
const RECORD = "/ecs-delivery/dev-api/delivered-image";

/**
 * One environment through its life. It plays the engine's part (what a plan would change, with refresh, `trackLatest` and
 * `ignoreChanges`), the pipeline's (the real generated buildspecs, with stand-ins for docker and aws) and AWS's: the deploy
 * action makes its revision from the one in use.
 */
export class World {
  readonly revisions = new Map<number, Revision>();
  readonly parameters: Record<string, string> = {};
  readonly tags = new Map<string, string[]>();
  service: { revision: number; desired: number } | undefined;
  private graph: Graph | undefined;
  private controller: string | undefined;
  private registered = 0;

  /** `pulumi up`: says what it changes, and changes it. */
  async up(changes: Values = {}): Promise<string[]> {
    const graph = await stackGraph("dev", { changes, parameters: { ...this.parameters } });
    this.graph = graph;
    return [...this.planParameters(graph), ...this.planRevision(graph), ...this.planService(graph)];
  }

  private planParameters(graph: Graph): string[] {
    return graph.all("aws:ssm/parameter:Parameter").flatMap(({ inputs, ignoreChanges }) => {
      const [name, value] = [String(inputs.name), String(inputs.value)];
      const known = this.parameters[name];
      if (known === value || (known !== undefined && ignoreChanges.includes("value"))) return [];
      this.parameters[name] = value;
      return [`${known === undefined ? "create" : "update"} ${name}`];
    });
  }

  private planRevision(graph: Graph): string[] {
    const { inputs, ignoreChanges } = graph.only("aws:ecs/taskDefinition:TaskDefinition");
    const wanted = revisionOf(inputs);
    const latest = this.revisions.get(this.latest());
    const compared = ["containerDefinitions", "cpu", "memory"].filter((key) => !ignoreChanges.includes(key));
    if (latest && (compared.length === 0 || JSON.stringify(latest) === JSON.stringify(wanted))) return [];
    return [`register revision ${this.register(wanted)}`];
  }

  private planService(graph: Graph): string[] {
    const { inputs, ignoreChanges } = graph.only("aws:ecs/service:Service");
    const desired = Number(inputs.desiredCount);
    const controller = (inputs.deploymentController as { type: string }).type;
    if (!this.service || controller !== this.controller) {
      const what = this.service ? "replace service" : "create service";
      this.controller = controller;
      this.service = { revision: this.latest(), desired };
      return [what];
    }
    const before = { ...this.service };
    if (!ignoreChanges.includes("taskDefinition")) this.service.revision = this.latest();
    if (!ignoreChanges.includes("desiredCount")) this.service.desired = desired;
    const { revision } = this.service;
    return [
      ...(revision === before.revision ? [] : [`service to revision ${revision}`]),
      ...(this.service.desired === before.desired ? [] : [`service to ${this.service.desired} task(s)`]),
    ];
  }

  /** A run of the pipeline; says whether it ended well. A failed Deploy stage brings back the last good artifact. */
  deliver(commit: string, outcome: Outcome = "succeeds"): boolean {
    const artifact = this.build(commit);
    if (this.deploy(artifact, commit, outcome)) {
      this.lastGood = { artifact, commit };
      return true;
    }
    if (this.lastGood)
      assert.ok(this.deploy(this.lastGood.artifact, this.lastGood.commit, "succeeds"), "stage rollback");
    return false;
  }

  private lastGood: { artifact: Readonly<Record<string, string>>; commit: string } | undefined;

  private build(commit: string): Readonly<Record<string, string>> {
    const digest = digestOf(commit);
    const missing = "An error occurred (ImageNotFoundException) when calling the DescribeImages operation: not found";
    const templates = Object.entries(this.parameters).map(([name, stdout]) => ({
      when: `^aws ssm get-parameter .*${name}`,
      stdout,
    }));
    const run = this.runAction("api-image", { CODEBUILD_RESOLVED_SOURCE_VERSION: commit }, {}, [
      ...(this.tags.has(digest)
        ? []
        : [{ when: "^aws ecr describe-images .*imageTag=", stderr: missing, status: 254, times: 1 }]),
      { when: "^aws ecr describe-images .*imageTag=", stdout: `${digest}\n` },
      { when: "^aws ecr describe-images ", stdout: "None\n" },
      { when: "^aws ecr get-login-password ", stdout: "password\n" },
      { when: "^docker " },
      ...templates,
    ]);
    assert.equal(run.status, 0, run.output);
    this.tags.set(digest, [commit]);
    return run.files;
  }

  private deploy(artifact: Readonly<Record<string, string>>, commit: string, outcome: Outcome): boolean {
    assert.ok(this.service, "pulumi up comes first");
    const before = this.service.revision;
    const deployed = this.register(this.nextRevision(artifact));
    this.service.revision = outcome === "succeeds" ? deployed : before;
    const run = this.runAction(
      "api-confirm",
      { COMMIT_ID: commit, POLL_SECONDS: "0" },
      artifact,
      this.serviceAnswers(),
    );
    this.applyEffects(run);
    assert.equal(run.status === 0, outcome === "succeeds", run.output);
    return run.status === 0;
  }

  /** What CodePipeline's action registers: the revision in use with another image, or the template with it. */
  private nextRevision(artifact: Readonly<Record<string, string>>): Revision {
    if (this.provider() === "CodeDeployToECS") {
      const { ImageURI } = JSON.parse(artifact["imageDetail.json"] ?? "") as { ImageURI: string };
      const template = (artifact["taskdef.json"] ?? "").replaceAll("<IMAGE1_NAME>", ImageURI);
      const { containerDefinitions, cpu, memory } = JSON.parse(template) as Values;
      return { containers: containerDefinitions as Values[], cpu: String(cpu), memory: String(memory) };
    }
    const inUse = this.revisions.get(this.service?.revision ?? 0);
    assert.ok(inUse);
    const images = JSON.parse(artifact["imagedefinitions.json"] ?? "") as { name: string; imageUri: string }[];
    const containers = inUse.containers.map((container) => {
      const image = images.find(({ name }) => name === container.name)?.imageUri;
      assert.ok(image, "the file names the container");
      return { ...container, image };
    });
    return { ...inUse, containers };
  }

  private serviceAnswers(): StandInAnswer[] {
    const { desired, revision } = this.service ?? { desired: 0, revision: 0 };
    const controller = this.provider() === "CodeDeployToECS" ? "CODE_DEPLOY" : "ECS";
    const line = (count: number) =>
      [
        "ACTIVE",
        count,
        controller,
        "ROLLING",
        `${FAMILY}:${revision}`,
        controller === "ECS" ? "COMPLETED" : "STEADY_STATE",
        count,
        count,
        0,
        "fine",
      ].join("\t");
    const final = desired === 0 ? 1 : desired;
    return [
      ...(desired === 0 ? [{ when: "^aws ecs describe-services ", stdout: `${line(0)}\n`, times: 1 }] : []),
      { when: "^aws ecs describe-services ", stdout: `${line(final)}\n` },
      { when: "^aws ecs list-service-deployments ", stdout: "None\n" },
      ...[...this.revisions].map(([number, { containers }]) => ({
        when: `^aws ecs describe-task-definition --task-definition ${FAMILY}:${number} `,
        stdout: `${String(containers[0]?.image)}\n`,
      })),
      { when: "^aws ecs list-task-definitions ", stdout: `${FAMILY}:${this.latest()}\n` },
      { when: "^aws ecs (update-service|deregister-task-definition) ", stdout: "ACTIVE\n" },
      { when: "^aws ecs list-tasks ", stdout: "None\n" },
      { when: "^aws ecr batch-get-image ", stdout: "application/vnd.oci.image.manifest.v1+json\n" },
      { when: "^aws ecr put-image " },
      ...Object.entries(this.parameters).map(([name, value]) => ({
        when: `^aws ssm get-parameter --name ${name} --query .Parameter.Version, `,
        stdout: `1\t${value}\n`,
      })),
      { when: "^aws ssm put-parameter " },
    ];
  }

  private applyEffects(run: BuildRun): void {
    for (const { argv } of run.calls) {
      const after = (flag: string) => argv[argv.indexOf(flag) + 1] ?? "";
      const text = calledWith({ argv, stdin: "" });
      if (text.startsWith("aws ssm put-parameter")) this.parameters[after("--name")] = after("--value");
      if (text.startsWith("aws ecs update-service") && this.service)
        this.service.desired = Number(after("--desired-count"));
      if (text.startsWith("aws ecs deregister-task-definition"))
        this.revisions.delete(Number(after("--task-definition").split(":").at(-1)));
    }
  }

  /** Runs the buildspec of a CodeBuild action as the recorded pipeline calls it. */
  private runAction(
    name: string,
    env: Record<string, string>,
    files: Readonly<Record<string, string>>,
    answers: readonly StandInAnswer[],
  ): BuildRun {
    const { configuration } = this.action(name);
    const project = this.graph
      ?.all("aws:codebuild/project:Project")
      .find(({ inputs }) => inputs.name === configuration.ProjectName);
    assert.ok(project, `the project of ${name}`);
    const variables = JSON.parse(configuration.EnvironmentVariables ?? "[]") as { name: string; value: string }[];
    const given = Object.fromEntries(variables.map((variable) => [variable.name, variable.value]));
    return runBuildspec((project.inputs.source as { buildspec: string }).buildspec, {
      env: { ...given, ...env },
      files,
      answers,
    });
  }

  private action(name: string): { provider: string; configuration: Record<string, string> } {
    const stages = this.graph?.only("aws:codepipeline/pipeline:Pipeline").inputs.stages as { actions: Values[] }[];
    const found = stages.flatMap(({ actions }) => actions).find((action) => action.name === name);
    assert.ok(found, `action ${name}`);
    return found as { provider: string; configuration: Record<string, string> };
  }

  private provider(): string {
    return this.action("api-deploy").provider;
  }

  private register(revision: Revision): number {
    this.registered += 1;
    this.revisions.set(this.registered, revision);
    return this.registered;
  }

  private latest(): number {
    return Math.max(0, ...this.revisions.keys());
  }

  /** What the service runs. */
  get running(): { image: string; memory: string; desired: number } {
    const revision = this.revisions.get(this.service?.revision ?? 0);
    return {
      image: String(revision?.containers[0]?.image),
      memory: revision?.memory ?? "",
      desired: this.service?.desired ?? 0,
    };
  }

  /** What is recorded as delivered. */
  get record(): Values {
    return JSON.parse(this.parameters[RECORD] ?? "{}") as Values;
  }
}
