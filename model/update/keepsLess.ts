import type { RecordedResource } from "../graph/graph";
import { jsonOf, mapOf, mapsOf, numberOf, textOf, textsOf, type Values } from "../graph/read";
import { TYPES } from "../graph/resources";

/** What AWS deletes of what is there, because less of it is kept from now on. Undefined where as much stays. */
export function lostByKeepingLess(before: RecordedResource, after: RecordedResource): string | undefined {
  if (before.type !== after.type || after.retainOnDelete) return undefined;
  const lost = (KEEPERS[after.type] ?? (() => []))(before.inputs, after.inputs);
  return lost.length === 0 ? undefined : lost.join(", and ");
}

/** What is lost, in words, between what something said and what it says. */
type Comparison = (before: Values, after: Values) => readonly string[];

const KEEPERS: Readonly<Record<string, Comparison>> = {
  [TYPES.logGroup]: logLost,
  [TYPES.lifecyclePolicy]: imagesLost,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": objectsLost,
};

/** Where nothing is said, or 0, CloudWatch keeps everything. */
function logLost(before: Values, after: Values): readonly string[] {
  const [was, is] = [before, after].map((inputs) => numberOf(inputs.retentionInDays) || Number.POSITIVE_INFINITY);
  if (was === undefined || is === undefined || is >= was) return [];
  return [`its log but for the last ${days(is).replace(/^a /, "")}`];
}

/**
 * ECR applies a policy to what is there already, within a day. Rules are compared one by one: with those of the same images
 * that count the same. https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
function imagesLost(before: Values, after: Values): readonly string[] {
  if (before.repository !== after.repository) return [];
  const [were, are] = [expiringRules(before), expiringRules(after)];
  const stricter = are.flatMap((rule) => {
    const former = were.find((one) => one.kind === rule.kind);
    if (former !== undefined && former.many <= rule.many) return [];
    return [`${rule.words}${former === undefined ? "" : ` (until now ${former.many})`}`];
  });
  // Images of a rule that goes belong to the next one that matches them.
  const unguarded = were.filter(
    ({ kind, isTagged }) => isTagged && are.length > 0 && !are.some((rule) => rule.kind === kind),
  );
  return [...stricter, ...unguarded.map(({ images }) => `every ${images} that other rules do not keep`)];
}

interface ExpiringRule {
  /** Which images it is about and what it counts, the same for rules that differ in their number alone. */
  readonly kind: string;
  readonly many: number;
  readonly images: string;
  readonly words: string;
  readonly isTagged: boolean;
}

function expiringRules({ policy }: Values): readonly ExpiringRule[] {
  return mapsOf(mapOf(jsonOf(policy)).rules)
    .filter(({ action }) => mapOf(action).type === "expire")
    .map(({ selection }, index) => {
      const { countNumber, ...of } = mapOf(selection);
      const many = numberOf(countNumber) ?? Number.POSITIVE_INFINITY;
      const tags = [...textsOf(of.tagPatternList), ...textsOf(of.tagPrefixList).map((prefix) => `${prefix}*`)];
      const status = textOf(of.tagStatus);
      const tagged = `image tagged ${tags.join(" and ")}`;
      const rest = index > 0 ? "other image" : "image";
      const images = tags.length > 0 ? tagged : status === "untagged" ? "untagged image" : rest;
      const kind = JSON.stringify(Object.entries(of).sort(([one], [other]) => (one < other ? -1 : 1)));
      return {
        kind,
        many,
        images,
        words: `every ${images} ${bound(textOf(of.countType), many)}`,
        isTagged: tags.length > 0,
      };
    });
}

function bound(countType: string | undefined, many: number): string {
  if (countType === "imageCountMoreThan") return `but the newest ${many}`;
  if (countType === "sinceImagePulled") return `that nobody has pulled for ${days(many)}`;
  return `older than ${days(many)}`;
}

function objectsLost(before: Values, after: Values): readonly string[] {
  if (before.bucket !== after.bucket) return [];
  const ages: readonly (readonly [what: string, of: (rule: Values) => unknown])[] = [
    ["objects", ({ expiration }) => mapOf(expiration).days],
    ["former versions of objects", ({ noncurrentVersionExpiration: of }) => mapOf(of).noncurrentDays],
  ];
  const formerly = enabledRules(before);
  return enabledRules(after).flatMap((rule) =>
    ages.flatMap(([what, ageOf]) => {
      const former = formerly.find(({ id }) => id === rule.id);
      const [was, is] = [former && numberOf(ageOf(former)), numberOf(ageOf(rule))];
      return is === undefined || (was !== undefined && was <= is) ? [] : [`${what} older than ${days(is)}`];
    }),
  );
}

function enabledRules({ rules }: Values): readonly Values[] {
  return mapsOf(rules).filter(({ status }) => status === "Enabled");
}

function days(many: number): string {
  return many === 1 ? "a day" : `${many} days`;
}
