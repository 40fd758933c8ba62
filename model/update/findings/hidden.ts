import { shiftsTraffic, strategyOf } from "../../environment/service";
import type { Finding, RecordedResource } from "../../graph/graph";
import { numberOf } from "../../graph/read";
import { label, physicalName, TYPES } from "../../graph/resources";
import { type ChangedPair, isReplaced } from "../followers";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";

/** What somebody asked for and `pulumi up` leaves as it is: it reaches AWS in another way, or never. */
export function hiddenFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, (run) => {
    const refused = new Set(run.played.refusals.map(({ resource }) => resource.urn));
    // A replacement is made with all that the program says.
    const kept = run.asked.filter((pair) => !refused.has(pair.after.urn) && !isReplaced(pair));
    return kept.flatMap((pair) => [
      ...strategyStays(pair),
      ...leftToDeployments(pair),
      ...countsOnce(pair),
      ...leftToSchedules(pair),
    ]);
  });
}

function leftAlone(
  after: RecordedResource,
  level: Finding["level"],
  text: string,
  steps: readonly string[] = [],
): readonly Finding[] {
  return [{ level, rule: "setting-left-alone", urn: after.urn, message: `${label(after)}: ${text}`, steps }];
}

function strategyStays({ before, after, properties }: ChangedPair): readonly Finding[] {
  const kept = properties.some((one) => one.kept && one.path === "deploymentConfiguration");
  if (!kept || after.type !== TYPES.service || !shiftsTraffic(strategyOf(before))) return [];
  const text = `deploymentConfiguration is left out, so the provider leaves it: the service stays ${strategyOf(before)}`;
  return leftAlone(after, "error", text, ["take the change back, or let the program say strategy ROLLING"]);
}

/** Deployments change a service's entries for the load balancer, so Pulumi does not; only CodeDeploy's own say the rest. */
function leftToDeployments({ after, properties }: ChangedPair): readonly Finding[] {
  if (after.type !== TYPES.service || strategyOf(after) === "CODE_DEPLOY") return [];
  const paths = properties.flatMap(({ path, ignored, follows }) =>
    ignored && follows === undefined && path.startsWith("loadBalancers") ? [path] : [],
  );
  if (paths.length === 0) return [];
  const text = `${paths.join(", ")}: left alone, because deployments change it: the new value never reaches AWS`;
  return leftAlone(after, "error", text, ["take the change back, or add a service beside it"]);
}

/** What counts until the first delivery, and is left to others from then on. */
function countsOnce({ after, properties }: ChangedPair): readonly Finding[] {
  const ignores = (path: string) => properties.some((one) => one.ignored && one.path === path);
  if (after.type === "aws:ssm/parameter:Parameter" && ignores("value")) {
    return leftAlone(after, "notice", "image counts until the first delivery; what was delivered stays");
  }
  if (after.type !== TYPES.service || !ignores("desiredCount")) return [];
  const count = numberOf(after.inputs.desiredCount) ?? 1;
  if (strategyOf(after) !== "CODE_DEPLOY") {
    return leftAlone(
      after,
      "notice",
      `desiredCount ${count} counts at the first delivery; scaling decides from then on`,
      ["to have more at once, raise scaling.minCapacity"],
    );
  }
  const text = `desiredCount ${count} counts at the first delivery; CodeDeploy keeps as many tasks as there are`;
  return leftAlone(after, "warning", text, [
    `aws ecs update-service --service ${physicalName(after)} --desired-count ${count}, with the cluster's name`,
  ]);
}

/** Limits that scheduled actions move are left to them, from the day on which there is one. */
function leftToSchedules({ after, properties }: ChangedPair): readonly Finding[] {
  if (after.type !== "aws:appautoscaling/target:Target") return [];
  const left = properties.filter(({ path, ignored }) => ignored && /^(?:min|max)Capacity$/.test(path));
  if (left.length === 0) return [];
  const said = left.map((one) => `${one.path} ${String(one.after)}`).join(", ");
  const options = left.map((one) => `--${one.path.replace("Capacity", "-capacity")} ${String(one.after)}`).join(" ");
  return leftAlone(
    after,
    "warning",
    `${said}: left alone, because scheduled actions move it: the new value never reaches AWS`,
    [
      "say it in scaling.schedules, whose next one sets it",
      `or, until then: aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id ${String(after.inputs.resourceId)} ${options}`,
    ],
  );
}
