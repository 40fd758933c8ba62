import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { editorSchemas } from "../scripts/editorSchema";
import { ROOT, service, stackValues } from "./support/stack";

const STACK_FILE = /^(?:examples\/[^/]+\/)?Pulumi\.[^/]+\.yaml$/;

describe("the schemas of stack files", () => {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictTypes: false,
    allowUnionTypes: true,
    formats: { email: true },
  });
  const validators = new Map<string, ValidateFunction>();
  before(() => {
    for (const [file, schema] of Object.entries(editorSchemas())) validators.set(file, ajv.compile(schema));
  });

  const problems = (file: string, value: unknown) => {
    const validate = validators.get(file);
    assert.ok(validate, file);
    return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath }) => instancePath);
  };

  it("are those that the settings make (npm run docs)", () => {
    for (const [file, schema] of Object.entries(editorSchemas())) {
      assert.equal(readFileSync(join(ROOT, file), "utf8"), `${JSON.stringify(schema, null, 2)}\n`, file);
    }
  });

  it("are named by every stack file of the program, and take what stands there", () => {
    const listed = execFileSync("git", ["ls-files", "*.yaml"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");
    const files = listed.filter((file) => STACK_FILE.test(file));
    assert.ok(files.length >= 20, String(files.length));
    for (const file of files) {
      const text = readFileSync(join(ROOT, file), "utf8");
      const [, named = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      const schema = relative(ROOT, join(ROOT, dirname(file), named));
      assert.deepEqual(problems(schema, parse(text)), [], file);
    }
  });

  it("take numbers and flags as text, as the program does", () => {
    const [api = {}] = service("dev", {});
    const environment = { PORT: 8080, DEBUG: true };
    const services = [{ ...api, container: { name: "api", port: 8080, environment } }];
    assert.deepEqual(problems("ecs-delivery.schema.json", { config: stackValues("dev", { services }) }), []);
  });

  const planted: [what: string, changes: Record<string, unknown>, at: RegExp][] = [
    ["an unknown key", { brnch: "main" }, /brnch$/],
    ["no services at all", { services: [] }, /services$/],
    ["a misspelt word", { deployment: "bluegreen" }, /deployment/],
    ["a setting of another strategy", { deployment: { strategy: "rolling", stepPercent: 5 } }, /deployment/],
    ["a number beyond its range", { gates: { alarms: ["a", "b", "c", "d", "e"] } }, /gates\/alarms$/],
    ["text for a flag", { retain: "perhaps" }, /retain$/],
    ["a setting of another source", { source: { provider: "S3", connectionArn: "arn" } }, /source/],
    ["an ARN of another service", { kmsKey: { existing: "arn:aws:s3:::bucket" } }, /kmsKey\/existing$/],
    ["a service without a container", { services: [{ name: "api" }] }, /services\/0$/],
  ];
  for (const [what, changes, at] of planted) {
    it(`mark ${what}`, () => {
      const found = problems("ecs-delivery.schema.json", { config: stackValues("dev", changes) });
      assert.ok(
        found.some((path) => at.test(path)),
        found.join("\n"),
      );
    });
  }
});
