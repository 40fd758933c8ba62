import { checkScheduleCron } from "./cron";

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
      return checkScheduleCron(inner);
    case "at":
      return isMoment(inner) ? [] : [`expected at(yyyy-mm-ddThh:mm:ss), got "${schedule}"`];
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

/** Whether a text is a moment that the calendar has: the 30th of February is none. */
export function isMoment(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return false;
  const time = Date.parse(`${text}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const DAY = 24 * 60 * 60 * 1000;

/** Whether a one-time schedule is over, in every time zone there is. */
export function isOver(schedule: string): boolean {
  const [, moment = ""] = /^at\((.*)\)$/.exec(schedule) ?? [];
  return isMoment(moment) && Date.parse(`${moment}Z`) + DAY < Date.now();
}

/**
 * A schedule of five fields, as crontab has it, in AWS's six: a year, `?` for the day that does not matter, and Sunday as 1.
 * Undefined where a crontab means either of two days, which AWS cannot say.
 */
export function fromCrontab(crontab: string): string | undefined {
  const [minute, hour, day, month, weekday, ...more] = crontab.trim().split(/\s+/);
  if (minute === undefined || hour === undefined || day === undefined || month === undefined) return undefined;
  if (weekday === undefined || more.length > 0 || (day !== "*" && weekday !== "*")) return undefined;
  const days = weekday === "*" ? "?" : weekday.replace(/(?<![#/])\b[0-7]\b/g, (one) => String((Number(one) % 7) + 1));
  const found = `cron(${minute} ${hour} ${weekday === "*" ? day : "?"} ${month} ${days} *)`;
  return checkSchedule(found).length === 0 ? found : undefined;
}
