import { createInterface } from "node:readline/promises";
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

/** Asks a person, where one is there. */
export function asker(): ((question: string) => Promise<string>) | undefined {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  };
}
