import assert from "node:assert/strict";
import { checkCron } from "../../../components/checks/cron";

const GOOD: readonly (readonly [what: string, cron: string])[] = [
  ["weekdays from nine to five", "* * 9-16 ? * MON-FRI"],
  ["AWS's own example", "0 0 9-17 ? * MON-FRI *"],
  ["fields apart by any space", " *  *\t9-16 ? * MON-FRI "],
  ["small letters", "* * 9-16 ? jan-dec mon,wed,fri"],
  ["numbers of days and months", "* * * ? 1-12 2-6 2025-2030"],
  ["steps from a number, in a range and of everything", "0/15 */10 8-18/2 1/7 * ?"],
  ["lists of ranges", "* * 9-11,14-16 ? * TUE-THU"],
  ["ranges over midnight, the weekend and the new year", "* * 22-2 ? NOV-FEB FRI-MON"],
  ["the last day of the month, and days before it", "* * * L * ?"],
  ["a day before the last", "* * * L-3 * ?"],
  ["the last weekday of the month", "* * * LW * ?"],
  ["the weekday nearest to a day", "* * * 15W * ?"],
  ["the last Friday of the month", "* * * ? * 6L"],
  ["Saturday as the last day of the week", "* * * ? * L"],
  ["the third Friday of the month", "* * * ? * FRI#3"],
];

const BAD: readonly (readonly [what: string, cron: string, problems: readonly string[]])[] = [
  [
    "the five fields of other crons",
    "0 9 * * 1-5",
    [
      "expected 6 or 7 fields (seconds, minutes, hours, day of month, month, day of week, year), got 5: " +
        '"0 9 * * 1-5"',
    ],
  ],
  [
    "nothing",
    " ",
    ['expected 6 or 7 fields (seconds, minutes, hours, day of month, month, day of week, year), got 0: " "'],
  ],
  [
    "the six fields of EventBridge, which begin with minutes",
    "0 9 ? * MON-FRI *",
    [
      'hours: expected 0-23 with , - * /, got "?"',
      'month: expected JAN-DEC or 1-12 with , - * /, got "MON-FRI"',
      "exactly one of day of month and day of week is ?, the one that does not matter; got * and *",
    ],
  ],
  [
    "both days open",
    "* * * * * *",
    ["exactly one of day of month and day of week is ?, the one that does not matter; got * and *"],
  ],
  [
    "neither day said",
    "* * * ? * ?",
    ["exactly one of day of month and day of week is ?, the one that does not matter; got ? and ?"],
  ],
  [
    "numbers that no field has",
    "60 60 24 0 13 8 1969",
    [
      'seconds: expected 0-59 with , - * /, got "60"',
      'minutes: expected 0-59 with , - * /, got "60"',
      'hours: expected 0-23 with , - * /, got "24"',
      'day of month: expected 1-31 with , - * ? / L W, got "0"',
      'month: expected JAN-DEC or 1-12 with , - * /, got "13"',
      'day of week: expected SUN-SAT or 1-7 with , - * ? / L #, got "8"',
      'year: expected 1970-2199 with , - * /, got "1969"',
      "exactly one of day of month and day of week is ?, the one that does not matter; got 0 and 8",
    ],
  ],
  ["months from nought", "* * * ? 0-11 MON", ['month: expected JAN-DEC or 1-12 with , - * /, got "0-11"']],
  ["years backwards", "* * * ? * MON 2030-2025", ['year: expected 1970-2199 with , - * /, got "2030-2025"']],
];

/** Each stands in the hours of an expression that is right otherwise. */
const BAD_HOURS = [
  "",
  "9-",
  "-9",
  "9-12-15",
  "9/0",
  "9/24",
  "/2",
  "9/2/2",
  "*-9",
  "9,",
  "9;10",
  "L",
  "9W",
  "MON",
  "09:00",
];
const BAD_DAYS_OF_MONTH = ["32W", "0W", "L-31", "1L", "L,15", "?,1", "15W,20W", "MON", "6#3"];
const BAD_DAYS_OF_WEEK = ["MON#6", "MON#0", "8L", "6#3,2", "MON-FRY", "15W", "LW", "MONDAY"];

describe("checkCron", () => {
  for (const [what, cron] of GOOD) it(`takes ${what}`, () => assert.deepEqual(checkCron(cron), []));

  for (const [what, cron, problems] of BAD) it(`refuses ${what}`, () => assert.deepEqual(checkCron(cron), problems));

  const refused = (texts: readonly string[], cron: (text: string) => string) =>
    assert.deepEqual(
      texts.filter((text) => checkCron(cron(text)).length === 0),
      [],
    );
  it("refuses hours that are none", () => refused(BAD_HOURS, (hours) => `* * ${hours} ? * MON`));
  it("refuses days of the month that are none", () => refused(BAD_DAYS_OF_MONTH, (day) => `* * * ${day} * ?`));
  it("refuses days of the week that are none", () => refused(BAD_DAYS_OF_WEEK, (day) => `* * * ? * ${day}`));
});
