import { checkSchedule, fromCrontab } from "../checks/schedule";
import { checkTimeZone } from "../checks/timeZone";
import { checkedText } from "./setting";

/** When something happens, as EventBridge Scheduler and Application Auto Scaling take it. */
export const SCHEDULE = checkedText(checkSchedule, "rate(5 minutes), cron(0 3 * * ? *) or at(2026-12-31T23:00:00)", {
  example: "cron(0 7 ? * MON-FRI *)",
  meant: (given) => (typeof given === "string" ? fromCrontab(given) : undefined),
});

/** Whose clock a schedule means. */
export const TIME_ZONE = checkedText(checkTimeZone, "a time zone like Europe/Paris or UTC+02:00", {
  default: "UTC",
  example: "Europe/Paris",
});

/** A name among others of its kind in a service. */
export const OWN_NAME = {
  pattern: /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/,
  max: 30,
  expected: "up to 30 lower-case letters, digits and hyphens",
};
