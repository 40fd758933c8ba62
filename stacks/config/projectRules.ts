import { z } from "zod";
import type { Profiles } from "../profiles";
import { needsImage, verifies } from "../verify";
import { STACK_KEYS } from "./keys";
import { rule } from "./rule";

const given = z.unknown().optional();
const service = z.looseObject({
  name: z.string(),
  service: given,
  unitTests: given,
  buildspec: given,
  tagParameter: given,
  projects: z.looseObject({ unitTests: given, imageBuild: given, resolve: given, release: given }).optional(),
});
const test = z.looseObject({ project: given });

/** CodeBuild quota the program keeps to: projects that one service role is attached to. */
export const PROJECTS_PER_ROLE = 10;

/** The fields that say which build projects a stack makes. */
const projectMaking = z.looseObject({
  buildRole: given,
  confirmProject: given,
  releaseTo: given,
  environment: z.string(),
  verify: STACK_KEYS.verify,
  gates: z.looseObject({ maximumScanSeverity: given }).optional(),
  services: z.array(service),
  tests: z.array(test).optional(),
});

/** No more projects run in one role than CodeBuild takes. */
export const projectsOfRole = (known: Profiles) =>
  rule(
    projectMaking,
    (config) => {
      const count = projectCount(config, known);
      return config.buildRole !== undefined && count > PROJECTS_PER_ROLE
        ? `nothing: ${count} build projects would run in this role, at most ${PROJECTS_PER_ROLE} go on one; each gets its own then`
        : undefined;
    },
    { path: ["buildRole"], remove: true },
  );

function projectCount(config: z.output<typeof projectMaking>, known: Profiles): number {
  const count = (values: readonly boolean[]) => values.filter(Boolean).length;
  const { services, tests = [], releaseTo, gates } = config;
  const profile = known[config.environment];
  const verify = verifies(profile, config);
  return (
    count(services.map(({ unitTests, projects }) => Boolean(unitTests) && !projects?.unitTests)) +
    count(services.map(({ projects }) => !projects?.imageBuild)) +
    count(
      services.map(
        ({ buildspec, projects }) => verify && Boolean(buildspec ?? projects?.imageBuild) && !projects?.resolve,
      ),
    ) +
    count(services.map(({ projects }) => Boolean(releaseTo) && !projects?.release)) +
    count(tests.map(({ project }) => !project)) +
    count([verify && !config.confirmProject, Boolean(releaseTo), Boolean(releaseTo)]) +
    count([gates?.maximumScanSeverity !== undefined, profile?.recordsPassed ?? false])
  );
}

/** What is delivered to a service of this stack has to be recorded, and some steps take nothing but a digest. */
export const verifyNeeded = (known: Profiles) =>
  rule(
    projectMaking,
    (config) => {
      if (config.verify !== false) return undefined;
      const own = config.services.find((one) => !one.service);
      if (own) return `true, because service "${own.name}" is this stack's: what is delivered to it has to be recorded`;
      const need = needsImage(known[config.environment], config);
      return need && `true, because of ${need}: it takes the image by its digest`;
    },
    { path: ["verify"], mend: () => true },
  );
