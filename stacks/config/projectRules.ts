import { z } from "zod";
import type { BuildKind } from "../../components/build/kind";
import { buildRoleNames } from "../buildRoles";
import type { Profiles } from "../profiles";
import { needsImage, verifies } from "../verify";
import { STACK_KEYS } from "./keys";
import { rule } from "./rule";

const given = z.unknown().optional();
const service = z.looseObject({
  name: z.string(),
  service: given,
  imageOf: given,
  unitTests: given,
  buildspec: given,
  tagParameter: given,
  beforeDeployment: given,
  projects: z.looseObject({ unitTests: given, imageBuild: given, resolve: given, release: given }).optional(),
});
const test = z.looseObject({ project: given });

/** CodeBuild quota the program keeps to: projects that one service role is attached to. */
export const PROJECTS_PER_ROLE = 10;

const role = z.union([z.looseObject({ existing: z.string() }), z.literal("created")]).optional();

/** The fields that say which build projects a stack makes. */
const projectMaking = z.looseObject({
  confirmProject: given,
  releaseTo: given,
  environment: z.string(),
  verify: STACK_KEYS.verify,
  gates: z.looseObject({ maximumScanSeverity: given }).optional(),
  services: z.array(service),
  tests: z.array(test).optional(),
});

const roleTaking = projectMaking.extend({
  buildRole: z.looseObject({ existing: z.string() }).optional(),
  testRole: role,
  confirmRole: role,
  releaseRole: z.looseObject({ existing: z.string() }).optional(),
});

/** No more projects run in one role than CodeBuild takes; said at the first setting that names the role. */
export const projectsOfRoles = (known: Profiles) =>
  (["buildRole", "testRole", "confirmRole", "releaseRole"] as const).map((key) =>
    rule(
      roleTaking,
      (config) => {
        const named = roleIn(config[key]);
        const earlier = ROLE_KEYS.slice(0, ROLE_KEYS.indexOf(key)).some((other) => roleIn(config[other]) === named);
        if (named === undefined || earlier) return undefined;
        const counts = projectCounts(config, known);
        const roles = buildRoleNames(config);
        const count = BUILD_KINDS.filter((kind) => roles[kind] === named).reduce((sum, kind) => sum + counts[kind], 0);
        return count > PROJECTS_PER_ROLE
          ? `nothing: ${count} build projects would run in this role, at most ${PROJECTS_PER_ROLE} go on one; each gets its own then`
          : undefined;
      },
      // Where buildRole stands, a test without a role would run there.
      key === "testRole" || key === "confirmRole"
        ? { path: [key], mend: () => "created" }
        : { path: [key], remove: true },
    ),
  );

const ROLE_KEYS = ["buildRole", "testRole", "confirmRole", "releaseRole"] as const;
const BUILD_KINDS = ["test", "build", "release", "confirm"] as const satisfies readonly BuildKind[];

function roleIn(given: z.output<typeof role>): string | undefined {
  return given === "created" ? undefined : given?.existing;
}

/** How many projects a stack makes of each kind that may run in a role which exists. */
function projectCounts(config: z.output<typeof projectMaking>, known: Profiles): Readonly<Record<BuildKind, number>> {
  const count = (values: readonly boolean[]) => values.filter(Boolean).length;
  const { tests = [], releaseTo, gates } = config;
  const services = config.services.filter(({ imageOf }) => imageOf === undefined);
  const profile = known[config.environment];
  const verify = verifies(profile, config);
  return {
    test:
      count(services.map(({ unitTests, projects }) => Boolean(unitTests) && !projects?.unitTests)) +
      count(tests.map(({ project }) => !project)),
    build:
      count(services.map(({ projects }) => !projects?.imageBuild)) +
      count(
        services.map(
          ({ buildspec, projects }) => verify && Boolean(buildspec ?? projects?.imageBuild) && !projects?.resolve,
        ),
      ),
    release: count(services.map(({ projects }) => Boolean(releaseTo) && !projects?.release)),
    // What confirms a release runs in a role of its own.
    confirm: count([
      verify && !config.confirmProject,
      gates?.maximumScanSeverity !== undefined,
      profile?.recordsPassed ?? false,
      ...config.services.map(({ beforeDeployment }) => beforeDeployment !== undefined),
    ]),
  };
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
