import assert from "node:assert/strict";
import { join } from "node:path";
import { deployRoles } from "../../deployments/aws/roles";
import { type Graph, recordGraph, refusal } from "../support/graph";
import { at, json } from "../support/read";
import { engineConfig, ROOT, stackValues } from "../support/stack";
import { admitsToken } from "../support/token";

const ROLE = "aws:iam/role:Role";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ISSUER = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const pulumi = { organization: "acme" };

type Values = Record<string, unknown>;

const options = (changes: Values = {}) => ({
  project: "ecs-delivery-roles",
  stack: "main",
  config: engineConfig(stackValues("main", changes, join(ROOT, "deployments/aws"))),
});
const record = (changes?: Values) => recordGraph(deployRoles, options(changes));
const refused = (changes: Values) => refusal(deployRoles, options(changes));

const trustOf = (graph: Graph, role: string) => graph.named(ROLE, role).inputs.assumeRolePolicy;
const gitHub = (context: string, repository = "acme/delivery") => ({
  provider,
  issuer: ISSUER,
  aud: "sts.amazonaws.com",
  sub: `repo:${repository}:${context}`,
});
const deployment = (stack: string, operation: string) => ({
  provider: "arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc",
  issuer: "api.pulumi.com/oidc",
  aud: "acme",
  sub: `pulumi:deploy:org:acme:project:ecs-delivery:stack:${stack}:operation:${operation}:scope:write`,
});

describe("the roles of the committed stack file", () => {
  it("are two for each environment and none for review stacks, with one provider", async () => {
    const graph = await record();
    assert.deepEqual(graph.counts(), { [PROVIDER]: 1, [ROLE]: 6, "aws:iam/rolePolicy:RolePolicy": 6 });
    const { inputs } = graph.only(PROVIDER);
    assert.equal(inputs.url, `https://${ISSUER}`);
    assert.deepEqual(inputs.clientIdLists, ["sts.amazonaws.com"]);
  });

  it("reach what a project's stacks are called, and keep review stacks to theirs", async () => {
    const graph = await record({ project: "shop", reviewStacks: true });
    const update = JSON.stringify(graph.named("aws:iam/rolePolicy:RolePolicy", "dev-update").inputs.policy);
    assert.match(update, /role\/ecs-delivery\/shop-dev\/\*/);
    assert.doesNotMatch(update, /ecs-delivery\/dev\//);
    const boundary = JSON.stringify(graph.only("aws:iam/policy:Policy").inputs.policy);
    assert.match(boundary, /cluster\/shop-pr-\*/);
    assert.doesNotMatch(boundary, /[/:]pr-\*/);
  });

  it("are named in one output, which is what the workflows read", async () => {
    const { roles } = (await record({ reviewStacks: true })).recorded.stackOutputs;
    const arn = (name: string) => `arn:aws:iam::111122223333:role/ecs-delivery-deployment/ecs-delivery-${name}`;
    assert.deepEqual(roles, {
      dev: { preview: arn("dev-preview"), update: arn("dev-update") },
      qa: { preview: arn("qa-preview"), update: arn("qa-update") },
      prod: { preview: arn("prod-preview"), update: arn("prod-update") },
      review: {
        update: arn("review-update"),
        boundary: "arn:aws:iam::111122223333:policy/ecs-delivery-deployment/ecs-delivery-review-boundary",
      },
    });
  });

  it("are each for one environment: dev's jobs do not update prod", async () => {
    const graph = await record({ reviewStacks: true });
    const names = ["dev", "qa", "prod", "review"];
    for (const role of names) {
      const admitted = names.filter((name) =>
        admitsToken(trustOf(graph, `${role}-update`), gitHub(`environment:${name}`)),
      );
      assert.deepEqual(admitted, [role]);
    }
  });

  it("let pull requests look, and those of a fork not even that", async () => {
    const graph = await record({ reviewStacks: true });
    for (const { name, inputs } of graph.all(ROLE)) {
      const looks = name.endsWith("-preview");
      assert.equal(admitsToken(inputs.assumeRolePolicy, gitHub("pull_request")), looks, name);
      assert.equal(admitsToken(inputs.assumeRolePolicy, gitHub("ref:refs/heads/main")), looks, name);
      for (const context of ["pull_request", "environment:dev", "environment:review", "ref:refs/heads/main"]) {
        assert.ok(!admitsToken(inputs.assumeRolePolicy, gitHub(context, "mallory/delivery")), `${name} ${context}`);
      }
    }
  });
});

describe("the roles", () => {
  it("admit Pulumi Deployments to update where they are set up, and GitHub Actions to look", async () => {
    const graph = await record({ pulumi, reviewStacks: true });
    assert.equal(graph.count(PROVIDER), 2);
    assert.ok(admitsToken(trustOf(graph, "prod-update"), deployment("prod", "update")));
    assert.ok(!admitsToken(trustOf(graph, "prod-update"), deployment("prod", "preview")));
    assert.ok(!admitsToken(trustOf(graph, "prod-update"), deployment("dev", "update")));
    assert.ok(!admitsToken(trustOf(graph, "prod-update"), gitHub("environment:prod")), "one runner updates");
    assert.ok(admitsToken(trustOf(graph, "prod-preview"), deployment("prod", "preview")));
    assert.ok(admitsToken(trustOf(graph, "prod-preview"), gitHub("pull_request")));
    assert.ok(admitsToken(trustOf(graph, "review-update"), deployment("pr-acme-delivery-42", "destroy")));
    assert.ok(!admitsToken(trustOf(graph, "review-update"), deployment("prod", "update")));
  });

  it("trust a provider that is there already, and make none", async () => {
    const github = { repository: "acme@1/delivery@2", provider: { existing: provider } };
    const graph = await record({ github });
    assert.equal(graph.count(PROVIDER), 0);
    assert.equal(graph.count(ROLE), 6);
    const trust = json(trustOf(graph, "dev-update"), "Statement", 0);
    assert.equal(at(trust, "Principal", "Federated"), provider);
    assert.ok(admitsToken(trustOf(graph, "dev-update"), gitHub("environment:dev", "acme@1/delivery@2")));
    assert.ok(!admitsToken(trustOf(graph, "dev-preview"), gitHub("ref:refs/heads/main", "acme@1/delivery@2")));
  });

  it("take policies, a boundary and hours from the stack they are for", async () => {
    const stacks = [
      { name: "dev", updatePolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess"], maxSessionDurationInHours: 2 },
      { name: "prod", permissionsBoundaryArn: "arn:aws:iam::111122223333:policy/boundary" },
    ];
    const graph = await record({ stacks });
    assert.equal(graph.named(ROLE, "dev-update").inputs.maxSessionDuration, 7200);
    const attachment = graph.only("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.equal(attachment.name, "dev-update-0");
    const bounded = graph.statements("prod-update").filter(({ Action }) => Action.includes("iam:CreateRole"));
    assert.deepEqual(
      at(bounded[0]?.Condition, "StringEquals", "iam:PermissionsBoundary"),
      stacks[1]?.permissionsBoundaryArn,
    );
  });
});

describe("the roles refuse a stack file", () => {
  it("in which nobody updates", async () => {
    assert.equal(
      await refused({ github: undefined }),
      [
        "Pulumi.main.yaml has 1 problem(s):",
        "  ecs-delivery:github: expected the repository, unless `pulumi` says who updates, it is not set",
        "    pulumi config set --stack main --path 'ecs-delivery:github.repository' acme/delivery",
      ].join("\n"),
    );
  });

  it("with a repository that is a pattern, or no name", async () => {
    for (const repository of ["acme/*", "delivery", "acme@x/delivery"]) {
      const message = await refused({ github: { repository } });
      assert.match(message, /ecs-delivery:github\.repository: expected `owner\/name`, or `owner@id\/name@id`/);
      assert.ok(message.includes(`got ${JSON.stringify(repository)}`), message);
    }
  });

  it("that names a stack twice, or one like the role of review stacks", async () => {
    for (const twice of ["dev", "review"]) {
      const message = await refused({ stacks: [{ name: "dev" }, { name: twice }] });
      assert.match(message, new RegExp(`ecs-delivery:stacks: expected names that differ.* got "${twice}" again`));
    }
  });

  it("in which review stacks would reach what others have", async () => {
    const message = await refused({ reviewStacks: true, review: { confined: false } });
    assert.match(
      message,
      /ecs-delivery:review\.confined: expected true beside dev, qa, prod, which whoever pushes a branch could change/,
    );
    assert.match(message, /pulumi config set --stack main --path 'ecs-delivery:review\.confined' true/);
    assert.match(
      await refused({ reviewStacks: true, stacks: [{ name: "pr-shop" }] }),
      /ecs-delivery:stacks: expected names that do not begin with pr-, which review stacks reach; got "pr-shop"/,
    );
    assert.match(await refused({ stacks: [] }), /ecs-delivery:stacks: expected one stack or more, unless the account/);
  });

  it("in which review stacks read more than a policy can name", async () => {
    const reads = Array.from(
      { length: 20 },
      (_, index) => `arn:aws:ssm:eu-west-1:111122223333:parameter/dev/${index}/${"x".repeat(40)}`,
    );
    assert.match(
      await refused({ reviewStacks: true, review: { reads } }),
      /review: the boundary would have \d+ characters, AWS takes 6144; let shares and reads name less/,
    );
  });

  it("with keys that nobody knows", async () => {
    assert.match(await refused({ stacks: [{ name: "dev", roleArn: "x" }] }), /stacks\[0\]\.roleArn: unknown key/);
  });
});
