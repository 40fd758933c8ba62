import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  type LifecyclePolicy,
  type LifecycleRule,
  lifecyclePolicy,
} from "../../../components/images/lifecyclePolicy/policy";
import { expiredImages, type StoredImage } from "../../../model/graph/lifecycleEvaluation";

const NOW = new Date("2025-06-01T12:00:00Z");

function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * 86_400_000);
}

function image(digest: string, age: number, ...tags: string[]): StoredImage {
  return { digest, tags, pushedAt: daysAgo(age) };
}

function keep(rulePriority: number, countNumber: number, tags: Partial<LifecycleRule["selection"]>): LifecycleRule {
  const selection = { tagStatus: "tagged", countType: "imageCountMoreThan", countNumber, ...tags } as const;
  return { rulePriority, selection, action: { type: "expire" } };
}

describe("expiredImages", () => {
  it("gives AWS's own answers to its examples of prefixes", () => {
    const policy = { rules: [keep(1, 1, { tagPrefixList: ["prod"] }), keep(2, 1, { tagPrefixList: ["beta"] })] };
    const images = [image("A", 10, "beta-1", "prod-1"), image("B", 9, "beta-2", "prod-2"), image("C", 8, "beta-3")];
    assert.deepStrictEqual(expiredImages(policy, images, NOW), ["A"]);
    const wider = { rules: [keep(1, 1, { tagPrefixList: ["beta"] }), keep(2, 1, { tagPrefixList: ["prod"] })] };
    assert.deepStrictEqual(expiredImages(wider, images, NOW), ["B", "A"]);
  });

  it("lets later rules count images that are not theirs", () => {
    const policy = { rules: [keep(1, 5, { tagPrefixList: ["released-"] }), keep(2, 2, { tagStatus: "any" })] };
    const images = [image("A", 1, "released-2"), image("B", 2, "released-1"), image("C", 3, "c")];
    assert.deepStrictEqual(expiredImages(policy, images, NOW), ["C"]);
  });

  it("wants a tag for every prefix and pattern, and takes only * for special", () => {
    const tags = [image("A", 1, "v1", "blue"), image("B", 2, "v2"), image("C", 3, "v1.2+x"), image("D", 4)];
    const expired = (selection: Partial<LifecycleRule["selection"]>) =>
      expiredImages({ rules: [{ ...keep(1, 1, selection) }] }, [image("new", 0, "v1", "blue", "v1.2+x"), ...tags], NOW);
    assert.deepStrictEqual(expired({ tagPrefixList: ["v", "bl"] }), ["A"]);
    assert.deepStrictEqual(expired({ tagPatternList: ["*1*"] }), ["A", "C"]);
    assert.deepStrictEqual(expired({ tagPatternList: ["v1.2+*"] }), ["C"]);
    assert.deepStrictEqual(expired({ tagPatternList: ["v.*"] }), []);
    assert.deepStrictEqual(expired({ tagStatus: "untagged" }), []);
    assert.deepStrictEqual(expired({ tagStatus: "any" }), ["A", "B", "C", "D"]);
  });

  it("archives by last pull, and expires only what is archived", () => {
    const days = { tagStatus: "any", countUnit: "days", countNumber: 90 } as const;
    const policy: LifecyclePolicy = {
      rules: [
        {
          rulePriority: 1,
          selection: { ...days, countType: "sinceImagePulled" },
          action: { type: "transition", targetStorageClass: "archive" },
        },
        {
          rulePriority: 2,
          selection: { ...days, countType: "sinceImageTransitioned", storageClass: "archive" },
          action: { type: "expire" },
        },
      ],
    };
    const images = [
      image("never pulled", 400),
      { ...image("in use", 400), lastPulledAt: daysAgo(1) },
      { ...image("archived", 400), archivedAt: daysAgo(89) },
      { ...image("long archived", 400), archivedAt: daysAgo(91) },
    ];
    assert.deepStrictEqual(expiredImages(policy, images, NOW), ["long archived"]);
  });
});

describe("the shorthand, applied to any repository", () => {
  const tag = fc.constantFrom("released-1", "released-2", "released-", "main", "0123abc", "unreleased-1");
  const images = fc
    .array(
      fc.record({ age: fc.double({ min: 0, max: 60, noNaN: true }), tags: fc.uniqueArray(tag, { maxLength: 3 }) }),
      {
        maxLength: 40,
      },
    )
    .map((all) => all.map(({ age, tags }, index) => image(`sha256:${index}`, age, ...tags)));
  const setting = fc.record(
    { keepImages: fc.integer({ min: 1, max: 12 }), expireUntaggedAfterDays: fc.integer({ min: 1, max: 30 }) },
    { requiredKeys: [] },
  );

  const isReleased = (one: StoredImage) => one.tags.some((name) => name.startsWith("released-"));
  const newest = (all: readonly StoredImage[], count: number) =>
    [...all].sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime()).slice(0, count);

  /** Runs `check` on what is left and what goes, for many repositories and settings. */
  function always(
    check: (left: Set<StoredImage>, all: readonly StoredImage[], keepImages: number, days?: number) => void,
  ) {
    fc.assert(
      fc.property(images, setting, (all, given) => {
        const expired = expiredImages(lifecyclePolicy(given), all, NOW);
        assert.equal(new Set(expired).size, expired.length, "expired twice");
        const left = new Set(all.filter(({ digest }) => !expired.includes(digest)));
        check(left, all, given.keepImages ?? 5, given.expireUntaggedAfterDays);
      }),
      { numRuns: 500 },
    );
  }

  it("never expires the newest released images", () => {
    always((left, all, keepImages) => {
      for (const one of newest(all.filter(isReleased), Math.max(keepImages, 5))) assert.ok(left.has(one));
    });
  });

  it("never expires the newest images", () => {
    always((left, all, keepImages, days) => {
      const counted = days === undefined ? all : all.filter(({ tags }) => tags.length > 0);
      for (const one of newest(counted, keepImages)) assert.ok(left.has(one));
    });
  });

  it("leaves no more than it promises", () => {
    always((left, _, keepImages, days) => {
      const released = [...left].filter(isReleased).length;
      const untagged = days === undefined ? [] : [...left].filter(({ tags }) => tags.length === 0);
      assert.ok(released <= Math.max(keepImages, 5));
      assert.ok(left.size - released - untagged.length <= keepImages);
    });
  });

  it("expires untagged images by their age alone", () => {
    always((left, all, _, days) => {
      if (days === undefined) return;
      for (const one of all.filter(({ tags }) => tags.length === 0)) {
        assert.equal(left.has(one), one.pushedAt >= daysAgo(days));
      }
    });
  });

  it("expires nothing more when it runs again, and does not care for the order of rules or images", () => {
    fc.assert(
      fc.property(images, setting, (all, given) => {
        const policy = lifecyclePolicy(given);
        const expired = expiredImages(policy, all, NOW);
        const left = all.filter(({ digest }) => !expired.includes(digest));
        assert.deepStrictEqual(expiredImages(policy, left, NOW), []);
        const reversed = { rules: [...policy.rules].reverse() };
        assert.deepStrictEqual(expiredImages(reversed, all, NOW), expired);
      }),
    );
  });
});
