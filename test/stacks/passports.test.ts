import assert from "node:assert/strict";
import { readPassport } from "../../components/images/passport";
import { pipelinesOf, variableGiven } from "../../model/graph/pipelines";
import { arnOf } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { roleCaller } from "../../model/permissions/evaluate/request";
import { findingsOf } from "../../preview/rules";
import { inBash, onPaper, toldBy } from "../rehearse/play";
import type { Graph } from "../support/graph";
import { allowed } from "../support/read";
import { releaseGraphs } from "../support/releaseGraphs";
import { service, stackGraph } from "../support/stack";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000";
const SIGNED = { passport: { signingKey: { existing: KEY } } };
const PARAMETER = "aws:ssm/parameter:Parameter";

const passportsIn = (graph: Graph) =>
  graph.all(PARAMETER).filter(({ inputs }) => /\/passport$/.test(String(inputs.name)));
const projectsIn = (graph: Graph) => graph.all("aws:codebuild/project:Project").map(({ name }) => name);

describe("passports of a stack", () => {
  it("are one parameter for each service, which Pulumi makes and never writes again", async () => {
    const [parameter, ...others] = passportsIn(await stackGraph("prod"));
    assert.deepEqual(others, []);
    assert.equal(parameter?.inputs.name, "/ecs-delivery/prod-api/passport");
    assert.deepEqual(parameter?.ignoreChanges, ["value"]);
  });

  it("are written by the step that confirms, which nothing else may", async () => {
    const graph = await stackGraph("prod", {
      changes: { ...SIGNED, services: service("prod", { unitTests: { commands: ["npm test"] } }) },
    });
    const access = new Access([graph.recorded]);
    const arn = "arn:aws:ssm:eu-west-1:111122223333:parameter/ecs-delivery/prod-api/passport";
    const may = (project: string, action: string, resource: string) => {
      const role = graph.all("aws:iam/role:Role").find(({ name }) => name === project) ?? assert.fail(project);
      return access.decide({ caller: roleCaller(arnOf(role) ?? ""), action, resource }).allowed;
    };
    assert.ok(projectsIn(graph).length >= 3, projectsIn(graph).join());
    for (const project of projectsIn(graph)) {
      assert.equal(may(project, "ssm:PutParameter", arn), project === "confirm", project);
      assert.equal(may(project, "kms:Sign", KEY), project === "confirm", project);
      assert.ok(!may(project, "ssm:PutParameter", arn.replace("prod-api", "qa-api")), project);
      assert.ok(!may(project, "ssm:DeleteParameter", arn), project);
    }
  });

  it("are not written for a service that is someone else's, and nothing asks for its run", async () => {
    const cluster = { existing: "shared" };
    const existing = {
      service: { existing: "shop-api" },
      executionRole: { existing: "x" },
      taskRole: { existing: "t" },
    };
    const api = { name: "api", container: { name: "api", port: 8080 }, ...existing };
    const web = { name: "web", container: { name: "web", port: 8080 } };
    const runsAsked = async (services: readonly object[], pipelines = "one") => {
      const graph = await stackGraph("dev", { changes: { cluster, services, pipelines } });
      assert.deepEqual(
        findingsOf(graph.recorded).filter(({ rule }) => /not-needed|role-cannot/.test(rule)),
        [],
      );
      const asked = allowed(graph.statements("confirm")).filter((one) => /ListActionExecutions/.test(one));
      return asked.map((one) => one.split(":").at(-1));
    };
    assert.deepEqual(await runsAsked([api]), []);
    assert.deepEqual(await runsAsked([api, web]), ["dev-delivery"]);
    assert.deepEqual(await runsAsked([api, web], "perService"), ["dev-web-delivery"]);
  });

  it("tell of the scan only where a gate has looked", async () => {
    const scanOf = async (changes: Readonly<Record<string, unknown>>) => {
      const { recorded } = await stackGraph("qa", { changes });
      const confirm = pipelinesOf(recorded).flatMap(({ actions }) =>
        actions.filter(({ name }) => name === "api-confirm"),
      );
      return confirm.map((action) => variableGiven(action, "SCAN_RESULT"));
    };
    assert.deepEqual(await scanOf({}), [undefined]);
    assert.deepEqual(await scanOf({ gates: { maximumScanSeverity: "HIGH" } }), ["#{api-scanVariables.SCAN_RESULT}"]);
  });

  it("are not written in roles that exist, unless stack config says so", async () => {
    const buildRole = { existing: "ours" };
    assert.deepEqual(passportsIn(await stackGraph("qa", { changes: { buildRole } })), []);
    assert.equal(passportsIn(await stackGraph("qa", { changes: { buildRole, passport: {} } })).length, 1);
  });

  it("refuses an algorithm for a key that is not there", async () => {
    await assert.rejects(
      stackGraph("dev", { changes: { passport: { algorithm: "ECDSA_SHA_384" } } }),
      /passport\.algorithm: expected nothing: no signingKey signs passports[\s\S]*config rm .*passport\.algorithm/,
    );
  });

  it("cannot be signed by a project that exists", async () => {
    const refused = stackGraph("qa", { changes: { ...SIGNED, confirmProject: { existing: "theirs" } } });
    await assert.rejects(refused, /passport\.signingKey: expected nothing beside confirmProject/);
  });
});

describe("passports between two stacks", function () {
  this.timeout(120_000);

  it("are asked for by a release, signed, in bash and on paper", async () => {
    const { staging, production } = await releaseGraphs("one-pipeline", { staging: SIGNED, production: SIGNED });
    const graphs = [staging.recorded, production.recorded];
    for (const play of [inBash, onPaper]) {
      const { reached, cloud, ...rest } = await play(graphs, { stacks: ["staging"] });
      assert.ok(reached, toldBy({ reached, cloud, ...rest }));
      const calls = new Set(cloud.demanded.map(({ action }) => action));
      for (const action of ["kms:Sign", "kms:Verify", "codepipeline:ListActionExecutions"])
        assert.ok(calls.has(action), action);
      for (const [stack, steps] of [
        ["staging", ["delivered", "passed"]],
        ["production", ["delivered"]],
      ] as const) {
        const arn =
          cloud.parameters.arns.find((one) => new RegExp(`/${stack}-[a-z]+/passport$`).test(one)) ?? assert.fail(stack);
        const versions = (cloud.parameters.history(arn) ?? []).filter((text) => text !== "none");
        const passports = versions.map((text) => {
          const read = readPassport(text);
          return "passport" in read ? read.passport : assert.fail(read.wrong);
        });
        assert.deepEqual(
          passports.map(({ step }) => step),
          steps,
          stack,
        );
        assert.ok(passports.every(({ signature }) => signature !== undefined));
        assert.equal(passports.at(-1)?.stack, stack);
        assert.equal(passports[1]?.previous ?? passports[0]?.sha256, passports[0]?.sha256);
      }
    }
  });
});
