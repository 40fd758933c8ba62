import { z } from "zod";
import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { finding } from "../../model/graph/resources";
import { QUOTAS, type Quota } from "../../model/scale/quotas";
import { isFull, type Room, roomsOf } from "../../model/scale/room";
import { type NamedRule, namedRule } from "./rule";

/** What an account has in the place of AWS's defaults. */
const OPTIONS = z.strictObject({
  allowed: z
    .partialRecord(z.enum(QUOTAS.map(({ name }) => name)), z.number().min(0))
    .default({})
    .describe("What AWS allows this account, by the words of [docs/scale.md](scale.md), where that is not the default"),
});

type Allowed = z.infer<typeof OPTIONS>["allowed"];

/** A stack that by itself takes all that AWS has room for, unless the account was given more. */
export const quotas: NamedRule = namedRule({
  name: "quotas",
  enforcement: "advisory",
  description: "A stack, and stacks that are previewed together, leave room in the quotas of their account",
  remedy: "ask for more in Service Quotas, or split the stack",
  looksAt: "stack",
  options: OPTIONS,
  find: (graph, { allowed }) =>
    roomsOf([graph]).flatMap((room) => {
      const resource = room.shares[0]?.uses[0]?.resource;
      if (!resource || !isFull(room.quota, room.amount, mostOf(room, allowed))) return [];
      return [finding("quotas", resource, fullText(room, allowed, "this stack needs"), levelOf(room.quota))];
    }),
});

/** The same rule over stacks together: what a graph takes the last room of, that none of them takes by itself. */
export function quotasTogether(graphs: readonly RecordedGraph[]): NamedRule {
  return {
    ...quotas,
    find: (graph, options) => {
      const { allowed } = OPTIONS.parse(options ?? {});
      return roomsOf(graphs).flatMap((room) => togetherFinding(room, graph, allowed));
    },
  };
}

function togetherFinding(room: Room, graph: RecordedGraph, allowed: Allowed): readonly Finding[] {
  const { quota, shares } = room;
  const most = mostOf(room, allowed);
  if (shares.length < 2 || shares.some(({ amount }) => isFull(quota, amount, most))) return [];
  let total = 0;
  const last = shares.find(({ amount }) => {
    total += amount;
    return isFull(quota, total, most);
  });
  const resource = last?.uses[0]?.resource;
  if (!resource || last?.graph !== graph) return [];
  const text = `${fullText(room, allowed, "these stacks together need")} (${sharesText(room)})`;
  return [finding("quotas", resource, text, levelOf(quota))];
}

/** Stacks that are named at most. */
const NAMED = 8;

function sharesText({ shares, place }: Room): string {
  const largest = [...shares].sort((one, other) => other.amount - one.amount);
  const named = largest.slice(0, NAMED).map(({ graph, amount }) => `${graph.stack} ${rounded(amount)}`);
  const rest = shares.length - named.length;
  return `${place}: ${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function mostOf({ quota }: Room, allowed: Allowed): number {
  return allowed[quota.name] ?? quota.most;
}

function fullText(room: Room, allowed: Allowed, who: string): string {
  const { quota, amount } = room;
  const { what, note, service, way, more } = quota;
  const until = {
    asked: " until it is asked for more",
    raised: " a new account, and more to who uses it",
    fixed: ", and nobody gets more",
  }[more];
  const most = allowed[quota.name];
  const limit = most === undefined ? `AWS allows ${quota.most}${until}` : `this account has ${most}`;
  return (
    `${who} ${rounded(amount)} ${what}${note === undefined ? "" : `, ${note}`}, and ${limit}. To stay below it: ${way}; ` +
    `aws service-quotas list-service-quotas --service-code ${service} shows what an account has`
  );
}

function levelOf({ more }: Quota): Finding["level"] {
  return more === "raised" ? "notice" : "warning";
}

function rounded(amount: number): string {
  return String(Math.round(amount * 100) / 100);
}
