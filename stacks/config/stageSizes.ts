import { z } from "zod";
import { declare, type PipelineAction } from "../../components/pipeline/action";
import { ACTIONS_IN_STAGE, splits } from "../../components/pipeline/largeStages";
import type { PipelineParts } from "../profile";
import type { Profiles } from "../profiles";
import { type Verifying, verifies } from "../verify";
import { STACK_KEYS } from "./keys";
import { type RuleParams, rule } from "./rule";

const given = z.unknown().optional();

/** The fields that say how many actions a pipeline has for its services. */
const delivering = z.looseObject({
  environment: z.string(),
  pipelines: z.string().optional(),
  deliveredBy: given,
  delivery: given,
  releaseTo: z.looseObject({ stack: z.string() }).optional(),
  confirmProject: given,
  verify: STACK_KEYS.verify,
  gates: z.looseObject({ maximumScanSeverity: given }).optional(),
  services: z.array(
    z.looseObject({ name: z.string(), service: given, imageOf: given, projects: z.looseObject({}).optional() }),
  ),
  tests: z.array(z.looseObject({ name: z.string(), project: given })).optional(),
});
type Delivering = z.output<typeof delivering>;

/** A stage that one pipeline for all services cannot hold. */
interface FullStage {
  readonly name: string;
  readonly actions: number;
}

/**
 * One pipeline holds no more services than the actions of its stages that cannot be parted. With a pipeline for each service
 * there is room for all.
 */
export function stageSizes(known: Profiles): [check: (value: unknown) => boolean, how: RuleParams][] {
  const full = (config: Delivering) => (config.pipelines === "perService" ? undefined : fullStage(config, known));
  return [
    rule(
      delivering,
      (config) => {
        const stage = config.releaseTo ? undefined : full(config);
        return stage && `perService: ${said(stage)}`;
      },
      { path: ["pipelines"], mend: () => "perService" },
    ),
    rule(
      delivering,
      (config) => {
        const stage = config.releaseTo && full(config);
        return (
          stage &&
          `at most ${most(config, known)} services where releaseTo wants one pipeline: ${said(stage)}; part the stack`
        );
      },
      { path: ["services"] },
    ),
  ];
}

function said({ name, actions }: FullStage): string {
  return `stage ${name} would have ${actions} actions, CodePipeline takes ${ACTIONS_IN_STAGE}`;
}

function most(config: Delivering, known: Profiles): number {
  const { services } = config;
  const counts = services.map((_, index) => index + 1);
  return counts.filter((count) => !fullStage({ ...config, services: services.slice(0, count) }, known)).at(-1) ?? 0;
}

function fullStage(config: Delivering, known: Profiles): FullStage | undefined {
  const profile = known[config.environment];
  if (!profile || config.deliveredBy !== undefined || config.delivery !== undefined) return undefined;
  const verify = verifies(profile, verifying(config));
  return profile
    .stages(countedParts(config, verify))
    .filter(splitsNot)
    .map(({ name, actions }) => ({ name, actions: actions.length }))
    .find(({ actions }) => actions > ACTIONS_IN_STAGE);
}

function splitsNot(stage: Parameters<typeof splits>[0]): boolean {
  return !splits(stage);
}

function verifying({ verify, services, tests, gates, releaseTo }: Delivering): Verifying {
  return { verify, services, tests, gates, releaseTo };
}

/** As many actions as each step of a pipeline has, of nothing. */
function countedParts(config: Delivering, verify: boolean): PipelineParts {
  const { services, tests = [], releaseTo } = config;
  const each = (count: number) => () => actions(services.length * count);
  const where = (is: boolean) => each(is ? 1 : 0);
  const images = services.filter(({ imageOf }) => imageOf === undefined).length;
  const eachImage = (is = true) => actions(is ? images : 0);
  return {
    source: () => actions(1),
    approval: () => actions(1),
    // What builds stands in stages that can be parted.
    unitTests: eachImage,
    imageBuild: eachImage,
    scan: () => eachImage(config.gates?.maximumScanSeverity !== undefined),
    // A stage of its own, which can be parted.
    beforeDeployment: each(1),
    deploy: each(1),
    confirm: where(verify || config.confirmProject !== undefined),
    tests: (...names) => actions(tests.filter(({ name }) => names.length === 0 || names.includes(name)).length),
    recordPassed: eachImage,
    release: () => eachImage(releaseTo !== undefined),
    deployRelease: where(releaseTo !== undefined),
    confirmRelease: where(releaseTo !== undefined),
    window: () => [],
    quiet: () => [],
    only: (...names) => {
      const chosen = services.filter(({ name }) => names.includes(name));
      return countedParts({ ...config, services: chosen }, verify);
    },
  };
}

function actions(count: number): PipelineAction[] {
  return Array.from({ length: count }, (_, index) => ({
    declaration: declare("Build", "CodeBuild", { name: String(index) }),
    permissions: [],
  }));
}
