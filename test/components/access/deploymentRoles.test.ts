import assert from "node:assert/strict";
import { DeploymentRoles, type DeploymentRolesArgs } from "../../../components/access/deploymentRoles";
import {
  gitHubEnvironment,
  gitHubPreviews,
  pulumiPreviews,
  pulumiUpdates,
} from "../../../components/access/webIdentity";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { like } from "../../support/iam";
import { at, documentStatements, list } from "../../support/read";
import { admitsToken, type Token } from "../../support/token";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const providerArn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const repository = { providerArn, repository: "acme/delivery" };
const stack = {
  providerArn: "arn:aws:iam::111122223333:oidc-provider/api.pulumi.com/oidc",
  organization: "acme",
  project: "ecs-delivery",
  stack: "dev",
};
const args: DeploymentRolesArgs = {
  previewedBy: [gitHubPreviews(repository, ["main"])],
  updatedBy: gitHubEnvironment(repository, "dev"),
};

const record = (changes: Partial<DeploymentRolesArgs> = {}) =>
  recordGraph(() => new DeploymentRoles("dev", { ...args, ...changes }));

const trustOf = (graph: Graph, role: string) => graph.named(ROLE, role).inputs.assumeRolePolicy;

function token(sub: string, changes: Partial<Token> = {}): Token {
  return {
    provider: providerArn,
    issuer: "token.actions.githubusercontent.com",
    aud: "sts.amazonaws.com",
    sub,
    ...changes,
  };
}

/** Whether the role's inline policy allows a call on a resource, and no statement denies it; conditions are taken to hold. */
function may(graph: Graph, role: string, action: string, resource: string): boolean {
  const of = (effect: string) =>
    graph.statements(role).filter(({ Effect, Action, Resource }) => {
      return (
        Effect === effect &&
        Action.some((pattern) => like(pattern, action)) &&
        Resource.some((pattern) => like(pattern, resource))
      );
    });
  return of("Allow").length > 0 && of("Deny").length === 0;
}

describe("DeploymentRoles", () => {
  it("makes one role to look and one to update, with a policy each, and nothing else", async () => {
    const graph = await record();
    assert.deepEqual(graph.counts(), { [ROLE]: 2, [POLICY]: 2 });
    const { inputs } = graph.named(ROLE, "dev-update");
    assert.deepEqual(
      [inputs.name, inputs.path, inputs.maxSessionDuration],
      ["ecs-delivery-dev-update", "/ecs-delivery-deployment/", 3600],
    );
  });

  it("lets pull requests and the default branch look, and the environment update", async () => {
    const graph = await record();
    assert.ok(admitsToken(trustOf(graph, "dev-preview"), token("repo:acme/delivery:pull_request")));
    assert.ok(admitsToken(trustOf(graph, "dev-preview"), token("repo:acme/delivery:ref:refs/heads/main")));
    assert.ok(admitsToken(trustOf(graph, "dev-update"), token("repo:acme/delivery:environment:dev")));
  });

  it("lets nobody update without the rules of the environment", async () => {
    const trust = trustOf(await record(), "dev-update");
    for (const context of ["pull_request", "ref:refs/heads/main", "environment:qa", "environment:dev2", ""]) {
      assert.ok(!admitsToken(trust, token(`repo:acme/delivery:${context}`)), context);
    }
  });

  it("admits no fork, no other repository, no other issuer and no token for something else", async () => {
    const graph = await record();
    for (const role of ["dev-preview", "dev-update"]) {
      const strangers = ["mallory/delivery", "acme/delivery2", "acme/other", "acme@1/delivery@2", "x/acme/delivery"];
      for (const context of ["pull_request", "environment:dev", "ref:refs/heads/main"]) {
        for (const who of strangers) {
          assert.ok(!admitsToken(trustOf(graph, role), token(`repo:${who}:${context}`)), `${role} ${who} ${context}`);
        }
        const sub = `repo:acme/delivery:${context}`;
        assert.ok(!admitsToken(trustOf(graph, role), token(sub, { aud: "https://github.com/acme" })));
        assert.ok(!admitsToken(trustOf(graph, role), token(sub, { issuer: "gitlab.com", provider: "arn:gitlab" })));
      }
    }
  });

  it("lets updates of Pulumi Deployments update, and their previews only look", async () => {
    const graph = await record({ previewedBy: [pulumiPreviews(stack)], updatedBy: pulumiUpdates(stack) });
    const of = (operation: string, name = "dev") =>
      token(`pulumi:deploy:org:acme:project:ecs-delivery:stack:${name}:operation:${operation}:scope:write`, {
        provider: stack.providerArn,
        issuer: "api.pulumi.com/oidc",
        aud: "acme",
      });
    assert.ok(admitsToken(trustOf(graph, "dev-preview"), of("preview")));
    assert.ok(admitsToken(trustOf(graph, "dev-update"), of("update")));
    assert.ok(!admitsToken(trustOf(graph, "dev-update"), of("preview")));
    assert.ok(!admitsToken(trustOf(graph, "dev-preview"), of("update")));
    assert.ok(!admitsToken(trustOf(graph, "dev-update"), of("update", "prod")));
  });

  it("makes no role to look where nobody may", async () => {
    const graph = await record({ previewedBy: [] });
    assert.deepEqual(graph.counts(), { [ROLE]: 1, [POLICY]: 1 });
  });

  it("uses policies of others instead of its own, and still keeps an update away from the roles that deploy", async () => {
    const graph = await record({
      previewPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
      updatePolicyArns: ["arn:aws:iam::aws:policy/PowerUserAccess", "arn:aws:iam::111122223333:policy/roles"],
    });
    const attached = graph.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.deepEqual(attached.map(({ name, inputs }) => `${name} ${String(inputs.policyArn)}`).sort(), [
      "dev-preview-0 arn:aws:iam::aws:policy/ReadOnlyAccess",
      "dev-update-0 arn:aws:iam::aws:policy/PowerUserAccess",
      "dev-update-1 arn:aws:iam::111122223333:policy/roles",
    ]);
    const statements = graph.statements("dev-update");
    assert.ok(statements.every(({ Effect }) => Effect === "Deny"));
    assert.deepEqual(statements[0]?.Resource, ["arn:aws:iam::111122223333:role/ecs-delivery-deployment/*"]);
    assert.deepEqual(graph.statements("dev-preview"), []);
  });
});

describe("what the roles of DeploymentRoles may do", () => {
  const account = "arn:aws:iam::111122223333";

  it("to look: nothing that changes anything", async () => {
    const graph = await record();
    for (const { Action, Effect } of graph.statements("dev-preview")) {
      assert.equal(Effect, "Allow");
      for (const action of Action) assert.match(action, /:(BatchGet|Describe|Get|List|Validate)/);
    }
    for (const call of ["ecs:UpdateService", "iam:PassRole", "ssm:PutParameter", "s3:DeleteObject", "sts:AssumeRole"]) {
      assert.ok(!may(graph, "dev-preview", call, "*"), call);
    }
  });

  it("to look: the records of deliveries, and no other parameter", async () => {
    const graph = await record();
    const parameter = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter${name}`;
    for (const role of ["dev-preview", "dev-update"]) {
      assert.ok(may(graph, role, "ssm:GetParameter", parameter("/ecs-delivery/dev-api/delivered-image")));
      assert.ok(!may(graph, role, "ssm:GetParameter", parameter("/shop/db-password")));
    }
  });

  it("to update: never everything, no users, no roles that deploy", async () => {
    const graph = await record();
    const actions = graph.statements("dev-update").flatMap(({ Action, Effect }) => (Effect === "Allow" ? Action : []));
    assert.ok(!actions.includes("*") && !actions.includes("*:*") && !actions.includes("iam:*"));
    assert.ok(may(graph, "dev-update", "iam:PutRolePolicy", `${account}:role/ecs-delivery/dev/api-execution-0a1b2c3`));
    for (const call of ["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:PassRole"]) {
      assert.ok(!may(graph, "dev-update", call, `${account}:role/ecs-delivery-deployment/ecs-delivery-dev-update`));
    }
    for (const call of ["iam:CreateUser", "iam:CreateAccessKey", "iam:DeleteOpenIDConnectProvider", "sts:AssumeRole"]) {
      assert.ok(!may(graph, "dev-update", call, "*"), call);
    }
  });

  it("to update: roles are passed to the services that the program uses", async () => {
    const graph = await record();
    const pass = graph.statements("dev-update").filter(({ Action }) => Action.includes("iam:PassRole"));
    assert.equal(pass.length, 1);
    const services = list(at(pass[0]?.Condition, "StringEquals", "iam:PassedToService"));
    assert.ok(services.includes("codepipeline.amazonaws.com") && !services.includes("ec2.amazonaws.com"));
  });

  it("to update: roles are made and widened only within the boundary, if there is one", async () => {
    const permissionsBoundaryArn = `${account}:policy/boundary`;
    const graph = await record({ permissionsBoundaryArn });
    const widening = ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"];
    for (const call of widening) {
      const allowing = graph.statements("dev-update").filter(({ Action }) => Action.includes(call));
      assert.deepEqual(
        allowing.map(({ Condition }) => Condition),
        [{ StringEquals: { "iam:PermissionsBoundary": permissionsBoundaryArn } }],
        call,
      );
    }
    assert.ok(!may(graph, "dev-update", "iam:DeleteRolePermissionsBoundary", `${account}:role/x`));
  });

  it("fits into an inline policy", async () => {
    const graph = await record({ permissionsBoundaryArn: `${account}:policy/boundary` });
    for (const { inputs } of graph.all(POLICY)) {
      assert.ok(documentStatements(inputs.policy).length > 0);
      assert.ok(String(inputs.policy).length <= 10_240, `${String(inputs.policy).length} characters`);
    }
  });
});

describe("DeploymentRoles refuses", () => {
  const refused = (changes: Partial<DeploymentRolesArgs>, name = "dev") =>
    refusal(() => new DeploymentRoles(name, { ...args, ...changes }));

  it("subjects that leave open whose token it is", async () => {
    const expected =
      "subject: expected a repository's or a stack's in full, with * at most at the end of the stack, got \"repo:acme/*:environment:dev\"";
    const open = { providerArn, repository: "acme/*" };
    assert.ok((await refused({ updatedBy: gitHubEnvironment(open, "dev") })).includes(expected));
    for (const updatedBy of [
      gitHubEnvironment(repository, "*"),
      gitHubPreviews(repository, ["*"]),
      pulumiUpdates({ ...stack, stack: "*" }),
      pulumiUpdates({ ...stack, project: "*" }),
    ]) {
      assert.match(await refused({ updatedBy }), /^DeploymentRoles "dev" has \d problem\(s\):\n {2}subject: /);
    }
  });

  it("names that are too long, and hours that AWS does not give", async () => {
    assert.match(await refused({}, "d".repeat(60)), /name: expected 1 to 64 letters/);
    assert.match(
      await refused({ maxSessionDurationInHours: 13 }),
      /maxSessionDurationInHours: expected a whole number from 1 to 12, got 13/,
    );
  });

  it("lists without policies, and a boundary that would have no effect", async () => {
    assert.match(await refused({ updatePolicyArns: [] }), /updatePolicyArns: expected one policy or more/);
    assert.match(await refused({ previewPolicyArns: [] }), /previewPolicyArns: expected one policy or more/);
    assert.match(
      await refused({ updatePolicyArns: ["arn:a"], rolePath: "/" }),
      /passedRoleArns, hostedZoneIds, rolePath: expected none beside updatePolicyArns/,
    );
    assert.match(
      await refused({ updatePolicyArns: ["arn:a"], permissionsBoundaryArn: "arn:b" }),
      /permissionsBoundaryArn: expected none beside updatePolicyArns/,
    );
  });
});
