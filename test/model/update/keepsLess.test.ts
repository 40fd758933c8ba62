import assert from "node:assert/strict";
import { lifecyclePolicyText } from "../../../components/images/lifecyclePolicy/policy";
import { lostByKeepingLess } from "../../../model/update/keepsLess";
import { resource } from "../../preview/rules/handMade";

const lost = (type: string, before: object, after: object) =>
  lostByKeepingLess(resource(type, "x", { ...before }), resource(type, "x", { ...after }));

describe("lostByKeepingLess", () => {
  it("says how much of a log stays", () => {
    const between = (before: number | undefined, after: number | undefined) =>
      lost("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: before }, { retentionInDays: after });
    assert.equal(between(30, 7), "its log but for the last 7 days");
    assert.equal(between(0, 1), "its log but for the last day");
    assert.equal(between(undefined, 365), "its log but for the last 365 days");
    for (const [before, after] of [
      [7, 7],
      [7, 30],
      [7, 0],
      [7, undefined],
      [0, undefined],
    ])
      assert.equal(between(before, after), undefined);
  });

  it("says which images a policy keeps no longer, rule by rule", () => {
    const between = (
      before: Parameters<typeof lifecyclePolicyText>[0],
      after: typeof before,
      released: Parameters<typeof lifecyclePolicyText>[1] = {},
    ) =>
      lost(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        { repository: "api", policy: lifecyclePolicyText(before) },
        { repository: "api", policy: lifecyclePolicyText(after, released) },
      );
    assert.equal(between({ keepImages: 5 }, { keepImages: 2 }), "every other image but the newest 2 (until now 5)");
    assert.equal(
      between({ keepImages: 20 }, { keepImages: 6 }),
      "every image tagged released-* but the newest 6 (until now 20), and every other image but the newest 6 (until now 20)",
    );
    assert.equal(
      between({ expireUntaggedAfterDays: 14 }, { expireUntaggedAfterDays: 1 }),
      "every untagged image older than a day (until now 14)",
    );
    assert.equal(
      between({ keepImages: 5 }, { keepImages: 5 }, { tagged: false }),
      "every image tagged released-* that other rules do not keep",
    );
    assert.equal(between({ keepImages: 5 }, { keepImages: 5 }), undefined);
    assert.equal(between({ keepImages: 5 }, { keepImages: 50 }), undefined);
    assert.equal(between({ expireUntaggedAfterDays: 1 }, { expireUntaggedAfterDays: 14 }), undefined);
  });

  it("says which objects go sooner", () => {
    const rule = (days: number | undefined, noncurrentDays: number, status = "Enabled") => ({
      bucket: "b",
      rules: [{ id: "old", status, expiration: { days }, noncurrentVersionExpiration: { noncurrentDays } }],
    });
    const between = (before: object, after: object) =>
      lost("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", before, after);
    assert.equal(between(rule(90, 7), rule(30, 7)), "objects older than 30 days");
    assert.equal(
      between(rule(undefined, 7), rule(30, 1)),
      "objects older than 30 days, and former versions of objects older than a day",
    );
    assert.equal(
      between(rule(30, 7, "Disabled"), rule(30, 7)),
      "objects older than 30 days, and former versions of objects older than 7 days",
    );
    assert.equal(between(rule(30, 7), rule(90, 8)), undefined);
    assert.equal(between(rule(30, 7), rule(1, 1, "Disabled")), undefined);
  });

  it("says nothing of a resource that keeps nothing", () => {
    assert.equal(lost("aws:sns/topic:Topic", { retentionInDays: 3 }, { retentionInDays: 1 }), undefined);
  });
});
