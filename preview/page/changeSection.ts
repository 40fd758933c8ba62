import { className } from "../../model/graph/resources";
import type { StackChange } from "../diff/change";
import type { StackResult } from "../record/runStack";
import { changedFacts } from "../render/alike";
import { changeSummary, renderChange } from "../render/changeText";
import { styleFor } from "../render/style";
import { noteOf, renderSides } from "../render/values";
import { block, fold, sentenceList } from "./block";
import { codes, element, escaped, table } from "./html";

const PLAIN = styleFor(false);

/** What is not as it was: in sentences, then as it was and as it is beside one another. */
export function changeSection({ change, graph, former }: StackResult): string {
  if (!change) return "";
  const title = `Change: ${changeSummary(change)}`;
  if (change.failure !== undefined) return block(title, element("p", {}, escaped(change.failure)));
  const facts = graph && former ? changedFacts(former, graph) : [];
  const all = renderChange(change, PLAIN, { raw: true }).flatMap((line) => line.split("\n"));
  if (all.length === 0) return block(title);
  const lines = all.map((line) => element("span", { class: toneOf(line) }, escaped(line)));
  return block(
    title,
    sentenceList(change.update),
    lostTable(change),
    table(
      "How it is delivered, before and after",
      ["what", "before", "after"],
      facts.map(({ about, before, after }) => [escaped(about), escaped(before || "none"), escaped(after || "none")]),
    ),
    permissions(change),
    openings(change),
    change.summary ? "" : resources(change),
    fold("All of it as text", element("pre", { tabindex: "0", class: "item" }, lines.join("\n"))),
  );
}

/** What is lost or let in is red, what is gone of permissions and new of resources green, as in the terminal. */
function toneOf(line: string): string {
  if (/^(?:- |-\+)/.test(line)) return "bad";
  if (/^(?:\+ {3}|~|\+-|>)/.test(line)) return "warn";
  return /^(?:\+ |- {3})/.test(line) ? "good" : "";
}

function lostTable({ resources: all }: StackChange): string {
  const lost = all.filter((one) => one.lost !== undefined);
  return table(
    "What is lost",
    ["resource", "what of it"],
    lost.map(({ type, name, lost: what = "" }) => [
      codes([`${className(type)} ${name}`]),
      element("strong", { class: "bad" }, escaped(what)),
    ]),
  );
}

function permissions({ permissions: all }: StackChange): string {
  return table(
    "Permissions, before and after",
    ["of", "only before", "only after"],
    all.map(({ subject, policy, widened, narrowed }) => [
      escaped(`${subject}, ${policy}`),
      codes(narrowed),
      codes(widened),
    ]),
  );
}

function openings({ openings: { widened, narrowed } }: StackChange): string {
  const rows = widened.length + narrowed.length === 0 ? [] : [[codes(narrowed), codes(widened)]];
  return table("What security groups let through, before and after", ["only before", "only after"], rows);
}

function resources({ resources: all }: StackChange): string {
  const rows = all.flatMap(({ fate, type, name, properties }) => {
    const resource = codes([`${className(type)} ${name}`]);
    const shown = properties.map((property) => {
      const [before, after] = renderSides(property);
      const note = noteOf(property);
      return [
        resource,
        escaped(fate) + (note === "" ? "" : `<br>${element("span", { class: "soft" }, escaped(note))}`),
        codes([property.path]),
        codes(before.split("\n")),
        codes(after.split("\n")),
      ];
    });
    const whole = ["", fate === "added" ? "nothing" : "there", fate === "removed" ? "nothing" : "there"].map(escaped);
    return shown.length > 0 ? shown : [[resource, escaped(fate), ...whole]];
  });
  return table("Resources, before and after", ["resource", "becomes", "property", "before", "after"], rows);
}
