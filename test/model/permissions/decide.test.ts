import assert from "node:assert/strict";
import { statementsIn } from "../../../model/graph/iam";
import { decide, type Policies } from "../../../model/permissions/evaluate/decide";
import type { AccessRequest } from "../../../model/permissions/evaluate/request";

const ROLE = { arn: "arn:aws:iam::111122223333:role/build", account: "111122223333" };
const BUCKET = "arn:aws:s3:::artifacts/a";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/1";

type Given = Readonly<Record<string, unknown>>;

const statements = (...list: readonly Given[]) => statementsIn(JSON.stringify({ Statement: list }));
const allow = (Action: unknown, Resource: unknown, more: Given = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: Given = {}) => ({ Effect: "Deny", Action, Resource, ...more });
const may = (request: Partial<AccessRequest>, policies: Policies) =>
  decide({ caller: ROLE, action: "s3:GetObject", resource: BUCKET, ...request }, policies);

describe("whether AWS lets a call through", () => {
  it("takes an allow for the action and the resource, in any case and with wildcards", () => {
    for (const [action, resource] of [
      ["s3:GetObject", BUCKET],
      ["s3:get*", "arn:aws:s3:::artifacts/*"],
      ["*", "*"],
    ]) {
      assert.equal(may({}, { identity: statements(allow(action, resource)) }).allowed, true, action);
    }
    assert.equal(may({}, { identity: statements(allow("s3:PutObject", BUCKET)) }).allowed, false);
    assert.equal(may({}, { identity: statements(allow("s3:GetObject", "arn:aws:s3:::artifacts")) }).allowed, false);
    assert.equal(may({}, {}).allowed, false);
  });

  it("lets an explicit deny win, and says which statement it was", () => {
    const identity = statements(allow("s3:*", "*"), deny("s3:GetObject", "arn:aws:s3:::artifacts/*"));
    const decision = may({}, { identity });
    assert.deepEqual([decision.allowed, decision.where, decision.by?.effect], [false, "identity", "Deny"]);
  });

  it("reads NotAction and NotResource as everything else", () => {
    assert.equal(
      may({}, { identity: statements({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) }).allowed,
      true,
    );
    assert.equal(
      may({}, { identity: statements({ Effect: "Allow", NotAction: "s3:*", Resource: "*" }) }).allowed,
      false,
    );
    assert.equal(
      may({}, { identity: statements({ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::artifacts/*" }) })
        .allowed,
      false,
    );
  });

  it("confines what a role's own policies allow by its boundary", () => {
    const identity = statements(allow("s3:*", "*"));
    assert.equal(may({}, { identity, boundary: statements(allow("s3:Get*", "*")) }).allowed, true);
    const decision = may({}, { identity, boundary: statements(allow("ecs:*", "*")) });
    assert.deepEqual([decision.allowed, decision.where], [false, "boundary"]);
  });

  it("needs both sides between accounts, and one within", () => {
    const own = statements(allow("s3:GetObject", "*"));
    const theirs = statements({ ...allow("s3:GetObject", "arn:aws:s3:::artifacts/*"), Principal: { AWS: ROLE.arn } });
    const other = { owner: "444455556666" };
    assert.equal(may(other, { identity: own }).allowed, false);
    assert.equal(may(other, { resource: theirs }).allowed, false);
    assert.equal(may(other, { identity: own, resource: theirs }).allowed, true);
    assert.equal(may({}, { identity: own }).allowed, true);
    assert.equal(may({}, { resource: theirs }).allowed, true);
  });

  it("hands the question back to the caller's policies where a resource names the account", () => {
    const account = { Principal: { AWS: "arn:aws:iam::111122223333:root" } };
    const resource = statements({ ...allow("kms:*", "*"), ...account });
    const request = { action: "kms:Decrypt", resource: KEY };
    assert.equal(may(request, { resource, resourceDecides: true }).allowed, false);
    assert.equal(
      may(request, { resource, resourceDecides: true, identity: statements(allow("kms:Decrypt", KEY)) }).allowed,
      true,
    );
    assert.equal(
      may(request, { resource: [], resourceDecides: true, identity: statements(allow("kms:Decrypt", KEY)) }).allowed,
      false,
    );
  });

  it("lets a service in by the resource's policy alone", () => {
    const caller = { arn: "codebuild.amazonaws.com", account: "111122223333" };
    const trust = statements({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "codebuild.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
    });
    const request = { caller, action: "sts:AssumeRole", resource: ROLE.arn };
    const from = (account: string) => ({ ...request, context: { "aws:SourceAccount": account } });
    assert.equal(may(from("111122223333"), { resource: trust }).allowed, true);
    assert.equal(may(from("999999999999"), { resource: trust }).allowed, false);
    assert.equal(may({ ...request, context: {} }, { resource: trust }).allowed, false);
    assert.equal(
      may({ ...from("111122223333"), caller: { ...caller, arn: "ecs.amazonaws.com" } }, { resource: trust }).allowed,
      false,
    );
  });

  const cases: readonly (readonly [string, Given, Given, boolean])[] = [
    [
      "StringEquals of one of several values",
      { StringEquals: { "iam:PassedToService": ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] } },
      { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      true,
    ],
    [
      "StringEquals of another value",
      { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
      { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      false,
    ],
    ["a key that the request does not have", { StringEquals: { "iam:PassedToService": "x" } }, {}, false],
    ["IfExists where the key is missing", { StringEqualsIfExists: { "iam:PassedToService": "x" } }, {}, true],
    ["StringNotEquals where the key is missing", { StringNotEquals: { "aws:RequestedRegion": "eu-west-1" } }, {}, true],
    [
      "StringLike",
      { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
      { "kms:viaservice": "s3.eu-west-1.amazonaws.com" },
      true,
    ],
    [
      "ArnLike, whose stars cover no colon",
      { ArnLike: { "aws:SourceArn": "arn:aws:s3:*:b" } },
      { "aws:SourceArn": "arn:aws:s3:x:y:b" },
      false,
    ],
    [
      "ArnEquals",
      { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-west-1:1:cluster/dev" } },
      { "ecs:cluster": "arn:aws:ecs:eu-west-1:1:cluster/dev" },
      true,
    ],
    ["Bool", { Bool: { "aws:SecureTransport": "false" } }, {}, false],
    ["Null for a key that is there", { Null: { "aws:PrincipalArn": "true" } }, {}, false],
    ["Null for a key that is missing", { Null: { "aws:TokenIssueTime": "true" } }, {}, true],
    ["NumericLessThan", { NumericLessThan: { "s3:max-keys": "10" } }, { "s3:max-keys": "5" }, true],
    ["ForAnyValue", { "ForAnyValue:StringEquals": { "aws:TagKeys": "a" } }, { "aws:TagKeys": ["b", "a"] }, true],
    ["ForAllValues", { "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }, { "aws:TagKeys": ["b", "a"] }, false],
    ["ForAllValues of nothing", { "ForAllValues:StringEquals": { "aws:TagKeys": "a" } }, {}, true],
    ["a policy variable", { StringEquals: { "aws:PrincipalAccount": "${aws:PrincipalAccount}" } }, {}, true],
    ["an operator that nobody knows", { Whatever: { "aws:PrincipalAccount": "111122223333" } }, {}, false],
    ["all of several conditions", { StringEquals: { a: "1" }, StringLike: { b: "2" } }, { a: "1", b: "3" }, false],
  ];
  for (const [name, Condition, context, expected] of cases) {
    it(`holds conditions against the request: ${name}`, () => {
      const identity = statements(allow("s3:GetObject", "*", { Condition }));
      assert.equal(may({ context: context as Record<string, string> }, { identity }).allowed, expected);
    });
  }
});
