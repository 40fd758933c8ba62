import { globExpression } from "../../model/graph/eventPattern";
import type { Loss } from "./losses";

/** A line of the changelog that says what an upgrade takes away, and why. */
export interface LossEntry {
  readonly line: string;
  readonly type: string;
  /** Logical name, with `*` for any part of it. */
  readonly name: string;
}

/** How such a line begins; what follows the colon says why, and what comes of it. */
export const LOSS_ENTRY_FORM = "- Replace `<type>` `<name, or * in it>`: <why, and what comes of it>";

const ENTRY = /^- (?:Replace|Remove) `(?<type>[^`\s]+)` `(?<name>[^`\s]+)`: \S.*$/;

/** The lines of that form under any of these headings. */
export function lossEntries(changelog: string, headings: readonly string[]): readonly LossEntry[] {
  const sections = changelog.split(/^## /m).filter((text) => headings.includes(text.split(/\s/, 1)[0] ?? ""));
  return sections
    .flatMap((text) => text.split("\n"))
    .flatMap((line) => {
      const { type, name } = ENTRY.exec(line)?.groups ?? {};
      return type === undefined || name === undefined ? [] : [{ line, type, name }];
    });
}

/** What no line names. */
export function unsaid<One extends Loss>(losses: readonly One[], entries: readonly LossEntry[]): readonly One[] {
  return losses.filter((loss) => !entries.some((entry) => names(entry, loss)));
}

/** Lines that name nothing which is taken away: they would excuse the next mistake. */
export function idleEntries(losses: readonly Loss[], entries: readonly LossEntry[]): readonly LossEntry[] {
  return entries.filter((entry) => !losses.some((loss) => names(entry, loss)));
}

function names({ type, name }: LossEntry, { of }: Loss): boolean {
  return of !== undefined && of.type === type && globExpression(name).test(of.name);
}
