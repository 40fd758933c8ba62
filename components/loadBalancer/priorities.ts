import type { ListenerRule } from "./settings";

/** A rule, and who it belongs to. */
interface NamedRule extends ListenerRule {
  readonly name: string;
}

/** Numbers of each kind of rule: 64 lengths, each with room for many rules. */
const LENGTHS = 64;
const ROOM = 250;
const FIRST = 1000;

/**
 * Priorities of the rules of one listener, in their order: the given ones, and for the others numbers that put the more
 * specific rule first. A rule keeps its number when others come after it in the list.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export function rulePriorities(rules: readonly NamedRule[]): readonly number[] {
  const taken = new Set(rules.flatMap(({ priority }) => priority ?? []));
  return rules.map((rule) => {
    if (rule.priority !== undefined) return rule.priority;
    let worked = wantedPriority(rule);
    while (taken.has(worked)) worked += 1;
    taken.add(worked);
    return worked;
  });
}

/** Host and path before host, host before path; more characters before fewer; the name decides where that is all the same. */
function wantedPriority({ name, hosts, paths }: NamedRule): number {
  const kind = hosts && paths ? 0 : hosts ? 1 : 2;
  const length = Math.min(LENGTHS - 1, leastSpecific(hosts) + leastSpecific(paths));
  return FIRST + (kind * LENGTHS + (LENGTHS - 1 - length)) * ROOM + (hashOf(name) % ROOM);
}

/** Characters that a request must have, of the pattern that asks for the fewest. */
function leastSpecific(patterns: readonly string[] = []): number {
  const lengths = patterns.map((pattern) => pattern.replace(/[*?]/g, "").length);
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}

/** A number that a text always has. */
export function hashOf(text: string): number {
  let hash = 0;
  for (const char of text) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  return hash;
}
