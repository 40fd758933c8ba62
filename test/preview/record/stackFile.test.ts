import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  listStacks,
  readProject,
  readStackConfig,
  SECRET_PLACEHOLDER,
  StackFileError,
} from "../../../preview/record/stackFile";

describe("stackFile", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const config = (text: string) => {
    write("Pulumi.dev.yaml", text);
    return readStackConfig(folder, "shop", "dev");
  };

  it("lists dev, qa and prod first, then the others by name", () => {
    for (const stack of ["prod", "zoe", "dev", "alice", "qa", "pr-42"]) write(`Pulumi.${stack}.yaml`, "");
    for (const other of ["Pulumi.yaml", "Pulumi.dev.yaml.bak", "notes.yaml"]) write(other, "name: shop");
    assert.deepStrictEqual(listStacks(folder), ["dev", "qa", "prod", "alice", "pr-42", "zoe"]);
  });

  it("takes merge keys, as Pulumi does", () => {
    const text = "config:\n  a: &base { x: 1 }\n  b:\n    <<: *base\n    y: 2\n";
    assert.deepStrictEqual(config(text), { "shop:a": '{"x":1}', "shop:b": '{"x":1,"y":2}' });
  });

  it("says in a line what is wrong with an alias, and that a file is not there", () => {
    const wrong: [string, RegExp][] = [
      ["config:\n  a: *nobody\n", /^Pulumi\.dev\.yaml: .*nobody.*; correct the YAML there$/],
      ["config:\n  a: &a [*a]\n", /^Pulumi\.dev\.yaml: .*alias/],
      ["config:\n  a: &a\n    b: *a\n", /^Pulumi\.dev\.yaml: .*alias/],
    ];
    for (const [text, message] of wrong) {
      assert.throws(
        () => config(text),
        (error) => error instanceof StackFileError && message.test(error.message),
        text,
      );
    }
    assert.throws(
      () => readProject(folder),
      (error) =>
        error instanceof StackFileError && /^Pulumi\.yaml: expected a file in .*, there is none$/.test(error.message),
    );
  });

  it("reads the project's name and program", () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    assert.deepStrictEqual(readProject(folder), { name: "shop", main: "index.ts" });
    write("Pulumi.yaml", "name: shop\nmain: program/\n");
    assert.deepStrictEqual(readProject(folder), { name: "shop", main: "program/" });
    write("Pulumi.yaml", "runtime: nodejs\n");
    assert.throws(
      () => readProject(folder),
      new StackFileError("Pulumi.yaml, name: expected the project's name, it is not set"),
    );
  });

  it("hands values over as the engine does", () => {
    const text = [
      "config:",
      "  aws:region: eu-west-1",
      "  branch: main",
      '  account: "012345678901"',
      "  shop:count: 3",
      "  shop:on: true",
      "  shop:nothing:",
      "  shop:list: [a, 1]",
      "  shop:map: { a: { b: c } }",
    ].join("\n");
    assert.deepStrictEqual(config(text), {
      "aws:region": "eu-west-1",
      "shop:branch": "main",
      "shop:account": "012345678901",
      "shop:count": "3",
      "shop:on": "true",
      "shop:nothing": "",
      "shop:list": '["a",1]',
      "shop:map": '{"a":{"b":"c"}}',
    });
  });

  it("puts a word in the place of a secret, wherever it stands", () => {
    assert.deepStrictEqual(config("config:\n  token: { secure: AAAB }\n  map: { a: [{ secure: AAAC }] }\n"), {
      "shop:token": SECRET_PLACEHOLDER,
      "shop:map": `{"a":["${SECRET_PLACEHOLDER}"]}`,
    });
  });

  it("takes a file without configuration", () => {
    assert.deepStrictEqual(config(""), {});
    assert.deepStrictEqual(config("secretsprovider: awskms://alias/x\n"), {});
  });

  it("names file and line of broken YAML", () => {
    assert.throws(() => config("config:\n  shop:a: 1\n  shop:b: [1, 2\n"), {
      name: "StackFileError",
      message: /^Pulumi\.dev\.yaml, line \d: .*; correct the YAML there$/,
    });
    assert.throws(
      () => config("config: [a]\n"),
      new StackFileError("Pulumi.dev.yaml, config: expected a map of keys and values"),
    );
  });
});
