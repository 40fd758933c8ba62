import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "../../../components/iam/policyDocument";
import { defineRole, type RoleArgs } from "../../../components/iam/role";
import { recordGraph } from "../../support/graph";
import { json } from "../../support/read";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

class Owner extends pulumi.ComponentResource {
  constructor(args: RoleArgs) {
    super("test:index:Owner", "owner", {});
    defineRole("owner-work", args, this);
  }
}

describe("defineRole", () => {
  it("trusts the service for this account only, and allows the statements", async () => {
    const statements = [allow(["logs:PutLogEvents"], ["arn:aws:logs:eu-west-1:111122223333:log-group:x:*"])];
    const graph = await recordGraph(() => new Owner({ service: "codebuild.amazonaws.com", statements }));
    const { inputs } = graph.only(ROLE);
    const trust = json(inputs.assumeRolePolicy, "Statement", 0);
    assert.deepEqual(trust, {
      Effect: "Allow",
      Principal: { Service: "codebuild.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
    assert.equal("description" in inputs, false);
    assert.deepEqual(json(graph.only(POLICY).inputs.policy, "Statement", 0, "Action"), ["logs:PutLogEvents"]);
  });

  it("trusts without a condition where the service cannot say for whom it acts", async () => {
    const graph = await recordGraph(
      () => new Owner({ service: "ecs.amazonaws.com", forThisAccount: false, statements: [] }),
    );
    assert.equal(json(graph.only(ROLE).inputs.assumeRolePolicy, "Statement", 0, "Condition"), undefined);
  });

  it("makes no policy where nothing is allowed", async () => {
    const graph = await recordGraph(() => new Owner({ service: "ecs-tasks.amazonaws.com" }));
    assert.equal(graph.all(POLICY).length, 0);
  });
});
