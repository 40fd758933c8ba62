import assert from "node:assert/strict";
import { allow } from "../../../components/iam/policyDocument";
import { DeliveryTarget } from "../../../components/pipeline/deliveryTarget";
import { type Graph, recordGraph } from "../../support/graph";
import { allowed, json } from "../../support/read";

const ROLE = "aws:iam/role:Role";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b";
const SERVICE = "arn:aws:ecs:eu-west-1:444455556666:service/production/production-api";

describe("DeliveryTarget", () => {
  let graph: Graph;
  before(async () => {
    graph = await recordGraph(
      () =>
        new DeliveryTarget("production", {
          deployRoleName: "production-deploy",
          confirmRoleName: "production-confirm",
          pipelineRole: { accountId: "111122223333", roleName: "staging-pipeline" },
          confirmBuildRole: { accountId: "111122223333", roleName: "staging-confirm-production" },
          artifactStore: { bucket: "artifacts", arn: "arn:aws:s3:::artifacts", kmsKeyArn: KEY },
          deployPermissions: [allow(["ecs:UpdateService"], [SERVICE])],
          confirmPermissions: [allow(["ecs:DescribeServices"], [SERVICE])],
        }),
    );
  });

  it("has roles whose names the other side knows before they are there", () => {
    const names = graph.all(ROLE).map(({ inputs }) => inputs.name);
    assert.deepEqual(names, ["production-confirm", "production-deploy"]);
  });

  it("lets the pipeline's role take the one, the confirming build's role the other, and nobody both", () => {
    const admitted = graph
      .all(ROLE)
      .map(({ inputs }) => json(inputs.assumeRolePolicy, "Statement", 0, "Condition", "ArnLike", "aws:PrincipalArn"));
    assert.deepEqual(admitted, [
      "arn:aws:iam::111122223333:role/staging-confirm-production",
      "arn:aws:iam::111122223333:role/staging-pipeline",
    ]);
  });

  it("deploys what it reads from the artifact store, and writes nothing there", () => {
    assert.deepEqual(allowed(graph.statements("production-deploy")), [
      `ecs:UpdateService ${SERVICE}`,
      `kms:Decrypt ${KEY}`,
      `kms:DescribeKey ${KEY}`,
      "s3:GetBucketAcl arn:aws:s3:::artifacts",
      "s3:GetBucketLocation arn:aws:s3:::artifacts",
      "s3:GetBucketVersioning arn:aws:s3:::artifacts",
      "s3:GetObject arn:aws:s3:::artifacts/*",
      "s3:GetObjectVersion arn:aws:s3:::artifacts/*",
    ]);
  });

  it("confirms without reading artifacts: the build has them", () => {
    assert.deepEqual(allowed(graph.statements("production-confirm")), [`ecs:DescribeServices ${SERVICE}`]);
  });
});
