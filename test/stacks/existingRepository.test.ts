import assert from "node:assert/strict";
import { lifecyclePolicy } from "../../components/images/lifecyclePolicy/policy";
import { expiredImages } from "../../model/graph/lifecycleEvaluation";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { allowed, textAt } from "../support/read";
import { declaredVariables } from "../support/shape";
import { exampleGraph, service, stackGraph } from "../support/stack";

const POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const REPOSITORY = { existing: "shop/api" };
const existing = (changes: Record<string, unknown> = {}) => ({
  services: service("dev", { repository: REPOSITORY }),
  lifecyclePolicy: { keepImages: 5 },
  ...changes,
});

/** Whether the delivered image is still there after failed builds, with the tags that the stack's builds give it. */
function survives(graph: Graph, failed: number): boolean {
  const { RELEASED_TAG_PREFIX: prefix = "" } = declaredVariables(graph, "api-confirm");
  const now = new Date("2026-02-01T00:00:00Z");
  const image = (digest: string, day: number, ...tags: readonly string[]) => ({
    digest,
    tags: [digest, ...tags],
    pushedAt: new Date(Date.UTC(2026, 0, day)),
  });
  const images = [
    image("running", 1, ...(prefix === "" ? [] : [`${prefix}0123456789ab`])),
    ...Array.from({ length: failed }, (_, index) => image(`failed${index}`, 2 + index)),
  ];
  return !expiredImages(lifecyclePolicy(textAt(graph.only(POLICY).inputs.policy)), images, now).includes("running");
}

const rules = (graph: Graph) => findingsOf(graph.recorded).map(({ rule }) => rule);

describe("a repository that exists, with a lifecycle policy of this stack", () => {
  it("keeps the image that runs, however many builds come to nothing", async () => {
    const graph = await stackGraph("dev", { changes: existing() });
    assert.equal(survives(graph, 20), true);
    assert.equal(rules(graph).includes("running-image-expires"), false);
    const [put = ""] = allowed(graph.statements("confirm")).filter((one) => one.startsWith("ecr:PutImage"));
    assert.match(put, /:repository\/shop\/api$/);
  });

  it("has no rule for tags that nobody gives where someone else's build confirms, and the preview says what follows", async () => {
    const graph = await stackGraph("dev", { changes: existing({ confirmProject: { existing: "shop-confirm" } }) });
    assert.doesNotMatch(textAt(graph.only(POLICY).inputs.policy), /released-/);
    assert.equal(declaredVariables(graph, "api-confirm").RELEASED_TAG_PREFIX, "");
    assert.equal(survives(graph, 4), true);
    assert.equal(survives(graph, 5), false);
    assert.match(
      findingsOf(graph.recorded).find(({ rule }) => rule === "running-image-expires")?.message ?? "",
      /can expire the image that runs.*no build of this stack tags what is delivered there.*verify: true, and no confirmProject/,
    );
  });

  it("keeps the tags of releases that stay in it", async () => {
    const graph = await stackGraph("dev", {
      changes: existing({ environment: "commitToProduction", releaseTo: { stack: "production", images: "same" } }),
    });
    assert.match(textAt(graph.only(POLICY).inputs.policy), /"tagPrefixList":\["production-"\]/);
  });

  it("is left alone without one: nothing is tagged, nothing is changed", async () => {
    const graph = await stackGraph("dev", { changes: existing({ lifecyclePolicy: undefined }) });
    assert.equal(graph.count(POLICY), 0);
    assert.equal(declaredVariables(graph, "api-confirm").RELEASED_TAG_PREFIX, "");
    assert.doesNotMatch(JSON.stringify(graph.statements("confirm")), /ecr:/);
  });

  it("is what the example bring-your-own has", async () => {
    const graph = await exampleGraph("bring-your-own", "dev");
    assert.doesNotMatch(textAt(graph.only(POLICY).inputs.policy), /released-/);
    assert.ok(rules(graph).includes("running-image-expires"));
  });
});
