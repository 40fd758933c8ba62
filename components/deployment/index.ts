import { rolling } from "./rolling";

/** Every way to deploy, by the word that picks it. */
export const strategies = { rolling } as const;

/** Words that stack config accepts for `deployment`. */
export type StrategyKind = keyof typeof strategies;
