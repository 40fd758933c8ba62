import * as pulumi from "@pulumi/pulumi";
import { checkLifecyclePolicy, isShorthand } from "./grammar";
import {
  type LifecyclePolicy,
  type LifecycleRule,
  type LifecycleShorthand,
  policySchema,
  shorthandSchema,
} from "./schema";

export type { LifecyclePolicy, LifecycleRule, LifecycleShorthand } from "./schema";

/** A lifecycle policy as stack config or an argument gives it: JSON text, an object in ECR's grammar, or the shorthand. */
export type LifecyclePolicySetting = string | LifecyclePolicy | LifecycleShorthand;

/** What the tags of released images begin with: the tag a promotion gives to an image that was tested. */
export const RELEASED_TAG_PREFIX = "released-";

/** What sets released images apart in a repository. */
export interface ReleasedImages {
  /** Whether delivered images get a tag that begins with `RELEASED_TAG_PREFIX` there. @default true */
  readonly tagged?: boolean | undefined;
  /**
   * Other beginnings of tags that releases have, each with a rule like the first and before it: an image that one environment
   * still runs must not go because another has released more often. @default - none
   */
  readonly prefixes?: readonly string[] | undefined;
}

/** Newest images to keep, unless the setting says otherwise. */
const KEEP_IMAGES = 5;
/** Newest released images to keep, at least: what a rollback can go back to. */
const KEEP_RELEASED_IMAGES = 5;

/**
 * The policy as the compact JSON that ECR takes, rules in order of priority (ECR returns them so). Throws one RunError
 * with every problem; `checkLifecyclePolicy` gives the same list beforehand.
 *
 * A policy in ECR's grammar is taken as it is. The shorthand, and its default, becomes these rules:
 * 1. released images (a tag begins with `released-`): keep the newest 5, or `keepImages` if that is more
 * 2. with `expireUntaggedAfterDays`: images without a tag go after so many days
 * 3. keep the newest `keepImages` of all images; with rule 2, of all images that have a tag
 *
 * ECR evaluates all rules at once. An image belongs to the first rule whose tags it matches, and no later rule can
 * expire it; but later rules still count it. So the newest `keepImages` always stay, released or not, and older
 * released ones stay beside them. ECR does not know what runs: keep more images than a release takes attempts, or
 * promote what you run, else the image that runs may go. Where nobody tags what is delivered, there is no rule 1.
 * @param value @default - `{ keepImages: 5 }`
 * @param released @default - delivered images are tagged
 */
export function lifecyclePolicyText(value: LifecyclePolicySetting | undefined, released: ReleasedImages = {}): string {
  return JSON.stringify(lifecyclePolicy(value, released));
}

/** The policy that `lifecyclePolicyText` writes, as an object. */
export function lifecyclePolicy(value: LifecyclePolicySetting = {}, released: ReleasedImages = {}): LifecyclePolicy {
  const problems = checkLifecyclePolicy(value);
  if (problems.length > 0) {
    throw new pulumi.RunError(["ECR lifecycle policy:", ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }
  const document: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (isShorthand(document)) return fromShorthand(shorthandSchema.parse(document), released);
  const { rules } = policySchema.parse(document);
  return { rules: [...rules].sort((a, b) => a.rulePriority - b.rulePriority) };
}

function fromShorthand(
  { keepImages = KEEP_IMAGES, expireUntaggedAfterDays }: LifecycleShorthand,
  { tagged = true, prefixes = [] }: ReleasedImages,
): LifecyclePolicy {
  // Fewer than keepImages would expire released images that the last rule promises to keep.
  const keepReleased = Math.max(keepImages, KEEP_RELEASED_IMAGES);
  const rules: Omit<LifecycleRule, "rulePriority" | "action">[] = [
    ...prefixes.map((prefix) => newestOf(prefix, keepReleased, `images released as ${prefix}*`)),
    ...(tagged ? [newestOf(RELEASED_TAG_PREFIX, keepReleased, "released images")] : []),
    ...untagged(expireUntaggedAfterDays),
    {
      description: `Keep the newest ${keepImages} images`,
      selection: {
        // Untagged images have a rule of their own; counted here too, they would push tagged ones out.
        tagStatus: expireUntaggedAfterDays === undefined ? "any" : "tagged",
        tagPatternList: expireUntaggedAfterDays === undefined ? undefined : ["*"],
        countType: "imageCountMoreThan",
        countNumber: keepImages,
      },
    },
  ];
  return { rules: rules.map((rule, index) => ({ rulePriority: index + 1, ...rule, action: { type: "expire" } })) };
}

function newestOf(prefix: string, keep: number, what: string): Omit<LifecycleRule, "rulePriority" | "action"> {
  return {
    description: `Keep the newest ${keep} ${what}`,
    selection: {
      tagStatus: "tagged",
      tagPrefixList: [prefix],
      countType: "imageCountMoreThan",
      countNumber: keep,
    },
  };
}

function untagged(days: number | undefined): Omit<LifecycleRule, "rulePriority" | "action">[] {
  if (days === undefined) return [];
  return [
    {
      description: `Expire images without a tag after ${days} day(s)`,
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: days },
    },
  ];
}
