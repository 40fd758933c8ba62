/** Whole environments from stack configuration, for programs of your own: `import { deployStack } from "ecs-delivery/stacks"`. */
export type { StackConfig } from "./config/load";
export { deployStack } from "./environment";
export type { EnvironmentProfile, PipelineParts } from "./profile";
export { type Profiles, profiles } from "./profiles";
export { deploySharedProjects } from "./sharedProjects";
