import assert from "node:assert/strict";
import { formProblems, knownForms } from "../../../model/graph/awsForms";
import type { RecordedResource } from "../../../model/graph/graph";
import { resource } from "../../preview/rules/handMade";
import { stackGraph } from "../../support/stack";

/** A resource with `value` where a path leads. */
function given(type: string, path: string, value: unknown): RecordedResource {
  const steps = path.split(/\.|(?=\[\])/).reverse();
  const inputs = steps.reduce<unknown>((inner, step) => {
    if (step === "[]") return [inner];
    if (step === "<json>") return JSON.stringify(inner);
    return step === "{}" ? { key: inner } : { [step]: inner };
  }, value);
  return resource(type, "api", inputs as Record<string, unknown>);
}

const rows = knownForms().map((row) => {
  const [type = "", path = ""] = row.split(" ");
  return { type, path };
});

/** What nothing takes: too long, too many, too big, a word that is none. */
const WRONG: readonly unknown[] = [
  "\u0000 ? \u0000",
  -7,
  "x".repeat(40_000),
  Array.from({ length: 25 }, (_, index) => `item ${index}`),
  Array.from({ length: 501 }, (_, index) => `item ${index}`),
  ["y".repeat(70_000)],
];

describe("AWS's own forms", () => {
  for (const { type, path } of rows) {
    it(`refuse what is wrong at ${type} ${path}`, () => {
      const found = WRONG.flatMap((value) => formProblems(given(type, path, value)));
      assert.ok(
        found.some((problem) => /expected .*, got /.test(problem)),
        path,
      );
    });
  }

  it("take what is not given, and what nobody has described", () => {
    for (const { type } of rows) assert.deepEqual(formProblems(resource(type, "api", {})), []);
    assert.deepEqual(formProblems(resource("aws:lambda/function:Function", "api", { memorySize: -1 })), []);
  });

  it("take what the committed stacks are made of", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const { resources } = await stackGraph(stack);
      assert.deepEqual(resources.flatMap(formProblems), []);
    }
  });

  it("say where, what is expected and what stands there", () => {
    const definition = resource("aws:ecs/taskDefinition:TaskDefinition", "api", {
      family: "api",
      containerDefinitions: JSON.stringify([
        { name: "api" },
        { name: "a b", portMappings: [{ containerPort: 70_000 }] },
      ]),
    });
    assert.deepEqual(formProblems(definition), [
      'containerDefinitions[1].name: expected text like ^[\\w-]+$, got "a b"',
      "containerDefinitions[1].portMappings[0].containerPort: expected 1 to 65535, got 70000",
    ]);
  });
});
