import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placeOf } from "../components/arn";
import { BUILD } from "../components/build/args";
import { BuildProject } from "../components/build/buildProject";
import { CONFIRM_TIMEOUT_IN_MINUTES, confirmDeliveryBuildspec } from "../components/build/buildspec/confirmDelivery";
import { imageDefinitions } from "../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec } from "../components/build/buildspec/dockerImage";
import { environmentTestBuildspec } from "../components/build/buildspec/environmentTest";
import { promoteImageBuildspec } from "../components/build/buildspec/promoteImage";
import { resolveImageBuildspec } from "../components/build/buildspec/resolveImage";
import { TEST_COMMANDS, unitTestBuildspec } from "../components/build/buildspec/unitTest";
import type { BuildKind } from "../components/build/kind";
import { NAMES } from "../components/checks/names";
import { listSetting, oneOf, text } from "../components/settings/setting";
import { settings } from "../components/settings/settings";
import { buildRoles } from "./buildRoles";
import { commandsFit } from "./config/container";
import { EXISTING_KEY, existing } from "./config/existing";
import { loadConfig } from "./config/load";
import { PROJECTS_PER_ROLE } from "./config/projectRules";
import { existingArtifactStore } from "./existing";

/** A build project that pipelines of other stacks refer to. */
export const SHARED_PROJECT = settings({
  /** Name of the project; pipelines refer to it. */
  name: text(NAMES.project, { example: "unit-tests" }),
  /** What it does. */
  kind: oneOf(["unitTests", "imageBuild", "resolve", "confirm", "test", "release"], { example: "unitTests" }),
  /** Your own buildspec. @default - generated */
  buildspec: text(
    { pattern: /^[^\s'"$`\\]+$/, expected: "a path in the source" },
    { example: "ci/buildspec.yml" },
  ).optional(),
  /** Commands of a `unitTests` or `test` project. @default - none */
  commands: TEST_COMMANDS.commands,
  /** Minutes a build may take. @default - `30`, `60` for `confirm` */
  timeoutInMinutes: BUILD.timeoutInMinutes.unwrap().optional(),
});

const project = z.strictObject(SHARED_PROJECT).refine(...commandsFit);

/** Keys of a stack that only holds build projects. */
export const SHARED_PROJECTS = settings({
  /** Build projects to create. */
  projects: listSetting(project, {
    min: 1,
    max: PROJECTS_PER_ROLE,
    expected: `a list of 1 to ${PROJECTS_PER_ROLE} build projects: no more go on one service role`,
  }),
  /** Role that builds run in: all kinds for which none of their own is given. */
  buildRole: existing("role", "delivery-build"),
  /** Role of `unitTests` and `test` projects: commands of the application's own. @default - `buildRole`, and the preview says what such a command may do then */
  testRole: existing("role", "delivery-test").optional(),
  /** Role of `confirm` projects. @default - `buildRole` */
  confirmRole: existing("role", "delivery-confirm").optional(),
  /** Role of `release` projects. @default - `buildRole` */
  releaseRole: existing("role", "delivery-release").optional(),
  /** Artifact buckets of the pipelines that use the projects. */
  artifactBuckets: listSetting(existing("bucket", "acme-artifacts"), {
    min: 1,
    expected: "the artifact buckets of the pipelines that use the projects",
  }),
  /** Key the artifacts are encrypted with. @default - the bucket's own encryption */
  kmsKey: EXISTING_KEY.optional(),
});

/** The keys as one object. */
export const sharedProjectsSchema = z.strictObject(SHARED_PROJECTS);

type SharedProject = z.output<typeof project>;

/** Defines build projects that pipelines of other stacks refer to by name. They learn what to build from the action. */
export function deploySharedProjects(): Record<string, unknown> {
  const config = loadConfig(sharedProjectsSchema, sharedProjectsSchema);
  const place = placeOf();
  const roles = buildRoles({ ...config, releaseRole: config.releaseRole ?? config.buildRole }, place);
  const artifactStores = config.artifactBuckets.map((bucket) =>
    existingArtifactStore(bucket.existing, config.kmsKey?.existing, place),
  );
  const projects = config.projects.map(
    (shared) =>
      new BuildProject(shared.name, {
        role: roles[KINDS[shared.kind]],
        artifactStores,
        projectName: shared.name,
        description: `${shared.kind}, shared by several pipelines`,
        buildspec: shared.buildspec ?? generatedBuildspec(shared),
        docker: shared.kind === "imageBuild",
        timeoutInMinutes:
          shared.timeoutInMinutes ?? (shared.kind === "confirm" ? CONFIRM_TIMEOUT_IN_MINUTES : undefined),
      }),
  );
  return { projects: pulumi.all(projects.map(({ name }) => name)) };
}

/** Whose role a project runs in. */
const KINDS = {
  unitTests: "test",
  test: "test",
  imageBuild: "build",
  resolve: "build",
  confirm: "confirm",
  release: "release",
} as const satisfies Readonly<Record<SharedProject["kind"], BuildKind>>;

function generatedBuildspec({ kind, commands = [] }: SharedProject): string {
  switch (kind) {
    case "unitTests":
      return unitTestBuildspec({ commands });
    case "test":
      return environmentTestBuildspec({ commands });
    case "release":
      return promoteImageBuildspec({ buildFiles: [imageDefinitions] });
    case "resolve":
      return resolveImageBuildspec({ buildFiles: [imageDefinitions] });
    case "imageBuild":
      return dockerImageBuildspec({ buildFiles: [imageDefinitions] });
    case "confirm":
      return confirmDeliveryBuildspec();
    default: {
      const never: never = kind;
      return never;
    }
  }
}
