import type { Finding } from "../../graph/graph";
import { label, physicalName, TYPES } from "../../graph/resources";
import { belongsTo, serviceNames } from "../owners";
import type { Refusal } from "../play";
import { KEEPING, lettingGo } from "../remedies";
import { AWS_RULES } from "../rules";
import type { UpdateContext } from "../updateRun";

/** A name is identity: a service of another name is another service. */
export function renamedFindings({ before, renamed }: UpdateContext): readonly Finding[] {
  return renamed.map(([old, young]) => {
    const service = before.resources.find(({ type, name }) => type === TYPES.service && name === old);
    return {
      level: "error",
      rule: "service-renamed",
      urn: service?.urn,
      message: `${old}: a name is identity: as ${young}, everything that ${old} has is made anew and the old is deleted, before anything was delivered to ${young}`,
      steps: [
        `add ${young} beside ${old}, and pulumi up`,
        `deliver to ${young}, and try it at its own address`,
        `point users to ${young} (DNS)`,
        `remove ${old}, and pulumi up`,
      ],
    };
  });
}

/** A service that the program gives up, and what holds that up. */
interface RemovedService {
  readonly name: string;
  readonly refusals: readonly Refusal[];
}

/** Services that are gone and have no other name now. */
export function removedServices({ before, after, runs, renamed }: UpdateContext): readonly RemovedService[] {
  const young = serviceNames(after);
  const gone = serviceNames(before).filter((name) => !young.includes(name) && !renamed.some(([old]) => old === name));
  const [run] = runs;
  if (!run) return [];
  const [start] = run.played.moments;
  return gone.map((name) => ({
    name,
    refusals: run.played.steps.flatMap((step): readonly Refusal[] => {
      const resource = step.before;
      if (step.kind !== "delete" || step.replaces || !start || !resource || !belongsTo(before, resource, name))
        return [];
      // Each by itself, also what waits for another that is refused.
      return KEEPING_RULES.flatMap((rule): readonly Refusal[] => {
        const text = rule.refuses({ step, resource, environment: start.environment });
        return text === undefined ? [] : [{ step, resource, rule: rule.name, page: rule.page, text }];
      });
    }),
  }));
}

/** Rules that keep something from being lost. */
const KEEPING_RULES = AWS_RULES.filter(({ name }) => KEEPING.includes(name));

/** One finding for each service that cannot just be removed: what is protected, and the steps for this one service. */
export function removedFindings(context: UpdateContext): readonly Finding[] {
  return removedServices(context)
    .filter(({ refusals }) => refusals.length > 0)
    .map(({ name, refusals }) => {
      const kept = [...new Set(refusals.map(({ resource }) => label(resource)))];
      const service = context.before.resources.find((one) => one.type === TYPES.service && one.name === name);
      return {
        level: "error",
        rule: "service-removed",
        urn: service?.urn,
        message: `${name}: pulumi up refuses to remove it, for ${kept.join(", ")} would be lost, and are protected or not empty`,
        steps: [
          ...(service ? [`let no request come to it any more: it is ${physicalName(service)}, and still serves`] : []),
          ...lettingGo(refusals, context.before),
        ],
      };
    });
}
