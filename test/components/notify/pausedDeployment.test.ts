import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeliveryNotifications } from "../../../components/notify/deliveryNotifications";
import { type Graph, recordGraph } from "../../support/graph";
import { at, json } from "../../support/read";
import { arn, CLUSTER } from "../../support/service";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

describe("a deployment that waits for a person", () => {
  let graph: Graph;
  let description = "";
  before(async () => {
    graph = await recordGraph(() => {
      new DeliveryNotifications("prod", {
        pipelineArn: arn("codepipeline", "prod"),
        topic: { arn: arn("sns", "prod") },
        pausing: [
          {
            service: { arn: arn("ecs", "service/shop/api"), name: "api" },
            cluster: CLUSTER,
            testUrl: "http://api.example.com:8080",
            pauses: [
              { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30, timeoutAction: "ROLLBACK" },
              { lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"], pauseInMinutes: 5, timeoutAction: "CONTINUE" },
            ],
          },
        ],
      });
    });
    description = String(json(graph.named(TARGET, "prod-paused").inputs.input, "content", "description"));
  });

  it("is noticed of this service, and of no other", () => {
    assert.deepEqual(json(graph.named(RULE, "prod-paused").inputs.eventPattern), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Hook State Change"],
      resources: [arn("ecs", "service/shop/api"), { prefix: arn("ecs", "service-deployment/shop/api/") }],
      detail: { eventName: ["HOOK_AWAITING_ACTION"] },
    });
  });

  it("is told as chat clients show it: what waits, where to look, until when", () => {
    const message = json(graph.named(TARGET, "prod-paused").inputs.input);
    assert.deepEqual([at(message, "version"), at(message, "source")], ["1.0", "custom"]);
    assert.equal(at(message, "content", "title"), "The deployment of api in shop waits for a person");
    assert.match(
      description,
      /^Try the new version at http:\/\/api\.example\.com:8080\. At POST_TEST_TRAFFIC_SHIFT it waits 30 minutes, then it is taken back\. At POST_PRODUCTION_TRAFFIC_SHIFT it waits 5 minutes, then it goes on by itself\./,
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
