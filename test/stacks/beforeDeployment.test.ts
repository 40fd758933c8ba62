import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { findingsOf } from "../../preview/rules";
import { failuresOf } from "../../rehearse/failures";
import { dev } from "../../stacks/dev";
import { deployStack } from "../../stacks/environment";
import type { EnvironmentProfile } from "../../stacks/profile";
import { inBash, onPaper, toldBy, withInputsOf } from "../rehearse/play";
import { type Graph, refusal } from "../support/graph";
import { at, json, list, textAt } from "../support/read";
import { environmentOf, PIPELINE, PROJECT_TYPE, shape } from "../support/shape";
import { engineConfig, exampleGraph, service, stackGraph, stackRefusal, stackValues } from "../support/stack";

const COMMAND = ["npm", "run", "it's $HOME"];
const STEP = "api-before-deployment";

const given = (changes = {}) => ({ services: service("dev", { beforeDeployment: { command: COMMAND }, ...changes }) });

const strategyGraph = (deployment: string): Promise<Graph> =>
  stackGraph("dev", { changes: { ...given(), deployment } });

describe("a command before the deployment", function () {
  this.timeout(120_000);

  it("stands between build and deployment, in a stage that takes nothing back", async () => {
    const graph = await strategyGraph("rolling");
    const stages = shape(graph.only(PIPELINE));
    assert.deepEqual(
      stages.map((stage) => stage.split(":")[0]),
      ["Source", "Build", "BeforeDeployment", "Deploy"],
    );
    assert.equal(stages[2], `BeforeDeployment: ${STEP}`);
    const stage = list(graph.only(PIPELINE).inputs.stages)[2];
    assert.equal(at(stage, "onFailure"), undefined);
  });

  it("waits for window and alarms, as the deployment does", async () => {
    const graph = await stackGraph("dev", { changes: { ...given(), gates: { alarms: ["latency"] } } });
    const stage = list(graph.only(PIPELINE).inputs.stages)[2];
    assert.match(JSON.stringify(at(stage, "beforeEntry")), /latency/);
  });

  it("changes nothing where there is none", async () => {
    const graph = await stackGraph("dev");
    assert.doesNotMatch(shape(graph.only(PIPELINE)).join(), /before/i);
    assert.equal(at(graph.recorded.stackOutputs, "services", "api", "runTask"), undefined);
  });

  it("is given more time by CodeBuild than its task has", async () => {
    const graph = await stackGraph("dev", {
      changes: given({ beforeDeployment: { command: COMMAND, timeoutInMinutes: 7 } }),
    });
    const project = graph.named(PROJECT_TYPE, STEP);
    assert.ok(Number(project.inputs.buildTimeout) > 7);
    assert.match(
      JSON.stringify(environmentOf(graph, STEP)),
      /"TIMEOUT_SECONDS","type":"PLAINTEXT","value":"420"|"420"/,
    );
  });

  for (const deployment of ["rolling", "ecsBlueGreen", "ecsLinear", "ecsCanary", "codeDeployBlueGreen"]) {
    it(`runs with the new image before it is deployed, on a first delivery too: ${deployment}`, async () => {
      const { recorded } = await strategyGraph(deployment);
      for (const delivered of [true, false]) {
        const rehearsal = await inBash([recorded], { stacks: ["dev"], delivered });
        assert.ok(rehearsal.reached, `${toldBy(rehearsal)}\n${JSON.stringify(rehearsal.cloud.refused)}`);
        const [task, ...others] = [...rehearsal.cloud.tasks.values()];
        assert.deepEqual(others, []);
        const runs = rehearsal.cloud.services.find(({ name }) => name === "dev-api") ?? assert.fail();
        const image = (containers: readonly Readonly<Record<string, unknown>>[] = []) =>
          containers.find(({ name }) => name === "api")?.image;
        assert.equal(image(task?.revision.containers), image(rehearsal.cloud.revisions.get(runs.revision)?.containers));
        assert.match(String(image(task?.revision.containers)), /@sha256:/);
        assert.match(task?.revision.arn ?? "", /task-definition\/dev-api-before-deployment:1$/);
        const active = [...rehearsal.cloud.tasks.values()].map(({ revision }) =>
          rehearsal.cloud.revisions.get(revision.arn),
        );
        assert.deepEqual(
          active.map((one) => one?.isActive),
          [false],
        );
      }
    });

    it(`stops the run where it fails, and nothing is deployed: ${deployment}`, async () => {
      const { recorded } = await strategyGraph(deployment);
      const ways = failuresOf([recorded], ["dev"]).filter(({ step, how }) => step === STEP && how.startsWith("task-"));
      assert.deepEqual(ways.map(({ how }) => how).sort(), ["task-fails", "task-hangs", "task-refused"]);
      for (const failure of ways) {
        const rehearsal = await onPaper([recorded], { stacks: ["dev"], faults: [failure] });
        assert.equal(rehearsal.reached, false, toldBy(rehearsal));
        assert.deepEqual(rehearsal.cloud.faults.missed, []);
        assert.deepEqual(rehearsal.broken, []);
        for (const one of rehearsal.cloud.services) assert.equal(one.deployments.length, 0, toldBy(rehearsal));
        const registered = rehearsal.cloud.demanded.filter(({ action }) => action === "ecs:RegisterTaskDefinition");
        assert.deepEqual(
          registered.map(({ resource }) => resource.replace(/^.*\//, "")),
          ["dev-api-before-deployment:1"],
        );
        const left = [...rehearsal.cloud.tasks.values()].filter(
          ({ endsAt, stoppedBecause }) => endsAt === Number.POSITIVE_INFINITY && stoppedBecause === undefined,
        );
        assert.deepEqual(left, []);
      }
    });
  }

  it("is a finding of the preview where its role lacks what it calls", async () => {
    for (const deployment of ["rolling", "codeDeployBlueGreen"]) {
      const { recorded } = await strategyGraph(deployment);
      assert.deepEqual(
        findingsOf(recorded).filter(({ message }) => /before-deployment/.test(message)),
        [],
      );
      for (const action of ["ecs:RunTask", "ecs:StopTask", "iam:PassRole", "logs:GetLogEvents"]) {
        const planted = withInputsOf(recorded, "aws:iam/rolePolicy:RolePolicy", ({ policy }) =>
          String(policy).includes("ecs:RunTask") ? { policy: String(policy).replace(action, "ecs:ListClusters") } : {},
        );
        const found = findingsOf(planted).filter(({ message }) => message.includes(action));
        assert.ok(found.length > 0, `${deployment}, ${action}`);
      }
    }
  });

  it("tells the reason in bash as on paper", async () => {
    const { recorded } = await strategyGraph("rolling");
    const rehearsal = await inBash([recorded], { stacks: ["dev"], faults: [{ step: STEP, how: "task-fails" }] });
    assert.equal(rehearsal.reached, false);
    assert.match(toldBy(rehearsal), /the command failed, and nothing is deployed: Essential container .*exit code 1/);
  });

  it("is a command by hand, too, which a shell takes word by word", async () => {
    const graph = await exampleGraph("application", "dev", given());
    const command = textAt(at(graph.recorded.stackOutputs, "services", "api", "runTask"));
    const { stdout, status } = spawnSync("bash", ["-c", `aws() { printf '%s\\0' "$@"; }\n${command}`], {
      encoding: "utf8",
    });
    assert.equal(status, 0, command);
    const words = stdout.split("\0").slice(0, -1);
    const option = (name: string) => words[words.indexOf(name) + 1] ?? assert.fail(`${name} in ${command}`);
    assert.deepEqual(words.slice(0, 2), ["ecs", "run-task"]);
    assert.equal(option("--region"), "eu-west-1");
    assert.match(option("--cluster"), /:cluster\/dev$/);
    assert.equal(option("--task-definition"), "dev-api");
    assert.equal(option("--launch-type"), "FARGATE");
    assert.deepEqual(json(option("--overrides")), { containerOverrides: [{ name: "api", command: COMMAND }] });
    const network = json(option("--network-configuration"), "awsvpcConfiguration");
    assert.equal(at(network, "assignPublicIp"), "DISABLED");
    assert.ok(list(at(network, "subnets")).length > 0 && list(at(network, "securityGroups")).length > 0);
  });

  it("runs on the capacity of the service", async () => {
    const graph = await stackGraph("dev", { changes: given({ capacityProvider: "FARGATE_SPOT" }) });
    const command = textAt(at(graph.recorded.stackOutputs, "services", "api", "runTask"));
    assert.match(command, /--capacity-provider-strategy '\[{"capacityProvider":"FARGATE_SPOT","weight":1}\]'/);
    assert.match(JSON.stringify(environmentOf(graph, STEP)), /FARGATE_SPOT/);
  });

  it("may read no log where the container's lines go elsewhere", async () => {
    const logConfiguration = { logDriver: "awslogs", options: { "awslogs-group": "mine" } };
    const graph = await stackGraph("dev", {
      changes: given({ container: { name: "api", port: 8080, logConfiguration } }),
    });
    const policies = graph.all("aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => String(inputs.policy));
    const ofStep = policies.filter((policy) => policy.includes("ecs:RunTask"));
    assert.ok(ofStep.length > 0);
    assert.ok(!ofStep.some((policy) => policy.includes("logs:GetLogEvents")));
    // Why a delivery failed is read where the container writes, and nowhere else.
    assert.ok(!policies.some((policy) => policy.includes("log-group:/ecs/") && policy.includes("logs:GetLogEvents")));
  });

  it("is refused where nobody here could run it", async () => {
    const refusals: readonly (readonly [Record<string, unknown>, RegExp])[] = [
      [
        { source: undefined, branch: undefined, deliveredBy: { stack: "staging", artifactBucket: "shop-artifacts" } },
        /services\[0\]\.beforeDeployment: expected nothing: pipeline of stack staging delivers here/,
      ],
      [
        given({ service: { existing: "shop-api" } }),
        /services\[0\]\.beforeDeployment: expected nothing: of a service that exists nobody here knows/,
      ],
    ];
    for (const [changes, message] of refusals) {
      const told = await stackRefusal("dev", { ...given(), ...changes });
      assert.match(told, message);
      assert.match(told, /pulumi config rm --stack dev --path 'ecs-delivery:services\[0\]\.beforeDeployment'/);
    }
  });

  it("is refused where the profile has no step for it", async () => {
    const own: EnvironmentProfile = {
      ...dev,
      stages: (p) => dev.stages({ ...p, beforeDeployment: () => [] }),
    };
    const config = engineConfig(stackValues("dev", given()));
    const told = await refusal(() => deployStack({ dev: own }), { stack: "dev", config });
    assert.match(told, /beforeDeployment: expected nothing, because the pipeline of dev has no step for it/);
  });
});
