import assert from "node:assert/strict";
import { inOrder, stage } from "../../components/pipeline/action";
import { deployStack } from "../../stacks/environment";
import type { EnvironmentProfile } from "../../stacks/profile";
import { profiles } from "../../stacks/profiles";
import { untilPassed } from "../../stacks/staging";
import { moreThanNotices, saidAcross } from "../support/findings";
import { expectGolden } from "../support/golden";
import { type Graph, refusal } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, json, list } from "../support/read";
import { engineConfig, exampleGraph, exampleValues, service, stackGraph, stackRefusal } from "../support/stack";

const WORKFLOW = "ecs-delivery:index:DeliveryWorkflow";
const ROLE = "aws:iam/role:Role";
const ISSUER = "token.actions.githubusercontent.com";
const EXAMPLE = "github-actions-promotion";
const gitHubActions = { repository: "acme/shop" };

const example = (stack: string, changes: ConfigValues = {}) => exampleGraph(EXAMPLE, stack, changes);
const trusted = (graph: Graph, role: string) =>
  at(json(graph.named(ROLE, role).inputs.assumeRolePolicy, "Statement", 0), "Condition", "StringEquals");
const several = [
  { name: "web", folder: "web", container: { name: "web", port: 3000 } },
  { name: "api", folder: "api", container: { name: "api", port: 8080 } },
];

describe("a workflow of GitHub Actions that goes on to another stack", () => {
  for (const stack of ["staging", "production"]) {
    it(`has the resources of its golden file, with the same names and parents: ${stack}`, async () => {
      const graph = await example(stack);
      expectGolden(`${EXAMPLE}-${stack}.txt`, graph.identity());
      assert.deepEqual(moreThanNotices(graph), []);
    });
  }

  it("takes a role for each release that admits the next environment's jobs alone, and may do nothing else", async () => {
    const graph = await example("staging");
    const expected = {
      [`${ISSUER}:aud`]: "sts.amazonaws.com",
      [`${ISSUER}:sub`]: ["repo:acme/shop:environment:production"],
      [`${ISSUER}:ref`]: "refs/heads/main",
    };
    assert.deepEqual(trusted(graph, "staging-api-release"), expected);
    const policy = JSON.stringify(graph.statements("staging-api-release"));
    assert.match(policy, /passed-image/);
    assert.match(policy, /444455556666:repository\/production\/api/);
    assert.doesNotMatch(policy, /ecs:|ssm:PutParameter|iam:/);
    assert.doesNotMatch(JSON.stringify(graph.statements("staging-github-actions")), /production/);
  });

  it("is admitted by the two roles of the other stack, which no pipeline takes any more", async () => {
    const graph = await example("production");
    for (const role of ["production-deploy", "production-confirm"]) {
      assert.deepEqual(at(trusted(graph, role), `${ISSUER}:sub`), ["repo:acme/shop:environment:production"]);
      assert.equal(graph.named(ROLE, role).inputs.maxSessionDuration, 21_600);
    }
    assert.doesNotMatch(JSON.stringify(graph.statements("production-deploy")), /s3:|kms:/);
    assert.equal(graph.count(WORKFLOW), 0);
  });

  it("fits the other half, in two accounts and in one, with one service and with two, and with signed passports", async () => {
    assert.deepEqual(saidAcross((await example("staging")).recorded, (await example("production")).recorded), []);
    const one = { "aws:allowedAccountIds": undefined };
    const passport = { signingKey: { existing: "arn:aws:kms:eu-west-1:111122223333:key/0a1b" } };
    for (const changes of [{}, { services: several }, { passport }]) {
      const staging = await example("staging", {
        ...one,
        releaseTo: { stack: "production" },
        tests: undefined,
        ...changes,
      });
      const production = await example("production", { ...one, deliveredBy: { stack: "staging" }, ...changes });
      assert.deepEqual(saidAcross(staging.recorded, production.recorded), [], JSON.stringify(changes));
      assert.deepEqual(moreThanNotices(staging), []);
      assert.deepEqual(moreThanNotices(production), []);
    }
  });

  for (const [what, changes] of [
    ["another branch", { branch: "release" }],
    ["another repository", { delivery: { gitHubActions: { repository: "acme/other" } } }],
    ["another environment", { delivery: { gitHubActions: { ...gitHubActions, environment: "live" } } }],
  ] as const) {
    it(`says that the halves differ where the other stack names ${what}`, async () => {
      const found = saidAcross((await example("staging")).recorded, (await example("production", changes)).recorded);
      assert.equal(found.length, 2, found.join("\n"));
      for (const message of found) {
        assert.match(
          message,
          /^production halves-differ: .*expected to admit repo:acme\/shop:environment:production on refs\/heads\/main/,
        );
      }
    });
  }

  it("goes on in the environment that it is told, whose reviewers are asked once", async () => {
    const graph = await example("staging", {
      releaseTo: { stack: "production", account: "444455556666", environment: "live" },
    });
    const jobs = list(graph.only(WORKFLOW).inputs.jobs).map((job) => [
      at(job, "id"),
      at(job, "environment"),
      at(job, "asks"),
    ]);
    assert.deepEqual(jobs.at(-1), ["release", "live", true]);
    assert.deepEqual(jobs.filter(([, , asks]) => asks === true).length, 1);
    assert.deepEqual(at(trusted(graph, "staging-api-release"), `${ISSUER}:sub`), ["repo:acme/shop:environment:live"]);
    assert.match(JSON.stringify(graph.only(WORKFLOW).inputs.stages), /"Environment":"live"/);
  });

  it("leaves the image where it is if stack config says so", async () => {
    const graph = await example("staging", { releaseTo: { stack: "production", images: "same" } });
    assert.deepEqual(moreThanNotices(graph), []);
    const release = list(graph.only(WORKFLOW).inputs.steps).find((step) => at(step, "name") === "staging-api-release");
    assert.match(
      JSON.stringify(at(release, "environment")),
      /"RELEASE_TAG_PREFIX","type":"PLAINTEXT","value":"production-"/,
    );
  });

  it("works in another region, in the other stack's roles alone", async () => {
    const graph = await example("staging", {
      releaseTo: { stack: "production", account: "444455556666", region: "eu-central-1" },
    });
    const actions = list(graph.only(WORKFLOW).inputs.stages).flatMap((stage) => list(at(stage, "actions")));
    const there = actions
      .filter((action) => at(action, "region") === "eu-central-1")
      .map((action) => at(action, "name"));
    assert.deepEqual(there, ["api-to-production", "api-confirm-production"]);
    assert.deepEqual(moreThanNotices(graph), []);
    assert.equal(graph.count("aws:s3/bucket:Bucket"), 0);
  });

  it("goes by the stack's own name on GitHub, whatever the project's is in AWS", async () => {
    const project = { project: "shop" };
    const [staging, production] = [await example("staging", project), await example("production", project)];
    assert.deepEqual(saidAcross(staging.recorded, production.recorded), []);
    assert.deepEqual(at(trusted(production, "shop-production-deploy"), `${ISSUER}:sub`), [
      "repo:acme/shop:environment:production",
    ]);
  });
});

describe("a release by GitHub Actions is refused", () => {
  it("where a gate or tests of a profile of one's own stand between what it has left and its deployment", async () => {
    const apart: EnvironmentProfile = {
      ...profiles.commitToProduction,
      stages: (p) => [
        ...untilPassed(p),
        stage("Release", p.release()),
        stage("Approve", p.approval()),
        stage("Production", inOrder(p.deployRelease(), p.confirmRelease())),
      ],
    };
    const config = engineConfig(exampleValues(EXAMPLE, "staging"));
    const known = { ...profiles, commitToProduction: apart };
    assert.match(
      await refusal(() => deployStack(known), { stack: "staging", config }),
      /job api-to-production: expected api-to-production in one job with api-release, whose files it reads: they are in job release, on another machine\. Put the tests, or the gate, .*, or deliver by a pipeline/,
    );
  });

  const staging = {
    source: undefined,
    environment: "commitToProduction",
    delivery: { gitHubActions },
    releaseTo: { stack: "production" },
  };
  const delivered = { source: undefined, delivery: { gitHubActions }, deliveredBy: { stack: "staging" } };
  const images = Array.from({ length: 25 }, (_, index) => ({ ...several[0], name: `web-${index}` }));
  const cases: readonly [what: string, changes: ConfigValues, expected: RegExp][] = [
    [
      "into its own environment",
      { ...staging, releaseTo: { stack: "production", environment: "dev" } },
      /releaseTo.environment: expected another environment than "dev"/,
    ],
    ["to itself", { ...staging, releaseTo: { stack: "dev" } }, /releaseTo.stack: expected another stack than this one/],
    [
      "without the stack that it goes on to",
      { ...staging, releaseTo: undefined },
      /releaseTo: expected the stack that commitToProduction goes on to/,
    ],
    [
      "of more images than a workflow takes",
      { ...staging, services: images },
      /services: expected at most 24 images beside releaseTo, here are 25/,
    ],
    [
      "into an environment on GitHub, where a pipeline delivers",
      {
        ...staging,
        source: { provider: "CodeCommit", repository: "shop" },
        delivery: undefined,
        releaseTo: { stack: "production", environment: "x" },
      },
      /releaseTo.environment: expected nothing without delivery/,
    ],
    [
      "with the bucket of a pipeline",
      { ...delivered, deliveredBy: { stack: "staging", artifactBucket: "staging-artifacts" } },
      /deliveredBy.artifactBucket: expected nothing beside delivery/,
    ],
    [
      "with what the other stack's file says of its workflow",
      { ...delivered, delivery: { gitHubActions: { ...gitHubActions, filePaths: ["a/**"] } } },
      /delivery.gitHubActions.filePaths: expected nothing beside deliveredBy: the workflow is stack staging's/,
    ],
    ["without the branch that it comes from", { ...delivered, branch: undefined }, /:branch: expected a branch/],
    [
      "by CodeDeploy",
      { ...delivered, deployment: { strategy: "codeDeployBlueGreen" } },
      /deployment: expected a strategy of ECS itself/,
    ],
    [
      "by a pipeline, without its bucket",
      { source: undefined, deliveredBy: { stack: "staging" } },
      /deliveredBy.artifactBucket: expected the artifact bucket of that stack/,
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(what, async () => {
      assert.match(await stackRefusal("dev", changes), expected);
    });
  }

  it("and what is delivered so has no step of its own before a deployment", async () => {
    const changes = { ...delivered, services: service("dev", { beforeDeployment: { command: ["m"] } }) };
    assert.match(await stackRefusal("dev", changes), /beforeDeployment: expected nothing/);
    assert.equal((await stackGraph("dev", { changes: delivered })).count(WORKFLOW), 0);
  });
});
