import assert from "node:assert/strict";
import { checkSchedule } from "../../../components/checks/schedule";

const GOOD = [
  "rate(1 minute)",
  "rate(5 minutes)",
  "rate(1 hour)",
  "rate(7 days)",
  "at(2026-12-31T23:00:00)",
  "cron(0 3 * * ? *)",
  "cron(30 7 ? * MON-FRI *)",
  "cron(0/15 8-17 ? * 2-6 2026)",
  "cron(0 0 L * ? *)",
  "cron(0 12 1W JAN,JUL ? *)",
  "cron(0 9 ? * 6L *)",
  "cron(0 9 ? * 2#1 *)",
];
const BAD: Record<string, RegExp> = {
  "every night": /expected rate\(5 minutes\), cron\(0 3 \* \* \? \*\) or at\(.*\), got "every night"/,
  "rate(1 minutes)": /expected rate\(1 minute\), got/,
  "rate(5 minute)": /expected rate\(5 minutes\), got/,
  "rate(0 minutes)": /expected rate\(<number> minutes\|hours\|days\)/,
  "at(2026-13-01T00:00:00)": /expected at\(yyyy-mm-ddThh:mm:ss\)/,
  "cron(0 3 * * *)": /expected 6 fields \(minutes, hours, .*\), got 5/,
  "cron(0 3 * * * *)": /exactly one of day of month and day of week is \?/,
  "cron(0 3 ? * ? *)": /exactly one of day of month/,
  "cron(60 3 * * ? *)": /minutes: expected 0-59 .* got "60"/,
  "cron(0 24 * * ? *)": /hours: .* got "24"/,
  "cron(0 3 ? FEB-MAI MON *)": /month: .* got "FEB-MAI"/,
  "cron(0 3 ? * 8 *)": /day of week: .* got "8"/,
};

describe("checkSchedule", () => {
  for (const schedule of GOOD) it(`takes ${schedule}`, () => assert.deepEqual(checkSchedule(schedule), []));
  for (const [schedule, message] of Object.entries(BAD)) {
    it(`refuses ${schedule}`, () => assert.match(checkSchedule(schedule).join("\n"), message));
  }
});
