import { performance } from "node:perf_hooks";
import * as model from "../model/update/lookAhead";
import { runAgainst } from "../preview/diff";

/** Compares a stack with HEAD, and writes how long that took and how long the update was played. */
async function benchAgainst(root: string, stack: string): Promise<void> {
  let played = 0;
  const { lookAhead } = model;
  const timed: typeof lookAhead = (...args) => {
    const start = performance.now();
    const outlook = lookAhead(...args);
    played += performance.now() - start;
    return outlook;
  };
  Object.assign(model, { lookAhead: timed });
  const note = () => undefined;
  const [result] = await runAgainst({ ref: "HEAD", root, folder: root, stacks: [stack] }, note);
  if (!result?.change?.update.length) throw new Error("nothing was played");
  // From the start of the process, as somebody who waits for it would say.
  process.stdout.write(JSON.stringify({ total: Math.round(performance.now()), played: Math.round(played) }));
}

const [, , root = ".", stack = "dev"] = process.argv;
void benchAgainst(root, stack);
