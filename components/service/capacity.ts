import { text, wholeNumber } from "../settings/setting";
import { type ArgsOf, settings, withDefaults } from "../settings/settings";
import { isFargate } from "./fargate";

const PROVIDER = {
  pattern: /^[A-Za-z0-9_-]{1,255}$/,
  expected: "FARGATE, FARGATE_SPOT or one of the cluster's own",
} as const;

/** Where tasks run, where that is one place. */
export const CAPACITY_PROVIDER = text(PROVIDER, { default: "FARGATE" });

/**
 * One of several capacity providers that share a service's tasks.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
 */
export const CAPACITY_SHARE = settings({
  /** `FARGATE`, `FARGATE_SPOT`, or the name of one of the cluster's own (EC2). */
  capacityProvider: text(PROVIDER, { example: "FARGATE_SPOT" }),
  /** Tasks that run there before weights count; of one provider alone. @default - none */
  base: wholeNumber(1, 100_000, { example: 1, unit: "tasks" }).optional(),
  /** Its share of the other tasks, against the weights of the others. @default 1 */
  weight: wholeNumber(0, 1000, { default: 1, example: 3 }),
});

/** One of several capacity providers that share a service's tasks. */
export interface CapacityShare extends ArgsOf<typeof CAPACITY_SHARE> {}

/** AWS takes so many providers in one strategy. */
export const MAX_SHARES = 20;

/** What a service says of where its tasks run. */
export interface Placed {
  readonly capacityProvider?: string | undefined;
  readonly capacityProviderStrategy?: readonly CapacityShare[] | undefined;
}

/** A service's providers and their shares, as AWS takes them. */
export type Capacity = readonly {
  readonly capacityProvider: string;
  readonly base?: number | undefined;
  readonly weight: number;
}[];

/** Where a service's tasks run. */
export function capacityOf({
  capacityProvider = CAPACITY_PROVIDER.fallback,
  capacityProviderStrategy,
}: Placed): Capacity {
  return (capacityProviderStrategy ?? [{ capacityProvider }]).map((share) => {
    const { base, weight } = withDefaults(CAPACITY_SHARE, share);
    return { capacityProvider: share.capacityProvider, base, weight };
  });
}

/** Whether this is all of Fargate, and nothing of the cluster has to be known. */
export function isPlainFargate(capacity: Capacity): boolean {
  return capacity.length === 1 && capacity[0]?.capacityProvider === "FARGATE";
}

/** Whether all of this is Fargate's, which takes certain sizes alone. */
export function onFargate(capacity: Capacity): boolean {
  return capacity.every(({ capacityProvider }) => isFargate(capacityProvider));
}

/** Whether a service's tasks run on Fargate. */
export function runsOnFargate(placed: Placed): boolean {
  return onFargate(capacityOf(placed));
}

/** What is wrong with providers that share, and where: below `capacityProviderStrategy`. */
export interface CapacityProblem {
  readonly path: readonly (string | number)[];
  readonly expected: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-providers.html */
export function capacityProblem({
  capacityProvider,
  capacityProviderStrategy: shares,
}: Placed): CapacityProblem | undefined {
  if (!shares) return undefined;
  if (capacityProvider !== undefined) return { path: [], expected: "this or capacityProvider, not both" };
  const names = shares.map((share) => share.capacityProvider);
  const again = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (again >= 0) return { path: [again], expected: "a provider that is not among the others already" };
  const odd = names.findIndex((name) => isFargate(name) !== isFargate(names[0]));
  if (odd >= 0) {
    return {
      path: [odd],
      expected: "Fargate's providers, or the cluster's own: AWS does not mix them",
    };
  }
  const bases = shares.flatMap(({ base }, index) => (base === undefined ? [] : [index]));
  const second = bases[1];
  if (second !== undefined) return { path: [second, "base"], expected: "one provider alone to have a base" };
  const nothing = capacityOf({ capacityProviderStrategy: shares }).every(({ weight }) => weight === 0);
  return nothing
    ? { path: [0, "weight"], expected: "1 or more of one provider: by weights of 0 no task would run" }
    : undefined;
}
