import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TaskStopCode } from "@aws-sdk/client-ecs";
import { causeOf, isRoutine, STOP_CAUSES } from "../../../components/service/stopCauses";
import { mapOf, mapsOf, textOf } from "../../../model/graph/read";
import { ROOT } from "../../support/stack";

const schema = mapOf(JSON.parse(readFileSync(join(ROOT, "ecs-delivery.schema.json"), "utf8")));

/** Whether a setting of the stack file goes by a path. */
function isSetting(path: string): boolean {
  const keys = path.split(".");
  const config = mapOf(mapOf(schema.properties).config);
  return reaches(config, [`ecs-delivery:${keys[0] ?? ""}`, ...keys.slice(1)]);
}

function reaches(given: unknown, keys: readonly string[]): boolean {
  const ref = textOf(mapOf(given).$ref)?.split("/").at(-1);
  const at = ref === undefined ? mapOf(given) : mapOf(mapOf(schema.$defs ?? schema.definitions)[ref]);
  const [key, ...others] = keys;
  if (key === undefined) return true;
  const others_ = [...mapsOf(at.anyOf), ...mapsOf(at.oneOf), ...mapsOf(at.allOf)];
  const name = key.replace("[]", "");
  const there = mapOf(at.properties)[name];
  if (there === undefined) return others_.some((one) => reaches(one, keys));
  return key.endsWith("[]") ? items(there).some((one) => reaches(one, others)) : reaches(there, others);
}

function items(given: unknown): readonly unknown[] {
  const at = mapOf(given);
  return [at, ...mapsOf(at.anyOf), ...mapsOf(at.oneOf)].flatMap((one) => (mapOf(one).items ? [mapOf(one).items] : []));
}

describe("what AWS says when something stops", () => {
  for (const { id, texts, cause, fix, settings } of STOP_CAUSES) {
    it(`knows ${id} by AWS's text, and says cause and fix in a sentence each`, () => {
      assert.ok(texts.length > 0);
      for (const text of texts) assert.equal(causeOf(text)?.id, id, text);
      for (const sentence of [cause, fix]) assert.match(sentence, /^[A-Za-z].*[.]$/);
      for (const path of settings ?? []) {
        assert.ok(isSetting(path), `${path} is no setting of the stack file`);
        assert.ok(fix.includes(path), `the fix does not name ${path}`);
      }
    });

    it(`names in the fix of ${id} settings alone that it lists`, () => {
      const named = fix.match(/services\[\][\w.[\]]*\w|network\.\w+|lifecyclePolicy\.\w+/g) ?? [];
      for (const path of named) assert.ok(settings?.includes(path), path);
    });
  }

  it("has each once", () => {
    assert.equal(new Set(STOP_CAUSES.map(({ id }) => id)).size, STOP_CAUSES.length);
  });

  it("knows every stop code of ECS, but the one of its own scheduler", () => {
    for (const code of Object.values(TaskStopCode)) {
      if (code === "ServiceSchedulerInitiated") assert.equal(causeOf(code), undefined);
      else assert.ok(causeOf(code), code);
    }
  });

  it("takes what ECS stops because it should for no failure", () => {
    assert.ok(isRoutine("Scaling activity initiated by (deployment ecs-svc/123)"));
    assert.ok(isRoutine("ServiceSchedulerInitiated Scaling activity initiated by deployment ecs-svc/123"));
    assert.ok(!isRoutine("Task failed ELB health checks in (target-group x)"));
  });

  it("gives no cause to what it does not know", () => {
    assert.equal(causeOf("something else entirely"), undefined);
    assert.ok(!isSetting("services[].memoryy"));
  });
});
