import type { RecordedGraph } from "../../model/graph/graph";
import { type RoleView, rolesIn, type StatementView } from "../delivery/roleView";
import { type Style, wrap } from "./style";

/** Places that a line names; of more it says how many. */
const PLACES = 3;

/** Who may do what in a stack, for a reader who has not seen it before: each role, who takes it, and what for and where. */
export function renderPermissions(graph: RecordedGraph, style: Style): readonly string[] {
  return rolesOf(graph).flatMap((role) => {
    const lines = [...purposes(role)].map(([why, places]) => `${why}${placesSaid(places)}`);
    return [headOf(role, style), ...(lines.length > 0 ? lines : [NOTHING]).map((line) => `    ${line}`)];
  });
}

/** The same in short: what for, and not where. */
export function renderPurposes(graph: RecordedGraph, style: Style, width: number): readonly string[] {
  return rolesOf(graph).flatMap((role) => {
    const whys = [...purposes(role).keys()].flatMap((why) => why.split("; "));
    const lines = wrap(whys.length > 0 ? [...new Set(whys)] : [NOTHING], "; ", width - 4);
    return [headOf(role, style), ...lines.map((line) => `    ${line}`)];
  });
}

/** Those of which there is something to say. */
function rolesOf(graph: RecordedGraph): readonly RoleView[] {
  return rolesIn(graph).filter(({ takenBy, statements }) => takenBy.length + statements.length > 0);
}

/** Of a role to which no policy is attached. */
const NOTHING = "nothing";

function headOf(role: RoleView, style: Style): string {
  return `  ${style.bold(role.name)}${style.dim(`, taken by ${takers(role)}`)}`;
}

/** `codebuild`, `ecs-tasks`, `account 111122223333`. */
function takers({ takenBy }: RoleView): string {
  const named = takenBy.flatMap(({ who }) =>
    who.map((one) =>
      one.replace(/\.amazonaws\.com(?:\.cn)?$/, "").replace(/^arn:[^:]*:iam::(\d+):root$/, "account $1"),
    ),
  );
  return [...new Set(named)].join(", ") || "nobody";
}

/** What a role is for, and where, in the order of its policies. What nobody has given a reason is said by its calls. */
function purposes({ statements }: RoleView): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const statement of statements) {
    const why = purposeOf(statement);
    found.set(why, [...(found.get(why) ?? []), ...statement.on]);
  }
  return found;
}

function purposeOf({ denies, may, why }: StatementView): string {
  return `${denies ? "may not: " : ""}${why || may.join(", ")}`;
}

function placesSaid(places: readonly string[]): string {
  const named = [...new Set(places)];
  if (named.includes("*")) return ": on anything";
  const more = named.length - PLACES;
  return named.length === 0 ? "" : `: ${named.slice(0, PLACES).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
