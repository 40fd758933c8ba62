import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { receptionsOf } from "../../../preview/record/reception";
import { renderReception } from "../../../preview/render/deliveryText";
import { styleFor } from "../../../preview/render/style";
import { exampleGraph } from "../../support/stack";
import { type Allowed, arnHere, policy, resource, trust, withMore, without } from "../rules/handMade";
import { healthy } from "../rules/healthy";

const ROLE = "aws:iam/role:Role";
const THEIRS = "arn:aws:iam::444455556666:role/staging-pipeline";

const admitting = JSON.stringify({
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
      Condition: { ArnLike: { "aws:PrincipalArn": THEIRS } },
    },
  ],
});
const DEPLOYS: Allowed = [["ecs:RegisterTaskDefinition"], [arnHere("ecs", "task-definition/api:*")]];

/** The healthy service without its pipeline, and a role. */
const delivered = (assumeRolePolicy: string, ...allowed: readonly Allowed[]): RecordedGraph =>
  withMore(
    without(healthy, "aws:codepipeline/pipeline:Pipeline", "dev"),
    resource(ROLE, "deploy", { name: "dev-deploy", assumeRolePolicy }),
    resource("aws:iam/rolePolicy:RolePolicy", "deploy", { role: "deploy", policy: policy(...allowed) }),
  );

const draw = (graph: RecordedGraph) => receptionsOf(graph).flatMap((one) => renderReception(one, styleFor(false), 120));

describe("receptionsOf", () => {
  it("names the role that a service is delivered by, and the one in which it is", () => {
    const [reception, ...others] = receptionsOf(delivered(admitting, DEPLOYS));
    assert.deepStrictEqual(
      [reception?.by, reception?.role, reception?.services.map(({ name }) => name), others],
      [[{ role: "staging-pipeline", account: "444455556666" }], "dev-deploy", ["api"], []],
    );
  });

  it("takes no role that admits a service alone, or that may not register what is to run", () => {
    assert.deepStrictEqual(receptionsOf(delivered(trust("codepipeline.amazonaws.com"), DEPLOYS)), []);
    const confirms: Allowed = [["ecs:UpdateService"], [arnHere("ecs", "service/dev/api")]];
    assert.deepStrictEqual(receptionsOf(delivered(admitting, confirms)), []);
  });

  it("leaves out what the stack's own pipeline delivers", () => {
    const graph = delivered(admitting, DEPLOYS);
    const pipeline = healthy.resources.filter(({ type }) => type === "aws:codepipeline/pipeline:Pipeline");
    assert.deepStrictEqual(receptionsOf(withMore(graph, ...pipeline)), []);
  });
});

describe("renderReception", () => {
  it("draws who delivers, and of the service what a pipeline's has", () =>
    assert.deepStrictEqual(draw(delivered(admitting, DEPLOYS)), [
      "● delivered by role staging-pipeline of account 444455556666 ──▶ as role dev-deploy",
      "│",
      "╰──▶ service api on cluster dev",
      "     runs        api:8080, FARGATE 0.25 vCPU 1024 MiB, 2 tasks",
      "     renewed by  rolling update",
      "     image       dev/api, keeps the newest 5 released-* images and the newest 5 images",
      "     reached by  production  HTTP :80  ──▶ api-blue  (from everyone)",
    ]));

  it("draws every example's stack that another one delivers to", async () => {
    for (const [example, account] of [
      ["two-accounts", "111122223333"],
      ["one-pipeline", "111122223333"],
      ["release-from-docker-hub", "111122223333"],
    ] as const) {
      const [first] = draw((await exampleGraph(example, "production")).recorded);
      const role = `delivered by role ecs-delivery/staging/staging-pipeline of account ${account}`;
      assert.strictEqual(first, `● ${role} ──▶ as role production-deploy`, example);
    }
  });
});
