import assert from "node:assert/strict";
import { checkTimeZone } from "../../../components/checks/timeZone";

describe("checkTimeZone", () => {
  const good = ["UTC", "UTC+02:00", "UTC-03:30", "Europe/Paris", "America/New_York", "America/Port-au-Prince"];
  for (const zone of good) it(`takes ${zone}`, () => assert.equal(checkTimeZone(zone), undefined));

  const bad: Readonly<Record<string, string>> = {
    "": "nothing",
    CET: "an abbreviation",
    "UTC+2": "an offset without minutes",
    "UTC+15:00": "an offset that no place has",
    "Europe/Pariss": "a city that is none",
    "europe/paris": "small letters",
    "America/New_york": "a small letter inside",
    "America/Indiana/Knox": "three parts",
  };
  for (const [zone, what] of Object.entries(bad)) {
    it(`refuses ${what}`, () =>
      assert.equal(
        checkTimeZone(zone),
        `expected Region/City like Europe/Paris, or UTC with or without an offset like UTC+02:00, got "${zone}"`,
      ));
  }
});
