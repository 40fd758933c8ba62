import assert from "node:assert/strict";
import { minutesInWords } from "../../../components/settings/minutesInWords";

describe("minutesInWords", () => {
  it("says minutes up to two hours, then hours and days", () => {
    assert.deepEqual([0, 1, 30, 90, 120, 150, 1440, 1500, 10080, 20161].map(minutesInWords), [
      "0 minutes",
      "1 minute",
      "30 minutes",
      "90 minutes",
      "2 hours",
      "2 hours 30 minutes",
      "1 day",
      "1 day 1 hour",
      "7 days",
      "14 days 1 minute",
    ]);
  });
});
