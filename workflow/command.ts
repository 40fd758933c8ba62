import { shellWord } from "../components/shellWord";
import type { WorkflowRequest } from "./arguments";
import type { Origin } from "./origin";

/** How a request is made anew, with something else done with what it gives: a command that works where it is pasted. */
export function workflowCommand(
  { example, stacks, service }: Pick<WorkflowRequest, "example" | "stacks" | "service">,
  options: readonly string[] = [],
  npm = "npm run workflow",
): string {
  const words = [
    ...(example === undefined ? [] : ["--example", example]),
    ...stacks,
    ...(service === undefined ? [] : ["--service", service]),
    ...options,
  ];
  return [`${npm} --`, ...words.map(shellWord)].join(" ");
}

/** The command in the first lines of a file: it prints the workflows of that stack. */
export function printingCommand({ example, stack }: Pick<Origin, "example" | "stack">): string {
  return workflowCommand({ example, stacks: [stack] }, [], "npm run --silent workflow");
}
