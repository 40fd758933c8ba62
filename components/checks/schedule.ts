/**
 * What is wrong with a schedule as EventBridge Scheduler and Application Auto Scaling take it: `rate(...)`, `cron(...)` of
 * six fields, `at(...)`.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function checkSchedule(schedule: string): readonly string[] {
  const [, kind = "", inner = ""] = /^(rate|cron|at)\((.*)\)$/.exec(schedule) ?? [];
  switch (kind) {
    case "rate":
      return checkRate(inner, schedule);
    case "cron":
      return checkFields(inner.split(" "), schedule);
    case "at":
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) && !Number.isNaN(Date.parse(inner))
        ? []
        : [`expected at(yyyy-mm-ddThh:mm:ss), got "${schedule}"`];
    default:
      return [`expected rate(5 minutes), cron(0 3 * * ? *) or at(2026-12-31T23:00:00), got "${schedule}"`];
  }
}

function checkRate(inner: string, schedule: string): string[] {
  const [, count = "", unit = ""] = /^(\d+) (minute|hour|day)s?$/.exec(inner) ?? [];
  if (unit === "" || Number(count) < 1) return [`expected rate(<number> minutes|hours|days), got "${schedule}"`];
  return (Number(count) === 1) === inner.endsWith("s")
    ? [`expected ${count === "1" ? `rate(1 ${unit})` : `rate(${count} ${unit}s)`}, got "${schedule}"`]
    : [];
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** The fields of `cron(...)`: name, least, most, names for numbers. */
const FIELDS = [
  ["minutes", 0, 59, []],
  ["hours", 0, 23, []],
  ["day of month", 1, 31, []],
  ["month", 1, 12, MONTHS],
  ["day of week", 1, 7, DAYS],
  ["year", 1970, 2199, []],
] as const;

function checkFields(fields: readonly string[], schedule: string): string[] {
  if (fields.length !== FIELDS.length) {
    return [`expected cron(${FIELDS.map(([name]) => name).join(" ")}), got ${fields.length} fields in "${schedule}"`];
  }
  const wrong = FIELDS.flatMap(([name, least, most, names], index) => {
    const field = fields[index] ?? "";
    const days = name.startsWith("day of");
    if (days && (field === "?" || /^(?:L|\d+[WL#]\d?|LW)$/.test(field))) return [];
    return field.split(",").every((part) => isPart(part, least, most, names)) ? [] : [`${name} "${field}"`];
  });
  const open = [fields[2], fields[4]].filter((field) => field === "?").length;
  return [
    ...wrong.map((field) => `expected what a cron field takes, got ${field} in "${schedule}"`),
    ...(open === 1 ? [] : [`expected ? for exactly one of day of month and day of week, got "${schedule}"`]),
  ];
}

/** `*`, a value, a range, each perhaps with a step. */
function isPart(part: string, least: number, most: number, names: readonly string[]): boolean {
  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0 || (step !== undefined && !(Number(step) >= 1 && Number(step) <= most))) return false;
  if (range === "*") return true;
  const ends = range
    .split("-")
    .map((end) => (names.includes(end.toUpperCase()) ? names.indexOf(end.toUpperCase()) + 1 : end));
  return (
    ends.length <= 2 && ends.every((end) => /^\d+$/.test(String(end)) && Number(end) >= least && Number(end) <= most)
  );
}
