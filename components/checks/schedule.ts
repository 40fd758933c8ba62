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
