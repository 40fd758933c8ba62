import { z } from "zod";
import { PLATFORM_OF } from "../../components/build/buildspec/dockerImage";
import { meantWord } from "../../components/settings/meantWord";
import { type ConfigRule, rule } from "./rule";

const given = z.unknown().optional();

/** What is the builder's to say, where another service runs its image. */
const OF_THE_BUILD = [
  "repository",
  "sourceRepository",
  "folder",
  "dockerfile",
  "buildspec",
  "tagParameter",
  "parameters",
  "unitTests",
  "build",
  "computeType",
  "projects",
] as const;

const service = z.looseObject({
  name: z.string(),
  imageOf: z.string().optional(),
  cpuArchitecture: given,
  projects: z.looseObject({ resolve: given, release: given }).optional(),
});
type Service = z.output<typeof service>;

const shared = z.looseObject({
  releaseTo: z
    .looseObject({
      services: z.record(z.string(), z.looseObject({ repository: given, tagParameter: given })).optional(),
    })
    .optional(),
  services: z.array(service),
});
type Shared = z.output<typeof shared>;

/** The service of that name which has an image of its own. */
function builderNamed(name: string | undefined, services: readonly Service[]): Service | undefined {
  return services.find((one) => one.name === name && one.imageOf === undefined);
}

/** The service whose image is run at the end of a chain; none where it leads nowhere, or around. */
function builderOf(one: Service, services: readonly Service[]): Service | undefined {
  const seen = new Set<string>();
  let at: Service | undefined = one;
  while (at?.imageOf !== undefined && !seen.has(at.name)) {
    seen.add(at.name);
    const next: string = at.imageOf;
    at = services.find(({ name }) => name === next);
  }
  return at?.imageOf === undefined ? at : undefined;
}

/** A service that runs the image of one which has none of its own, or is not there; -1 where there is none. */
function lostAt({ services }: Shared): number {
  return services.findIndex((one) => one.imageOf !== undefined && !builderNamed(one.imageOf, services));
}

function lostProblem(config: Shared): string | undefined {
  const { services } = config;
  const one = services[lostAt(config)];
  if (one?.imageOf === undefined) return undefined;
  const others = services.filter(({ name, imageOf }) => name !== one.name && imageOf === undefined);
  if (one.imageOf === one.name || others.length === 0) return "nothing: it builds its image itself";
  const list = others.map(({ name }) => name).join(", ");
  const chained = services.some(({ name }) => name === one.imageOf) ? `; ${one.imageOf} has none of its own` : "";
  return `a service of this stack that has an image of its own (${list})${chained}`;
}

/** What is meant: the end of the chain, a name that is nearly the one, or the only one there is. */
function meantBuilder(config: Shared): string | undefined {
  const { services } = config;
  const one = services[lostAt(config)];
  if (!one) return undefined;
  const names = services
    .filter(({ name, imageOf }) => name !== one.name && imageOf === undefined)
    .map(({ name }) => name);
  const end = builderOf(one, services)?.name;
  return end ?? meantWord(one.imageOf ?? "", names) ?? (names.length === 1 ? names[0] : undefined);
}

const known = [
  rule(shared, (config) => (lostProblem(config)?.startsWith("nothing") ? lostProblem(config) : undefined), {
    path: ["services"],
    at: (config) => [lostAt(config), "imageOf"],
    remove: true,
  }),
  rule(shared, (config) => (lostProblem(config)?.startsWith("nothing") ? undefined : lostProblem(config)), {
    path: ["services"],
    at: (config) => [lostAt(config), "imageOf"],
    mend: meantBuilder,
  }),
];

/** Builds, and where images are, are one service's to say. */
const buildKeys = OF_THE_BUILD.map((key) => {
  const found = (services: readonly Service[]) =>
    services.findIndex(
      (one) =>
        one.imageOf !== undefined &&
        one.imageOf !== one.name &&
        new Map<string, unknown>(Object.entries(one)).get(key) !== undefined,
    );
  return rule(
    shared,
    ({ services }) => {
      const one = services[found(services)];
      return one && `nothing beside imageOf: it runs the image of ${one.imageOf ?? ""}, of which ${key} is said there`;
    },
    { path: ["services"], at: ({ services }) => [found(services), key], remove: true },
  );
});

/** An image is for one architecture; an index for those of its platforms. */
const architecture = (() => {
  const other = ({ services }: Shared) =>
    services.findIndex((one) => {
      const builder = builderNamed(one.imageOf, services);
      return (
        builder !== undefined &&
        one.cpuArchitecture !== undefined &&
        one.cpuArchitecture !== (builder.cpuArchitecture ?? "X86_64") &&
        !platformsOf(builder).includes(platformOf(one.cpuArchitecture))
      );
    });
  return rule(
    shared,
    (config) => {
      const one = config.services[other(config)];
      return one && `the one that ${one.imageOf ?? ""} is built for, which is its own where this is left out`;
    },
    { path: ["services"], at: (config) => [other(config), "cpuArchitecture"], remove: true },
  );
})();

/** The platforms of the index that a service's build makes. */
function platformsOf({ build }: Service): readonly unknown[] {
  const { success, data } = z.looseObject({ platforms: z.array(z.unknown()) }).safeParse(build);
  return success ? data.platforms : [];
}

function platformOf(architecture: unknown): string | undefined {
  return Object.entries(PLATFORM_OF).find(([name]) => name === architecture)?.[1];
}

/** A project of someone else's writes the files of one service. */
const projects = (["resolve", "release"] as const).map((key) => {
  const found = ({ services }: Shared) =>
    services.findIndex(
      (one) => one.projects?.[key] !== undefined && services.some(({ imageOf }) => imageOf === one.name),
    );
  return rule(
    shared,
    (config) => {
      const one = config.services[found(config)];
      const sharing = config.services.find(({ imageOf }) => imageOf === one?.name);
      return (
        one &&
        `nothing, because ${sharing?.name ?? ""} runs its image: a project that exists does not write the files of its deployment`
      );
    },
    { path: ["services"], at: (config) => [found(config), "projects", key], remove: true },
  );
});

/** A release goes into the repository of the service that builds the image. */
const released = (["repository", "tagParameter"] as const).map((key) => {
  const found = ({ releaseTo, services }: Shared) =>
    services.find(({ name, imageOf }) => imageOf !== undefined && releaseTo?.services?.[name]?.[key] !== undefined);
  return rule(
    shared,
    (config) => {
      const one = found(config);
      return one && `nothing: ${one.name} runs the image of ${one.imageOf ?? ""}, which is released with that service`;
    },
    { path: ["releaseTo", "services"], at: (config) => [found(config)?.name ?? "", key], remove: true },
  );
});

/** Rules of services that run the image of another. */
export const imageRules: readonly ConfigRule[] = [...known, ...buildKeys, architecture, ...projects, ...released];
