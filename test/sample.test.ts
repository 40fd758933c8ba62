import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { at, textAt } from "./support/read";
import { environmentOf, PROJECT_TYPE } from "./support/shape";
import { type BuildRun, runBuildspec } from "./support/shell";
import { exampleGraph, ROOT } from "./support/stack";

const APP = join(ROOT, "examples", "sample", "app");

/** The application as a push brings it in. */
function source(): Record<string, string> {
  const paths = readdirSync(APP, { recursive: true, encoding: "utf8" }).map((path) => join(APP, path));
  const files = paths.filter((path) => statSync(path).isFile() && !path.includes("reports"));
  return Object.fromEntries(files.map((path) => [relative(APP, path), readFileSync(path, "utf8")]));
}

/** Runs the unit tests of a service as its build project does. */
async function unitTests(service: string, files: Record<string, string>): Promise<BuildRun> {
  const graph = await exampleGraph("sample", "dev");
  const buildspec = textAt(at(graph.named(PROJECT_TYPE, `${service}-unit-tests`).inputs, "source", "buildspec"));
  return runBuildspec(buildspec, { files, env: { SERVICE_FOLDER: service } });
}

describe("the sample application", () => {
  for (const service of ["backend", "front-end"]) {
    it(`passes the unit tests of ${service} in its build, and leaves the report where CodeBuild looks`, async () => {
      const { status, output, files } = await unitTests(service, source());
      assert.equal(status, 0, output);
      assert.match(files[`${service}/reports/junit.xml`] ?? "", /<testcase /);
    });

    it(`fails the build of ${service} with the test that fails`, async () => {
      const files = source();
      const path = `${service}/server.js`;
      files[path] = (files[path] ?? "").replace('"/healthz"', '"/health"');
      const { status, files: left } = await unitTests(service, files);
      assert.notEqual(status, 0);
      assert.match(left[`${service}/reports/junit.xml`] ?? "", /<failure /);
    });

    it(`has a Dockerfile for ${service} with the user and the port of its container`, async () => {
      const graph = await exampleGraph("sample", "dev");
      const dockerfile = source()[`${service}/Dockerfile`] ?? "";
      assert.match(dockerfile, /^USER node$/m);
      assert.match(dockerfile, /^EXPOSE 8080$/m);
      assert.equal(at(environmentOf(graph, `${service}-image`), "privilegedMode"), true);
    });
  }
});
