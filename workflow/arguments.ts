import { join } from "node:path";
import { parseArgs } from "node:util";
import { exampleNamed, UsageError } from "../preview/arguments";

/** What `--help` prints. */
export const WORKFLOW_HELP = `Writes the workflow of GitHub Actions by which a stack is delivered (delivery.gitHubActions in its file), made of what
the stack would create: names of roles, clusters, services and parameters cannot differ. Offline, without an account.

  npm run --silent workflow -- dev                 prints it; what to set on GitHub stands in its first lines
  npm run --silent workflow -- dev --service api   of one service, where each has its own (pipelines: perService)
  npm run workflow -- dev --write DIR              into the folder .github/workflows of the application's repository
  npm run workflow -- dev --check DIR              whether what is committed there is as it would be written now, and nothing of
                                                   the stack's is left there that nobody would write any more
  npm run workflow -- --example NAME dev           of the program in examples/NAME
  npm run workflow -- --help

Exit code: 0 written, or as committed; 1 a stack without a workflow, or one that cannot be previewed, or a file that differs
or is left over; 2 a wrong argument, or a folder that cannot be read or written.`;

const OPTIONS = {
  example: { type: "string" },
  service: { type: "string" },
  write: { type: "string" },
  check: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** What the arguments ask for. */
export interface WorkflowRequest {
  readonly help: boolean;
  /** Folder of the program. */
  readonly folder: string;
  /** Example whose program it is. @default - the project itself */
  readonly example?: string | undefined;
  /** Stacks whose workflows are written. */
  readonly stacks: readonly string[];
  /** Service whose workflow it is. @default - all of them */
  readonly service?: string | undefined;
  /** Folder that they are written into. @default - they are printed */
  readonly write?: string | undefined;
  /** Folder whose files they are compared with. */
  readonly check?: string | undefined;
}

/** Reads the arguments. Throws a `UsageError` at what cannot be meant. */
export function readWorkflowArguments(argv: readonly string[], root: string): WorkflowRequest {
  const { values, positionals } = parse(argv);
  const { example, service, write, check, help = false } = values;
  if (write !== undefined && check !== undefined) throw new UsageError("--write or --check, not both");
  for (const [option, given] of Object.entries({ write, check })) {
    if (given === "")
      throw new UsageError(`--${option} needs a folder; for example --${option} ../shop/.github/workflows`);
  }
  const folder = example === undefined ? root : join(root, "examples", exampleNamed(root, example));
  return { help, folder, example, stacks: positionals, service, write, check };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
