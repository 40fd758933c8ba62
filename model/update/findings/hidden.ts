import { shiftsTraffic, strategyOf } from "../../environment/service";
import type { Finding, RecordedResource } from "../../graph/graph";
import { label, TYPES } from "../../graph/resources";
import type { PropertyChange } from "../change";
import type { UpdateContext, UpdateRun } from "../updateRun";
import { perRun } from "./perRun";

/** What somebody asked for and `pulumi up` leaves as it is: it reaches AWS with a release, or never. */
export function hiddenFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, (run) => {
    const refused = new Set(run.played.refusals.map(({ resource }) => resource.urn));
    return run.asked.flatMap(({ before, after, properties }) => {
      if (refused.has(after.urn)) return [];
      return properties.flatMap((property) => hidden(before, after, property, run));
    });
  });
}

function hidden(
  before: RecordedResource,
  after: RecordedResource,
  property: PropertyChange,
  run: UpdateRun,
): readonly Finding[] {
  const { path, ignored, kept, follows } = property;
  const text = (rest: string, level: Finding["level"], steps: readonly string[] = []): readonly Finding[] => [
    {
      level,
      rule: "setting-left-alone",
      urn: after.urn,
      message: `${label(after)}: ${rest}`,
      steps,
    },
  ];
  if (kept && after.type === TYPES.service && path === "deploymentConfiguration" && shiftsTraffic(strategyOf(before))) {
    return text(
      `deploymentConfiguration is left out, so the provider leaves it: the service stays ${strategyOf(before)}`,
      "error",
      ["take the change back, or let the program say strategy ROLLING"],
    );
  }
  if (!ignored || follows !== undefined) return [];
  if (after.type === "aws:ssm/parameter:Parameter" && path === "value") {
    return text("image counts until the first delivery; what was delivered stays", "notice");
  }
  if (
    after.type === TYPES.service &&
    path.startsWith("loadBalancers") &&
    strategyOf(after) !== "CODE_DEPLOY" &&
    !run.played.refusals.length
  ) {
    return text(`${path} is left alone, because deployments change it: the new value never reaches AWS`, "error", [
      "take the change back, or add a service beside it",
    ]);
  }
  return [];
}
