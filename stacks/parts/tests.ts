import type { Input } from "@pulumi/pulumi";
import { environmentTestBuildspec } from "../../components/build/buildspec/environmentTest";
import { recordPassedBuildspec, recordPassedPermissions } from "../../components/build/buildspec/recordPassed";
import { scanGateBuildspec, scanGatePermissions } from "../../components/build/buildspec/scanGate";
import { defined } from "../../components/defined";
import type { PipelineAction } from "../../components/pipeline/action";
import { type BuildVariable, codeBuildAction } from "../../components/pipeline/build/codeBuild";
import type { StackConfig } from "../config/load";
import type { DeliveryContext } from "../deliveryContext";
import type { ServiceDelivery } from "../serviceDelivery";
import { commitOf, runImage, tellsImage } from "./builds";
import { handedOver, projectFor } from "./projects";
import type { Sources } from "./sources";

type Test = NonNullable<StackConfig["tests"]>[number];

/** Tests of the running environment: each an action with the address, the image and the commit in its variables. */
export function environmentTests(
  names: readonly string[],
  deliveries: readonly ServiceDelivery[],
  sources: Sources,
  context: DeliveryContext,
): PipelineAction[] {
  const tests = context.config.tests ?? [];
  const unknown = names.find((name) => !tests.some((test) => test.name === name));
  if (unknown !== undefined)
    throw new Error(`the profile asks for tests "${unknown}", which stack config does not have`);
  return tests
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap((test) => {
      const tested = deliveries.find(
        ({ config, url }) => url !== undefined && (test.service ?? config.name) === config.name,
      );
      return tested?.url === undefined ? [] : [environmentTest(test, { ...tested, url: tested.url }, sources, context)];
    });
}

function environmentTest(
  test: Test,
  tested: ServiceDelivery & { readonly url: Input<string> },
  sources: Sources,
  context: DeliveryContext,
): PipelineAction {
  const { commands = [], buildspec, runtimeVersions, reports, image, computeType, timeoutInMinutes } = test;
  const project = projectFor(`${test.name}-test`, test.project, context, () => ({
    kind: "test",
    description: `Tests ${test.name} of the running ${context.stack}`,
    writesArtifacts: false,
    reports: buildspec !== undefined || reports !== undefined,
    image,
    computeType,
    timeoutInMinutes,
    parameters: test.parameters,
    secretsKey: test.secretsKey,
    buildspec:
      buildspec ??
      environmentTestBuildspec({
        commands,
        runtimeVersions,
        reports: reports && { group: test.name, fileFormat: "JUNITXML", ...reports },
      }),
  }));
  const source = test.sourceRepository === undefined ? sources.of(tested) : sources.repository(test.sourceRepository);
  return codeBuildAction({
    name: `${test.name}-test`,
    project,
    category: "Test",
    input: source?.output ?? sources.of(tested).output,
    environmentVariables: defined<BuildVariable>({
      SERVICE_FOLDER: test.folder ?? ".",
      ENVIRONMENT_URL: tested.url,
      IMAGE_URI: tellsImage(tested) ? runImage(tested).uri : undefined,
      COMMIT_ID: commitOf(tested, sources.of(tested), context),
      ...handedOver(test.parameters, test.project),
    }),
  });
}

/** Records an image as tested. */
export function recordPassed(
  delivery: ServiceDelivery,
  commit: string,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction {
  const project = projectFor("record-passed", undefined, context, () => ({
    kind: "confirm",
    description: `Records the images that passed the tests of ${context.stack}`,
    writesArtifacts: false,
    buildspec: recordPassedBuildspec(),
    permissions: all.flatMap((one) => recordPassedPermissions({ passedImageParameterArn: one.passedImage().arn })),
  }));
  return codeBuildAction({
    name: `${delivery.config.name}-passed`,
    project,
    category: "Test",
    input: runImage(delivery).artifact,
    environmentVariables: {
      IMAGE_URI: runImage(delivery).uri,
      COMMIT_ID: commit,
      PASSED_IMAGE_PARAMETER: delivery.passedImage().name,
    },
  });
}

/** Refuses an image in which ECR's scan found more than `severity`. */
export function scan(
  delivery: ServiceDelivery,
  severity: string,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction {
  const repositoryArns = all.flatMap(({ repository }) => repository.arn ?? []);
  const project = projectFor("scan", undefined, context, () => ({
    kind: "confirm",
    description: `Looks at what the scan of images of ${context.stack} found`,
    writesArtifacts: false,
    buildspec: scanGateBuildspec(),
    permissions: scanGatePermissions({ repositoryArns }),
  }));
  return codeBuildAction({
    name: `${delivery.config.name}-scan`,
    project,
    category: "Test",
    input: runImage(delivery).artifact,
    environmentVariables: { IMAGE_URI: runImage(delivery).uri, MAX_SEVERITY: severity },
  });
}
