import type { RecordedGraph } from "../graph/graph";
import { QUOTAS, type Quota, type QuotaName } from "./quotas";
import { homeOf, type QuotaUse, usesOf } from "./uses";

/** What one stack takes of a room. */
export interface Share {
  readonly graph: RecordedGraph;
  readonly uses: readonly QuotaUse[];
  readonly amount: number;
}

/** Something that has room for so many, and what stacks take of it. */
export interface Room {
  readonly quota: Quota & { readonly name: QuotaName };
  /** Account and region, and what in them: `111122223333, eu-west-1, app/shop/0a1b`. */
  readonly place: string;
  readonly shares: readonly Share[];
  readonly amount: number;
}

/** All room that stacks take any of, place by place. */
export function roomsOf(graphs: readonly RecordedGraph[]): readonly Room[] {
  return QUOTAS.flatMap((quota) => {
    const places = new Map<string, Share[]>();
    for (const graph of graphs) {
      const own = new Map<string, QuotaUse[]>();
      for (const use of usesOf(graph)) {
        if (use.quota !== quota.name) continue;
        const place = placeOf(graph, quota, use);
        own.set(place, [...(own.get(place) ?? []), use]);
      }
      for (const [place, uses] of own) {
        const shares = places.get(place) ?? [];
        places.set(place, [...shares, { graph, uses, amount: sum(uses) }]);
      }
    }
    return [...places].map(([place, shares]) => ({ quota, place, shares, amount: sum(shares) }));
  });
}

/** Whether so much leaves no room; what AWS raises by itself is only told of once it is not enough. */
export function isFull({ more }: Quota, amount: number, most: number): boolean {
  return more === "raised" ? amount > most : amount >= most;
}

function placeOf(graph: RecordedGraph, { per }: Quota, { of = "" }: QuotaUse): string {
  const { account, region } = homeOf(graph);
  if (per === "account") return account;
  return [account, region, ...(per === "region" ? [] : [of])].join(", ");
}

function sum(all: readonly { readonly amount: number }[]): number {
  return all.reduce((total, { amount }) => total + amount, 0);
}
