import assert from "node:assert/strict";
import { join } from "node:path";
import { sharedBuildRole } from "../../preview/rules/sharedBuildRole";
import { deploySharedProjects } from "../../stacks/sharedProjects";
import { type Graph, recordGraph } from "../support/graph";
import { engineConfig, exampleGraph, ROOT, service, stackGraph, stackValues } from "../support/stack";

const PROJECT = "aws:codebuild/project:Project";
const named = (name: string) => ({ existing: name });
const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** Tests before the build and of the running environment, a gate on scans, and what confirms. */
const EVERYTHING = {
  services: service("qa", { unitTests: { commands: ["npm test"] } }),
  tests: [{ name: "smoke", commands: ["npm run smoke"] }],
  gates: { maximumScanSeverity: "HIGH" },
};

const rolesOf = (graph: Graph): Record<string, unknown> =>
  Object.fromEntries(graph.all(PROJECT).map(({ name, inputs }) => [name, inputs.serviceRole]));
const found = ({ recorded }: Graph) => sharedBuildRole(recorded).map(({ level, message }) => `${level} ${message}`);

describe("roles of builds", () => {
  it("are made for each project, and a test of the application's own commands may change nothing", async () => {
    const graph = await exampleGraph("one-pipeline", "staging");
    const tests = graph.all(PROJECT).filter(({ name }) => /-(?:unit-tests|test)$/.test(name));
    assert.ok(tests.length >= 2, tests.map(({ name }) => name).join());
    for (const { name } of tests) {
      const actions = graph.statements(name).flatMap(({ Action }) => Action);
      const changing = actions.filter((action) => !/^(?:logs|s3|kms|codebuild):|^ssm:GetParameters$/.test(action));
      assert.deepEqual(changing, [], name);
      assert.ok(!actions.includes("s3:PutObject"), name);
    }
    assert.deepEqual(found(graph), []);
  });

  it("are those of their kind, where each is given", async () => {
    const graph = await stackGraph("qa", {
      changes: {
        ...EVERYTHING,
        testRole: named("ours-test"),
        buildRole: named("ours-build"),
        confirmRole: named("ours-confirm"),
      },
    });
    assert.deepEqual(rolesOf(graph), {
      "api-unit-tests": arn("ours-test"),
      "api-image": arn("ours-build"),
      "smoke-test": arn("ours-test"),
      scan: arn("ours-confirm"),
      confirm: arn("ours-confirm"),
    });
    assert.deepEqual(found(graph), []);
    const bucket = String(graph.only("aws:s3/bucketPolicy:BucketPolicy").inputs.policy);
    const key = String(graph.only("aws:kms/key:Key").inputs.policy);
    for (const role of ["ours-test", "ours-build", "ours-confirm"])
      for (const policy of [bucket, key]) assert.ok(policy.includes(`"${arn(role)}"`), role);
  });

  it("are buildRole where that alone is given, and the preview says what a test may do then", async () => {
    const graph = await stackGraph("qa", { changes: { ...EVERYTHING, buildRole: named("ours") } });
    assert.deepEqual([...new Set(Object.values(rolesOf(graph)))], [arn("ours")]);
    assert.deepEqual(found(graph), [
      `warning aws.codebuild.Project "api-unit-tests": ${arn("ours")} is the role of tests (qa-api-unit-tests, qa-smoke-test), ` +
        "image builds (qa-api-image), confirmations (qa-confirm, qa-scan): commands of a test may do all that the others need; " +
        "give each kind its own (testRole, confirmRole)",
    ]);
  });

  it("are made beside buildRole where stack config says so", async () => {
    const graph = await stackGraph("qa", {
      changes: { ...EVERYTHING, buildRole: named("ours"), testRole: "created", confirmRole: "created" },
    });
    const roles = rolesOf(graph);
    assert.equal(roles["api-image"], arn("ours"));
    for (const name of ["api-unit-tests", "smoke-test", "scan", "confirm"])
      assert.match(String(roles[name]), new RegExp(`role/ecs-delivery/qa/${name}`), name);
    assert.deepEqual(found(graph), []);
  });

  it("are one for several kinds only where stack config names it twice, and then it is said", async () => {
    const changes = { ...EVERYTHING, testRole: named("ours"), buildRole: named("builds"), confirmRole: named("ours") };
    const [one, ...more] = found(await stackGraph("qa", { changes }));
    assert.match(
      one ?? "",
      /^warning .*role\/ours is the role of tests .*, confirmations .*\(testRole, confirmRole\)$/,
    );
    assert.deepEqual(more, []);
  });

  it("beside releaseTo: what releases may run in one that exists, what confirms there has one that the other stack admits", async () => {
    const roles = { testRole: named("t"), buildRole: named("b"), confirmRole: named("c"), releaseRole: named("r") };
    const graph = await exampleGraph("one-pipeline", "staging", roles);
    for (const [name, role] of Object.entries(rolesOf(graph))) {
      if (name === "confirm-production") assert.equal(role, arn("ecs-delivery/staging/staging-confirm-production"));
      else if (name.endsWith("-release")) assert.equal(role, arn("r"), name);
      else if (/-(?:image|resolve)$/.test(name)) assert.equal(role, arn("b"), name);
      else assert.equal(role, arn(/test/.test(name) ? "t" : "c"), name);
    }
    assert.deepEqual(found(graph), []);
  });

  it("of projects that several pipelines share, by what they are there for", async () => {
    const dir = join(ROOT, "examples", "bring-your-own");
    const graphOf = (changes: Record<string, unknown>) =>
      recordGraph(() => deploySharedProjects(), {
        stack: "shared",
        config: engineConfig(stackValues("shared", changes, dir)),
      });
    const projects = ["unitTests", "test", "imageBuild", "resolve", "release", "confirm"].map((kind) => ({
      name: kind,
      kind,
      ...(kind === "unitTests" || kind === "test" ? { commands: ["npm test"] } : undefined),
    }));
    assert.deepEqual(rolesOf(await graphOf({ projects })), {
      unitTests: arn("shop-test"),
      test: arn("shop-test"),
      imageBuild: arn("shop-build"),
      resolve: arn("shop-build"),
      release: arn("shop-build"),
      confirm: arn("shop-confirm"),
    });
    const alone = await graphOf({ testRole: undefined, confirmRole: undefined });
    assert.deepEqual([...new Set(Object.values(rolesOf(alone)))], [arn("shop-build")]);
    assert.equal(found(alone).length, 1);
    assert.deepEqual(found(await graphOf({})), []);
  });
});
