import assert from "node:assert";
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
