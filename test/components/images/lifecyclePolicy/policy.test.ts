import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { checkLifecyclePolicy } from "../../../../components/images/lifecyclePolicy/grammar";
import { lifecyclePolicy, lifecyclePolicyText } from "../../../../components/images/lifecyclePolicy/policy";
import { expiredImages } from "../../../../model/graph/lifecycleEvaluation";

const RELEASED = { tagStatus: "tagged", tagPrefixList: ["released-"], countType: "imageCountMoreThan" };
const EXPIRE = { type: "expire" };

describe("lifecyclePolicyText", () => {
  it("keeps the newest 5 images by default, and the newest 5 released ones", () => {
    assert.deepStrictEqual(JSON.parse(lifecyclePolicyText(undefined)), {
      rules: [
        {
          rulePriority: 1,
          description: "Keep the newest 5 released images",
          selection: { ...RELEASED, countNumber: 5 },
          action: EXPIRE,
        },
        {
          rulePriority: 2,
          description: "Keep the newest 5 images",
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
          action: EXPIRE,
        },
      ],
    });
    assert.equal(lifecyclePolicyText({}), lifecyclePolicyText(undefined));
  });

  it("keeps what production runs, however often staging is delivered to since", () => {
    const policy = lifecyclePolicy({ keepImages: 5 }, { prefixes: ["production-"] });
    const now = new Date("2026-01-31T00:00:00Z");
    const images = Array.from({ length: 30 }, (_, day) => ({
      digest: `sha256:${day}`,
      tags: [`${day}`.padStart(40, "0"), `released-${day}`, ...(day === 3 ? [`production-${day}`] : [])],
      pushedAt: new Date(Date.UTC(2026, 0, day + 1)),
    }));
    const expired = expiredImages(policy, images, now);
    assert.equal(expired.includes("sha256:3"), false);
    assert.equal(expired.includes("sha256:4"), true);
    assert.equal(expiredImages(lifecyclePolicy({ keepImages: 5 }), images, now).includes("sha256:3"), true);
    assert.deepStrictEqual(checkLifecyclePolicy(policy), []);
  });

  it("gives untagged images a rule of their own", () => {
    const { rules } = lifecyclePolicy({ keepImages: 3, expireUntaggedAfterDays: 7 });
    assert.deepStrictEqual(
      rules.map((rule) => rule.selection),
      [
        { ...RELEASED, countNumber: 5 },
        { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
        { tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan", countNumber: 3 },
      ],
    );
  });

  it("keeps as many released images as images", () => {
    assert.equal(lifecyclePolicy({ keepImages: 30 }).rules[0]?.selection.countNumber, 30);
  });

  it("takes a policy as it is, compact and in order of priority", () => {
    const selection = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 9 } as const;
    const last = { rulePriority: 20, selection, action: { type: "expire" } } as const;
    const first = { ...last, rulePriority: 3, selection: { ...selection, tagStatus: "untagged" } } as const;
    const text = JSON.stringify({ rules: [first, last] });
    assert.equal(lifecyclePolicyText({ rules: [last, first] }), text);
    assert.equal(lifecyclePolicyText(JSON.stringify({ rules: [last, first] }, undefined, 2)), text);
  });

  it("throws every problem at once", () => {
    assert.throws(() => lifecyclePolicyText({ keepImages: 0, expireUntaggedAfterDays: 0.5 }), {
      message:
        "ECR lifecycle policy:\n" +
        "  keepImages: expected a whole number from 1, got 0\n" +
        "  expireUntaggedAfterDays: expected a whole number from 1, got 0.5",
    });
    assert.throws(() => lifecyclePolicyText("{"), /expected JSON text/);
  });

  it("only writes what ECR takes", () => {
    const shorthand = fc.record(
      { keepImages: fc.integer({ min: 1, max: 9999 }), expireUntaggedAfterDays: fc.integer({ min: 1, max: 9999 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(shorthand, (setting) => {
        assert.deepStrictEqual(checkLifecyclePolicy(lifecyclePolicyText(setting)), []);
      }),
    );
  });
});
