import { placeInWords, type TimelineMoment } from "../../model/delivery/timeline";
import { clockText } from "../render/timeText";
import { codes, element, escaped, table } from "./html";

/** A delivery that was played, as a page shows it. */
export interface PagedRehearsal {
  /** What was pushed, and what else was asked for. */
  readonly about: string;
  /** What came of it, line by line; the last one is the sentence to remember. */
  readonly verdict: readonly string[];
  /** Whether the commit reached users, and every promise held. */
  readonly reached: boolean;
  readonly moments: readonly TimelineMoment[];
}

const TONES = { good: "good", bad: "bad", waiting: "warn", note: "soft" } as const;
const WORDS = { good: "done", bad: "went wrong", waiting: "waits", note: "note" } as const;

/** The rehearsal's timeline: when, where, what, who in which role, and whose the traffic is. */
export function rehearsalSection({ about, verdict, reached, moments }: PagedRehearsal): string {
  const rows = moments.map(({ at, where, what, result, role, traffic, detail = [] }) => [
    escaped(clockText(at)),
    element("span", { class: TONES[result] }, escaped(WORDS[result])),
    escaped(placeInWords(where)),
    escaped(what) +
      (traffic ? shares(traffic.fresh, traffic.old) : "") +
      (detail.length > 0 ? `<br>${codes(detail)}` : ""),
    role === undefined ? "" : codes([role.split("/").at(-1) ?? role]),
  ]);
  const said = verdict.filter((line) => line !== "");
  return element(
    "section",
    { "aria-labelledby": "rehearsal" },
    element("h2", { id: "rehearsal" }, "Rehearsal"),
    element(
      "div",
      { class: "block" },
      element("p", {}, escaped(about)),
      ...said.map((line, index) =>
        element("p", { class: index === said.length - 1 ? `item ${reached ? "good" : "bad"}` : "item" }, escaped(line)),
      ),
      table("What happens, since the push", ["at", "result", "where", "what", "as role"], rows),
    ),
  );
}

/** Whose production's requests are; the text beside it says the same. */
function shares(fresh: number, old: number): string {
  const part = (share: number, kind: string) =>
    element("span", { class: kind, style: `width:${Math.round(share * 100)}%` });
  return element("div", { class: "shares", "aria-hidden": "true" }, part(fresh, "fresh"), part(old, "old"));
}
