/** One field of a cron expression. */
interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the numbers, the first that of `min`. */
  readonly names?: readonly string[];
  /** Signs it takes, for messages. */
  readonly signs: string;
  /** Forms that are no list, range or step; they stand alone. */
  readonly alone?: RegExp;
  /** Whether a range may go over the end and begin anew: `22-2`, `FRI-MON`. @default true */
  readonly wraps?: false;
}

const LIST = ", - * /";
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * The fields of a cron expression of CodePipeline's, in order; the year may be left out.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
 */
const CRON_FIELDS: readonly CronField[] = [
  { name: "seconds", min: 0, max: 59, signs: LIST },
  { name: "minutes", min: 0, max: 59, signs: LIST },
  { name: "hours", min: 0, max: 23, signs: LIST },
  {
    name: "day of month",
    min: 1,
    max: 31,
    signs: ", - * ? / L W",
    alone: /^(?:\?|L(?:-(?:[12]?\d|30))?W?|(?:[1-9]|[12]\d|3[01])W)$/,
  },
  { name: "month", min: 1, max: 12, names: MONTHS, signs: LIST },
  {
    name: "day of week",
    min: 1,
    max: 7,
    names: DAYS,
    signs: ", - * ? / L #",
    alone: new RegExp(`^(?:\\?|L|(?:[1-7]|${DAYS.join("|")})(?:L|#[1-5]))$`),
  },
  { name: "year", min: 1970, max: 2199, signs: LIST, wraps: false },
];

/** What is wrong with a cron expression that says when a deployment may begin. */
export function checkCron(expression: string): readonly string[] {
  const given = fieldsIn(expression);
  if (given.length === 6 || given.length === 7) return checkFields(CRON_FIELDS, given);
  return [`expected 6 or 7 fields (${namesOf(CRON_FIELDS)}), got ${given.length}: "${expression}"`];
}

/** The fields of `cron(...)` in a schedule of EventBridge or Application Auto Scaling: no seconds, and always a year. */
const SCHEDULE_FIELDS = CRON_FIELDS.slice(1);

/** What is wrong with the fields in the brackets of a schedule's `cron(...)`. */
export function checkScheduleCron(expression: string): readonly string[] {
  const given = fieldsIn(expression);
  if (given.length === SCHEDULE_FIELDS.length) return checkFields(SCHEDULE_FIELDS, given);
  return [`expected 6 fields (${namesOf(SCHEDULE_FIELDS)}), got ${given.length}: "${expression}"`];
}

/** The five fields of a crontab; Sunday is 0 or 7 there, and no day is left open. */
const CRONTAB_FIELDS: readonly CronField[] = [
  { name: "minutes", min: 0, max: 59, signs: LIST },
  { name: "hours", min: 0, max: 23, signs: LIST },
  { name: "day of month", min: 1, max: 31, signs: LIST },
  { name: "month", min: 1, max: 12, names: MONTHS, signs: LIST },
  { name: "day of week", min: 0, max: 7, names: DAYS, signs: LIST },
];

/** What is wrong with the five fields of a crontab. */
export function checkCrontab(expression: string): readonly string[] {
  const given = fieldsIn(expression);
  if (given.length !== CRONTAB_FIELDS.length) {
    return [`expected 5 fields (${namesOf(CRONTAB_FIELDS)}), got ${given.length}: "${expression}"`];
  }
  return wrongFields(CRONTAB_FIELDS, given);
}

function fieldsIn(expression: string): string[] {
  return expression.toUpperCase().split(/\s+/).filter(Boolean);
}

function namesOf(fields: readonly CronField[]): string {
  return fields.map(({ name }) => name).join(", ");
}

function checkFields(fields: readonly CronField[], given: readonly string[]): readonly string[] {
  const wrong = wrongFields(fields, given);
  const [dayOfMonth = "", dayOfWeek = ""] = ["day of month", "day of week"].map(
    (day) => given[fields.findIndex(({ name }) => name === day)],
  );
  if ((dayOfMonth === "?") !== (dayOfWeek === "?")) return wrong;
  return [
    ...wrong,
    `exactly one of day of month and day of week is ?, the one that does not matter; got ${dayOfMonth} and ${dayOfWeek}`,
  ];
}

function wrongFields(fields: readonly CronField[], given: readonly string[]): string[] {
  return fields.flatMap((field, index) => {
    const text = given[index];
    return text === undefined || takes(field, text) ? [] : [fieldInWords(field, text)];
  });
}

function fieldInWords({ name, min, max, names, signs }: CronField, text: string): string {
  const named = names ? `${names[0] ?? ""}-${names.at(-1) ?? ""} or ` : "";
  return `${name}: expected ${named}${min}-${max} with ${signs}, got "${text}"`;
}

function takes(field: CronField, text: string): boolean {
  return field.alone?.test(text) === true || text.split(",").every((item) => takesItem(field, item));
}

/** `*`, `9`, `9-17`, and each with a step: `0/15`. */
function takesItem(field: CronField, item: string): boolean {
  const [range = "", step, ...more] = item.split("/");
  const [from = "", to, ...beyond] = range.split("-");
  if (more.length > 0 || beyond.length > 0) return false;
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= field.max)) return false;
  if (from === "*") return to === undefined;
  const first = numberIn(field, from);
  const last = to === undefined ? first : numberIn(field, to);
  if (first === undefined || last === undefined) return false;
  return first <= last || field.wraps !== false;
}

function numberIn({ min, max, names = [] }: CronField, text: string): number | undefined {
  const named = names.indexOf(text);
  if (named >= 0) return min + named;
  return /^\d{1,4}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined;
}
