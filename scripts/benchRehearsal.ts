import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measured, measured } from "./measured";

const ROOT = join(__dirname, "..");

/** Times a rehearsal may take of the preview of the same stack, MiB it may have, and seconds for everything that can go wrong. */
const BOUNDS = { times: 3, mebibytes: 400, allSeconds: 60 } as const;

/** How often each is measured. */
const TIMES = 3;

/** What is compared: the stack of the project that asks most, and the example with most pipelines, tests and services. */
const COMPARED = [["prod"], ["--example", "two-accounts", "staging"]] as const;

/** A rehearsal beside the preview of the same stack, each in a process of its own. Ends with 1 where it is over the bounds. */
function bench(): number {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const over = COMPARED.map((args) => {
      const [preview, rehearsal] = [median(folder, "preview/main.ts", args), median(folder, "rehearse/main.ts", args)];
      const times = rehearsal.seconds / preview.seconds;
      const text = `${args.join(" ")}: preview ${told(preview)}, rehearsal ${told(rehearsal)}: ${times.toFixed(2)} times as long`;
      console.log(text);
      return times > BOUNDS.times || rehearsal.mebibytes > BOUNDS.mebibytes;
    });
    const all = measure(folder, "rehearse/main.ts", ["prod", "--fail", "all"]);
    console.log(`prod --fail all: ${told(all)}`);
    return over.includes(true) || all.seconds > BOUNDS.allSeconds ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function told({ seconds, mebibytes }: Measured): string {
  return `${seconds.toFixed(2)} s and ${Math.round(mebibytes)} MiB`;
}

function median(folder: string, program: string, args: readonly string[]): Measured {
  const all = Array.from({ length: TIMES }, () => measure(folder, program, args));
  const sorted = [...all].sort((one, other) => one.seconds - other.seconds);
  return sorted[Math.floor(TIMES / 2)] ?? { seconds: 0, cpuSeconds: 0, mebibytes: 0 };
}

function measure(folder: string, program: string, args: readonly string[]): Measured {
  return measured(folder, ["-r", join(ROOT, "preview/register.cjs"), join(ROOT, program), ...args]);
}

process.exitCode = bench();
