import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allow, assumeRoleBy, document } from "../../../components/iam/policyDocument";
import { documentStatements, json, resolved } from "../../support/read";

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
    const statements = documentStatements(await resolved(() => document(twice)));
    assert.deepEqual(
      statements.map(({ Action }) => Action[0]),
      ["a:B", "c:D"],
    );
  });

  it("says once what is allowed alike of several resources", async () => {
    const on = (resource: string) => allow(["a:B"], [pulumi.output(resource)], { ArnEquals: { "ecs:cluster": "c" } });
    const statements = documentStatements(
      await resolved(() => document([on("x"), allow(["c:D"], ["x"]), on("y"), on("x")])),
    );
    assert.deepEqual(
      statements.map(({ Action, Resource }) => [Action[0], Resource]),
      [
        ["a:B", ["x", "y"]],
        ["c:D", ["x"]],
      ],
    );
  });

  it("keeps statements apart that differ in more than resources", async () => {
    const apart = [
      allow(["a:B"], ["x"]),
      { effect: "Deny" as const, actions: ["a:B"], resources: ["x"] },
      allow(["a:B", "a:C"], ["x"]),
      allow(["a:B"], ["x"], { StringEquals: { "aws:SourceAccount": "1" } }),
      allow(["a:B"], ["x"], { StringEquals: { "aws:SourceAccount": "2" } }),
    ];
    assert.equal(documentStatements(await resolved(() => document(apart))).length, 5);
  });

  it("can deny", async () => {
    const denied = { effect: "Deny" as const, actions: ["s3:*"], resources: ["*"] };
    const [statement] = documentStatements(await resolved(() => document([denied])));
    assert.equal(statement?.Effect, "Deny");
    assert.equal("Condition" in (statement ?? {}), false);
  });
});

describe("a trust policy", () => {
  it("lets the service act on this account's behalf only, where the service says on whose behalf it acts", async () => {
    const text = await resolved(() =>
      assumeRoleBy("codebuild.amazonaws.com", { accountId: pulumi.output("111122223333") }),
    );
    assert.deepEqual(json(text, "Statement"), [
      {
        Effect: "Allow",
        Principal: { Service: "codebuild.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      },
    ]);
    const sourceArn = ["arn:aws:events:eu-west-1:111122223333:rule/a", "arn:aws:events:eu-west-1:111122223333:rule/b"];
    const narrow = await resolved(() => assumeRoleBy("events.amazonaws.com", { accountId: "111122223333", sourceArn }));
    assert.deepEqual(json(narrow, "Statement", 0, "Condition"), {
      StringEquals: { "aws:SourceAccount": "111122223333" },
      ArnLike: { "aws:SourceArn": sourceArn },
    });
    assert.equal(json(await resolved(() => assumeRoleBy("ecs.amazonaws.com")), "Statement", 0, "Condition"), undefined);
  });
});
