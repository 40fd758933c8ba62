import assert from "node:assert/strict";
import {
  DEFAULT_EVENTS,
  DeliveryNotifications,
  type DeliveryNotificationsArgs,
  PIPELINE_EVENTS,
} from "../../../components/notify/deliveryNotifications";
import { NotificationTopic } from "../../../components/notify/notificationTopic";
import { EncryptionKey } from "../../../components/storage/encryptionKey";
import { mapOf } from "../../../model/graph/read";
import { findingsOf } from "../../../preview/rules";
import { matches } from "../../support/eventPattern";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { allowed, at, json } from "../../support/read";
import { arn } from "../../support/service";

const NOTIFICATION = "aws:codestarnotifications/notificationRule:NotificationRule";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const ROLE = "aws:iam/role:Role";
const TOPIC = { arn: arn("sns", "deliveries"), kmsKeyArn: arn("kms", "key/0a1b") };
const PIPELINE = arn("codepipeline", "prod");
const SERVICE = arn("ecs", "service/shop/api");

const program = (changes: Partial<DeliveryNotificationsArgs> = {}) => {
  const args = { pipelineArn: PIPELINE, topic: TOPIC, ...changes };
  return () => new DeliveryNotifications("prod", args);
};
const everything = program({
  services: [{ arn: SERVICE }, { arn: arn("ecs", "service/shop/web") }],
  codeDeploy: [{ applicationName: "api", deploymentGroupName: "blue-green" }],
});

// As AWS documents them.
const ecsEvent = (eventName: string, service = SERVICE) => ({
  version: "0",
  id: "ddca6449-b258-46c0-8653-e0e3a6EXAMPLE",
  account: "111122223333",
  region: "eu-west-1",
  "detail-type": "ECS Deployment State Change",
  source: "aws.ecs",
  time: "2020-05-23T12:31:14Z",
  resources: [service],
  detail: {
    eventType: eventName.endsWith("FAILED") ? "ERROR" : "INFO",
    eventName,
    deploymentId: "ecs-svc/123",
    updatedAt: "2020-05-23T11:11:11Z",
    reason: "ECS deployment circuit breaker: task failed to start.",
  },
});
const codeDeployEvent = (state: string, group = "api/blue-green") => ({
  version: "0",
  id: "c071bfbf-83c4-49ca-a6ff-3df053957145",
  account: "111122223333",
  region: "eu-west-1",
  "detail-type": "CodeDeploy Deployment State-change Notification",
  source: "aws.codedeploy",
  resources: [
    arn("codedeploy", `application:${group.split("/")[0] ?? ""}`),
    arn("codedeploy", `deploymentgroup:${group}`),
  ],
  detail: { state, deploymentId: "d-123456789", region: "eu-west-1", instanceGroupId: "9fd2fbef" },
});

describe("DeliveryNotifications of a pipeline", () => {
  let graph: Graph;
  before(async () => {
    graph = await recordGraph(program());
  });

  it("is one rule on the pipeline, and neither watches nor a role where nothing is watched", () => {
    assert.deepEqual(graph.counts(), { [NOTIFICATION]: 1 });
    const { inputs } = graph.only(NOTIFICATION);
    assert.deepEqual([inputs.resource, inputs.detailType], [PIPELINE, "FULL"]);
    assert.deepEqual(inputs.targets, [{ type: "SNS", address: TOPIC.arn }]);
  });

  it("tells how runs end and what people decide, each once", () => {
    const ids = DEFAULT_EVENTS.map((event) => `codepipeline-pipeline-${event}`);
    assert.deepEqual(graph.only(NOTIFICATION).inputs.eventTypeIds, ids);
    for (const event of ["pipeline-execution-failed", "pipeline-execution-succeeded", "manual-approval-needed"]) {
      assert.ok(ids.includes(`codepipeline-pipeline-${event}`));
    }
    assert.doesNotMatch(ids.join(" "), /started|superseded|stage-|action-/);
  });

  it("tells other events where they are named", async () => {
    const other = await recordGraph(program({ events: ["stage-execution-failed"] }));
    assert.deepEqual(other.only(NOTIFICATION).inputs.eventTypeIds, ["codepipeline-pipeline-stage-execution-failed"]);
  });

  it("refuses to tell nothing", async () => {
    const message = `events: expected at least one of ${PIPELINE_EVENTS.join(", ")}, got none`;
    assert.ok(
      (await refusal(program({ events: [] }))).includes(`DeliveryNotifications "prod" has 1 problem(s):\n  ${message}`),
    );
  });

  it("knows each event once", () => assert.equal(new Set(PIPELINE_EVENTS).size, 18));
});

describe("DeliveryNotifications of deployments", () => {
  let graph: Graph;
  const pattern = (name: string) => graph.named(RULE, name).inputs.eventPattern;
  before(async () => {
    graph = await recordGraph(everything);
  });

  it("are one rule for ECS and one for CodeDeploy, and a role for both, all its children", () => {
    assert.deepEqual(graph.counts(), {
      [NOTIFICATION]: 1,
      [RULE]: 2,
      [TARGET]: 2,
      [ROLE]: 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
    });
    const own = graph.only("ecs-delivery:index:DeliveryNotifications").urn;
    for (const { urn, parent } of graph.resources) assert.ok(urn === own || parent === own, urn);
  });

  it("tell of deployments of these services that ECS gave up, and of no others", () => {
    const tells = (event: unknown) => matches(pattern("prod-ecs"), event);
    assert.ok(tells(ecsEvent("SERVICE_DEPLOYMENT_FAILED")));
    assert.ok(tells(ecsEvent("SERVICE_DEPLOYMENT_FAILED", arn("ecs", "service/shop/web"))));
    assert.equal(tells(ecsEvent("SERVICE_DEPLOYMENT_FAILED", arn("ecs", "service/shop/other"))), false);
    for (const name of ["SERVICE_DEPLOYMENT_IN_PROGRESS", "SERVICE_DEPLOYMENT_COMPLETED"]) {
      assert.equal(tells(ecsEvent(name)), false);
    }
    assert.equal(tells(codeDeployEvent("FAILURE")), false);
  });

  it("tell of deployments of these groups that failed or were stopped, and of no others", () => {
    const tells = (event: unknown) => matches(pattern("prod-codedeploy"), event);
    for (const state of ["FAILURE", "STOP"]) assert.ok(tells(codeDeployEvent(state)));
    for (const state of ["START", "SUCCESS", "READY"]) assert.equal(tells(codeDeployEvent(state)), false);
    for (const group of ["api/other", "web/blue-green"]) {
      assert.equal(tells(codeDeployEvent("FAILURE", group)), false);
    }
  });

  it("say in a message that chat clients show what failed, and where cause and fix are", () => {
    for (const { name, inputs } of graph.all(TARGET)) {
      assert.equal(inputs.arn, TOPIC.arn);
      assert.ok(!("input" in inputs) && !("inputPath" in inputs));
      const { inputPaths, inputTemplate } = mapOf(inputs.inputTransformer);
      const template = String(inputTemplate);
      const { title, description } = mapOf(mapOf(JSON.parse(template)).content);
      assert.match(String(title), /^A deployment failed/);
      assert.match(String(description), /what mends it: npm run status\.$/);
      // Each place of the event that is named is used, and no other is asked for.
      const used = [...template.matchAll(/<(\w+)>/g)].map(([, one]) => one);
      assert.deepEqual(used.sort(), Object.keys(mapOf(inputPaths)).sort(), name);
    }
  });

  it("are published in a role that may do this alone, and not before it may", () => {
    const role = graph.only(ROLE);
    assert.deepEqual(json(role.inputs.assumeRolePolicy, "Statement", 0, "Principal"), {
      Service: "events.amazonaws.com",
    });
    assert.deepEqual(allowed(graph.statements("prod-events")), [
      `kms:Decrypt ${TOPIC.kmsKeyArn}`,
      `kms:GenerateDataKey* ${TOPIC.kmsKeyArn}`,
      `sns:Publish ${TOPIC.arn}`,
    ]);
    for (const { inputs, dependencies } of graph.all(TARGET)) {
      assert.equal(inputs.roleArn, role.outputs.arn);
      assert.ok(dependencies.includes(graph.only("aws:iam/rolePolicy:RolePolicy").urn));
    }
  });

  it("need no key where the topic has none", async () => {
    const open = await recordGraph(program({ topic: { arn: TOPIC.arn }, services: [{ arn: SERVICE }] }));
    assert.deepEqual(allowed(open.statements("prod-events")), [`sns:Publish ${TOPIC.arn}`]);
    assert.equal(at(open.only(RULE), "name"), "prod-ecs");
  });

  it("reach a topic of ours, as far as the preview can tell", async () => {
    const whole = await recordGraph(() => {
      const publishers = ["notifications"] as const;
      const { arn: kmsKeyArn } = new EncryptionKey("prod", { description: "Delivery of prod", publishers });
      return program({ topic: new NotificationTopic("prod", { kmsKeyArn }), services: [{ arn: SERVICE }] })();
    });
    assert.deepEqual(findingsOf(whole.recorded), []);
  });
});
