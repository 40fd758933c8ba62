import assert from "node:assert";
import { statementsIn } from "../../../model/graph/iam";
import { admits, admittedRoles } from "../../../model/graph/principals";

const ACCOUNT = "111122223333";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/staging-pipeline`;
const ROOT = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

const policy = (...statements: readonly object[]) =>
  statementsIn({ Statement: statements.map((one) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...one })) });
const taken = (...statements: readonly object[]) =>
  admits(policy(...statements), { roleArn: ROLE, action: "sts:AssumeRole" });
const who = (operator: string, value: string) => ({ Condition: { [operator]: { "aws:PrincipalArn": value } } });

describe("admits", () => {
  it("knows the role, its account and everyone, and nobody else", () => {
    const principals = [{ AWS: ROLE }, ROOT, { AWS: ACCOUNT }, { AWS: [ROLE, "x"] }, { AWS: "*" }, "*"];
    for (const Principal of principals) assert.strictEqual(taken({ Principal }), true, JSON.stringify(Principal));
    const others = [{ AWS: `${ROLE}-2` }, { AWS: "arn:aws:iam::444455556666:root" }, { Service: "ecs.amazonaws.com" }];
    for (const Principal of others) assert.strictEqual(taken({ Principal }), false, JSON.stringify(Principal));
  });

  it("looks at conditions on who it is", () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ["ArnLike", ROLE, true],
      ["ArnEquals", ROLE.replace("pipeline", "*"), true],
      ["StringLike", "arn:aws:iam::*:role/staging-*", true],
      ["StringEqualsIfExists", ROLE, true],
      ["StringEquals", ROLE.replace("pipeline", "*"), false],
      ["ArnLike", ROLE.replace("staging", "qa"), false],
      ["ArnNotLike", ROLE, false],
      ["StringNotEquals", `${ROLE}-2`, true],
    ];
    for (const [operator, value, expected] of cases) {
      assert.strictEqual(taken({ Principal: ROOT, ...who(operator, value) }), expected, `${operator} ${value}`);
    }
    const account = (id: string) => ({ Condition: { StringEquals: { "aws:PrincipalAccount": [id] } } });
    assert.deepStrictEqual(
      [ACCOUNT, "444455556666"].map((id) => taken({ Principal: "*", ...account(id) })),
      [true, false],
    );
  });

  it("counts other conditions as met, and a denial only where nothing but who it is decides", () => {
    const secure = { Condition: { Bool: { "aws:SecureTransport": "false" } } };
    const allowed = { Principal: ROOT };
    assert.strictEqual(taken({ ...allowed, ...secure }), true);
    const deny = { Effect: "Deny", Principal: "*" };
    assert.strictEqual(taken(allowed, deny), false);
    assert.strictEqual(taken(allowed, { ...deny, ...secure }), true);
    assert.strictEqual(taken(allowed, { ...deny, ...who("ArnNotLike", ROLE) }), true);
    assert.strictEqual(taken(allowed, { ...deny, ...who("ArnLike", ROLE) }), false);
  });

  it("looks at call and resource", () => {
    const statements = policy({ Principal: ROOT, Action: ["s3:Get*"], Resource: "arn:aws:s3:::files/*" });
    const may = (action: string, resource: string) => admits(statements, { roleArn: ROLE, action, resource });
    assert.deepStrictEqual(
      [may("s3:GetObject", "arn:aws:s3:::files/a"), may("s3:PutObject", "arn:aws:s3:::files/a")],
      [true, false],
    );
    assert.strictEqual(may("s3:GetObject", "arn:aws:s3:::others/a"), false);
  });
});

describe("admittedRoles", () => {
  it("are those that a policy names, as principals or by a condition, each once", () => {
    const named = { Principal: { AWS: [ROLE, "arn:aws:iam::444455556666:role/path/x"] } };
    const conditional = { Principal: ROOT, ...who("ArnLike", `arn:aws:iam::${ACCOUNT}:role/qa-*`) };
    assert.deepStrictEqual(admittedRoles(policy(named, named, conditional)), [
      { role: "staging-pipeline", account: ACCOUNT },
      { role: "path/x", account: "444455556666" },
      { role: "qa-*", account: ACCOUNT },
    ]);
  });

  it("are none where an account, a service or a denial is all there is", () =>
    assert.deepStrictEqual(
      admittedRoles(
        policy({ Principal: ROOT }, { Principal: { Service: "x" } }, { Effect: "Deny", Principal: { AWS: ROLE } }),
      ),
      [],
    ));
});
