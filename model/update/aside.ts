import type { Environment } from "../environment/environment";
import type { RecordedResource } from "../graph/graph";
import { isMap, type Values } from "../graph/read";
import { arnOf, physicalName } from "../graph/resources";

/** What stands at the end of an id that a replacement will not have. */
const ASIDE = "~old";

/**
 * An environment in which what will be replaced has other ids, wherever they stand: a preview makes up the same ones again for
 * the resource that takes its place, while AWS gives new ones.
 */
export function withOldIds(environment: Environment, replaced: readonly RecordedResource[]): Environment {
  const names = replaced.flatMap(madeUpBy).sort((a, b) => b.length - a.length);
  if (names.length === 0) return environment;
  const aside = (text: string) => names.reduce((rest, name) => rest.split(name).join(`${name}${ASIDE}`), text);
  const resources = environment.resources.map((resource) => ({
    ...resource,
    inputs: rewritten(resource.inputs, aside),
    outputs: rewritten(resource.outputs, aside),
    id: resource.id === undefined ? undefined : aside(resource.id),
  }));
  const tasks = environment.tasks.map((set) => ({
    ...set,
    targets: set.targets.map((target) => ({ ...target, groupArn: aside(target.groupArn) })),
    securityGroups: set.securityGroups.map(aside),
    subnets: set.subnets.map(aside),
  }));
  return { ...environment, resources, tasks };
}

/** The ids that AWS makes up: what is named by the program keeps its name, and nobody else can have it. */
function madeUpBy(resource: RecordedResource): readonly string[] {
  const { name, family } = resource.inputs;
  if (family !== undefined) return [];
  const own = name === undefined ? [physicalName(resource)] : [];
  const ids = [resource.id, arnOf(resource)].filter(
    (id) => id !== undefined && /[0-9a-f]{7}/.test(id.replace(/:\d{12}:/, ":")),
  );
  // An ARN has the name in it, and a name that stands alone is one only where it looks made up.
  const longest = ids.length > 0 ? ids : own.filter((text) => /[0-9a-f]{7}$/.test(text));
  return [...new Set([...longest, ...own.filter((text) => /[0-9a-f]{7}$/.test(text))])].flatMap((text) => text ?? []);
}

function rewritten(values: Values, aside: (text: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rewrittenValue(value, aside)]));
}

function rewrittenValue(value: unknown, aside: (text: string) => string): unknown {
  if (typeof value === "string") return aside(value);
  if (Array.isArray(value)) return value.map((item) => rewrittenValue(item, aside));
  return isMap(value) ? rewritten(value, aside) : value;
}
