import { z } from "zod";

/** Which images a rule looks at, and how many or how old they may be. */
export interface LifecycleSelection {
  readonly tagStatus: "tagged" | "untagged" | "any";
  /** An image must have a tag for each of these beginnings. With `tagged`, instead of `tagPatternList`. */
  readonly tagPrefixList?: readonly string[];
  /** An image must have a tag for each of these patterns; up to 4 `*` in one. With `tagged`, instead of `tagPrefixList`. */
  readonly tagPatternList?: readonly string[];
  /** @default - "standard" */
  readonly storageClass?: "standard" | "archive";
  readonly countType: "imageCountMoreThan" | "sinceImagePushed" | "sinceImagePulled" | "sinceImageTransitioned";
  /** With the `since...` types, and only with them. */
  readonly countUnit?: "days";
  /** Images to keep, or days to keep them. */
  readonly countNumber: number;
}

/** What happens to the images a rule marks. */
export interface LifecycleAction {
  readonly type: "expire" | "transition";
  /** With `transition`, and only with it. */
  readonly targetStorageClass?: "archive";
}

/** One rule. */
export interface LifecycleRule {
  /** Place in the order: the rule with the lowest number has the first say. Each number once. */
  readonly rulePriority: number;
  /** @default - none */
  readonly description?: string;
  readonly selection: LifecycleSelection;
  readonly action: LifecycleAction;
}

/**
 * A lifecycle policy in ECR's own grammar.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export interface LifecyclePolicy {
  readonly rules: readonly LifecycleRule[];
}

/** The two settings most repositories need. */
export interface LifecycleShorthand {
  /** Newest images to keep. @default 5 */
  readonly keepImages?: number;
  /** Days after which images without a tag go. @default - they count among the newest images */
  readonly expireUntaggedAfterDays?: number;
}

/** Most rules ECR takes. */
const MAX_RULES = 50;
/** Most `*` in one pattern. */
const MAX_WILDCARDS = 4;

const wholeNumber = leaf<number>((value) => Number.isSafeInteger(value) && Number(value) >= 1, "a whole number from 1");
const text = leaf<string>((value) => typeof value === "string", "text");
const prefix = leaf<string>((value) => typeof value === "string" && value !== "", "the beginning of a tag");
const pattern = leaf<string>(
  (value) => typeof value === "string" && value !== "" && value.split("*").length - 1 <= MAX_WILDCARDS,
  `a tag with at most ${MAX_WILDCARDS} wildcards (*)`,
);

const selection = record({
  tagStatus: oneOf("tagged", "untagged", "any"),
  tagPrefixList: list(prefix, "a list of at least one beginning of a tag").optional(),
  tagPatternList: list(pattern, "a list of at least one tag pattern").optional(),
  storageClass: oneOf("standard", "archive").optional(),
  countType: oneOf("imageCountMoreThan", "sinceImagePushed", "sinceImagePulled", "sinceImageTransitioned"),
  countUnit: oneOf("days").optional(),
  countNumber: wholeNumber,
});
const action = record({ type: oneOf("expire", "transition"), targetStorageClass: oneOf("archive").optional() });
const rule = record({ rulePriority: wholeNumber, description: text.optional(), selection, action });

/** The shape of a policy; messages say what is expected. What depends on more than one field is in rules.ts. */
export const policySchema: z.ZodType<LifecyclePolicy> = record({
  rules: list(rule, `a list of 1 to ${MAX_RULES} rules`, MAX_RULES),
});

/** The shape of the shorthand. */
export const shorthandSchema: z.ZodType<LifecycleShorthand> = record({
  keepImages: wholeNumber.optional(),
  expireUntaggedAfterDays: wholeNumber.optional(),
});

function leaf<T>(test: (value: unknown) => boolean, expected: string) {
  return z.custom<T>(test, { error: expected });
}

function oneOf<const T extends string>(...words: T[]) {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(" or ") });
}

function list<T extends z.ZodType>(entry: T, expected: string, max = Number.MAX_SAFE_INTEGER) {
  return z.array(entry, { error: expected }).min(1, { error: expected }).max(max, { error: expected });
}

function record<T extends z.ZodRawShape>(shape: T) {
  const keys = Object.keys(shape).join(", ");
  return z.strictObject(shape, { error: (issue) => (issue.code === "unrecognized_keys" ? keys : "an object") });
}
