import type { Input, Output } from "@pulumi/pulumi";
import { regionalArn } from "../components/arn";
import { NO_PASSPORT, type PassportRunPermissionsArgs } from "../components/build/buildspec/passport";
import { defined } from "../components/defined";
import { variableOf } from "../components/pipeline/build/codeBuild";
import { withDefaults } from "../components/settings/settings";
import { PASSPORT } from "./config/delivery";
import type { DeliveryContext } from "./deliveryContext";
import { pipelineNameIn } from "./names";
import { builders } from "./parts/artifacts";
import type { ServiceDelivery } from "./serviceDelivery";

/**
 * Whether this stack's pipelines write and ask for passports: where deliveries are verified in roles of this stack, which
 * have what that takes, or where stack config says so.
 */
export function writesPassports({ config, verify, foundation }: DeliveryContext): boolean {
  const { confirm, release } = foundation.roles.builds;
  return config.passport !== undefined || (verify && confirm === undefined && release === undefined);
}

/** Key that signs and verifies passports. */
export function signingKeyOf({ config }: DeliveryContext): string | undefined {
  return config.passport?.signingKey?.existing;
}

/** Variables of a project that writes or reads passports of `stack`. */
export function passportProject(stack: string, context: DeliveryContext): Readonly<Record<string, string>> {
  if (!writesPassports(context)) return {};
  const key = signingKeyOf(context);
  if (key === undefined) return { PASSPORT_STACK: stack };
  const { algorithm } = withDefaults(PASSPORT, context.config.passport ?? {});
  return { PASSPORT_STACK: stack, PASSPORT_KEY: key, PASSPORT_ALGORITHM: algorithm };
}

/** What a run has been through before a passport is written: a step that comes after it is not known to pass. */
export interface PassedSteps {
  /** Whether the gate on scans has looked at the image. */
  readonly scanned: boolean;
  /** Tests, by the names of their actions. */
  readonly tests: readonly string[];
}

/** Variables of an action that writes one: its run, and what the gate on scans found if there was one before. */
export function passportAction(
  { config, imageOf }: ServiceDelivery,
  { scanned, tests }: PassedSteps,
  context: DeliveryContext,
  /** Where the workflow goes on to: it reads what passed before, and has looked at nothing itself. */
  promotion?: { readonly workflowName: string },
): Readonly<Record<string, string>> {
  if (!writesPassports(context)) return {};
  // An image has one passport: that of the service which brings it.
  if (imageOf) return { PASSPORT_STACK: NO_PASSPORT.PASSPORT_STACK };
  const run = { EXECUTION_ID: "#{codepipeline.PipelineExecutionId}", ...runOf(tests, context) };
  if (!scanned) return promotion ? { ...run, WORKFLOW_NAME: promotion.workflowName } : run;
  if (promotion) return { ...run, WORKFLOW_NAME: promotion.workflowName, SCAN_RESULT: PASSED_BEFORE };
  return { ...run, SCAN_RESULT: variableOf(`${config.name}-scan`, "SCAN_RESULT") };
}

/** What a release knows of the gate on scans: nothing is recorded as passed that it has not let through. */
const PASSED_BEFORE = "passed before the release";

/** What a workflow says of its own run; a pipeline is asked. */
function runOf(tests: readonly string[], { workflow }: DeliveryContext): Readonly<Record<string, string>> {
  if (!workflow) return {};
  return defined({ WORKFLOW_NAME: workflow.name, TESTS_PASSED: tests.length > 0 ? tests.join(" ") : undefined });
}

/** Whose run a passport tells of, and who signs it. */
export function passportRun(all: readonly ServiceDelivery[], context: DeliveryContext): PassportRunPermissionsArgs {
  const { stack, config, place } = context;
  // What a job knows of its own run, it says itself.
  if (context.workflow) return { pipelineArns: [], signingKeyArn: signingKeyOf(context) };
  const names =
    config.pipelines === "perService"
      ? builders(all).map((one) => pipelineNameIn(stack, one.config.name))
      : [pipelineNameIn(stack)];
  return {
    pipelineArns: names.map((name): Output<string> => regionalArn(place, "codepipeline", name)),
    signingKeyArn: signingKeyOf(context),
  };
}

/** ARN of a service's passports, where this stack's pipelines write them. */
export function passportArn(delivery: ServiceDelivery, context: DeliveryContext): Input<string> | undefined {
  return writesPassports(context) && !delivery.imageOf ? delivery.passport().arn : undefined;
}
