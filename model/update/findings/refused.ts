import type { Finding } from "../../graph/graph";
import { label } from "../../graph/resources";
import type { Refusal } from "../play";
import { remedyFor } from "../remedies";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";
import { removedServices } from "./services";

/** What AWS, its provider or the engine refuses, and what to do instead. */
export function refusalFindings(context: UpdateContext): readonly Finding[] {
  const removed = removedServices(context);
  return perRun(context, ({ played, wanted }) => {
    const told = played.refusals.filter(
      (refusal) =>
        !removed.some(({ refusals }) => refusals.some((one) => isSame(one, refusal))) &&
        !context.adopted.some(({ resource }) => resource.urn === refusal.resource.urn),
    );
    return groups(told).map((all): Finding => {
      const [first] = all;
      const more =
        all.length > 1
          ? `; so with ${all
              .slice(1)
              .map(({ resource }) => label(resource))
              .join(", ")}`
          : "";
      return {
        level: "error",
        rule: `update-refused: ${first.rule}`,
        urn: first.resource.urn,
        message: `${label(first.resource)}: ${verb(first)} is refused: ${first.text}${more} (${first.page})`,
        steps: remedyFor(first, wanted),
      };
    });
  });
}

/** Refusals that one rule makes of resources of one type: one finding. */
function groups(refusals: readonly Refusal[]): readonly (readonly [Refusal, ...Refusal[]])[] {
  const found = new Map<string, [Refusal, ...Refusal[]]>();
  for (const refusal of refusals) {
    const key = `${refusal.rule} ${refusal.resource.type} ${refusal.text}`;
    const others = found.get(key);
    if (others) others.push(refusal);
    else found.set(key, [refusal]);
  }
  return [...found.values()];
}

function isSame(one: Refusal, other: Refusal): boolean {
  return one.rule === other.rule && one.resource.urn === other.resource.urn;
}

function verb({ step }: Refusal): string {
  if (step.replaces) return step.kind === "delete" ? "deleting the old one" : "making the new one";
  return { create: "creating it", update: "this change", delete: "deleting it" }[step.kind];
}
