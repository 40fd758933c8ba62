import { codeDeployBlueGreen } from "./codeDeployBlueGreen";
import { ecsBlueGreen, ecsCanary, ecsLinear } from "./ecsNative";
import { rolling } from "./rolling";

/** Every way to deploy, by the word that picks it. */
export const strategies = { rolling, codeDeployBlueGreen, ecsBlueGreen, ecsLinear, ecsCanary } as const;

/** Words that stack config accepts for `deployment`. */
export type StrategyKind = keyof typeof strategies;
