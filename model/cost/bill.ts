import { HOURS_A_MONTH, PRICED, PRICES, type PriceName } from "../../components/cost/prices";

/** Parts of an environment, in the order in which they are shown. */
export const COST_PARTS = ["network", "load balancers", "services", "pipelines", "watching", "keeping"] as const;

/** A part of an environment. */
export type CostPart = (typeof COST_PARTS)[number];

/** Something that is paid for each month. */
export interface CostLine {
  readonly part: CostPart;
  /** Service that it is of. @default - of none */
  readonly service?: string | undefined;
  readonly what: string;
  readonly price: PriceName;
  /** How it is reckoned: `6 x 730 h x $0.011`. */
  readonly sum: string;
  /** US dollars a month; they differ where scaling decides how many tasks run. */
  readonly least: number;
  readonly most: number;
}

/** Whether the price is of an hour, and not of a month. */
const OF_AN_HOUR = /Hour$/;

/** A price as it stands in the table: `$0.0252`. */
export function priceText(price: number): string {
  return `$${price}`;
}

/** How many, as a person writes it: `1` or `1 to 4`. */
export function rangeText(least: number, most: number): string {
  const round = (number: number) => String(Math.round(number * 1000) / 1000);
  return least === most ? round(least) : `${round(least)} to ${round(most)}`;
}

/** What is paid for in a region, line by line, and what has no price here. */
export class Bill {
  readonly lines: CostLine[] = [];
  readonly unpriced: string[] = [];

  constructor(private readonly region: string) {}

  /** The price of something in the region, or of a place of its own. */
  price(name: PriceName, region = this.region): number | undefined {
    return PRICES[region]?.[name];
  }

  /** So many of something; without a price they are only named. */
  add(
    part: CostPart,
    what: string,
    name: PriceName,
    [least, most]: readonly [number, number],
    more: { readonly service?: string; readonly region?: string; readonly share?: number } = {},
  ): void {
    if (most === 0) return;
    const { service, region = this.region, share = 1 } = more;
    const price = this.price(name, region);
    if (price === undefined) {
      this.unpriced.push(`${what}: ${rangeText(least, most)} x ${PRICED[name][0]}`);
      return;
    }
    const times = OF_AN_HOUR.test(name) ? HOURS_A_MONTH : 1;
    const factors = [
      rangeText(least, most),
      ...(times === 1 ? [] : [`${HOURS_A_MONTH} h`]),
      priceText(price),
      ...(share === 1 ? [] : [String(share)]),
    ];
    const each = times * price * share;
    this.lines.push({
      part,
      service,
      what,
      price: name,
      sum: factors.join(" x "),
      least: least * each,
      most: most * each,
    });
  }

  /** Something that costs, and has no price here. */
  say(text: string): void {
    this.unpriced.push(text);
  }
}
