import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  flag,
  listSetting,
  mapSetting,
  minutes,
  oneOf,
  percent,
  text,
  wholeNumber,
} from "../../../components/settings/setting";
import { checkSettings, passedOn, settings, withDefaults } from "../../../components/settings/settings";

const NAME = { pattern: /^[a-z]+$/, max: 5, expected: "up to 5 small letters" };

const OVEN = settings({
  name: text(NAME, { example: "aga" }),
  heat: percent(0.5, 100, { default: 50 }),
  time: minutes(1, 90, { default: 20 }),
  trays: wholeNumber(1, 4, { example: 2 }).optional(),
  mode: oneOf(["fan", "grill"], { default: "fan" }),
  light: flag({ default: true }),
  owners: listSetting(passedOn(text(NAME, { example: "eve" }))).optional(),
  labels: mapSetting({ ...NAME, example: "room" }, text(NAME, { example: "attic" })).optional(),
});

describe("settings", () => {
  it("fill in what is left out, and leave what has no default", () => {
    assert.deepEqual(withDefaults(OVEN, { name: "aga", heat: 0.5, light: false }), {
      name: "aga",
      heat: 0.5,
      time: 20,
      trays: undefined,
      mode: "fan",
      light: false,
      owners: undefined,
      labels: undefined,
    });
  });

  it("find nothing wrong at their limits", () => {
    for (const args of [
      { name: "a", heat: 0.5, time: 1, trays: 1, owners: [] },
      { name: "abcde", heat: 100, time: 90, trays: 4, mode: "grill", light: false, labels: { room: "attic" } },
    ]) {
      assert.deepEqual(checkSettings(OVEN, args), []);
    }
  });

  it("say where, what is expected and what came", () => {
    const wrong = { heat: 0.4, time: 90.5, trays: 0, mode: "steam", light: "no", owners: ["eve", "Adam"] };
    assert.deepEqual(checkSettings(OVEN, wrong, "oven."), [
      "oven.name: expected up to 5 small letters, it is not set",
      "oven.heat: expected 0.5 to 100 percent, got 0.4",
      "oven.time: expected a whole number from 1 to 90 minutes, got 90.5",
      "oven.trays: expected a whole number from 1 to 4, got 0",
      'oven.mode: expected one of fan, grill, got "steam"',
      'oven.light: expected true or false, got "no"',
      'oven.owners.1: expected up to 5 small letters, got "Adam"',
    ]);
    assert.match(String(checkSettings(OVEN, { name: "aga", labels: { room: 7 } })), /^labels\.room: expected up to 5/);
  });

  it("take no emptiness, flag or list for a number", () => {
    for (const heat of ["", " ", true, [5], null, Number.NaN]) {
      assert.equal(checkSettings(OVEN, { name: "aga", heat }).length, 1, JSON.stringify(heat));
    }
  });

  it("do not look at what only another resource knows", () => {
    const unknown = pulumi.output("Not Small Letters");
    assert.deepEqual(checkSettings(OVEN, { name: unknown, owners: [unknown, "eve"] }), []);
    assert.equal(checkSettings(OVEN, { name: "aga", owners: [unknown, "Adam"] }).length, 1);
  });
});
