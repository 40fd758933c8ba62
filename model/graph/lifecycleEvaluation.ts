import type {
  LifecyclePolicy,
  LifecycleRule,
  LifecycleSelection,
} from "../../components/images/lifecyclePolicy/schema";

/** An image in a repository. */
export interface StoredImage {
  readonly digest: string;
  /** Empty for an untagged image. */
  readonly tags: readonly string[];
  readonly pushedAt: Date;
  /** @default - never pulled: `pushedAt` counts instead */
  readonly lastPulledAt?: Date;
  /** When it went to archive storage. @default - it is in standard storage */
  readonly archivedAt?: Date;
}

const DAY_IN_MS = 86_400_000;

/**
 * Digests of the images that ECR would expire, in order of rule. All rules see all images: an image belongs to the
 * first rule whose tags (and storage class) it matches, and only that rule can mark it, but it still counts among the
 * images of later rules. Manifest lists are not looked into.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function expiredImages(policy: LifecyclePolicy, images: readonly StoredImage[], now: Date): string[] {
  return markedImages(policy, images, now, ["expire"]);
}

/** Digests of the images that nobody can pull any more: expired, or archived. */
export function lostImages(policy: LifecyclePolicy, images: readonly StoredImage[], now: Date): string[] {
  return markedImages(policy, images, now, ["expire", "transition"]);
}

function markedImages(
  policy: LifecyclePolicy,
  images: readonly StoredImage[],
  now: Date,
  actions: readonly LifecycleRule["action"]["type"][],
): string[] {
  const claimed = new Set<StoredImage>();
  const expired: string[] = [];
  for (const rule of [...policy.rules].sort((a, b) => a.rulePriority - b.rulePriority)) {
    const matching = images.filter((image) => matches(rule.selection, image));
    const due = dueImages(rule, matching, now).filter((image) => !claimed.has(image));
    if (actions.includes(rule.action.type)) expired.push(...due.map((image) => image.digest));
    for (const image of matching) claimed.add(image);
  }
  return expired;
}

function matches(selection: LifecycleSelection, image: StoredImage): boolean {
  const { tagStatus, storageClass = "standard", tagPrefixList = [], tagPatternList = [] } = selection;
  if (storageClass !== (image.archivedAt === undefined ? "standard" : "archive")) return false;
  if (tagStatus === "any") return true;
  if (tagStatus === "untagged") return image.tags.length === 0;
  const patterns = [...tagPrefixList.map((prefix) => `${prefix}*`), ...tagPatternList].map(patternExpression);
  return patterns.every((pattern) => image.tags.some((tag) => pattern.test(tag)));
}

function patternExpression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

function dueImages(rule: LifecycleRule, matching: readonly StoredImage[], now: Date): readonly StoredImage[] {
  const { countType, countNumber } = rule.selection;
  if (countType === "imageCountMoreThan") {
    return [...matching].sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime()).slice(countNumber);
  }
  const limit = now.getTime() - countNumber * DAY_IN_MS;
  return matching.filter((image) => sinceWhen(countType, image).getTime() < limit);
}

function sinceWhen(
  countType: Exclude<LifecycleSelection["countType"], "imageCountMoreThan">,
  image: StoredImage,
): Date {
  switch (countType) {
    case "sinceImagePushed":
      return image.pushedAt;
    case "sinceImagePulled":
      return image.lastPulledAt ?? image.pushedAt;
    case "sinceImageTransitioned":
      return image.archivedAt ?? image.pushedAt;
    default: {
      const never: never = countType;
      return never;
    }
  }
}
