import { z } from "zod";
import type { Profiles } from "../profiles";
import { type ConfigRule, rule } from "./rule";

const given = z.unknown().optional();

/** What a stack says that goes on, as far as these rules look at it. */
const releasing = z.looseObject({
  environment: z.string(),
  delivery: z.looseObject({}),
  releaseTo: z.looseObject({ stack: z.string(), account: given, region: given, images: given }),
});

/** Keys of `releaseTo` that say something of a deployment there. */
const OF_DEPLOYMENTS = ["cluster", "desiredCount", "timeoutInMinutes"] as const;
const OF_SERVICES = ["container", "service"] as const;

/** Rules where a release is a tag, for which the other stack's own pipeline waits. */
export function tagReleaseRules(known: Profiles): readonly ConfigRule[] {
  const byTag = (environment: string) => {
    const profile = known[environment];
    return profile?.releasesByTag === true && profile.releases !== true;
  };
  const deploys = (environment: string, stack: string) =>
    `nothing: ${environment} releases by a tag, and the pipeline of stack ${stack} deploys by what its own file says`;
  return [
    ...OF_DEPLOYMENTS.map((key) =>
      rule(
        releasing,
        ({ environment, releaseTo }) =>
          byTag(environment) && releaseTo[key] !== undefined ? deploys(environment, releaseTo.stack) : undefined,
        { path: ["releaseTo", key], remove: true },
      ),
    ),
    ...OF_SERVICES.map((key) => {
      const fields = releasing.extend({
        releaseTo: z.looseObject({
          stack: z.string(),
          services: z.record(z.string(), z.looseObject({ [key]: given })),
        }),
      });
      const at = ({ releaseTo }: z.output<typeof fields>) =>
        Object.entries(releaseTo.services).find(([, one]) => one[key] !== undefined)?.[0];
      return rule(
        fields,
        (config) =>
          byTag(config.environment) && at(config) !== undefined
            ? deploys(config.environment, config.releaseTo.stack)
            : undefined,
        { path: ["releaseTo", "services"], at: (config) => [at(config) ?? "", key], remove: true },
      );
    }),
    // EventBridge hears of a push in the account and the region of the repository alone.
    rule(
      releasing,
      ({ environment, releaseTo: { stack, account, region, images } }) =>
        byTag(environment) && images === "same" && (account !== undefined || region !== undefined)
          ? `own: the pipeline of stack ${stack} hears of images in its own account and region alone`
          : undefined,
      { path: ["releaseTo", "images"], mend: () => "own" },
    ),
    rule(
      releasing.extend({ services: z.array(z.looseObject({ repository: z.unknown().optional() })) }),
      ({ environment, services, releaseTo: { stack } }) =>
        byTag(environment) && services.some(({ repository }) => isElsewhere(repository))
          ? `nothing: ${environment} releases by a tag, and the pipeline of stack ${stack} hears of images in ECR alone`
          : undefined,
      { path: ["releaseTo"], remove: true },
    ),
  ];
}

/** Whether an image is in a registry that is not ECR. */
function isElsewhere(repository: unknown): boolean {
  return z.looseObject({ registry: z.string() }).safeParse(repository).success;
}
