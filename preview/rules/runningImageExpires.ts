import { checkLifecyclePolicy } from "../../components/images/lifecyclePolicy/grammar";
import { lifecyclePolicy, RELEASED_TAG_PREFIX } from "../../components/images/lifecyclePolicy/policy";
import type { RecordedGraph, Rule } from "../../model/graph/graph";
import { expiredImages, lostImages, type StoredImage } from "../../model/graph/lifecycleEvaluation";
import { type Action, pipelinesOf, variableGiven } from "../../model/graph/pipelines";
import { textOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

const DAY = 24 * 60 * 60 * 1000;
const NOW = new Date("2026-01-01T00:00:00Z");

/** A repository in which the running image is a year old, and a hundred builds came to nothing since. */
const RUNNING: StoredImage = { digest: "running", tags: ["a".repeat(40)], pushedAt: daysAgo(365) };
const TAGGED: StoredImage = { ...RUNNING, tags: [...RUNNING.tags, `${RELEASED_TAG_PREFIX}a`] };
const BUILDS: readonly StoredImage[] = Array.from({ length: 100 }, (_, index) => ({
  digest: `build ${index}`,
  tags: [index.toString(16).padStart(40, "0")],
  pushedAt: daysAgo(100 - index),
}));

function daysAgo(days: number): Date {
  return new Date(NOW.getTime() - days * DAY);
}

/** A lifecycle policy may expire the image that runs: ECR does not know what does. */
export const runningImageExpires: Rule = (graph) =>
  ofType(graph, TYPES.lifecyclePolicy).flatMap((resource) => {
    const policy = textOf(resource.inputs.policy);
    if (policy === undefined || checkLifecyclePolicy(policy).length > 0) return [];
    const tagged = isTagged(graph, textOf(resource.inputs.repository));
    const running = tagged ? TAGGED : RUNNING;
    if (!lostImages(lifecyclePolicy(policy), [running, ...BUILDS], NOW).includes(running.digest)) return [];
    const mend = tagged
      ? `delivered images have a tag that starts with ${RELEASED_TAG_PREFIX}: give them a rule of their own with the lowest rulePriority, or use { keepImages: 5 }`
      : "no build of this stack tags what is delivered there: keep more images than builds may come to nothing, or let a build of this stack confirm deliveries, which tags them (verify: true, and no confirmProject)";
    const expires = expiredImages(lifecyclePolicy(policy), [running, ...BUILDS], NOW).includes(running.digest);
    const verb = expires ? "expire" : "archive (an archived image cannot be pulled)";
    const text = `can ${verb} the image that runs, after builds that were never delivered or by age alone; ${mend}`;
    return [finding("running-image-expires", resource, text, "notice")];
  });

/** Whether a build that confirms deliveries from a repository tags them. Where no pipeline of the graph has to do with it, another's does. */
function isTagged(graph: RecordedGraph, repository: string | undefined): boolean {
  const makers = pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions.filter((action) => isIn(action, repository)).map((action) => ({ pipeline, action })),
  );
  return (
    makers.length === 0 ||
    makers.some(({ pipeline, action: { outputs } }) =>
      pipeline.actions.some(
        (action) =>
          action.inputs.some((input) => outputs.includes(input)) &&
          Boolean(variableGiven(action, "RELEASED_TAG_PREFIX")),
      ),
    )
  );
}

/** Whether an action builds into a repository, or finds what was pushed there. */
function isIn(action: Action, repository: string | undefined): boolean {
  return repository !== undefined && (variableGiven(action, "IMAGE_REPOSITORY_URI") ?? "").endsWith(`/${repository}`);
}
