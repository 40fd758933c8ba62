import assert from "node:assert/strict";
import { ImageRepository, type ImageRepositoryArgs } from "../../../components/images/imageRepository";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { at, json, list } from "../../support/read";

const REPOSITORY = "aws:ecr/repository:Repository";
const POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const build = (changes: Partial<ImageRepositoryArgs> = {}) =>
  recordGraph(() => new ImageRepository("api", { repositoryName: "dev/api", ...changes }));
const refused = (changes: Partial<ImageRepositoryArgs>) =>
  refusal(() => new ImageRepository("api", { repositoryName: "dev/api", ...changes }));

describe("ImageRepository", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is a repository and its lifecycle policy", () => {
    assert.deepEqual(graph.counts(), { [POLICY]: 1, [REPOSITORY]: 1 });
    assert.equal(graph.only(POLICY).inputs.repository, "dev/api");
  });

  it("has tags that never move, and scans what is pushed", () => {
    const { inputs } = graph.only(REPOSITORY);
    assert.equal(inputs.imageTagMutability, "IMMUTABLE");
    assert.deepEqual(inputs.imageScanningConfiguration, { scanOnPush: true });
    assert.deepEqual(inputs.encryptionConfigurations, [{ encryptionType: "KMS" }]);
  });

  it("keeps the newest five images", () => {
    const rules = json(graph.only(POLICY).inputs.policy, "rules");
    assert.ok(Array.isArray(rules));
    assert.deepEqual(json(graph.only(POLICY).inputs.policy, "rules", rules.length - 1, "selection"), {
      tagStatus: "any",
      countType: "imageCountMoreThan",
      countNumber: 5,
    });
  });

  it("keeps as many as you say", async () => {
    const text = String((await build({ lifecyclePolicy: { keepImages: 30 } })).only(POLICY).inputs.policy);
    assert.match(text, /"countNumber":\s*30/);
  });

  it("lets its lifecycle policy be changed where the repository is protected: another one replaces it", async () => {
    const kept = await recordGraph(() => new ImageRepository("api", { repositoryName: "dev/api" }, { protect: true }));
    assert.deepEqual([kept.only(REPOSITORY).protect, kept.only(POLICY).protect], [true, false]);
  });

  it("keeps its images from being deleted with it unless that is asked for", async () => {
    assert.equal(graph.only(REPOSITORY).inputs.forceDelete, false);
    assert.equal((await build({ forceDelete: true })).only(REPOSITORY).inputs.forceDelete, true);
  });

  it("makes room for itself when it must be replaced: its name is fixed", () => {
    assert.equal(graph.only(REPOSITORY).deleteBeforeReplace, true);
  });

  it("has no policy of its own while nobody else uses it", () =>
    assert.equal(graph.count("aws:ecr/repositoryPolicy:RepositoryPolicy"), 0));

  it("lets a role of another account pull, or push, and no other role of it", async () => {
    const accountId = "444455556666";
    const shared = await build({
      pulledBy: [{ accountId, roleName: "api-execution-*" }],
      pushedBy: [{ accountId: "777788889999", roleName: "staging-api-release" }],
    });
    const { policy, repository } = shared.only("aws:ecr/repositoryPolicy:RepositoryPolicy").inputs;
    assert.equal(repository, "dev/api");
    const [pull, push] = list(json(policy, "Statement"));
    assert.deepEqual(at(pull, "Principal"), { AWS: "arn:aws:iam::444455556666:root" });
    assert.deepEqual(at(pull, "Condition", "ArnLike"), {
      "aws:PrincipalArn": "arn:aws:iam::444455556666:role/api-execution-*",
    });
    assert.deepEqual(at(pull, "Action"), [
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
      "ecr:BatchCheckLayerAvailability",
    ]);
    assert.deepEqual(at(push, "Condition", "ArnLike"), {
      "aws:PrincipalArn": "arn:aws:iam::777788889999:role/staging-api-release",
    });
    for (const action of ["ecr:PutImage", "ecr:InitiateLayerUpload", "ecr:BatchGetImage", "ecr:DescribeImages"]) {
      assert.ok(list(at(push, "Action")).includes(action), action);
    }
    assert.equal(at(push, "Resource"), undefined, "ECR refuses a Resource here");
  });

  it("refuses a name that ECR refuses", async () => {
    const message = await refused({ repositoryName: "Dev/api" });
    assert.match(message, /ImageRepository "api" has 1 problem\(s\):\n {2}repositoryName: .*, got "Dev\/api"/);
  });

  it("refuses a policy that ECR refuses, whether text or object, before anything is created", async () => {
    const policy = { rules: [{ rulePriority: 1, selection: { tagStatus: "untagged" }, action: { type: "expire" } }] };
    for (const lifecyclePolicy of [JSON.stringify(policy), "{", { keepImages: 0 }]) {
      assert.match(
        await refused({ lifecyclePolicy }),
        /ImageRepository "api" has \d+ problem\(s\):\n {2}lifecyclePolicy: /,
      );
    }
  });
});
