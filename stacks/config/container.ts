import { z } from "zod";
import { BUILDSPEC_MAX } from "../../components/build/buildspec/packed";
import { REPORTS, TEST_COMMANDS } from "../../components/build/buildspec/unitTest";
import { eventPatternProblems } from "../../components/checks/eventPattern";
import { HEALTH_CHECK } from "../../components/loadBalancer/settings";
import { CONTAINER, SIDECAR } from "../../components/service/container";
import { EVENT_TASK, unknownPlaceholder, unusedPlaceholder } from "../../components/service/eventTask";
import { SCALING, SCALING_SCHEDULE } from "../../components/service/scaling";
import { SCHEDULED_TASK } from "../../components/service/scheduledTask";
import { PATH } from "../../components/settings/paths";
import { listSetting, text } from "../../components/settings/setting";
import { settings, withDefaults } from "../../components/settings/settings";
import { OWN_NAME } from "../../components/settings/times";
import { existingOrCreated } from "./existing";
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
  /** Queue that gets what could not be started; an alarm tells the topic. @default - it is forgotten */
  deadLetterQueue: existingOrCreated("queue", "clean-up-not-started").optional(),
});

/** A command of the service's own image, for each event of a kind. */
export const SERVICE_EVENT_TASK = settings({
  /** Name of the task. */
  name: text(OWN_NAME, { example: "import" }),
  ...EVENT_TASK,
  /**
   * Queue that gets the events for which no task could be started; an alarm tells the topic. The policy of one that is there
   * already has to admit `events.amazonaws.com` to `sqs:SendMessage`. @default - they are forgotten
   */
  deadLetterQueue: existingOrCreated("queue", "import-not-started").optional(),
});

const eventPatternRule = rule(
  z.looseObject({ eventPattern: z.looseObject({}) }),
  ({ eventPattern }) => eventPatternProblems(eventPattern)[0]?.expected,
  { path: ["eventPattern"], at: ({ eventPattern }) => eventPatternProblems(eventPattern)[0]?.path ?? [] },
);

const withPlaceholders = z.looseObject({
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()).optional(),
  inputPathsMap: z.record(z.string(), z.string()).optional(),
});

const knownPlaceholders = rule(
  withPlaceholders,
  (task) => {
    const name = unknownPlaceholder(task, task.inputPathsMap);
    return name && `the path in the event of <${name}>, which stands in command or environment`;
  },
  { path: ["inputPathsMap"], at: (task) => [unknownPlaceholder(task, task.inputPathsMap) ?? ""] },
);

const usedPlaceholders = rule(
  withPlaceholders,
  (task) => {
    const name = unusedPlaceholder(task, task.inputPathsMap);
    return name && `nothing: <${name}> stands in no command and no variable`;
  },
  {
    path: ["inputPathsMap"],
    at: (task) =>
      Object.keys(task.inputPathsMap ?? {}).length > 1 ? [unusedPlaceholder(task, task.inputPathsMap) ?? ""] : [],
    remove: true,
  },
);

/** A command of the service's own image, for each event of a kind. */
export const eventTaskSchema = [eventPatternRule, knownPlaceholders, usedPlaceholders].reduce(
  (schema, one) => schema.refine(...one),
  z.strictObject(SERVICE_EVENT_TASK),
);

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
const runsOneThing = (["commands", "runtimeVersions"] as const).map((key) =>
  rule(
    z.looseObject({ buildspec: z.unknown().optional(), [key]: z.unknown().optional() }),
    ({ buildspec, [key]: other }) =>
      buildspec !== undefined && other !== undefined
        ? "nothing beside buildspec: your own buildspec says what runs"
        : undefined,
    { path: [key], remove: true },
  ),
);

/** Characters that commands may have: the rest of a buildspec is for what the program puts around them. */
const COMMANDS_MAX = BUILDSPEC_MAX - 5_600;

/** Commands stand in the buildspec of a project, whose length CodeBuild limits. */
export const commandsFit = rule(
  z.object({ commands: z.array(z.string()) }),
  ({ commands }) => {
    const { length } = JSON.stringify(commands);
    return length <= COMMANDS_MAX
      ? undefined
      : `at most ${COMMANDS_MAX} characters in all, which is what CodeBuild has room for, got ${length}; put them into a script of the repository, and call that`;
  },
  { path: ["commands"] },
);

/** What cannot be right of commands, or beside a buildspec of one's own. */
export const COMMAND_RULES = [...runsOneThing, commandsFit];

/** What runs tests, in stack config. */
export const TESTS = settings({
  /** Your own buildspec, a path in the repository. @default - generated from `commands` */
  buildspec: text(PATH, { example: "ci/unit-tests.yml" }).optional(),
  ...TEST_COMMANDS,
  /** Test reports to publish. @default - none */
  reports: z.strictObject(REPORTS).optional(),
});

/** Unit tests before the image build. */
export const unitTestsSchema = COMMAND_RULES.reduce(
  (schema, one) => schema.refine(...one),
  z.strictObject(TESTS).refine(...runsSomething),
);
