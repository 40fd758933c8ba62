import { stripVTControlCharacters } from "node:util";
import type { Finding } from "../../model/graph/graph";
import { className, TYPES } from "../../model/graph/resources";
import type { PropertyChange } from "../../model/update/change";
import { count } from "../count";
import {
  baseOf,
  type Fate,
  isUnchanged,
  type PermissionChange,
  type ResourceChange,
  type StackChange,
  type Widening,
} from "../diff/change";
import { stepLines } from "./findings";
import type { Paint, Style } from "./style";
import { renderDifference, renderProperty } from "./values";
import { withinWidth } from "./withinWidth";

/** `1 removed, 2 changed, permissions widened against main (0a1b2c3)`. */
export function changeSummary(change: StackChange): string {
  const { against, only, failure, resources, provider, outputs, findings } = change;
  const at = baseOf(against);
  if (only === "here") return `new, not at ${at}`;
  if (only === "there") return `only at ${at}; what it made stays in AWS until pulumi destroy`;
  if (failure !== undefined) return `cannot be compared with ${at}`;
  if (isUnchanged(change)) return `no change against ${at}`;
  const fates: readonly Fate[] = ["removed", "replaced", "renamed", "changed", "added", "kept"];
  const counts = fates.map((fate) => [resources.filter((one) => one.fate === fate).length, fate] as const);
  const permissions = wordsFor(combined(change.permissions));
  const openings = wordsFor(change.openings);
  const words = [
    ...counts.flatMap(([number, fate]) => (number > 0 ? [`${number} ${fate}`] : [])),
    ...(permissions ? [`permissions ${permissions}`] : []),
    ...(openings ? [`security groups ${openings}`] : []),
    ...(provider.length > 0 ? ["the provider's settings changed"] : []),
    ...(outputs.length > 0 ? ["outputs changed"] : []),
    ...(findings.new.length > 0 ? [`${count(findings.new.length, "new finding")}`] : []),
    ...(findings.gone.length > 0 ? [`${count(findings.gone.length, "finding")} gone`] : []),
  ];
  return `${words.join(", ")} against ${at}`;
}

function combined(changes: readonly PermissionChange[]): Widening {
  return {
    widened: changes.flatMap(({ widened }) => widened),
    narrowed: changes.flatMap(({ narrowed }) => narrowed),
  };
}

function wordsFor({ widened, narrowed }: Widening): string {
  return [...(widened.length > 0 ? ["widened"] : []), ...(narrowed.length > 0 ? ["narrowed"] : [])].join(" and ");
}

/** How a change is written. */
export interface ChangeForm {
  /** Every property that changes, as Pulumi names it. */
  readonly raw: boolean;
  /**
   * For a fence that colours what a sign begins, below what a comment has said already: what the update does, and what is
   * found. @default false
   */
  readonly inComment?: boolean;
}

/** Everything that is not as it was, section by section, what is lost first. A sign at the start says what becomes of it. */
export function renderChange(
  change: StackChange,
  style: Style,
  { raw, inComment = false }: ChangeForm = { raw: true },
): readonly string[] {
  const { failure, resources, provider, permissions, openings, outputs } = change;
  if (failure !== undefined) return [`At ${change.against.ref}: ${failure}`];
  const update = section("Update", inComment ? [] : change.update.map(indented));
  const findings = {
    widened: inComment ? [] : change.findings.new.map(said),
    narrowed: change.findings.gone.map(said),
  };
  const signs = inComment ? IN_DIFF : PLAIN;
  if (change.summary) {
    const worse = section("Findings", renderWidening({ ...findings, narrowed: [] }, style, signs, true));
    return [update, worse]
      .filter((lines) => lines.length > 0)
      .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
  }
  const sections = [
    update,
    section("Findings", renderWidening(findings, style, signs, true)),
    section(
      "Permissions",
      permissions.flatMap((one) => renderPermission(one, style, signs)),
    ),
    section("Security groups", renderWidening(openings, style, signs)),
    section("Provider", provider.flatMap(renderDifference).map(indented)),
    section(
      "Resources",
      resources.flatMap((one) => renderResource(one, style, { raw, inComment })),
    ),
    section("Outputs", outputs.flatMap(renderDifference).map(indented)),
  ].filter((lines) => lines.length > 0);
  return sections.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length > 0 ? [`${title}:`, ...lines] : [];
}

function indented(line: string): string {
  return `    ${line}`;
}

function renderResource(change: ResourceChange, style: Style, { raw, inComment }: ChangeForm): readonly string[] {
  const { fate, type, name, properties, lost, keepsLess = false } = change;
  const [plain, paint, words] = describeFate(change, style);
  const sign = inComment ? (WARNS.has(plain) ? "!" : plain) : plain;
  return [
    `${paint(`${sign} ${className(type)} "${name}"`)}${words && `  ${words}`}`,
    ...(lost === undefined
      ? []
      : [style.red(indented(`${fate === "removed" || keepsLess ? "lost" : "lost with the old one"}: ${lost}`))]),
    ...(raw ? properties.flatMap(renderProperty) : inShort(type, properties)).map(indented),
  ];
}

/** Stands where properties are not shown one by one. */
const NOT_SHOWN = "not shown here";

/** Whether a line stands for more. */
export function hides(line: string): boolean {
  return line.includes(NOT_SHOWN);
}

/** Properties whose text the sections above say in words. */
const SAID_ABOVE = /^(?:policy|assumeRolePolicy|inlinePolicies)(?:$|[.[])/;

/** What fits into a line each, as it is; of what has many lines where they are. */
function inShort(type: string, properties: readonly PropertyChange[]): readonly string[] {
  const rendered = properties
    .filter(({ path }) => type === TYPES.lifecyclePolicy || !SAID_ABOVE.test(path))
    .map((one) => [one.path, renderProperty(one)] as const);
  const short = rendered.flatMap(([, lines]) => (lines.length === 1 ? lines : []));
  const long = rendered.flatMap(([path, lines]) => (lines.length > 1 ? [path] : []));
  const parts = [...new Set(long.map((path) => path.replace(/^(source\.buildspec).*/, "$1")))];
  const [few, many] = [short.slice(0, SHOWN), short.length - SHOWN];
  return [
    ...few,
    ...(many > 0 ? [`${count(many, "more property").replace("propertys", "properties")}, ${NOT_SHOWN}`] : []),
    ...(parts.length > 0 ? [`${parts.join(", ")}: another text, ${NOT_SHOWN}`] : []),
  ];
}

/** Properties of one resource that are shown. */
const SHOWN = 6;

function describeFate(change: ResourceChange, style: Style): readonly [string, Paint, string] {
  const { fate, deletedFirst } = change;
  switch (fate) {
    case "removed":
      return ["-", style.red, "removed"];
    case "replaced":
      return deletedFirst
        ? ["-+", style.red, "replaced, the old one is deleted first"]
        : ["+-", style.yellow, "replaced, the new one is made first"];
    case "renamed":
      return [">", change.aliased ? style.yellow : style.red, describeRename(change)];
    case "changed":
      return ["~", style.yellow, ""];
    case "added":
      return ["+", style.green, ""];
    case "kept":
      return ["=", style.dim, "stays as it is"];
    default: {
      const never: never = fate;
      throw new Error(`no such fate: ${String(never)}`);
    }
  }
}

/** The alias by name where only the name is another one; by URN where it moved, which goes for one stack alone. */
function describeRename({ urn, formerUrn = "", aliased }: ResourceChange): string {
  const [chain, name] = urn.split("::").slice(2);
  const [formerChain, formerName = ""] = formerUrn.split("::").slice(2);
  const was = name === formerName ? `was in another place, ${formerChain ?? ""}` : `was "${formerName}"`;
  if (aliased) return `${was}, as an alias says`;
  const alias = chain === formerChain ? `{ name: "${formerName}" }` : `"${formerUrn}"`;
  return `${was}: deleted and made anew, for no alias says so; add aliases: [${alias}]`;
}

function renderPermission(
  { subject, policy, ...widening }: PermissionChange,
  style: Style,
  signs: Signs,
): readonly string[] {
  return [`  ${subject}, ${policy}`, ...renderWidening(widening, style, signs)];
}

/** What stands before what is possible now, and before what no longer is. */
interface Signs {
  readonly more: string;
  readonly less: string;
}

const PLAIN: Signs = { more: "+   ", less: "-   " };

/**
 * In a fence for differences a plus is green and a minus red, as if more permissions were good and fewer bad; a `!` is
 * orange, and what has no sign has no colour.
 */
const IN_DIFF: Signs = { more: "!   now: ", less: "    no longer: " };

/** Signs of what a reader should stop at, and a fence for differences would make green, or nothing. */
const WARNS: ReadonlySet<string> = new Set(["+-", ">"]);

/** What is possible now after a plus, what no longer is after a minus; `worse` where more is nothing to be glad of. */
function renderWidening(
  { widened, narrowed }: Widening,
  { red, green, yellow }: Style,
  { more, less }: Signs,
  worse = false,
): readonly string[] {
  return [
    ...widened.map((text) => (worse ? red : yellow)(`${more}${text}`)),
    ...narrowed.map((text) => green(`${less}${text}`)),
  ];
}

/** A line of a change in lines that are not too wide: it goes on below its own words, clear of the sign. */
export function changeInWidth(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const [start = ""] = /^(?:[-+~=>]+ +| +)?/.exec(stripVTControlCharacters(line)) ?? [];
    return withinWidth(line, { indent: start.length + 2 }, width);
  });
}

function said(finding: Finding): string {
  const { level, rule, message } = finding;
  return [`${level} ${rule}: ${message}`, ...stepLines(finding)].join("\n").replace(/\n/g, "\n    ");
}
