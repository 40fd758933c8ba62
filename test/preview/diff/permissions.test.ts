import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { statementsIn } from "../../../model/graph/iam";
import { pairUp } from "../../../model/update/pairs";
import { compareStatements } from "../../../preview/diff/grants";
import { openingChanges } from "../../../preview/diff/openings";
import { permissionChanges } from "../../../preview/diff/permissions";
import { type Allowed, graphOf, policy, resource, trust } from "../rules/handMade";

const ROLE = "aws:iam/role:Role";
const BUCKET = "arn:aws:s3:::files";

const statements = (...all: readonly object[]) => statementsIn(JSON.stringify({ Statement: all }));
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const same = { widened: [], narrowed: [] };

describe("compareStatements", () => {
  it("says what became possible and what no longer is, calls on one resource together", () => {
    const before = statements(allow(["s3:GetObject", "s3:PutObject"], BUCKET));
    const after = statements(allow(["s3:GetObject", "s3:DeleteObject", "s3:ListBucket"], BUCKET));
    assert.deepStrictEqual(compareStatements(before, after), {
      widened: [`s3:DeleteObject, s3:ListBucket on ${BUCKET}`],
      narrowed: [`s3:PutObject on ${BUCKET}`],
    });
  });

  it("finds nothing where the same is only said in another way", () => {
    const condition = { StringEquals: { a: ["x", "y"], b: "z" } };
    const other = { StringEquals: { b: ["z"], a: ["y", "x"] } };
    assert.deepStrictEqual(
      compareStatements(
        statements(allow(["s3:Get*", "s3:GetObject"], `${BUCKET}/*`), allow("a:b", "*", { Condition: condition })),
        statements(allow("a:b", ["*"], { Condition: other }), allow("S3:get*", `${BUCKET}/*`)),
      ),
      same,
    );
  });

  it("knows what a pattern includes", () => {
    const [wide, narrow] = [statements(allow("s3:*", `${BUCKET}/*`)), statements(allow("s3:GetObject", `${BUCKET}/a`))];
    assert.deepStrictEqual(compareStatements(narrow, wide), { widened: [`s3:* on ${BUCKET}/*`], narrowed: [] });
    assert.deepStrictEqual(compareStatements(wide, narrow), { widened: [], narrowed: [`s3:* on ${BUCKET}/*`] });
  });

  it("says under which condition, and how it was without one", () => {
    const condition = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
    const [free, held] = [
      statements(allow("iam:PassRole", "r")),
      statements(allow("iam:PassRole", "r", { Condition: condition })),
    ];
    const words = "StringEquals iam:PassedToService ecs-tasks.amazonaws.com";
    assert.deepStrictEqual(compareStatements([], held), { widened: [`iam:PassRole on r (${words})`], narrowed: [] });
    assert.deepStrictEqual(compareStatements(held, free), {
      widened: [`iam:PassRole on r, before only if ${words}`],
      narrowed: [],
    });
    assert.deepStrictEqual(compareStatements(free, held), {
      widened: [],
      narrowed: [`iam:PassRole on r, now only if ${words}`],
    });
  });

  it("knows that a condition with fewer values asks more, and one that shuts out fewer asks less", () => {
    const held = (operator: string, ...values: string[]) =>
      statements(allow("sns:Publish", "t", { Condition: { [operator]: { "aws:SourceArn": values } } }));
    for (const [wide, narrow] of [
      [held("ArnEquals", "a", "b"), held("ArnEquals", "a")],
      [held("ForAllValues:StringLike", "a*"), held("ForAllValues:StringLike", "ab", "ac*")],
      [held("StringNotEquals", "a"), held("StringNotEquals", "a", "b")],
      [held("ArnNotLike", "ab"), held("ArnNotLike", "a*")],
    ] as const) {
      assert.deepStrictEqual(compareStatements(wide, narrow).widened, []);
      assert.strictEqual(compareStatements(wide, narrow).narrowed.length, 1);
      assert.strictEqual(compareStatements(narrow, wide).widened.length, 1);
      assert.deepStrictEqual(compareStatements(narrow, wide).narrowed, []);
    }
    const [a, b] = [held("StringEquals", "a*"), held("StringEquals", "ab")];
    assert.strictEqual(compareStatements(a, b).widened.length, 1, "a star is a letter there");
  });

  it("counts a denial as the opposite", () => {
    const deny = statements({ Effect: "Deny", Action: "s3:*", Resource: "*" });
    assert.deepStrictEqual(compareStatements([], deny), { widened: [], narrowed: ["denied: s3:* on *"] });
    assert.deepStrictEqual(compareStatements(deny, []), { widened: ["no longer denied: s3:* on *"], narrowed: [] });
  });

  it("names who may, and one role where a condition leaves one of its account", () => {
    const root = { AWS: "arn:aws:iam::444455556666:root" };
    const only = (role: string, more: object = {}) =>
      statements({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: root,
        Condition: { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::444455556666:role/${role}` }, ...more },
      });
    assert.deepStrictEqual(compareStatements(only("a"), only("b")), {
      widened: ["arn:aws:iam::444455556666:role/b: sts:AssumeRole"],
      narrowed: ["arn:aws:iam::444455556666:role/a: sts:AssumeRole"],
    });
    assert.deepStrictEqual(compareStatements(only("deploy-*"), only("deploy-1")), {
      widened: [],
      narrowed: ["arn:aws:iam::444455556666:role/deploy-*: sts:AssumeRole"],
    });
    const everyone = statements({ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" });
    assert.deepStrictEqual(compareStatements(only("a", { Bool: { x: "true" } }), everyone).widened, [
      "*: sts:AssumeRole",
    ]);
  });

  it("says what is allowed by what is left out", () => {
    const all = statements({ Effect: "Allow", NotAction: ["iam:*"], NotResource: [BUCKET] });
    assert.deepStrictEqual(compareStatements([], all).widened, [`every call but iam:* on everything but ${BUCKET}`]);
  });
});

describe("permissionChanges", () => {
  const changes = (before: RecordedGraph, after: RecordedGraph) =>
    permissionChanges(before, after, pairUp(before, after));
  const role = (...allowed: readonly Allowed[]) =>
    graphOf(
      resource(ROLE, "task", { assumeRolePolicy: trust("ecs-tasks.amazonaws.com") }),
      resource("aws:iam/rolePolicy:RolePolicy", "task", { role: "task", policy: policy(...allowed) }),
    );
  const urn = `urn:pulumi:dev::shop::${ROLE}::task`;

  it("is what all policies of a role come to, and nothing for one that only moved a statement", () => {
    const [one, two] = [[["s3:GetObject"], [BUCKET]] as const, [["s3:PutObject"], [BUCKET]] as const];
    const [before, after] = [
      role([[...one[0]], [...one[1]]]),
      role([[...one[0]], [...one[1]]], [[...two[0]], [...two[1]]]),
    ];
    assert.deepStrictEqual(changes(before, after), [
      {
        urn,
        subject: 'aws.iam.Role "task"',
        policy: "permissions",
        widened: [`s3:PutObject on ${BUCKET}`],
        narrowed: [],
      },
    ]);
    const inline = {
      inlinePolicies: [{ policy: policy([["s3:GetObject"], [BUCKET]]) }],
      assumeRolePolicy: trust("ecs-tasks.amazonaws.com"),
    };
    assert.deepStrictEqual(changes(before, graphOf(resource(ROLE, "task", inline))), []);
  });

  it("names a managed policy whose text is not there", () => {
    const attached = resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "task", {
      role: "task",
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    });
    const before = role();
    const [found] = changes(before, { ...before, resources: [...before.resources, attached] });
    assert.deepStrictEqual(found?.widened, ["all that arn:aws:iam::aws:policy/ReadOnlyAccess allows"]);
  });

  it("tells who may take a role now, also a new and a removed one", () => {
    const trusting = (service: string) => graphOf(resource(ROLE, "task", { assumeRolePolicy: trust(service, false) }));
    const trusts = { urn, policy: "trust", subject: 'aws.iam.Role "task"' };
    const [widened, narrowed] = [["ecs.amazonaws.com: sts:AssumeRole"], ["ecs-tasks.amazonaws.com: sts:AssumeRole"]];
    const [tasks, ecs] = [trusting("ecs-tasks.amazonaws.com"), trusting("ecs.amazonaws.com")];
    assert.deepStrictEqual(changes(tasks, ecs), [{ ...trusts, widened, narrowed }]);
    assert.deepStrictEqual(changes(graphOf(), ecs), [{ ...trusts, widened, narrowed: [] }]);
    const subject = 'aws.iam.Role "task", removed';
    assert.deepStrictEqual(changes(tasks, graphOf()), [{ ...trusts, subject, widened: [], narrowed }]);
  });

  it("reads the policies of buckets, keys, repositories and topics", () => {
    for (const type of [
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:kms/key:Key",
      "aws:ecr/repositoryPolicy:RepositoryPolicy",
      "aws:sns/topicPolicy:TopicPolicy",
    ]) {
      const letting = (principal: string) => {
        const statement = { Effect: "Allow", Action: "x:Use", Resource: "*", Principal: { AWS: principal } };
        return graphOf(resource(type, "shared", { policy: JSON.stringify({ Statement: [statement] }) }));
      };
      assert.deepStrictEqual(
        changes(letting("a"), letting("b")).map(({ policy: which, widened, narrowed }) => [which, widened, narrowed]),
        [["resource policy", ["b: x:Use on *"], ["a: x:Use on *"]]],
        type,
      );
    }
  });
});

describe("openingChanges", () => {
  const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const group = (name: string) => resource("aws:ec2/securityGroup:SecurityGroup", name, {}, { id: `sg-${name}` });
  const rule = (name: string, inputs: object) => resource(INGRESS, name, { securityGroupId: "sg-web", ...inputs });
  const changes = (before: RecordedGraph, after: RecordedGraph) => openingChanges(before, after, pairUp(before, after));

  it("says which port is open to whom, and which no longer", () => {
    const ports = { fromPort: 80, toPort: 80, ipProtocol: "tcp" };
    const before = graphOf(group("web"), rule("a", { ...ports, cidrIpv4: "0.0.0.0/0" }));
    const range = { fromPort: 8000, toPort: 8080, referencedSecurityGroupId: "sg-lb" };
    const after = graphOf(
      group("web"),
      group("lb"),
      rule("a", range),
      rule("b", { ipProtocol: "-1", cidrIpv6: "::/0" }),
    );
    assert.deepStrictEqual(changes(before, after), {
      widened: ["web: ingress 8000-8080 from lb", "web: ingress on every port from ::/0"],
      narrowed: ["web: ingress 80 from 0.0.0.0/0"],
    });
  });

  it("finds nothing in a group that only has another name, or a rule that is written in another way", () => {
    const open = { fromPort: 80, toPort: 80, cidrIpv4: "10.0.0.0/8" };
    const inline = { ingress: [{ fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }] };
    const before = graphOf(group("web"), rule("a", open));
    const written = resource("aws:ec2/securityGroup:SecurityGroup", "web", inline, { id: "sg-web" });
    assert.deepStrictEqual(changes(before, graphOf(written)), same);
    const renamed = graphOf(group("site"), rule("a", { ...open, securityGroupId: "sg-site" }));
    assert.deepStrictEqual(changes(before, renamed), same);
  });
});
