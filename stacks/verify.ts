/** What decides whether a stack verifies, as far as it is known: a stack's configuration, checked or not. */
export interface Verifying {
  readonly verify?: boolean | undefined;
  readonly services: readonly {
    readonly service?: unknown;
    readonly imageOf?: unknown;
    readonly unitTests?: unknown;
    readonly buildspec?: unknown;
    readonly tagParameter?: unknown;
    readonly projects?: { readonly unitTests?: unknown; readonly imageBuild?: unknown } | undefined;
  }[];
  readonly tests?: readonly { readonly project?: unknown }[] | undefined;
  readonly gates?: { readonly maximumScanSeverity?: unknown } | undefined;
  readonly releaseTo?: unknown;
}

/**
 * Whether builds of the stack verify what it delivers: stack config says so, else it does unless the verifying projects would
 * be the only ones it makes.
 */
export function verifies(profile: { readonly recordsPassed?: boolean } | undefined, config: Verifying): boolean {
  if (config.verify !== undefined) return config.verify;
  return needsImage(profile, config) !== undefined || makesProjects(config);
}

/** What takes the image of a run by digest, beside its deployment: the setting's name. */
export function needsImage(
  profile: { readonly recordsPassed?: boolean } | undefined,
  { gates, releaseTo, services }: Verifying,
): string | undefined {
  if (releaseTo !== undefined) return "releaseTo";
  if (gates?.maximumScanSeverity !== undefined) return "gates.maximumScanSeverity";
  const isOwn = ({ buildspec, projects }: Verifying["services"][number]) => buildspec ?? projects?.imageBuild;
  if (services.some((one) => one.tagParameter !== undefined && isOwn(one))) return "services[].tagParameter";
  return profile?.recordsPassed ? "environment" : undefined;
}

/** Whether the stack makes a build project, or a service whose deliveries have to be recorded, anyway. */
function makesProjects({ services, tests = [] }: Verifying): boolean {
  return (
    tests.some(({ project }) => !project) ||
    services.some(
      ({ service, imageOf, unitTests, projects }) =>
        !service ||
        (imageOf === undefined && (!projects?.imageBuild || (unitTests !== undefined && !projects.unitTests))),
    )
  );
}
