import { type Day, type DayPush, playDay } from "../../model/scale/day";
import type { PlannedPipeline } from "../../model/scale/plan";

/** Pushes of the day. */
export const PUSHES = 500;

/** A Tuesday; hours are those of UTC, at which the windows of Paris are an hour ahead. */
const STARTS_AT = new Date("2026-12-01T00:00:00Z");

/** Share of the pushes that each hour of a working day has. */
const HOURS: Readonly<Record<number, number>> = {
  7: 4,
  8: 10,
  9: 14,
  10: 13,
  11: 6,
  12: 8,
  13: 14,
  14: 13,
  15: 10,
  16: 5,
  17: 3,
};

/** Share of the pushes that each kind of stack has. */
const KINDS: Readonly<Record<string, number>> = { dev: 50, review: 20, qa: 20, prod: 10 };

/** People answer between these hours. */
const OFFICE = { from: 8, to: 17 } as const;

/** Minutes after which a person answers, at least and at most. */
export const ANSWERS = [5, 45] as const;

/** The pushes of a day; the same each time. */
export function dayOfPushes(
  pipelines: readonly PlannedPipeline[],
  kindOf: (stack: string) => string,
): readonly DayPush[] {
  const random = seeded(20);
  const kinds = new Map(
    Object.keys(KINDS).map((kind) => [kind, pipelines.filter(({ stack }) => kindOf(stack) === kind)]),
  );
  return Array.from({ length: PUSHES }, () => {
    const at = Math.floor((Number(chosen(HOURS, random())) + random()) * 3600);
    const among = kinds.get(chosen(KINDS, random())) ?? [];
    const pipeline = among[Math.floor(random() * among.length)];
    if (!pipeline) throw new Error("no pipeline to push to");
    return { at, pipeline };
  });
}

/** Plays the day with room for so many builds at once. */
export function playPushes(pushes: readonly DayPush[], buildsAtOnce: number): Promise<Day> {
  const random = seeded(21);
  const answers = pushes.map(() => ANSWERS[0] + random() * (ANSWERS[1] - ANSWERS[0]));
  const answer = (asked: number, at: number) => {
    const seconds = Math.round((answers[asked % answers.length] ?? 0) * 60);
    const hour = ((at + seconds) / 3600) % 24;
    if (hour >= OFFICE.from && hour < OFFICE.to) return seconds;
    const opens = (Math.floor((at + seconds) / 86_400) + (hour < OFFICE.from ? 0 : 1)) * 86_400 + OFFICE.from * 3600;
    return opens - at + seconds;
  };
  return playDay(pushes, { startsAt: STARTS_AT, buildsAtOnce, answer });
}

/** One of several, by its share; `at` is from 0 to 1. */
function chosen(shares: Readonly<Record<string, number>>, at: number): string {
  const entries = Object.entries(shares);
  let left = at * entries.reduce((sum, [, share]) => sum + share, 0);
  for (const [name, share] of entries) {
    if (left < share) return name;
    left -= share;
  }
  return entries.at(-1)?.[0] ?? "";
}

/** Numbers from 0 to 1 that look like chance, and are the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
