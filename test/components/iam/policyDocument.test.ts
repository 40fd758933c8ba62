import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allow, assumeRoleBy, document } from "../../../components/iam/policyDocument";
import { json, resolved, statementsIn } from "../../support/read";

describe("a policy document", () => {
  it("is the JSON that AWS takes, with resources that are known late", async () => {
    const conditions = { StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] } };
    const text = await resolved(() => document([allow(["iam:PassRole"], [pulumi.output("arn:role")], conditions)]));
    assert.deepEqual(json(text), {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["iam:PassRole"], Resource: ["arn:role"], Condition: conditions }],
    });
  });

  it("has equal statements once, wherever their resources come from", async () => {
    const twice = [allow(["a:B"], ["x"]), allow(["c:D"], ["y"]), allow(["a:B"], [pulumi.output("x")])];
    const statements = statementsIn(await resolved(() => document(twice)));
    assert.deepEqual(
      statements.map(({ Action }) => Action[0]),
      ["a:B", "c:D"],
    );
  });

  it("keeps statements apart that differ in anything", async () => {
    const conditions = { StringEquals: { "aws:SourceAccount": "1" } };
    const apart = [
      allow(["a:B"], ["x"]),
      allow(["a:B"], ["y"]),
      allow(["a:B", "a:C"], ["x"]),
      allow(["a:B"], ["x"], conditions),
    ];
    assert.equal(statementsIn(await resolved(() => document(apart))).length, 4);
  });

  it("can deny", async () => {
    const denied = { effect: "Deny" as const, actions: ["s3:*"], resources: ["*"] };
    const [statement] = statementsIn(await resolved(() => document([denied])));
    assert.equal(statement?.Effect, "Deny");
    assert.equal("Condition" in (statement ?? {}), false);
  });
});

describe("a trust policy", () => {
  it("lets the service act on this account's behalf only, where the service says on whose behalf it acts", async () => {
    const text = await resolved(() => assumeRoleBy("codebuild.amazonaws.com", pulumi.output("111122223333")));
    assert.deepEqual(json(text, "Statement"), [
      {
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
    ]);
    assert.equal(json(await resolved(() => assumeRoleBy("ecs.amazonaws.com")), "Statement", 0, "Condition"), undefined);
  });
});
