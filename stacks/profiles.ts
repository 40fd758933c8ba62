import { dev } from "./dev";
import { prod } from "./prod";
import type { EnvironmentProfile } from "./profile";
import { qa } from "./qa";

/** The shapes an environment can have, by the name that stack config gives. */
export const profiles = { dev, qa, prod } as const satisfies Readonly<Record<string, EnvironmentProfile>>;

/** Name of a shape. */
export type ProfileName = keyof typeof profiles;
