import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { environmentTestBuildspec } from "../../components/build/buildspec/environmentTest";
import { passportParameterPermissions, passportRunPermissions } from "../../components/build/buildspec/passport";
import { recordPassedBuildspec, recordPassedPermissions } from "../../components/build/buildspec/recordPassed";
import { scanGateBuildspec, scanGatePermissions } from "../../components/build/buildspec/scanGate";
import type { TestNetwork } from "../../components/build/testNetwork";
import { defined } from "../../components/defined";
import type { Statement } from "../../components/iam/policyDocument";
import type { PipelineAction } from "../../components/pipeline/action";
import type { StoredArtifact } from "../../components/pipeline/artifactKeys";
import { type BuildVariable, codeBuildAction } from "../../components/pipeline/build/codeBuild";
import type { StackConfig } from "../config/load";
import type { DeliveryContext } from "../deliveryContext";
import { passportAction, passportProject, passportRun, writesPassports } from "../passports";
import type { ServiceDelivery } from "../serviceDelivery";
import { builders, byPipeline, storedFor } from "./artifacts";
import { commitOf, runImage, tellsImage } from "./builds";
import type { ConfirmedRun } from "./confirm";
import { handedOver, projectFor } from "./projects";
import { clonesOf, type Sources, sourceArtifact } from "./sources";

type Test = NonNullable<StackConfig["tests"]>[number];

/** What is tested, and where its files come from. */
interface TestedServices {
  readonly deliveries: readonly ServiceDelivery[];
  /** Services of the stack: other pipelines may run the same test of theirs. */
  readonly all: readonly ServiceDelivery[];
  readonly sources: Sources;
}

/** Tests of the running environment: each an action with the address, the image and the commit in its variables. */
export function environmentTests(
  names: readonly string[],
  services: TestedServices,
  context: DeliveryContext,
): PipelineAction[] {
  const tests = context.config.tests ?? [];
  const unknown = names.find((name) => !tests.some((test) => test.name === name));
  if (unknown !== undefined)
    throw new Error(`the profile asks for tests "${unknown}", which stack config does not have`);
  return tests
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .flatMap((test) => {
      const [tested] = testedBy(test, services.deliveries);
      return tested?.url === undefined
        ? []
        : [environmentTest(test, { ...tested, url: tested.url }, services, context)];
    });
}

/** The services that a test can be of; the first is the one. */
function testedBy(test: Test, deliveries: readonly ServiceDelivery[]): readonly ServiceDelivery[] {
  return deliveries.filter(({ config, url }) => url !== undefined && (test.service ?? config.name) === config.name);
}

/** The files that a test starts from, in every pipeline that runs it. */
function readByTest(
  test: Test,
  { deliveries, all }: TestedServices,
  context: DeliveryContext,
): { readonly reads: StoredArtifact[]; readonly permissions: readonly Statement[] } {
  if (context.workflow) return { reads: [], permissions: [] };
  const found = byPipeline(all, context.config).flatMap((group) => {
    const tested = testedBy(test, group);
    // A profile that takes services apart may run the test of each of them.
    const whole = group.some((one) => !deliveries.includes(one)) && group.some((one) => deliveries.includes(one));
    return (whole ? tested : tested.slice(0, 1)).map((service) => {
      const from = { service, repository: test.sourceRepository };
      return {
        read: storedFor(service, sourceArtifact(from, group, context), context),
        clones: clonesOf(from, group, context),
      };
    });
  });
  const clones = new Map(found.map((one) => [one.clones.repository, one.clones.permissions]));
  return { reads: found.map(({ read }) => read), permissions: [...clones.values()].flat() };
}

function environmentTest(
  test: Test,
  tested: ServiceDelivery & { readonly url: Input<string> },
  services: TestedServices,
  context: DeliveryContext,
): PipelineAction {
  const { sources } = services;
  const { commands = [], buildspec, runtimeVersions, reports, image, computeType, timeoutInMinutes } = test;
  const project = projectFor(`${test.name}-test`, test.project, context, () => ({
    kind: "test",
    description: `Tests ${test.name} of the running ${context.stack}`,
    ...readByTest(test, services, context),
    writes: [],
    reports: buildspec !== undefined || reports !== undefined,
    image,
    computeType,
    timeoutInMinutes,
    vpc: test.network ? networkOf(tested, context) : undefined,
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

/** The place of a test in the VPC, with a way to what it tests. */
function networkOf({ config, url }: ServiceDelivery, context: DeliveryContext): TestNetwork {
  const network = context.testNetwork();
  const owner = config.loadBalancerOf ?? config.name;
  const balancer = context.balancers.get(owner);
  if (balancer) network.reachBalancer(owner, balancer);
  const port = typeof url === "string" && URL.canParse(url) ? new URL(url).port : "";
  if (port !== "") network.reachPort(Number(port));
  return network;
}

/** Records an image as tested. */
export function recordPassed(
  delivery: ServiceDelivery,
  run: ConfirmedRun,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction {
  const project = projectFor("record-passed", undefined, context, () => ({
    kind: "confirm",
    description: `Records the images that passed the tests of ${context.stack}`,
    reads: builders(all).map((one) => storedFor(one, runImage(one).artifact, context)),
    writes: [],
    buildspec: recordPassedBuildspec(),
    environment: passportProject(context.stack, context),
    permissions: [
      ...builders(all).flatMap((one) => recordPassedPermissions({ passedImageParameterArn: one.passedImage().arn })),
      ...(writesPassports(context)
        ? [
            ...builders(all).flatMap((one) => passportParameterPermissions(one.passport().arn)),
            ...passportRunPermissions(passportRun(all, context)),
          ]
        : []),
    ],
  }));
  return codeBuildAction({
    name: `${delivery.config.name}-passed`,
    project,
    category: "Test",
    input: runImage(delivery).artifact,
    environmentVariables: {
      IMAGE_URI: runImage(delivery).uri,
      COMMIT_ID: run.commit,
      PASSED_IMAGE_PARAMETER: delivery.passedImage().name,
      ...deliveredRecords(delivery, context),
      ...passportAction(delivery, run, context),
    },
  });
}

/**
 * The records that must name the image: a job that failed can be run again alone, after what it is about was taken back. A pipeline
 * that has rolled a stage back runs none of it again.
 */
function deliveredRecords(delivery: ServiceDelivery, { workflow }: DeliveryContext): Record<string, Input<string>> {
  const records = [delivery, ...delivery.sharing].flatMap(({ record }) => record?.name ?? []);
  if (!workflow || records.length === 0) return {};
  return { DELIVERED_IMAGE_PARAMETERS: pulumi.all(records).apply((names) => names.join(" ")) };
}

/** Refuses an image in which ECR's scan found more than `severity`. */
export function scan(
  delivery: ServiceDelivery,
  severity: string,
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineAction {
  const repositoryArns = builders(all).flatMap(({ repository }) => repository.arn ?? []);
  const project = projectFor("scan", undefined, context, () => ({
    kind: "confirm",
    description: `Looks at what the scan of images of ${context.stack} found`,
    reads: builders(all).map((one) => storedFor(one, runImage(one).artifact, context)),
    writes: [],
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
