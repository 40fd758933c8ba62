import * as assert from "node:assert/strict";
import { checkLifecyclePolicy } from "../../../../components/images/lifecyclePolicy/grammar";

type Fields = Readonly<Record<string, unknown>>;

/** A rule that ECR takes, with some fields changed; undefined takes a field away. */
function rule(rulePriority: unknown, selection: Fields = {}, action: Fields = { type: "expire" }): Fields {
  return {
    rulePriority,
    selection: without({ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5, ...selection }),
    action,
  };
}

function without(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const TAGGED = { tagStatus: "tagged", tagPrefixList: ["v"] };
const AGED = { countType: "sinceImagePushed", countUnit: "days" };
const ARCHIVED = {
  countType: "sinceImageTransitioned",
  countUnit: "days",
  storageClass: "archive",
  countNumber: 90,
};
const TO_ARCHIVE = { type: "transition", targetStorageClass: "archive" };

describe("checkLifecyclePolicy", () => {
  const good: Readonly<Record<string, unknown>> = {
    "one rule": { rules: [rule(1)] },
    "a rule with a description": { rules: [{ ...rule(1), description: "Keep 5" }] },
    "every kind of tag": {
      rules: [rule(7), rule(1, { tagStatus: "untagged" }), rule(3, TAGGED), rule(2, { ...TAGGED, ...AGED })],
    },
    "a pattern of four wildcards": { rules: [rule(1, { tagStatus: "tagged", tagPatternList: ["*a*b*c*"] })] },
    "archive, then expire": {
      rules: [
        rule(1, { countType: "sinceImagePulled", countUnit: "days", countNumber: 90 }, TO_ARCHIVE),
        rule(2, { ...ARCHIVED, countNumber: 365 }),
      ],
    },
    "the archive's rule first": { rules: [rule(1, ARCHIVED), rule(2, { storageClass: "standard" })] },
    "JSON text": JSON.stringify({ rules: [rule(1)] }, undefined, 4),
    "fifty rules": { rules: [...Array(50).keys()].map((index) => rule(index + 1, { ...TAGGED })) },
    "a shorthand": { keepImages: 3, expireUntaggedAfterDays: 1 },
    "a shorthand as text": '{"keepImages":3}',
    "an empty shorthand": {},
  };
  for (const [name, value] of Object.entries(good)) {
    it(`takes ${name}`, () => assert.deepStrictEqual(checkLifecyclePolicy(value), []));
  }

  const bad: Readonly<Record<string, readonly [value: unknown, problem: string]>> = {
    "text that is not JSON": ['{\n  "rules": [,]\n}', 'expected JSON text, got ",]\\n}" at line 2, column 13'],
    "text that ends too early": ['{"rules": [', "expected JSON text, got the end of the text at line 1, column 12"],
    "an unknown key": [{ rules: [rule(1)], version: 1 }, "version: unknown; expected one of rules"],
    "an unknown key in a rule": [
      { rules: [{ ...rule(1), priority: 1 }] },
      "rules[0].priority: unknown; expected one of rulePriority, description, selection, action",
    ],
    "a description that is no text": [
      { rules: [{ ...rule(1), description: 1 }] },
      "rules[0].description: expected text, got 1",
    ],
    "a priority of 0": [{ rules: [rule(0)] }, "rules[0].rulePriority: expected a whole number from 1, got 0"],
    "a count of 1.5": [
      { rules: [rule(1, { countNumber: 1.5 })] },
      "rules[0].selection.countNumber: expected a whole number from 1, got 1.5",
    ],
    "a count as text": [
      { rules: [rule(1, { countNumber: "5" })] },
      'rules[0].selection.countNumber: expected a whole number from 1, got "5"',
    ],
    "no count": [
      { rules: [rule(1, { countNumber: undefined })] },
      "rules[0].selection.countNumber: expected a whole number from 1, got nothing",
    ],
    "an unknown tag status": [
      { rules: [rule(1, { tagStatus: "all" })] },
      'rules[0].selection.tagStatus: expected "tagged" or "untagged" or "any", got "all"',
    ],
    "a unit other than days": [
      { rules: [rule(1, { ...AGED, countUnit: "hours" })] },
      'rules[0].selection.countUnit: expected "days", got "hours"',
    ],
    "a count of images with a unit": [
      { rules: [rule(1, { countUnit: "days" })] },
      'rules[0].selection.countUnit: expected nothing with countType "imageCountMoreThan", got "days"',
    ],
    "an age without a unit": [
      { rules: [rule(1, { countType: "sinceImagePushed" })] },
      'rules[0].selection.countUnit: expected "days" with countType "sinceImagePushed", got nothing',
    ],
    "tagged without tags": [
      { rules: [rule(1, { tagStatus: "tagged" })] },
      'rules[0].selection: expected tagPrefixList or tagPatternList with tagStatus "tagged", got neither',
    ],
    "prefixes and patterns at once": [
      { rules: [rule(1, { ...TAGGED, tagPatternList: ["v*"] })] },
      "rules[0].selection: expected tagPrefixList or tagPatternList, got both; use two rules",
    ],
    "prefixes for untagged images": [
      { rules: [rule(1, { ...TAGGED, tagStatus: "untagged" })] },
      'rules[0].selection.tagPrefixList: expected nothing with tagStatus "untagged", got a list of 1',
    ],
    "an empty list of prefixes": [
      { rules: [rule(1, { tagStatus: "tagged", tagPrefixList: [] })] },
      "rules[0].selection.tagPrefixList: expected a list of at least one beginning of a tag, got a list of 0",
    ],
    "five wildcards": [
      { rules: [rule(1, { tagStatus: "tagged", tagPatternList: ["v*", "*1*2*3*4*"] })] },
      'rules[0].selection.tagPatternList[1]: expected a tag with at most 4 wildcards (*), got "*1*2*3*4*"',
    ],
    "the archive with another count": [
      { rules: [rule(1, { storageClass: "archive" })] },
      'rules[0].selection.storageClass: expected "standard" or nothing with countType "imageCountMoreThan", got "archive"',
    ],
    "time in the archive without the archive": [
      { rules: [rule(1, { ...ARCHIVED, storageClass: undefined })] },
      'rules[0].selection.storageClass: expected "archive" with countType "sinceImageTransitioned", got nothing',
    ],
    "a transition to nowhere": [
      { rules: [rule(1, AGED, { type: "transition" })] },
      'rules[0].action.targetStorageClass: expected "archive" with type "transition", got nothing',
    ],
    "an expiry with a target": [
      { rules: [rule(1, {}, { type: "expire", targetStorageClass: "archive" })] },
      'rules[0].action.targetStorageClass: expected nothing with type "expire", got "archive"',
    ],
    "an expiry by last pull": [
      { rules: [rule(1, { ...AGED, countType: "sinceImagePulled" })] },
      'rules[0].action.type: expected "transition" with countType "sinceImagePulled", got "expire"',
    ],
    "a transition out of the archive": [
      { rules: [rule(1, ARCHIVED, TO_ARCHIVE)] },
      'rules[0].action.type: expected "expire" with countType "sinceImageTransitioned", got "transition"',
    ],
    "an unknown action": [
      { rules: [rule(1, {}, { type: "delete" })] },
      'rules[0].action.type: expected "expire" or "transition", got "delete"',
    ],
    "a priority twice": [
      { rules: [rule(1, TAGGED), rule(1, TAGGED)] },
      "rules[1].rulePriority: expected a number of its own, got 1, which rules[0] has",
    ],
    "any before another rule": [
      { rules: [rule(2), rule(9, TAGGED)] },
      'rules[0].rulePriority: expected a number above 9, the highest of the other rules, because tagStatus "any" must come last; got 2',
    ],
    "two rules for untagged images": [
      { rules: [rule(1, { tagStatus: "untagged" }), rule(2, { tagStatus: "untagged", ...AGED })] },
      'rules[1].selection.tagStatus: expected one rule for "untagged" images, got a second; rules[0] has them',
    ],
    "fifty-one rules": [
      { rules: [...Array(51).keys()].map((index) => rule(index + 1, TAGGED)) },
      "rules: expected a list of 1 to 50 rules, got a list of 51",
    ],
    "too long a text": [
      { rules: [{ ...rule(1), description: "x".repeat(30_720) }] },
      "expected 100 to 30720 characters of compact JSON, got 30875",
    ],
    "images that leave the archive before ECR lets them": [
      { rules: [rule(1, { ...ARCHIVED, countNumber: 89 })] },
      "rules[0].selection.countNumber: expected 90 days or more in the archive, which ECR keeps at least, got 89",
    ],
    "a shorthand that keeps nothing": [{ keepImages: 0 }, "keepImages: expected a whole number from 1, got 0"],
    "a shorthand with a typo": [
      { keepImages: 5, expireUntagged: 1 },
      "expireUntagged: unknown; expected one of keepImages, expireUntaggedAfterDays",
    ],
  };
  for (const [name, [value, problem]] of Object.entries(bad)) {
    it(`refuses ${name}`, () => assert.deepStrictEqual(checkLifecyclePolicy(value), [problem]));
  }

  it("refuses what is no policy at all", () => {
    for (const value of [null, 5, true, []]) assert.match(checkLifecyclePolicy(value)[0] ?? "", /^expected an object/);
    assert.deepStrictEqual(checkLifecyclePolicy({ rule: [] }), [
      "rules: expected a list of 1 to 50 rules, got nothing",
      "rule: unknown; expected one of rules",
      "expected 100 to 30720 characters of compact JSON, got 11",
    ]);
  });

  it("says all at once: shape, and rules against each other", () => {
    const rules = [rule(3, { countNumber: 0 }), "x", rule(3, { tagStatus: "untagged", ...AGED, countUnit: 1 })];
    assert.deepStrictEqual(checkLifecyclePolicy({ rules }), [
      "rules[0].selection.countNumber: expected a whole number from 1, got 0",
      'rules[1]: expected an object, got "x"',
      'rules[2].selection.countUnit: expected "days", got 1',
      "rules[2].rulePriority: expected a number of its own, got 3, which rules[0] has",
    ]);
  });
});
