import { deliver } from "../../environment/life";
import { about } from "../../environment/times";
import type { Finding } from "../../graph/graph";
import { label } from "../../graph/resources";
import { type Gap, served } from "../invariants";
import type { UpdateContext, UpdateRun } from "../updateRun";
import { perRun } from "./perRun";
import { remedyForGap } from "./waysAround";

/** Times in which production is not served: with their length, and how to do without them. */
export function gapFindings(context: UpdateContext): readonly Finding[] {
  const retains = context.before.resources.some(({ protect }) => protect);
  return perRun(context, (run) => run.gaps.map((gap) => gapFinding(gap, run, context.runs, retains)));
}

function gapFinding(gap: Gap, run: UpdateRun, runs: readonly UpdateRun[], retains: boolean): Finding {
  const service = run.wanted.resources.find(({ urn }) => urn === gap.service);
  const share =
    gap.least === 0
      ? "production is not served"
      : `${Math.round((1 - gap.least) * 100)} % of requests are not answered`;
  const refused = run.played.refusals.length > 0;
  return {
    level: gap.forGood || retains ? "error" : "warning",
    rule: "production-not-served",
    urn: gap.service,
    message: `${service?.name ?? gap.service}: ${share} ${lengthOf(gap, run)}${refused ? ", as the update stops halfway" : ""}${causes(gap)}`,
    steps: refused ? [] : remedyForGap(gap, run, runs),
  };
}

/** How long a gap is, in words. */
export function lengthOf(gap: Gap, { played }: Pick<UpdateRun, "played">): string {
  if (!gap.forGood) return `for ${about(gap.seconds)}`;
  return served(deliver(played.end), gap.service) === 1
    ? "until the next delivery"
    : "for good, also after the next delivery";
}

/** The step that it begins with. */
function causes({ service, step }: Gap): string {
  const resource = step?.before ?? step?.after;
  if (!step || !resource) return "";
  if (step.kind === "delete" && resource.urn === service)
    return `: ${label(resource)} is deleted before its replacement runs`;
  const verb = { create: "is made", update: "changes", delete: "is deleted" }[step.kind];
  return `, from the moment at which ${label(resource)} ${verb}`;
}
