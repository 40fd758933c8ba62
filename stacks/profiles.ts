import { commitToProduction } from "./commitToProduction";
import { dev } from "./dev";
import { prod } from "./prod";
import type { EnvironmentProfile } from "./profile";
import { qa } from "./qa";
import { staging } from "./staging";

/** Shapes of environments, by the name that stack config gives. */
export type Profiles = Readonly<Record<string, EnvironmentProfile>>;

/** The shapes an environment can have. */
export const profiles = { dev, qa, prod, staging, commitToProduction } as const satisfies Profiles;
