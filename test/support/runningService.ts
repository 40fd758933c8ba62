import assert from "node:assert/strict";
import type { RecordedResource } from "../../model/graph/graph";
import type { Graph } from "./graph";
import { at, json, list, textAt } from "./read";
import { type Call, calledWith, type StandInAnswer } from "./shell";

/** An ECS service of a recorded graph, and what is deployed to it. */
export class RunningService {
  readonly name: string;
  /** `arn:...:service/<cluster>/<service>` */
  readonly arn: string;
  readonly containers: readonly string[];
  /** Role that pulls its images. */
  readonly executionRoleArn: string;
  desired: number;
  private readonly strategy: string;
  /** Image of each revision that is registered, by its number. */
  private readonly revisions = new Map<number, string>();
  private revision = 1;
  private registered = 1;
  private deployments = 1;

  constructor(graph: Graph, { inputs }: RecordedResource) {
    this.name = textAt(inputs.name);
    this.arn = `${textAt(inputs.cluster).replace(":cluster/", ":service/")}/${this.name}`;
    this.desired = Number(inputs.desiredCount);
    this.strategy = textAt(at(inputs.deploymentConfiguration, "strategy")) || "ROLLING";
    const revision = graph
      .all("aws:ecs/taskDefinition:TaskDefinition")
      .find((one) => one.inputs.family === this.name)?.inputs;
    const containers = list(json(revision?.containerDefinitions));
    this.executionRoleArn = textAt(revision?.executionRoleArn);
    this.containers = containers.map((container) => textAt(at(container, "name")));
    this.revisions.set(1, textAt(at(containers[0], "image")));
  }

  /** The image that its tasks run. */
  get image(): string {
    return this.revisions.get(this.revision) ?? "";
  }

  /** What CodePipeline's ECS action does with the file: a revision with that image, and the service on it. Says which image. */
  deploy(definitions: string, comesUp: boolean): string {
    const [entry, ...more] = list(json(definitions));
    const [container, image] = [textAt(at(entry, "name")), textAt(at(entry, "imageUri"))];
    assert.ok(this.containers.includes(container), `${this.name} has no container ${container}`);
    assert.deepEqual(more, [], "a delivery is about one container");
    this.registered += 1;
    this.deployments += 1;
    this.revisions.set(this.registered, image);
    if (comesUp) this.revision = this.registered;
    return image;
  }

  /** What AWS says of it to the build that confirms. */
  answers(): StandInAnswer[] {
    const [cluster = ""] = this.arn.split("/").slice(1);
    const described = `^aws ecs describe-services --cluster ${cluster} --services ${this.name} `;
    const listed = `^aws ecs list-service-deployments --cluster ${cluster} --service ${this.name} `;
    const starts = this.desired === 0;
    const number = this.deployments + Number(starts);
    return [
      ...(starts ? [{ when: described, stdout: this.line(0), times: 1 }] : []),
      { when: described, stdout: this.line(starts ? 2 : this.desired) },
      ...(starts ? [{ when: listed, stdout: this.deployment(this.deployments), times: 1 }] : []),
      { when: listed, stdout: this.deployment(number) },
      ...[...this.revisions].map(([revision, image]) => ({
        when: `^aws ecs describe-task-definition --task-definition ${this.family}:${revision} `,
        stdout: `${image}\n`,
      })),
      {
        when: `^aws ecs list-task-definitions --family-prefix ${this.name} `,
        stdout: `${this.family}:${Math.max(...this.revisions.keys())}\n`,
      },
      { when: `^aws ecs update-service --cluster ${cluster} --service ${this.name} `, stdout: "ACTIVE\n" },
      { when: `^aws ecs deregister-task-definition --task-definition ${this.family}:`, stdout: "INACTIVE\n" },
      { when: `^aws ecs list-tasks --cluster ${cluster} --service-name ${this.name} `, stdout: "None\n" },
    ];
  }

  /** What a call of that build changes. */
  apply(call: Call): void {
    const after = (flag: string) => call.argv[call.argv.indexOf(flag) + 1] ?? "";
    const verb = calledWith(call);
    if (verb.startsWith("aws ecs update-service ") && after("--service") === this.name) {
      this.desired = Number(after("--desired-count"));
      this.deployments += 1;
    }
    const [family = "", revision] = after("--task-definition").split(/:(?=\d+$)/);
    if (verb.startsWith("aws ecs deregister-task-definition ") && family === this.family) {
      this.revisions.delete(Number(revision));
    }
  }

  private get family(): string {
    return this.arn.replace(/:service\/.*/, `:task-definition/${this.name}`);
  }

  private line(count: number): string {
    const deployment = [`${this.family}:${this.revision}`, "COMPLETED", count, count, 0, "fine"];
    return `${["ACTIVE", count, "ECS", this.strategy, ...deployment].join("\t")}\n`;
  }

  private deployment(number: number): string {
    return `${this.arn.replace(":service/", ":service-deployment/")}/${number}\tSUCCESSFUL\tfine\n`;
  }
}
