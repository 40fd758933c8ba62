import type { PipelineAction } from "../components/pipeline/action";
import type { DeliveryContext } from "./deliveryContext";
import { approval, quiet, window } from "./parts/approval";
import { builders } from "./parts/artifacts";
import { beforeDeployment } from "./parts/beforeDeployment";
import { commitOf, imageBuild, runImage, unitTests } from "./parts/builds";
import { confirmation } from "./parts/confirm";
import { confirmRelease, deployRelease, type Release, release } from "./parts/release";
import { defineSources, type Sources } from "./parts/sources";
import { environmentTests, recordPassed, scan } from "./parts/tests";
import { askReviewers, checkout, waiting } from "./parts/workflow";
import type { PipelineParts } from "./profile";
import type { ServiceDelivery } from "./serviceDelivery";

/**
 * The steps of one pipeline, which delivers `deliveries`. A step's resources are made when a profile asks for the step;
 * projects that serve the whole stack serve `all` of its services.
 */
export function pipelineParts(
  deliveries: readonly ServiceDelivery[],
  all: readonly ServiceDelivery[],
  context: DeliveryContext,
): PipelineParts {
  const { workflow } = context;
  const sources = workflow ? checkout(deliveries, workflow) : defineSources(deliveries, context);
  return partsOf(deliveries, { all, context, sources, scanned: new Set(), tested: new Set() });
}

interface Pipeline {
  readonly all: readonly ServiceDelivery[];
  readonly context: DeliveryContext;
  readonly sources: Sources;
  /** Services whose images the gate on scans has looked at, as far as the profile has arranged its steps. */
  readonly scanned: Set<string>;
  /** Tests that come before the step that is arranged next, by the names of their actions. */
  readonly tested: Set<string>;
}

function partsOf(deliveries: readonly ServiceDelivery[], pipeline: Pipeline): PipelineParts {
  const { all, context, sources, scanned, tested } = pipeline;
  const { gates: { maximumScanSeverity: severity } = {} } = context.config;
  const commit = (delivery: ServiceDelivery) => commitOf(delivery, sources.of(delivery), context);
  const { target } = context;
  // A variable of a gate that is not in the pipeline would stop it: profiles arrange steps in the order of a run.
  const run = (delivery: ServiceDelivery) => ({
    commit: commit(delivery),
    scanned: scanned.has((delivery.imageOf ?? delivery).config.name),
    tests: [...tested],
  });
  const testing = (actions: PipelineAction[]): PipelineAction[] => {
    for (const { declaration } of actions) tested.add(declaration.name);
    return actions;
  };
  const releases = (): readonly Release[] =>
    target ? deliveries.map((delivery) => ({ delivery, target, run: run(delivery) })) : [];
  // An image that several services run is built, looked at, recorded and released once.
  const own = builders(deliveries);
  return {
    source: () => [...sources.actions],
    approval: () => [context.workflow ? askReviewers(context.workflow) : approval(deliveries, sources, context)],
    unitTests: () => testing(own.flatMap((one) => unitTests(one, sources.of(one), context))),
    imageBuild: () => own.flatMap((one) => imageBuild(one, sources.of(one), context)),
    scan: () => {
      if (severity === undefined) return [];
      for (const { config } of own) scanned.add(config.name);
      return own.map((one) => scan(one, severity, all, context));
    },
    beforeDeployment: () => deliveries.flatMap((one) => beforeDeployment(one, context)),
    deploy: () =>
      deliveries.map((one) => {
        const action = one.deployment.deployAction({
          name: `${one.config.name}-deploy`,
          input: runImage(one).artifact,
        });
        return context.workflow ? waiting(action, context.strategyOf(one.config)) : action;
      }),
    confirm: () => deliveries.flatMap((one) => confirmation(one, run(one), all, context)),
    tests: (...names) => testing(environmentTests(names, { deliveries, all, sources }, context)),
    recordPassed: () => own.map((one) => recordPassed(one, run(one), all, context)),
    release: () =>
      releases()
        .filter(({ delivery }) => !delivery.imageOf)
        .map((one) => release(one, context)),
    deployRelease: () => releases().map((one) => deployRelease(one, context)),
    confirmRelease: () => releases().map((one) => confirmRelease(one, all, context)),
    window: () => window(context),
    quiet: () => quiet(context),
    only: (...services) => partsOf(chosen(services, deliveries), pipeline),
  };
}

function chosen(services: readonly string[], deliveries: readonly ServiceDelivery[]): ServiceDelivery[] {
  return services.map((name) => {
    const found = deliveries.find(({ config }) => config.name === name);
    if (!found) throw new Error(`the profile names service "${name}", which stack config does not have`);
    return found;
  });
}
