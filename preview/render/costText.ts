import {
  HOURS_A_MONTH,
  INSIGHTS_METRICS,
  KEPT_GB,
  NOT_FOUND_AGAIN,
  PRICED,
  PRICES,
  PRICES_OF,
  SPOT_SHARE,
} from "../../components/cost/prices";
import type { DeliveryCost } from "../../model/cost/deliveryCost";
import { type EgressChoice, evenAt, type PricedEgress } from "../../model/cost/egressChoice";
import { type IdleCost, partsOf } from "../../model/cost/idleCost";
import type { Figures, StackFigures } from "../figures";
import { hanging } from "./hanging";
import { type Style, widest } from "./style";

/** `$93.58`; what costs less than a cent may have more digits. */
export function money(dollars: number, digits = 2): string {
  const text = Math.abs(dollars)
    .toFixed(digits)
    .replace(/\B(?=(\d{3})+\.)/g, ",");
  return `${dollars < 0 && Number(text) !== 0 ? "-" : ""}$${text}`;
}

/** `$93.58`, or `$93.58 to $120.10` where scaling decides. */
export function moneyRange({ least, most }: Range): string {
  return money(least) === money(most) ? money(least) : `${money(least)} to ${money(most)}`;
}

/** `costs about $93.58 a month idle`; nothing of a stack in which nothing costs. */
export function costInWords({ now, before, isCompared }: StackFigures): string | undefined {
  const shown = now ?? before;
  if (!shown) return undefined;
  const { cost } = shown;
  if (cost.lines.length + cost.unpriced.length === 0) return undefined;
  if (!cost.isPriced) return `costs what nobody here knows: the table has no prices of ${cost.region}`;
  const without = cost.unpriced.length > 0 ? `, without ${cost.unpriced.length} that the table has no price of` : "";
  const idle = `costs about ${moneyRange(cost)} a month idle${without}`;
  if (!now) return `${idle}, until pulumi destroy`;
  return isCompared ? `${idle}, ${addsInWords(now.cost, before?.cost)}` : idle;
}

/** `$12.30 more than before (network $10.20 more, watching $2.10 more)`. */
export function addsInWords(now: IdleCost, before: IdleCost | undefined): string {
  if (!before) return "all of it new";
  if (!before.isPriced) return "before, nobody knows";
  const whole = difference(now, before);
  const [is, was] = [partsOf(now.lines), partsOf(before.lines)];
  const nothing = { least: 0, most: 0 };
  const parts = [...new Set([...was, ...is].map(({ name }) => name))].flatMap((name) => {
    const [one, other] = [is, was].map((parts) => parts.find((part) => part.name === name) ?? nothing);
    const words = one && other && difference(one, other);
    return words === undefined ? [] : [`${name} ${words}`];
  });
  if (parts.length === 0) return "as before";
  return `${whole === undefined ? "as much as before" : `${whole} than before`} (${parts.join(", ")})`;
}

/** `$12.30 more`, with the most where scaling decides; undefined where it is the same. */
function difference(now: Range, before: Range): string | undefined {
  const [least, most] = [now.least - before.least, now.most - before.most];
  const words = (dollars: number) => `${money(Math.abs(dollars))} ${dollars < 0 ? "less" : "more"}`;
  if (Math.abs(least) < 0.005 && Math.abs(most) < 0.005) return undefined;
  if (money(least) === money(most)) return words(least);
  return least * most > 0
    ? `${money(Math.abs(least))} to ${words(most)}`
    : `${Math.abs(least) < 0.005 ? "nothing" : words(least)} to ${Math.abs(most) < 0.005 ? "nothing" : words(most)}`;
}

interface Range {
  readonly least: number;
  readonly most: number;
}

/** What a month costs as far as there are prices. */
export function idleText(cost: IdleCost): string {
  return cost.isPriced ? moneyRange(cost) : "not known";
}

/** What a delivery costs as far as there are prices. */
export function deliveryText({ dollars, lines, unpriced }: DeliveryCost): string {
  return lines.length === 0 && unpriced.length > 0 ? "not known" : money(dollars, 3);
}

/** What is true of every number, in a sentence each. */
export function costNotes({ cost, deliveries }: Figures): readonly string[] {
  const regions = Object.keys(PRICES).join(", ");
  if (!cost.isPriced) return [`The table of prices, components/cost/prices.ts, has ${regions}, and not ${cost.region}`];
  const used = [...cost.lines, ...deliveries.flatMap(({ lines }) => lines)].map(({ price }) => price);
  const again = (NOT_FOUND_AGAIN[cost.region] ?? []).filter((name) => used.includes(name));
  const insights = cost.lines.some(({ price }) => price === "customMetric");
  const { cluster, task, service } = INSIGHTS_METRICS;
  return [
    `AWS's list prices of ${PRICES_OF} in ${cost.region}, in US dollars, without taxes, discounts and free tiers; a month has ${HOURS_A_MONTH} hours. The table, components/cost/prices.ts, has ${regions}, and AWS's page of each price`,
    `Idle: no requests and no deliveries, once something was delivered; of what the stack makes, not of what it uses of others. ${KEPT_GB} GB is taken to be kept in each log group, repository and bucket; SPOT to cost ${Math.round(SPOT_SHARE * 100)} % of the price on demand`,
    ...(insights
      ? [
          `Container Insights is taken to make ${cluster} metrics of a cluster, ${task} of each kind of task and ${service} of each service, as in AWS's example`,
        ]
      : []),
    ...(again.length > 0
      ? [
          `Not found again in AWS's price list, and taken as it has long been: ${again.map((name) => PRICED[name][0]).join("; ")}`,
        ]
      : []),
  ];
}

/** What is in no sum: it has no price here, or is paid for by its use. */
export function leftOut({ cost, deliveries }: Figures): readonly string[] {
  return [
    ...[...cost.unpriced, ...deliveries.flatMap(({ unpriced }) => unpriced)].map((text) => `${text} (no price here)`),
    ...cost.byUse.map(({ what, price }) => {
      const known = price && PRICES[cost.region]?.[price];
      return known === undefined ? `${what} (by use)` : `${what} (by use, $${known} a GB)`;
    }),
  ];
}

/** Ways out of private subnets, a sentence each: the one that is taken, and what the others would cost. */
export function egressInWords({ taken, others }: EgressChoice): readonly string[] {
  const said = ({ egress, what, month, gb }: PricedEgress) =>
    `${what} ${/^1 /.test(what) ? "costs" : "cost"} ${money(month)} a month and $${gb} a GB (network.egress: ${egress})`;
  const alternatives = others.map((other) => {
    const even = evenAt(taken, other);
    const cheaper = taken.gb < other.gb ? taken : other;
    const from =
      even === undefined
        ? ""
        : `; from ${Math.round(even)} GB a month on, ${cheaper.what.replace(/ \(.*$/, "")} cost less`;
    return `instead: ${said(other)}${from}`;
  });
  return [`now: ${said(taken)}`, ...alternatives];
}

/** `idle a month`, and whether something is not in it for want of a price. */
export function idleTitle({ unpriced, isPriced }: IdleCost): string {
  return isPriced && unpriced.length > 0
    ? `idle a month, without ${unpriced.length} that have no price here`
    : "idle a month";
}

/** What a stack costs, part by part and line by line. */
export function renderCost({ stack, now }: StackFigures, style: Style, width: number): readonly string[] {
  if (!now) return [];
  const { cost, egress, deliveries } = now;
  const rows = partsOf(cost.lines).flatMap((part) => [
    { text: part.name, sum: "", dollars: moneyRange(part), whole: true },
    ...part.lines.map((line) => ({ text: `  ${line.what}`, sum: line.sum, dollars: moneyRange(line), whole: false })),
  ]);
  const all = [
    ...rows,
    { text: idleTitle(cost), sum: "", dollars: idleText(cost), whole: true },
    ...deliveries.flatMap((delivery) => [
      { text: `each delivery by ${delivery.pipeline}`, sum: "", dollars: deliveryText(delivery), whole: true },
      ...delivery.lines.map((line) => ({
        text: `  ${line.what}`,
        sum: line.sum,
        dollars: money(line.dollars, 3),
        whole: false,
      })),
    ]),
  ];
  const [texts, sums, dollars] = [
    widest(all.map(({ text }) => text)),
    widest(all.map(({ sum }) => sum)),
    widest(all.map((row) => row.dollars)),
  ];
  const title = `${stack}: what it costs`;
  return [
    `${style.bold(title)} ${style.dim("━".repeat(Math.max(3, width - title.length - 1)))}`,
    "",
    ...all.map((row) => {
      const line = `${row.text.padEnd(texts)}  ${row.sum.padEnd(sums)}  ${row.dollars.padStart(dollars)}`;
      return row.whole ? style.bold(line) : style.dim(line);
    }),
    "",
    style.dim("not in it"),
    ...leftOut(now).flatMap((text) => hanging(text, width)),
    ...(egress ? [style.dim("the way out"), ...egressInWords(egress).flatMap((text) => hanging(text, width))] : []),
    style.dim("taken for granted"),
    ...costNotes(now).flatMap((text) => hanging(text, width)),
  ];
}
