import { environmentNameIn } from "../components/checks/names";
import type { StackConfig } from "./config/load";

/** The configuration in which other stacks of the project go by what their things are named after. */
export function withProject(config: StackConfig): StackConfig {
  const { project, releaseTo, deliveredBy } = config;
  if (project === undefined) return config;
  return {
    ...config,
    releaseTo: releaseTo && {
      ...releaseTo,
      stack: environmentNameIn(releaseTo.stack, project),
      // On GitHub it is the stack's own name.
      environment: releaseTo.environment ?? releaseTo.stack,
    },
    deliveredBy: deliveredBy && { ...deliveredBy, stack: environmentNameIn(deliveredBy.stack, project) },
  };
}
