/** Folder of every parameter in Systems Manager that this program makes: who runs the program may write nothing beside it. */
export const PARAMETERS = "/ecs-delivery";

/** Name of a parameter: of what it is, and what it says. */
export function parameterName(of: string, what: string): string {
  return `${PARAMETERS}/${of}/${what}`;
}
