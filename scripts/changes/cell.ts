import type { Finding } from "../../model/graph/graph";
import type { Outlook } from "../../model/update/lookAhead";

/** What a cell of the matrix says. */
export interface CellText {
  readonly kind: "in place" | "gap" | "refused" | "none";
  readonly text: string;
  /** Why it is refused, for the list below the tables. @default - it is not */
  readonly because?: readonly Finding[];
}

/** Not all deliveries leave the same: what goes for one of the two alone says which. */
const ODD = "after an odd number of deliveries";
const EVEN = "after an even number of deliveries";

/** A cell: in place, with a gap of so long, or refused and why. */
export function cellText(outlook: Outlook | undefined): CellText {
  if (!outlook) return { kind: "none", text: "-" };
  const errors = outlook.findings.filter(({ level }) => level === "error");
  const refusals = errors.filter(({ rule }) => rule !== "production-not-served");
  const [first] = refusals;
  if (first) return { kind: "refused", text: refused(first, refusals), because: refusals };
  const gaps = outlook.findings.filter(({ rule }) => rule === "production-not-served");
  if (gaps.length > 0) return { kind: "gap", text: gapsText(gaps) };
  return { kind: "in place", text: ["in place", ...restarts(outlook), ...asides(outlook.findings)].join(", ") };
}

function refused(first: Finding, all: readonly Finding[]): string {
  const names = [...new Set(all.map(reasonOf))];
  return `refused: ${names.map((name) => `[${name}](#${name})`).join(", ")}${when(first)}`;
}

/** The rule, as the list below the tables has it. */
export function reasonOf({ rule }: Finding): string {
  return rule.replace("update-refused: ", "");
}

/** What goes for both kinds of environments is said once. */
function gapsText(gaps: readonly Finding[]): string {
  const lengths = [...new Set(gaps.map(lengthOf))];
  const [only] = lengths;
  if (lengths.length === 1 && gaps.length > 1 && only !== undefined) return only;
  return [...new Set(gaps.map((finding) => lengthOf(finding) + when(finding)))].join("; ");
}

function lengthOf({ message }: Finding): string {
  const [, length = ""] =
    / (for about \d+ \w+|until the next delivery|until it is raised again|for good)/.exec(message) ?? [];
  return length.startsWith("for about") ? `gap of ${length.slice("for ".length)}` : `down ${length}`;
}

function when({ message }: Finding): string {
  if (message.endsWith(`(${ODD})`)) return `, ${ODD}`;
  return message.endsWith(`(${EVEN})`) ? `, ${EVEN}` : "";
}

function restarts({ fates }: Outlook): readonly string[] {
  const kinds = new Set(Object.values(fates).map(({ kind }) => kind));
  if (kinds.has("replaced")) return ["made anew"];
  if (kinds.has("deployed")) return ["tasks replaced"];
  return kinds.has("released") ? ["next release"] : [];
}

const ASIDES: Readonly<Record<string, string>> = {
  "address-changes": "new address",
  "delivery-undone": "sets back what moved",
  "health-check-of-what-runs": "if what runs passes it",
  "image-has-to-fit": "if the image fits",
  "name-not-found": "not found by its name",
  "setting-left-alone": "not for what was delivered",
  "second-update-changes-again": "changes again",
  "not-modelled": "not modelled",
  "way-out-goes": "no way to the internet",
};

function asides(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ rule }) => ASIDES[rule] ?? []))];
}
