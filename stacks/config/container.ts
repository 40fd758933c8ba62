import { z } from "zod";
import { REPORTS, TEST_COMMANDS } from "../../components/build/buildspec/unitTest";
import { HEALTH_CHECK } from "../../components/loadBalancer/settings";
import { CONTAINER, SIDECAR } from "../../components/service/container";
import { SCALING, SCALING_SCHEDULE } from "../../components/service/scaling";
import { SCHEDULED_TASK } from "../../components/service/scheduledTask";
import { PATH } from "../../components/settings/paths";
import { listSetting, text } from "../../components/settings/setting";
import { settings, withDefaults } from "../../components/settings/settings";
import { OWN_NAME } from "../../components/settings/times";
import { rule } from "./rule";

const HEALTH_CHECK_TIMES = z.object({
  timeoutSeconds: HEALTH_CHECK.timeoutSeconds,
  intervalSeconds: HEALTH_CHECK.intervalSeconds,
});

/** The load balancer's health check. */
export const healthCheckSchema = z.strictObject(HEALTH_CHECK).refine(
  ...rule(
    HEALTH_CHECK_TIMES,
    (given) => {
      const { timeoutSeconds, intervalSeconds } = withDefaults(HEALTH_CHECK, given);
      return timeoutSeconds < intervalSeconds ? undefined : `fewer seconds than intervalSeconds, ${intervalSeconds}`;
    },
    { path: ["timeoutSeconds"], mend: (given) => Math.max(2, withDefaults(HEALTH_CHECK, given).intervalSeconds - 1) },
  ),
);

const atLeastTheFewest = rule(
  z.object({ minCapacity: SCALING.minCapacity, maxCapacity: SCALING.maxCapacity }),
  ({ minCapacity, maxCapacity }) => (minCapacity <= maxCapacity ? undefined : `at least minCapacity, ${minCapacity}`),
  { path: ["maxCapacity"], mend: ({ minCapacity }) => minCapacity },
);

/** A variable is plain or secret: ECS refuses a task definition that has one as both. */
const variablesOnce = rule(
  z.looseObject({ environment: z.record(z.string(), z.unknown()), secrets: z.record(z.string(), z.unknown()) }),
  ({ environment, secrets }) => {
    const twice = Object.keys(environment).find((name) => name in secrets);
    return twice === undefined ? undefined : `nothing: ${twice} is among the secrets already`;
  },
  {
    path: ["environment"],
    at: ({ environment, secrets }) =>
      Object.keys(environment)
        .filter((name) => name in secrets)
        .slice(0, 1),
    remove: true,
  },
);

/** The container that serves. */
export const containerSchema = z.strictObject(CONTAINER).refine(...variablesOnce);

/** A container beside it. */
export const sidecarSchema = z.strictObject(SIDECAR).refine(...variablesOnce);

/** How many tasks run, by load. */
export const SERVICE_SCALING = settings({
  ...SCALING,
  /** Other limits at certain times. @default - none */
  schedules: listSetting(z.strictObject(SCALING_SCHEDULE).refine(...atLeastTheFewest), {
    min: 1,
    max: 20,
    distinct: true,
  }).optional(),
});

/** How many tasks run, by load. */
export const scalingSchema = z.strictObject(SERVICE_SCALING).refine(...atLeastTheFewest);

/** A command of the service's own image, at certain times. */
export const SERVICE_TASK = settings({
  /** Name of the task. */
  name: text(OWN_NAME, { example: "clean-up" }),
  ...SCHEDULED_TASK,
});

/** Something to run: a list of commands, or a buildspec of one's own. */
export const runsSomething = rule(
  z.object({
    commands: z.unknown().optional(),
    buildspec: z.unknown().optional(),
    project: z.unknown().optional(),
  }),
  ({ commands, buildspec, project }) =>
    commands || buildspec || project ? undefined : "a list of commands, or a buildspec of your own",
  { path: ["commands"] },
);

/** A buildspec of one's own says what runs: what stands beside it would be left out without a word. */
export const runsOneThing = (["commands", "runtimeVersions"] as const).map((key) =>
  rule(
    z.looseObject({ buildspec: z.unknown().optional(), [key]: z.unknown().optional() }),
    ({ buildspec, [key]: other }) =>
      buildspec !== undefined && other !== undefined
        ? "nothing beside buildspec: your own buildspec says what runs"
        : undefined,
    { path: [key], remove: true },
  ),
);

/** What runs tests, in stack config. */
export const TESTS = settings({
  /** Your own buildspec, a path in the repository. @default - generated from `commands` */
  buildspec: text(PATH, { example: "ci/unit-tests.yml" }).optional(),
  ...TEST_COMMANDS,
  /** Test reports to publish. @default - none */
  reports: z.strictObject(REPORTS).optional(),
});

/** Unit tests before the image build. */
export const unitTestsSchema = runsOneThing.reduce(
  (schema, one) => schema.refine(...one),
  z.strictObject(TESTS).refine(...runsSomething),
);
