import assert from "node:assert/strict";
import { moreThanNotices, saidAcross } from "../support/findings";
import type { Graph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, list } from "../support/read";
import { exampleGraph, stackRefusal } from "../support/stack";

const WORKFLOW = "ecs-delivery:index:DeliveryWorkflow";
const REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const EXAMPLE = "github-actions-to-pipeline";
const gitHubActions = { repository: "acme/shop" };

const example = (stack: string, changes: ConfigValues = {}) => exampleGraph(EXAMPLE, stack, changes);

describe("a workflow of GitHub Actions that releases to a stack with a pipeline", () => {
  it("releases in a job of that stack's environment, in a role that may do nothing but that", async () => {
    const graph = await example("staging");
    assert.deepEqual(moreThanNotices(graph), []);
    const job = list(graph.only(WORKFLOW).inputs.jobs).at(-1);
    assert.deepEqual(
      [at(job, "id"), at(job, "environment"), at(job, "actions")],
      ["release", "production", ["api-release"]],
    );
    assert.equal(at(graph.only(WORKFLOW).inputs.promotion, "workflowName"), "production-release");
    const policy = JSON.stringify(graph.statements("staging-api-release"));
    assert.match(policy, /444455556666:repository\/production\/api/);
    assert.doesNotMatch(policy, /ecs:|ssm:PutParameter|iam:|sts:/);
    assert.doesNotMatch(JSON.stringify(graph.statements("staging-github-actions")), /production/);
  });

  it("is admitted by the repositories of the other account, which the roles' policies need", async () => {
    const production = await example("production");
    assert.match(
      JSON.stringify(graphPolicies(production)),
      /111122223333:role\/ecs-delivery\/staging\/staging-api-release-github-actions/,
    );
    assert.deepEqual(saidAcross((await example("staging")).recorded, production.recorded), []);
    const closed = await example("production", { source: { provider: "ECR", imageTag: "release-*" } });
    assert.match(
      saidAcross((await example("staging")).recorded, closed.recorded).join("\n"),
      /production halves-differ: .*expected to admit .*staging-api-release-github-actions to/,
    );
  });

  it("fits in one account, by a tag where the image is too, and in a project", async () => {
    const one = { "aws:allowedAccountIds": undefined };
    const source = { provider: "ECR", imageTag: "release-*" };
    for (const [here, there] of [
      [{ releaseTo: { stack: "production" } }, { source }],
      [
        { releaseTo: { stack: "production", images: "same" } },
        {
          source: { provider: "ECR", imageTag: "production-*" },
          services: [{ name: "api", container: { name: "api", port: 8080 }, repository: { existing: "staging/api" } }],
        },
      ],
    ] as const) {
      const staging = await example("staging", { ...one, ...here });
      const production = await example("production", { ...one, ...there });
      assert.deepEqual(saidAcross(staging.recorded, production.recorded), [], JSON.stringify(here));
      assert.deepEqual(moreThanNotices(staging), []);
    }
    const project = { project: "shop" };
    assert.deepEqual(
      saidAcross((await example("staging", project)).recorded, (await example("production", project)).recorded),
      [],
    );
  });

  it("is told where the other stack's pipeline waits for another tag, or for none", async () => {
    const releasedBy = { stack: "staging", account: "111122223333" };
    const other = await example("production", { source: { provider: "ECR", imageTag: "v*", releasedBy } });
    assert.match(
      saidAcross((await example("staging")).recorded, other.recorded).join("\n"),
      /production halves-differ: .*source.imageTag: expected release-\*, because stack staging releases images to .* as release-<commit>/,
    );
    const built = await example("production", {
      source: { provider: "CodeCommit", repository: "shop" },
      branch: "main",
    });
    assert.match(
      saidAcross((await example("staging")).recorded, built.recorded).join("\n"),
      /staging halves-differ: .*for which no pipeline of stack production waits: there, source: \{ provider: ECR, imageTag: release-\* \}/,
    );
  });
});

function graphPolicies(graph: Graph): readonly unknown[] {
  return graph.recorded.resources.filter(({ type }) => type === REPOSITORY_POLICY).map(({ inputs }) => inputs.policy);
}

describe("a release by a tag is refused", () => {
  const staging = { source: undefined, environment: "staging", delivery: { gitHubActions } };
  const to = (more: object) => ({ ...staging, releaseTo: { stack: "production", ...more } });
  const cases: readonly [what: string, changes: ConfigValues, expected: RegExp][] = [
    [
      "by a pipeline",
      { environment: "staging", releaseTo: { stack: "production" } },
      /releaseTo: expected nothing beside a pipeline.*commitToProduction would, and a workflow/,
    ],
    ["from an environment that records nothing", { ...to({}), environment: "qa" }, /releases to no other stack/],
    ["with what it would deploy there", to({ desiredCount: 4 }), /releaseTo.desiredCount: expected nothing: staging/],
    ["to a container", to({ services: { dev: { container: "x" } } }), /container: expected nothing|releaseTo.services/],
    [
      "where no pipeline would hear of it",
      to({ images: "same", account: "444455556666" }),
      /releaseTo.images: expected own: the pipeline of stack production hears/,
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(what, async () => {
      assert.match(await stackRefusal("dev", changes), expected);
    });
  }

  it("into one pipeline for several images, of which a run is told one", async () => {
    const changes = {
      branch: undefined,
      source: { provider: "ECR", imageTag: "release-*" },
      services: ["api", "web"].map((name) => ({ name, container: { name, port: 8080 } })),
    };
    assert.match(
      await stackRefusal("dev", changes),
      /pipelines: expected perService, because of source.imageTag release-\*/,
    );
  });
});
