import { PRICES_OF } from "../../components/cost/prices";
import type { IdleCost } from "../../model/cost/idleCost";
import { partsOf } from "../../model/cost/idleCost";
import type { Guesses } from "../../model/environment/guesses";
import { gainsOf, mostOf } from "../../model/pace/shorter";
import { type PaceStep, secondsOf } from "../../model/pace/step";
import type { Figures, StackFigures } from "../figures";
import { costInWords, costNotes } from "./costText";
import { type Style, widest, wrap } from "./style";
import { detailOf, timeInWords } from "./timeText";

/** What a stack costs and how long a commit takes, in words; nothing of one in which nothing is. */
export function figuresInWords(figures: StackFigures): readonly string[] {
  const [cost, time] = [costInWords(figures), timeInWords(figures)];
  return [...(cost === undefined ? [] : [cost]), ...(time === undefined ? [] : [time])];
}

/** A sentence for each stack, but one that is just what it was. */
export function renderFigures(figures: readonly StackFigures[], style: Style, width: number): readonly string[] {
  const all = figures.filter(({ isAsBefore }) => !isAsBefore);
  const names = widest(all.map(({ stack }) => stack));
  return all.flatMap((one) => {
    const words = figuresInWords(one).join("; ");
    if (words === "") return [];
    const [first = "", ...rest] = wrap(words.split(" "), " ", Math.max(40, width - names - 3));
    const indent = " ".repeat(names + 3);
    return [`${style.bold(one.stack.padEnd(names))}   ${first}`, ...rest.map((more) => indent + more)];
  });
}

/** What a stack costs, as plain values; with what it cost where something is compared. */
export function plainCost(figures: StackFigures | undefined): unknown {
  const { now, before } = figures ?? {};
  if (!now) return undefined;
  const { cost, egress, deliveries } = now;
  return {
    currency: "USD",
    region: cost.region,
    pricesOf: cost.isPriced ? PRICES_OF : undefined,
    idleMonth: cost.isPriced ? range(cost) : undefined,
    before: before?.cost.isPriced ? range(before.cost) : undefined,
    adds:
      before?.cost.isPriced && cost.isPriced
        ? {
            least: cents(cost.least - before.cost.least),
            most: cents(cost.most - before.cost.most),
          }
        : undefined,
    parts: partsOf(cost.lines).map(({ name, lines, ...part }) => ({
      name,
      ...range(part),
      lines: lines.map(({ what, sum, ...line }) => ({ what, sum, ...range(line) })),
    })),
    deliveries,
    egress,
    unpriced: [...cost.unpriced, ...deliveries.flatMap(({ unpriced }) => unpriced)],
    byUse: cost.byUse.map(({ what }) => what),
    notes: costNotes(now),
  };
}

/** How long a commit takes by each pipeline, as plain values; with what it took where something is compared. */
export function plainTime(figures: StackFigures | undefined, guesses: Guesses): unknown {
  const { now, before } = figures ?? {};
  if (!now || now.times.length === 0) return undefined;
  const steps = (all: readonly PaceStep[]) =>
    all.map((step) => ({ what: step.what, detail: detailOf(step), seconds: step.seconds }));
  return {
    pipelines: now.times.map((time) => {
      const { pipeline, toUsers, toGone, seconds, waits, unknown } = time;
      const was = before?.times.find((one) => one.pipeline.name === pipeline.name);
      return {
        pipeline: pipeline.name,
        secondsToAllUsers: toUsers.length > 0 ? secondsOf(toUsers) : undefined,
        secondsUntilOldIsGone: toGone.length > 0 ? secondsOf(toGone) : undefined,
        secondsOfRun: seconds,
        before: was && {
          secondsToAllUsers: secondsOf(was.toUsers),
          secondsUntilOldIsGone: secondsOf(was.toGone),
          secondsOfRun: was.seconds,
        },
        most: mostOf(toUsers),
        toAllUsers: steps(toUsers),
        untilOldIsGone: steps(toGone),
        shorter: gainsOf(time),
        waits,
        unknown,
      };
    }),
    guesses,
  };
}

function range({ least, most }: Pick<IdleCost, "least" | "most">): Pick<Figures["cost"], "least" | "most"> {
  return { least: cents(least), most: cents(most) };
}

function cents(dollars: number): number {
  return Math.round(dollars * 100) / 100;
}
