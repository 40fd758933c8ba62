import assert from "node:assert/strict";
import { ImageRepository, type ImageRepositoryArgs } from "../../components/imageRepository";
import { type Graph, recordGraph, refusal } from "../support/graph";
import { json } from "../support/read";

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
      ...{ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
    });
  });

  it("keeps as many as you say", async () => {
    const text = String((await build({ lifecyclePolicy: { keepImages: 30 } })).only(POLICY).inputs.policy);
    assert.match(text, /"countNumber":\s*30/);
  });

  it("keeps its images from being deleted with it unless that is asked for", async () => {
    assert.equal(graph.only(REPOSITORY).inputs.forceDelete, false);
    assert.equal((await build({ forceDelete: true })).only(REPOSITORY).inputs.forceDelete, true);
  });

  it("makes room for itself when it must be replaced: its name is fixed", () => {
    assert.equal(graph.only(REPOSITORY).deleteBeforeReplace, true);
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
