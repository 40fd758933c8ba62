import { checkLifecyclePolicy } from "../../components/images/lifecyclePolicy/grammar";
import { lifecyclePolicy, RELEASED_TAG_PREFIX } from "../../components/images/lifecyclePolicy/policy";
import type { Rule } from "../../model/graph/graph";
import { expiredImages, type StoredImage } from "../../model/graph/lifecycleEvaluation";
import { textOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-01-01T00:00:00Z");

/** A repository in which the running image is a year old, and a hundred builds came to nothing since. */
const RUNNING: StoredImage = {
  digest: "running",
  tags: ["a".repeat(40), `${RELEASED_TAG_PREFIX}a`],
  pushedAt: daysAgo(365),
};
const BUILDS: readonly StoredImage[] = Array.from({ length: 100 }, (_, index) => ({
  digest: `build ${index}`,
  tags: [index.toString(16).padStart(40, "0")],
  pushedAt: daysAgo(100 - index),
}));

function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * DAY);
}

/** A lifecycle policy of the user's own may expire the image that runs: ECR does not know what does. */
export const runningImageExpires: Rule = (graph) =>
  ofType(graph, TYPES.lifecyclePolicy).flatMap((resource) => {
    const policy = textOf(resource.inputs.policy);
    if (policy === undefined || checkLifecyclePolicy(policy).length > 0) return [];
    if (!expiredImages(lifecyclePolicy(policy), [RUNNING, ...BUILDS], NOW).includes(RUNNING.digest)) return [];
    const text =
      "can expire the image that runs, after builds that were never delivered or by age alone; delivered images have a tag " +
      `that starts with ${RELEASED_TAG_PREFIX}: give them a rule of their own with the lowest rulePriority, or use { keepImages: 5 }`;
    return [finding("running-image-expires", resource, text, "notice")];
  });
