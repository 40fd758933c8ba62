import type { Finding } from "../../graph/graph";
import { className, label } from "../../graph/resources";
import { isModelled, unknownProperties } from "../modelled";
import { changedKeys } from "../rules/rule";
import type { UpdateContext } from "../updateRun";

/** Changes of which it is not known here what they do to what runs. They are said, never passed over. */
export function unmodelledFindings({ runs }: UpdateContext): readonly Finding[] {
  const [run] = runs;
  return (run?.played.steps ?? []).flatMap((step): readonly Finding[] => {
    const resource = step.after ?? step.before;
    if (!resource) return [];
    const notice = (text: string): readonly Finding[] => [
      { level: "notice", rule: "not-modelled", urn: resource.urn, message: `not modelled: ${text}` },
    ];
    if (!isModelled(resource.type)) {
      const verb = { create: "adding", update: "changing", delete: "deleting" }[step.kind];
      return notice(
        `${label(resource)}: what ${verb} a ${className(resource.type)} does to what runs is not known here`,
      );
    }
    const unknown = step.kind === "update" ? unknownProperties(resource.type, changedKeys(step)) : [];
    const maybe = step.properties.filter(({ mayReplace }) => mayReplace).map(({ path }) => path);
    return [
      ...(unknown.length > 0
        ? notice(`${label(resource)}: what a change of ${unknown.join(", ")} does to what runs is not known here`)
        : []),
      ...(maybe.length > 0
        ? notice(
            `${label(resource)}: whether a change of ${maybe.join(", ")} replaces it is not known here; pulumi preview says`,
          )
        : []),
    ];
  });
}
