import { environmentNameIn } from "../components/checks/names";
import type { StackConfig } from "./config/load";

/** The configuration in which other stacks of the project go by what their things are named after. */
export function withProject(config: StackConfig): StackConfig {
  const { project, releaseTo, deliveredBy, source } = config;
  if (project === undefined) return config;
  return {
    ...config,
    releaseTo: releaseTo && {
      ...releaseTo,
      stack: environmentNameIn(releaseTo.stack, project),
      // On GitHub it is the stack's own name.
      environment: releaseTo.environment ?? releaseTo.stack,
    },
    source:
      source && "releasedBy" in source ? { ...source, releasedBy: inProject(source.releasedBy, project) } : source,
    deliveredBy: inProject(deliveredBy, project),
  };
}

function inProject<Other extends { readonly stack: string }>(other: Other | undefined, project: string) {
  return other && { ...other, stack: environmentNameIn(other.stack, project) };
}
