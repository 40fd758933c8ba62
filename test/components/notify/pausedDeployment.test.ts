import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeliveryNotifications } from "../../../components/notify/deliveryNotifications";
import type { PausingService } from "../../../components/notify/pausedDeployment";
import { type Graph, recordGraph } from "../../support/graph";
import { allowed, json } from "../../support/read";
import { arn, CLUSTER } from "../../support/service";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const TOPIC = { arn: arn("sns", "prod") };

const PAUSING: PausingService = {
  service: { arn: arn("ecs", "service/shop/api"), name: "api" },
  cluster: CLUSTER,
  container: "web",
  repository: { arn: arn("ecr", "repository/shop/api"), name: "shop/api" },
  testUrl: "http://api.example.com:8080",
  pauses: [
    { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30, timeoutAction: "ROLLBACK" },
    { lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"], pauseInMinutes: 5, timeoutAction: "CONTINUE" },
  ],
};

function notifying(...pausing: readonly PausingService[]): Promise<Graph> {
  return recordGraph(() => {
    new DeliveryNotifications("prod", { pipelineArn: arn("codepipeline", "prod"), topic: TOPIC, pausing });
  });
}

describe("a deployment that waits for a person", () => {
  let graph: Graph;
  let description = "";
  before(async () => {
    graph = await notifying(PAUSING);
    const message = json(graph.only(MACHINE).inputs.definition, "States", "TellWhatWasKnown", "Arguments", "Message");
    description = String(json(message, "content", "description"));
  });

  it("is noticed of this service, and of no other", () => {
    assert.deepEqual(json(graph.named(RULE, "prod-paused").inputs.eventPattern), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Hook State Change"],
      resources: [arn("ecs", "service/shop/api"), { prefix: arn("ecs", "service-deployment/shop/api/") }],
      detail: { eventName: ["HOOK_AWAITING_ACTION"] },
    });
  });

  it("starts the state machine that looks up what waits, in a role that may start it and no more", () => {
    const target = graph.named(TARGET, "prod-paused");
    const machine = graph.only(MACHINE);
    assert.deepEqual([target.inputs.arn, target.inputs.input], [machine.outputs.arn, undefined]);
    assert.deepEqual(allowed(graph.statements("prod-events")), [`states:StartExecution ${machine.id ?? ""}`]);
    const policyOf = (name: string) => graph.named("aws:iam/rolePolicy:RolePolicy", name).urn;
    assert.ok(target.dependencies.includes(policyOf("prod-events")));
    assert.ok(machine.dependencies.includes(policyOf("prod-paused")));
  });

  it("is looked up in a role for this service, this repository and this topic", () => {
    assert.deepEqual(
      allowed(graph.statements("prod-paused")),
      [
        `ecs:ListServiceDeployments ${arn("ecs", "service/shop/api")}`,
        `ecs:DescribeServiceDeployments ${arn("ecs", "service-deployment/shop/api/*")}`,
        `ecs:DescribeServiceRevisions ${arn("ecs", "service-revision/shop/api/*")}`,
        `ecr:DescribeImages ${arn("ecr", "repository/shop/api")}`,
        `sns:Publish ${TOPIC.arn}`,
      ].sort(),
    );
    const trust = JSON.stringify(json(graph.named("aws:iam/role:Role", "prod-paused").inputs.assumeRolePolicy));
    assert.match(trust, /"Service":"states.amazonaws.com"/);
    assert.match(trust, /"ArnLike":{"aws:SourceArn":"arn:aws:states:eu-west-1:\d+:stateMachine:prod-paused-\*"}/);
  });

  it("asks no registry but ECR, and ECR in the region in which it runs", async () => {
    const hub = await notifying({ ...PAUSING, repository: undefined });
    assert.ok(!allowed(hub.statements("prod-paused")).some((one) => one.startsWith("ecr:")));
    assert.ok(!JSON.stringify(hub.only(MACHINE).inputs.definition).includes("ecr:"));
    const other = arn("ecr", "repository/shop/api").replace("eu-west-1", "us-east-2");
    const far = await notifying({ ...PAUSING, repository: { arn: other, name: "shop/api" } });
    assert.ok(
      allowed(far.statements("prod-paused")).includes(`ecr:DescribeImages ${arn("ecr", "repository/shop/api")}`),
    );
  });

  it("has a state machine of its own for each service", async () => {
    const two = await notifying(PAUSING, {
      ...PAUSING,
      service: { arn: arn("ecs", "service/shop/web"), name: "web" },
    });
    assert.deepEqual(
      two.all(MACHINE).map(({ name }) => name),
      ["prod-paused", "prod-paused-2"],
    );
    assert.ok(
      allowed(two.statements("prod-paused-2")).includes(`ecs:ListServiceDeployments ${arn("ecs", "service/shop/web")}`),
    );
  });

  it("is told as chat clients show it, even where nothing can be looked up: where to look, until when", () => {
    const message = json(graph.only(MACHINE).inputs.definition, "States", "TellWhatWasKnown", "Arguments", "Message");
    assert.deepEqual([json(message, "version"), json(message, "source")], ["1.0", "custom"]);
    assert.equal(json(message, "content", "title"), "The deployment of api in shop waits for a person");
    assert.match(
      description,
      /^What ships could not be looked up\. Try the new version at http:\/\/api\.example\.com:8080\. At POST_TEST_TRAFFIC_SHIFT it waits 30 minutes, then it is taken back\. At POST_PRODUCTION_TRAFFIC_SHIFT it waits 5 minutes, then it goes on by itself\./,
    );
  });

  for (const [title, action] of [
    ["Go on: ", "CONTINUE"],
    ["Take it back: ", "ROLLBACK"],
  ] as const) {
    it(`gives a command that answers ${action} to the hook that waits`, () => {
      const [, command = ""] = description.split(title);
      assert.equal(
        calls(command.split(" -- ")[0] ?? "").at(-1),
        `ecs continue-service-deployment --region eu-west-1 --service-deployment-arn arn:deployment --action ${action} --hook-id hook-1`,
      );
    });
  }
});

/** What a command asks of AWS, with answers in which one hook waits. */
function calls(command: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "paused-"));
  try {
    const log = join(folder, "log");
    const answers = `case "$2" in list-*) echo arn:deployment;; describe-*) echo hook-1;; esac`;
    writeFileSync(join(folder, "aws"), `#!/bin/sh\necho "$*" >> "${log}"\n${answers}\n`);
    chmodSync(join(folder, "aws"), 0o755);
    execFileSync("sh", ["-euc", command], { env: { PATH: `${folder}:${process.env.PATH ?? ""}` } });
    return readFileSync(log, "utf8").trim().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
