/** What a workflow is written from, as its first lines say. */
export interface Origin {
  readonly stack: string;
  /** What names of the stack are put after, where its file says so. @default - nothing */
  readonly project?: string | undefined;
  /** The example whose program it is. @default - the project's own */
  readonly example?: string | undefined;
}

/** How the first lines name the stack: two programs may have stacks of one name, and then their projects differ. */
export function stackSaid({ stack, project }: Pick<Origin, "stack" | "project">): string {
  return project === undefined ? `stack ${stack}` : `stack ${stack} of project ${project}`;
}

/** Beginnings of the first line: of a delivery, and of what goes on to another stack. */
export const BEGINNINGS = { delivers: "# Delivers ", releases: "# Releases what passed in " } as const;

/** The second half of that line, or of the one after. */
export const WRITTEN_BY = "Written by: npm run --silent workflow -- ";

/** The stack that a file says it was written for; undefined for a file of anybody else's. */
export function originOf(text: string): Pick<Origin, "stack" | "project"> | undefined {
  const [first = "", second = ""] = text.replace(/^\uFEFF/, "").split("\n");
  if (!`${first}\n${second}`.includes(WRITTEN_BY)) return undefined;
  const [, , stack, project] =
    /^# (Delivers|Releases what passed in) stack ([\w.-]*\w)(?: of project ([\w-]+))?[.,]/.exec(first) ?? [];
  return stack === undefined ? undefined : { stack, project };
}
