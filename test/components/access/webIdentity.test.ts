import assert from "node:assert/strict";
import {
  assumeRoleWithToken,
  gitHubEnvironment,
  gitHubPreviews,
  pulumiPreviews,
  pulumiUpdates,
} from "../../../components/access/webIdentity";
import { json, resolved } from "../../support/read";

const providerArn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const repository = { providerArn, repository: "acme/delivery" };
const stack = { providerArn: "arn:pulumi", organization: "acme", project: "ecs-delivery", stack: "dev" };

describe("tokens of GitHub Actions", () => {
  it("of previews are those of pull requests and of the branches given", () => {
    assert.deepEqual(gitHubPreviews(repository, ["main"]).subjects, [
      "repo:acme/delivery:pull_request",
      "repo:acme/delivery:ref:refs/heads/main",
    ]);
    assert.deepEqual(gitHubPreviews(repository).subjects, ["repo:acme/delivery:pull_request"]);
  });

  it("of updates are those of one GitHub environment", () => {
    assert.deepEqual(gitHubEnvironment(repository, "prod").subjects, ["repo:acme/delivery:environment:prod"]);
  });

  it("name owner and repository with their ids where the repository is so new", () => {
    const young = { providerArn, repository: "acme@123456/delivery@456789" };
    assert.deepEqual(gitHubEnvironment(young, "dev").subjects, ["repo:acme@123456/delivery@456789:environment:dev"]);
  });
});

describe("tokens of Pulumi Deployments", () => {
  it("of previews are those of the operation preview", () => {
    assert.deepEqual(pulumiPreviews(stack).subjects, [
      "pulumi:deploy:org:acme:project:ecs-delivery:stack:dev:operation:preview:scope:write",
    ]);
  });

  it("of updates are those of every other operation", () => {
    const operations = pulumiUpdates(stack).subjects.map((subject) => /operation:([a-z-]+)/.exec(subject)?.[1]);
    assert.deepEqual(operations, ["update", "refresh", "destroy", "detect-drift", "remediate-drift"]);
  });
});

describe("a trust policy for tokens", () => {
  it("asks for issuer, audience and the whole subject", async () => {
    const trust = await resolved(() => assumeRoleWithToken([gitHubEnvironment(repository, "prod")]));
    assert.deepEqual(json(trust), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: providerArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": ["repo:acme/delivery:environment:prod"],
            },
          },
        },
      ],
    });
  });

  it("compares by pattern only where a stack's name is one", async () => {
    const trust = await resolved(() => assumeRoleWithToken([pulumiPreviews({ ...stack, stack: "pr-*" })]));
    assert.deepEqual(json(trust, "Statement", 0, "Condition"), {
      StringEquals: { "api.pulumi.com/oidc:aud": "acme" },
      StringLike: {
        "api.pulumi.com/oidc:sub": [
          "pulumi:deploy:org:acme:project:ecs-delivery:stack:pr-*:operation:preview:scope:write",
        ],
      },
    });
  });
});
