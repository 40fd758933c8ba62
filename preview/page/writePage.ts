import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../arguments";
import { baseOf } from "../diff/change";
import type { StackResult } from "../record/runStack";
import { type PageExtras, renderPage } from "./page";

/** Writes the page of these stacks into a folder, which is made if it is not there; gives what to say of it. */
export function writePage(folder: string, results: readonly StackResult[], extras: PageExtras = {}): string {
  const project = results[0]?.project ?? "";
  const against = results.find(({ change }) => change)?.change?.against;
  const title = `${project}: ${results.map(({ stack }) => stack).join(", ")}${against ? ` against ${baseOf(against)}` : ""}`;
  const file = join(folder, "index.html");
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, renderPage(title, results, extras));
  } catch (error) {
    throw new UsageError(`--page: cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return `page: ${file}`;
}
