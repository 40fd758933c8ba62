import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { at, list, textAt } from "../support/read";
import { actionOf, declaredVariables, PIPELINE } from "../support/shape";
import { stackGraph } from "../support/stack";

const changes = {
  environment: "commitToProduction",
  releaseTo: { stack: "production", account: "444455556666", region: "eu-central-1" },
};

describe("a delivery that goes on to another region of another account", () => {
  let graph: Graph;
  before(async () => {
    graph = await stackGraph("dev", { changes });
  });

  it("has an artifact store in each region, each said to be there", () => {
    const stores = list(graph.only(PIPELINE).inputs.artifactStores);
    assert.deepEqual(stores.map((store) => at(store, "region")).sort(), ["eu-central-1", "eu-west-1"]);
    const far = graph.named("aws:s3/bucket:Bucket", "dev-artifacts-eu-central-1");
    assert.equal(far.inputs.region, "eu-central-1");
    assert.equal(graph.named("aws:kms/key:Key", "dev-eu-central-1").inputs.region, "eu-central-1");
  });

  it("opens the far store to the role that deploys there, and the near one to nobody", () => {
    const policyOf = (name: string) => textAt(graph.named("aws:s3/bucketPolicy:BucketPolicy", name).inputs.policy);
    assert.match(
      policyOf("dev-artifacts-eu-central-1"),
      /444455556666:role\/ecs-delivery\/production\/production-deploy/,
    );
    assert.doesNotMatch(policyOf("dev-artifacts"), /444455556666/);
    assert.doesNotMatch(textAt(graph.named("aws:kms/key:Key", "dev").inputs.policy), /444455556666/);
  });

  it("deploys and confirms there, in the roles there", () => {
    const deploy = actionOf(graph, "api-to-production");
    assert.equal(at(deploy, "region"), "eu-central-1");
    assert.equal(at(deploy, "roleArn"), "arn:aws:iam::444455556666:role/ecs-delivery/production/production-deploy");
    const confirm = graph.named("aws:codebuild/project:Project", "confirm-production").inputs.environment;
    const variables = new Map(
      list(at(confirm, "environmentVariables")).map((one) => [at(one, "name"), at(one, "value")]),
    );
    assert.equal(variables.get("TARGET_REGION"), "eu-central-1");
    assert.equal(
      variables.get("TARGET_ROLE_ARN"),
      "arn:aws:iam::444455556666:role/ecs-delivery/production/production-confirm",
    );
    assert.equal(declaredVariables(graph, "api-confirm-production").SERVICE_NAME, "production-api");
  });

  it("releases into the repository there", () => {
    const release = graph.named("aws:codebuild/project:Project", "api-release").inputs.environment;
    const target = list(at(release, "environmentVariables")).find((one) => at(one, "name") === "TARGET_REPOSITORY_URI");
    assert.equal(at(target, "value"), "444455556666.dkr.ecr.eu-central-1.amazonaws.com/production/api");
    assert.match(
      JSON.stringify(graph.statements("api-release")),
      /ecr:eu-central-1:444455556666:repository\/production\/api/,
    );
  });

  it("is found well by the preview: each build has the store of its own region", () =>
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ level }) => level === "error"),
      [],
    ));

  it("tells the other stack the far store", () => {
    assert.match(textAt(graph.recorded.stackOutputs.artifactBucket), /eu-central-1/);
    const far = graph.named("aws:kms/key:Key", "dev-eu-central-1").outputs.arn;
    assert.equal(graph.recorded.stackOutputs.artifactKey, far);
    assert.notEqual(far, graph.named("aws:kms/key:Key", "dev").outputs.arn);
  });
});

describe("a release that stays in its ECR repository", () => {
  it("is pulled from there by the other account, by the execution role alone, and outlives staging's releases", async () => {
    const graph = await stackGraph("dev", {
      changes: {
        ...changes,
        lifecyclePolicy: undefined,
        releaseTo: { stack: "production", account: "444455556666", images: "same" },
      },
    });
    const policy = textAt(graph.only("aws:ecr/repositoryPolicy:RepositoryPolicy").inputs.policy);
    assert.match(policy, /444455556666:role\/ecs-delivery\/production\/api-execution-\*/);
    assert.doesNotMatch(policy, /PutImage/);
    const lifecycle = textAt(graph.only("aws:ecr/lifecyclePolicy:LifecyclePolicy").inputs.policy);
    const [first] = list(at(JSON.parse(lifecycle), "rules"));
    assert.deepEqual(at(first, "selection", "tagPrefixList"), ["production-"]);
    assert.equal(at(first, "selection", "countNumber"), 50, "a run may wait for a week while others push");
  });
});
