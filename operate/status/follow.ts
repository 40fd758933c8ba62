import type { CommandStreams } from "../command";
import { progressOf } from "./render";
import type { StackNow } from "./stackNow";
import { statusVerdictOf } from "./verdict";

/** Between two looks, and between two signs of life. */
const EVERY = { look: 10_000, quiet: 60_000 };

/** Looks in a row at which AWS may leave something unanswered. */
const UNANSWERED = 3;

/** What follows a delivery: where it tells, and how it ends. */
interface Following {
  readonly streams: Pick<CommandStreams, "out" | "sleep">;
  readonly goesOn: (now: StackNow) => boolean;
}

/** Tells what changes until nothing moves any more. */
export async function followStack(
  first: StackNow,
  look: () => Promise<StackNow>,
  { streams: { out, sleep }, goesOn }: Following,
): Promise<StackNow> {
  let now = first;
  let quiet = 0;
  let unanswered = 0;
  const told = new Set(progressOf(first));
  for (;;) {
    const { word, says } = statusVerdictOf(now);
    unanswered = word === "unknown" ? unanswered + 1 : 0;
    if (!goesOn(now) && (unanswered === 0 || unanswered > UNANSWERED)) return now;
    await sleep(EVERY.look);
    now = await look();
    const fresh = progressOf(now).filter((line) => !told.has(line));
    for (const line of fresh) {
      told.add(line);
      out(`  ${line}`);
    }
    quiet = fresh.length > 0 ? 0 : quiet + EVERY.look;
    if (quiet < EVERY.quiet) continue;
    out(`  still: ${says}`);
    quiet = 0;
  }
}
