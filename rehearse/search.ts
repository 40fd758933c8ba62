import { type Bounds, search } from "../model/delivery/search";
import { clockText } from "../preview/render/timeText";
import { type Look, momentLines, plainOf } from "./render";

/** Searches every order of events within bounds, and tells the shortest that breaks a promise. Gives the exit code. */
export async function searchOrders(
  bounds: Omit<Bounds, "onPlayed">,
  streams: Look & { readonly out: (text: string) => void; readonly err: (text: string) => void },
  json: boolean,
): Promise<number> {
  const onPlayed = (played: number, of: number) => {
    if (streams.coloured && (played % 100 === 0 || played === of)) streams.err(`${played} of ${of} orders played`);
  };
  const { played, complete, counterexample } = await search({ ...bounds, onPlayed });
  if (json) {
    const found = counterexample && { happenings: counterexample.happenings, ...plainOf(counterexample.rehearsal) };
    streams.out(JSON.stringify({ played, complete, counterexample: found }, undefined, 2));
    return counterexample ? 1 : 0;
  }
  if (!counterexample) {
    streams.out(
      `${played} orders of events played${complete ? ", all within the bounds" : ", as many as the bounds let"}: every promise holds`,
    );
    return 0;
  }
  const { happenings, broken, rehearsal } = counterexample;
  for (const moment of rehearsal.cloud.timeline.moments)
    for (const line of momentLines(moment, streams)) streams.out(line);
  streams.out("");
  streams.out(`${played} orders of events played; the shortest that breaks a promise:`);
  for (const { at, what } of happenings) streams.out(`  at ${clockText(at, true)} ${what}`);
  if (happenings.length === 0) streams.out("  nothing from outside: the delivery by itself does");
  for (const { promise, text } of broken) streams.out(`✗ broken promise (${promise}): ${text}`);
  return 1;
}
