import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placeOf } from "../components/arn";
import { BuildProject } from "../components/build/buildProject";
import { confirmDeliveryBuildspec } from "../components/build/buildspec/confirmDelivery";
import { imageDefinitions } from "../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec } from "../components/build/buildspec/dockerImage";
import { environmentTestBuildspec } from "../components/build/buildspec/environmentTest";
import { promoteImageBuildspec } from "../components/build/buildspec/promoteImage";
import { resolveImageBuildspec } from "../components/build/buildspec/resolveImage";
import { unitTestBuildspec } from "../components/build/buildspec/unitTest";
import { NAMES } from "../components/checks/names";
import { existing, oneOf, text, wholeNumber } from "./config/leaf";
import { loadConfig } from "./config/load";
import { PROJECTS_PER_ROLE } from "./config/projectRules";
import { existingArtifactStore, existingRef } from "./existing";

const project = z.strictObject({
  name: text(NAMES.project, "unit-tests").describe("Name of the project; pipelines refer to it"),
  kind: oneOf(["unitTests", "imageBuild", "resolve", "confirm", "test", "release"]).describe("What it does"),
  buildspec: text({ pattern: /^[^\s'"$`\\]+$/, expected: "a path in the source" }, "ci/buildspec.yml")
    .optional()
    .describe("Your own buildspec. Default: generated"),
  commands: z.array(z.string().min(1)).optional().describe("Commands of a `unitTests` or `test` project"),
  timeoutInMinutes: wholeNumber(5, 2160, 30, "minutes").optional().describe("Default `30`"),
});

/** Keys of a stack that only holds build projects. */
export const sharedProjectsSchema = z.strictObject({
  projects: z
    .array(project)
    .min(1)
    .max(PROJECTS_PER_ROLE)
    .meta({
      expected: `a list of 1 to ${PROJECTS_PER_ROLE} build projects: no more go on one service role`,
      example: "",
    })
    .describe("Build projects to create"),
  buildRole: existing("the name or ARN of an IAM role", "delivery-build").describe("Role that every build runs in"),
  artifactBuckets: z
    .array(existing("the name or ARN of an S3 bucket", "acme-artifacts"))
    .min(1)
    .meta({ expected: "the artifact buckets of the pipelines that use the projects", example: "" })
    .describe("Artifact buckets of the pipelines that use the projects"),
  kmsKey: existing("the ARN of a KMS key", "arn:aws:kms:eu-west-1:111122223333:key/0a1b")
    .optional()
    .describe("Key the artifacts are encrypted with"),
});

type SharedProject = z.output<typeof project>;

/** Defines build projects that pipelines of other stacks refer to by name. They learn what to build from the action. */
export function deploySharedProjects(): Record<string, unknown> {
  const config = loadConfig(sharedProjectsSchema, sharedProjectsSchema);
  const place = placeOf();
  const role = existingRef("role", config.buildRole.existing, place);
  const artifactStores = config.artifactBuckets.map((bucket) =>
    existingArtifactStore(bucket.existing, config.kmsKey?.existing, place),
  );
  const projects = config.projects.map(
    (shared) =>
      new BuildProject(shared.name, {
        role,
        artifactStores,
        projectName: shared.name,
        description: `${shared.kind}, shared by several pipelines`,
        buildspec: shared.buildspec ?? generatedBuildspec(shared),
        docker: shared.kind === "imageBuild",
        timeoutInMinutes: shared.timeoutInMinutes ?? (shared.kind === "confirm" ? 60 : 30),
      }),
  );
  return { projects: pulumi.all(projects.map(({ name }) => name)) };
}

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
