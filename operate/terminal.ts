import { setTimeout } from "node:timers/promises";
import { cloudIn } from "./cloud";
import type { CommandStreams } from "./command";

/** The terminal, AWS and the clock, as they are. */
export function terminalStreams(): CommandStreams {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    cloud: cloudIn,
    now: () => new Date(),
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
}
