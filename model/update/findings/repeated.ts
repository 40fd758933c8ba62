import { becomesHealthy, settled } from "../../environment/advance";
import { resourceOf } from "../../environment/environment";
import { deliver } from "../../environment/life";
import { groupPair, strategyOf } from "../../environment/service";
import { idleGroup, releasedTasks } from "../../environment/tasks";
import { balancersOfGroup } from "../../environment/traffic";
import type { Finding, RecordedResource } from "../../graph/graph";
import { label, ofType, referredBy, TYPES } from "../../graph/resources";
import { isOpening } from "../claims";
import { changedProperties } from "../followers";
import { changes } from "../plan";
import type { UpdateContext, UpdateRun } from "../updateRun";
import { perRun } from "./perRun";

/** What comes after the update: a second one has nothing to do, and the next delivery works. */
export function repeatedFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, (run) =>
    run.played.refusals.length > 0
      ? []
      : [...secondUpdate(run), ...narrowedLater(run).map(narrowed), ...nextDelivery(run)],
  );
}

/**
 * Rules that lead to the former port, too, as long as its tasks may serve: asked once more when they are gone, the program
 * leaves the new port alone.
 */
export function narrowedLater({ asked }: UpdateRun): readonly RecordedResource[] {
  const moved = asked.some(
    ({ after, properties }) =>
      after.type === TYPES.service && properties.some(({ path }) => /containerPort$/.test(path)),
  );
  if (!moved) return [];
  const isRange = ({ inputs }: RecordedResource) => inputs.fromPort !== inputs.toPort;
  return asked
    .filter(
      ({ before, after }) =>
        isOpening(after.type) &&
        after.inputs.referencedSecurityGroupId !== undefined &&
        isRange(after) &&
        !isRange(before),
    )
    .map(({ after }) => after);
}

function narrowed(rule: RecordedResource): Finding {
  const { fromPort, toPort } = rule.inputs;
  return {
    level: "notice",
    rule: "second-update-narrows",
    urn: rule.urn,
    message: `${label(rule)}: ports ${String(fromPort)} to ${String(toPort)} are open as long as tasks with the former port may serve: the next pulumi up leaves the new one alone`,
  };
}

function secondUpdate({ played, wanted }: UpdateRun): readonly Finding[] {
  return wanted.resources.flatMap((after): readonly Finding[] => {
    const before = resourceOf(played.end, after.urn);
    if (!after.custom) return [];
    if (!before) return [goneWithTheOldOne(after)];
    const left = changedProperties({ before, after }).filter(changes);
    const paths = left.map(({ path }) => path);
    // Nothing was delivered to a new service, so that it waits.
    if (paths.length === 0 || (after.type === TYPES.service && paths.every((path) => path === "desiredCount")))
      return [];
    return [
      {
        level: "warning",
        rule: "second-update-changes-again",
        urn: after.urn,
        message: `${label(after)}: a second pulumi up, with nothing changed, would change ${paths.join(", ")} again`,
      },
    ];
  });
}

/** Both have one identity in AWS: what deletes the old one deletes what has just taken its place. */
function goneWithTheOldOne(resource: RecordedResource): Finding {
  return {
    level: "error",
    rule: "deleted-with-the-old-one",
    urn: resource.urn,
    message: `${label(resource)}: its replacement has the same id, so deleting the old one afterwards deletes the new one`,
    steps: ["set deleteBeforeReplace on it, so that the old one goes first"],
  };
}

function nextDelivery({ played }: UpdateRun): readonly Finding[] {
  const end = settled(played.end);
  return ofType(end, TYPES.service).flatMap((service): readonly Finding[] => {
    const why = whyDeliveryFails(service, { played });
    return why === undefined
      ? []
      : [
          {
            level: "error",
            rule: "next-delivery-fails",
            urn: service.urn,
            message: `${service.name}: the next delivery fails: ${why}`,
          },
        ];
  });
}

function whyDeliveryFails(service: RecordedResource, { played }: Pick<UpdateRun, "played">): string | undefined {
  const end = played.end;
  const alternates = strategyOf(service) !== "ROLLING" && groupPair(end, service).length === 2;
  const groupArn = alternates ? idleGroup(end, service) : undefined;
  const tasks = releasedTasks(end, service, groupArn);
  for (const target of tasks.targets) {
    const group = referredBy(end, TYPES.targetGroup, target.groupArn);
    if (group && balancersOfGroup(end, target.groupArn).length === 0)
      return `no load balancer leads to target group "${group.name}"`;
  }
  if (tasks.targets.length === 0 || !tasks.targets.some(({ groupArn: arn }) => referredBy(end, TYPES.targetGroup, arn)))
    return undefined;
  const delivered = resourceOf(deliver(end), service.urn);
  return delivered && becomesHealthy(end, { ...tasks, imageArchitecture: tasks.architecture })
    ? undefined
    : "the load balancer does not get to the new tasks: their port, and what security groups admit, do not fit";
}
