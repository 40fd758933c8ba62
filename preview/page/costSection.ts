import { partsOf } from "../../model/cost/idleCost";
import type { StackFigures } from "../figures";
import {
  costInWords,
  costNotes,
  deliveryText,
  egressInWords,
  idleText,
  idleTitle,
  leftOut,
  money,
  moneyRange,
} from "../render/costText";
import { capital } from "../render/style";
import { block, fold, sentenceList } from "./block";
import { element, escaped, table } from "./html";

/** What a stack costs: part by part, as it was and as it is where something is compared; each line, and what is not in it. */
export function costSection(figures: StackFigures): string {
  const { now, before } = figures;
  const words = costInWords(figures);
  if (!now || words === undefined) return "";
  const { cost, egress, deliveries } = now;
  const [parts, former] = [partsOf(cost.lines), before && partsOf(before.cost.lines)];
  const names = [...new Set([...parts, ...(former ?? [])].map(({ name }) => name))];
  const cell = (all: typeof parts, name: string) => {
    const part = all.find((one) => one.name === name);
    return part ? moneyRange(part) : "nothing";
  };
  const rows = [
    ...names.map((name) => [name, ...(former ? [cell(former, name)] : []), cell(parts, name)]),
    [idleTitle(cost), ...(before ? [idleText(before.cost)] : []), idleText(cost)],
  ];
  const head = ["part", ...(before ? ["before"] : []), before ? "now" : "US dollars a month"];
  const lines = [
    ...cost.lines.map((line) => [
      line.service === undefined ? line.part : `service ${line.service}`,
      line.what,
      line.sum,
      moneyRange(line),
    ]),
    ...deliveries.flatMap(({ pipeline, lines: all }) =>
      all.map(({ what, sum, dollars }) => [`each delivery by ${pipeline}`, what, sum, money(dollars, 3)]),
    ),
  ];
  return block(
    "What it costs",
    element("p", { class: "item" }, escaped(`${capital(words)}.`)),
    table(
      "What it costs idle a month, part by part",
      head,
      rows.map((row) => row.map(escaped)),
    ),
    sentenceList(
      deliveries.map(
        (one) => `Each delivery by ${one.pipeline} costs ${one.lines.length > 0 ? "about " : ""}${deliveryText(one)}`,
      ),
    ),
    fold(
      "Each line with its sum",
      table(
        "Costs line by line",
        ["part", "what", "sum", "US dollars"],
        lines.map((row) => row.map(escaped)),
      ),
    ),
    egress
      ? fold("The way out of private subnets, and what others would cost", sentenceList(egressInWords(egress)))
      : "",
    fold("What is not in it", sentenceList(leftOut(now))),
    fold("What is taken for granted", sentenceList(costNotes(now))),
  );
}
