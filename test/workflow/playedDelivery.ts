import assert from "node:assert/strict";
import { generatedWorkflows } from "../../model/workflow/document";
import { PINNED } from "../../model/workflow/pinned";
import { deployStack } from "../../stacks/environment";
import type { EnvironmentProfile } from "../../stacks/profile";
import { profiles } from "../../stacks/profiles";
import { renderWorkflow } from "../../workflow/render";
import { type Graph, recordGraph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { calledWith, type StandInAnswer } from "../support/shell";
import { engineConfig, stackGraph, stackValues } from "../support/stack";
import { type PlayedWorkflow, type PlayOptions, playWorkflow, readWorkflow, SHA } from "../support/workflowRun";

export const DELIVERED_ACCOUNT = "444455556666";
export const DELIVERED_REPOSITORY = `${DELIVERED_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/dev/api`;
export const DELIVERED_DIGEST = `sha256:${"a".repeat(64)}`;
export const DELIVERED_IMAGE = `${DELIVERED_REPOSITORY}@${DELIVERED_DIGEST}`;
export const BEFORE = `${DELIVERED_REPOSITORY}@sha256:${"b".repeat(64)}`;
export const COMMIT_THAT_RAN = "f".repeat(40);
export const DELIVERED_FAMILY = `arn:aws:ecs:eu-west-1:${DELIVERED_ACCOUNT}:task-definition/dev-api`;
export const URL = "http://shop.eu-west-1.elb.amazonaws.com";

export const settledService = (revision: number, controller = "ECS") =>
  [`ACTIVE`, 1, controller, "ROLLING", `${DELIVERED_FAMILY}:${revision}`, "COMPLETED", 1, 1, 0, "all is well"].join(
    "\t",
  );

/** A cloud in which the delivery goes well; what comes first wins. */
export const WELL: readonly StandInAnswer[] = [
  { when: "^npm ", stdout: "" },
  {
    when: "--name /ecs-delivery/dev/workflow ",
    stdout: `api-url=${URL}\napi-application=shop-0a1b2c3\napi-run-task={"cluster":"c"}\n`,
  },
  {
    when: "--name /ecs-delivery/dev-api/delivered-image --query \\[Parameter.Version",
    stdout: `1\t{"image":"${BEFORE}","commit":"${COMMIT_THAT_RAN}","deliveredAt":"x"}\n`,
    times: 1,
  },
  // What the delivery has written.
  {
    when: "--name /ecs-delivery/dev-api/delivered-image --query \\[Parameter.Version",
    stdout: `2\t{"image":"${DELIVERED_IMAGE}","commit":"${SHA}","deliveredAt":"y"}\n`,
  },
  {
    when: "--name /ecs-delivery/dev-api/delivered-image --query",
    stdout: `{"image":"${BEFORE}","commit":"${COMMIT_THAT_RAN}","deliveredAt":"x"}\n`,
    times: 1,
  },
  {
    when: "--name /ecs-delivery/dev-api/delivered-image --query",
    stdout: `{"image":"${DELIVERED_IMAGE}","commit":"${SHA}","deliveredAt":"y"}\n`,
  },
  { when: "--name /ecs-delivery/dev-api/passport --query", stdout: "none\n" },
  {
    when: "--name /ecs-delivery/dev-api/(taskdef.json|before-deployment.json) ",
    stdout: '{"containerDefinitions":[{"image":"<IMAGE1_NAME>"}]}\n',
  },
  { when: "--name /ecs-delivery/dev-api/appspec.yaml ", stdout: "version: 0.0\nResources: []\n" },
  {
    when: "ecr describe-images .*imageTag=",
    stderr: "An error occurred (ImageNotFoundException)",
    status: 254,
    times: 1,
  },
  { when: "ecr describe-images .*imageTag=", stdout: `${DELIVERED_DIGEST}\n` },
  { when: "ecr describe-images .*imagePushedAt", stdout: "null\n" },
  { when: "ecr get-login-password", stdout: "secret\n" },
  { when: "ecr batch-get-image .*imageManifestMediaType", stdout: "application/vnd.oci.image.manifest.v1+json\n" },
  { when: "ecr batch-get-image .*imageManifest'? ", stdout: "{}\n" },
  { when: "ecr put-image", stdout: "released\n" },
  { when: "^docker ", stdout: "" },
  { when: "ecs describe-services .*services\\[0\\].taskDefinition", stdout: `${DELIVERED_FAMILY}:6\n` },
  { when: "ecs describe-services ", stdout: `${settledService(7)}\n` },
  { when: "ecs describe-task-definition .*:7 ", stdout: `${DELIVERED_IMAGE}\n` },
  { when: "ecs describe-task-definition .*:6 ", stdout: `${BEFORE}\n` },
  { when: "ecs list-service-deployments ", stdout: "arn:aws:ecs:d\tSUCCESSFUL\tbecause\n" },
  { when: "ecs list-task-definitions ", stdout: `${DELIVERED_FAMILY}:7\n` },
  { when: "ecs deregister-task-definition ", stdout: "INACTIVE\n" },
  { when: "ecs list-tasks ", stdout: "None\n" },
  { when: "ssm put-parameter --name /ecs-delivery/dev-api/delivered-image", stdout: "2\n", times: 1 },
  { when: "ssm put-parameter --name /ecs-delivery/dev-api/delivered-image", stdout: "3\n" },
  { when: "ssm put-parameter ", stdout: "2\n" },
];

/** The same where something has to run before a deployment, whose command ends so. */
export const wellAfterTask = (exitCode: number): readonly StandInAnswer[] => [
  { when: "ecs register-task-definition ", stdout: `${DELIVERED_FAMILY}-before-deployment:1\n` },
  { when: "ecs run-task ", stdout: "arn:aws:ecs:task/1\tNone\n" },
  { when: "ecs describe-tasks ", stdout: `STOPPED\t${exitCode}\tno\n` },
  { when: "logs get-log-events ", stdout: "f/1\n" },
  ...WELL,
];

export async function playDelivery(changes: ConfigValues, options: Partial<PlayOptions> = {}): Promise<PlayedWorkflow> {
  return playGraph(await stackGraph("dev", { changes: deliveredByWorkflow(changes) }), options);
}

const deliveredByWorkflow = (changes: ConfigValues): ConfigValues => ({
  source: undefined,
  delivery: { gitHubActions: { repository: "acme/shop" } },
  ...changes,
});

/** What goes well in another arrangement of the same parts. */
export async function playProfile(
  stages: EnvironmentProfile["stages"],
  changes: ConfigValues,
  options: Partial<PlayOptions> = {},
): Promise<PlayedWorkflow> {
  return playGraph(await profileGraph(stages, changes), options);
}

export function profileGraph(stages: EnvironmentProfile["stages"], changes: ConfigValues): Promise<Graph> {
  const config = engineConfig(stackValues("dev", deliveredByWorkflow(changes)));
  return recordGraph(() => deployStack({ ...profiles, dev: { ...profiles.dev, stages } }), { stack: "dev", config });
}

function playGraph(graph: Graph, options: Partial<PlayOptions>): PlayedWorkflow {
  const [generated] = generatedWorkflows(graph.recorded);
  assert.ok(generated);
  return playWorkflow(readWorkflow(renderWorkflow(generated, "dev").text), {
    answers: WELL,
    files: { Dockerfile: "FROM scratch\n" },
    variables: { AWS_ACCOUNT_ID: DELIVERED_ACCOUNT },
    ...options,
    actions: {
      [PINNED.renderTaskDefinition.action]: () => ({ "task-definition": "/tmp/rendered.json" }),
      ...options.actions,
    },
  });
}

export const outcomes = (played: PlayedWorkflow, job: string) =>
  Object.fromEntries(
    played.steps.filter((step) => step.job === job && !/^step-/.test(step.id)).map(({ id, outcome }) => [id, outcome]),
  );
export const givenTo = (played: PlayedWorkflow, id: string) => played.steps.find((step) => step.id === id)?.given ?? {};
export const calls = (played: PlayedWorkflow, text: string) =>
  played.calls.map(calledWith).filter((call) => call.includes(text));
export const tests = [{ name: "end-to-end", commands: ["npm run end-to-end"] }];
