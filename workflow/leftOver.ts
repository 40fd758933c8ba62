import { textIn, workflowFiles } from "./folder";
import { type Origin, originOf } from "./origin";
import type { RenderedWorkflow } from "./render";

/** A file that was written for a stack, and that nothing would write any more. */
export interface LeftOver {
  readonly file: string;
  readonly stack: string;
}

/** What of these stacks is left over in a folder: of a service that is gone, of a release that goes elsewhere. */
export function leftOverIn(
  option: string,
  folder: string,
  stacks: readonly { readonly origin: Origin; readonly all: readonly RenderedWorkflow[] }[],
): readonly LeftOver[] {
  const written = new Set(stacks.flatMap(({ all }) => all.map(({ file }) => file)));
  return workflowFiles(option, folder).flatMap((file) => {
    if (written.has(file)) return [];
    const of = originOf(textIn(option, folder, file) ?? "");
    const known = stacks.some(({ origin }) => origin.stack === of?.stack && origin.project === of.project);
    return of && known ? [{ file, stack: of.stack }] : [];
  });
}
