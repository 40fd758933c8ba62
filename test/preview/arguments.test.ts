import assert from "node:assert";
import { GUESSES } from "../../model/environment/guesses";
import { commandFor, readArguments } from "../../preview/arguments";

const ROOT = `${__dirname}/../..`;

describe("commandFor", () => {
  const command = (...argv: string[]) => commandFor(readArguments(argv, ROOT), "prod");

  it("shows one stack in the same way, whatever the form was", () => {
    assert.strictEqual(command(), "npm run preview -- prod");
    assert.strictEqual(command("dev", "--mermaid"), "npm run preview -- prod");
    assert.strictEqual(command("--against", "origin/main"), "npm run preview -- prod --against origin/main");
    assert.strictEqual(
      command("--example", "staging", "--against=v1"),
      "npm run preview -- --example staging prod --against v1",
    );
  });
});

describe("what is assumed", () => {
  const guesses = (...argv: string[]) => readArguments(argv, ROOT).guesses;

  it("takes the place of the guesses that it names, and of no others", () => {
    assert.deepStrictEqual(guesses(), GUESSES);
    assert.deepStrictEqual(guesses("--assume", "build=300, tests=45"), { ...GUESSES, build: 300, tests: 45 });
  });

  it("is refused where nobody can mean it, with what there is", () => {
    for (const text of ["image=300", "build", "build=soon", "build=-1"]) {
      assert.throws(
        () => guesses(`--assume=${text}`),
        /^Error: --assume: expected trigger, source, machine, tests, build, .*, each with seconds, got ".*"; for example --assume build=300,tests=60$/,
        text,
      );
    }
    assert.throws(() => guesses("--assume"), /^Error: --assume needs what is assumed; for example/);
  });
});
