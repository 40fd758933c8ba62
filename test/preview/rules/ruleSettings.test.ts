import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TYPES } from "../../../model/graph/resources";
import { findingsOf, rules } from "../../../preview/rules";
import { readRuleSettings } from "../../../preview/rules/ruleSettings";
import { graphOf, resource } from "./handMade";

describe("settings of rules", () => {
  const folder = mkdtempSync(join(tmpdir(), "rules-"));
  const file = join(folder, "settings.json");
  after(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    writeFileSync(file, text);
    return readRuleSettings(file, rules);
  };
  const graph = graphOf(
    resource(TYPES.logGroup, "web", {}),
    resource(TYPES.repository, "web", {
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
  const levels = (text: string) =>
    Object.fromEntries(findingsOf(graph, read(text)).map(({ rule, level }) => [rule, level]));

  it("change nothing where they say nothing", () => {
    assert.deepEqual(levels("{}"), { "moving-tag": "error", "logs-kept-forever": "notice" });
  });

  it("switch a rule off, make one stricter, one milder", () => {
    assert.deepEqual(levels('{ "moving-tag": "disabled" }'), { "logs-kept-forever": "notice" });
    assert.deepEqual(levels('{ "logs-kept-forever": "mandatory" }'), {
      "moving-tag": "error",
      "logs-kept-forever": "error",
    });
    assert.deepEqual(levels('{ "moving-tag": { "enforcementLevel": "advisory" } }'), {
      "moving-tag": "warning",
      "logs-kept-forever": "notice",
    });
  });

  it("are for all that is not named", () => {
    assert.deepEqual(levels('{ "all": "disabled", "moving-tag": "mandatory" }'), { "moving-tag": "error" });
  });

  it("hand options on", () => {
    assert.deepEqual(levels('{ "all": "disabled", "missing-tag": { "tags": ["owner"] } }'), { "missing-tag": "error" });
  });

  it("are refused with the file, the rule and what is expected, all at once", () => {
    assert.throws(
      () =>
        read('{ "moving-tags": "advisory", "limits": "off", "logs-kept-forever": { "maximumDays": "x", "days": 3 } }'),
      (error: Error) => {
        const lines = error.message.split("\n");
        assert.equal(lines.length, 4, error.message);
        assert.ok(lines.every((line) => line.startsWith(`${file}, `)));
        assert.match(lines[0] ?? "", /moving-tags: no rule has this name; did you mean moving-tag\?/);
        assert.match(lines[1] ?? "", /limits: expected mandatory, advisory or disabled, got "off"/);
        assert.match(lines[2] ?? "", /logs-kept-forever\.maximumDays: .*expected/i);
        assert.match(lines[3] ?? "", /logs-kept-forever: Unrecognized key: "days"/);
        return true;
      },
    );
    assert.throws(
      () => read('{ "secret-in-plain-text": { "names": ["("] } }'),
      /secret-in-plain-text\.names\.0: expected a regular expression/,
    );
    assert.throws(() => read("["), /settings\.json: .*; correct the JSON/s);
    assert.throws(() => read("[]"), /expected an object of rules/);
    assert.throws(() => readRuleSettings(join(folder, "none.json"), rules), /there is no such file/);
  });
});
