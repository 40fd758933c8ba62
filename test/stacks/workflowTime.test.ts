import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, list } from "../support/read";
import { service, stackGraph, stackRefusal } from "../support/stack";

const WORKFLOW = "ecs-delivery:index:DeliveryWorkflow";
const ROLE = "aws:iam/role:Role";
const delivered = (changes: ConfigValues, more: object = {}): ConfigValues => ({
  source: undefined,
  delivery: { gitHubActions: { repository: "acme/shop", ...more } },
  ...changes,
});
const own = { runsOn: "linux-builders" };
const names = ["api", "web", "orders", "stock", "mail", "search"];
const services = names.map((name) => ({ name, folder: name, container: { name, port: 8080 } }));
const codeDeploy = (minutes: number) => ({
  deployment: { strategy: "codeDeployBlueGreen", terminationWaitTimeInMinutes: minutes },
});
const ecs = { deployment: { strategy: "ecsBlueGreen", bakeTimeInMinutes: 50 } };
const jobs = (graph: Graph) => list(graph.only(WORKFLOW).inputs.jobs);
const longest = (graph: Graph) => Math.max(...jobs(graph).map((job) => Number(at(job, "timeoutInMinutes"))));
const tests = (timeoutInMinutes: number) => ({ tests: [{ name: "end-to-end", commands: ["x"], timeoutInMinutes }] });

describe("the time of a job of GitHub Actions", () => {
  it("is not enough for one deployment that waits for too long, by which setting is said", async () => {
    const message = await stackRefusal("dev", delivered(codeDeploy(300)));
    assert.match(
      message,
      /ecs-delivery:deployment: expected a strategy that takes at most 260 minutes: "api" takes 305 at least \(trafficRouting 0, terminationWaitTimeInMinutes 300\), and is deployed and confirmed by a job, which is ended after 360/,
    );
    const ofService = service("dev", { deployment: codeDeploy(300).deployment });
    assert.match(
      await stackRefusal("dev", delivered({ services: ofService })),
      /services\[0\]\.deployment: expected a/,
    );
    assert.equal(longest(await stackGraph("dev", { changes: delivered(codeDeploy(300), own) })) <= 720, true);
  });

  it("is not enough for tests or commands that may take longer, and the most is said that may be set", async () => {
    assert.match(
      await stackRefusal("dev", delivered(tests(480))),
      /tests\[0\]\.timeoutInMinutes: expected at most 350 minutes beside delivery: a job is ended after 360, got 480\n.*config set --stack dev --path 'ecs-delivery:tests\[0\]\.timeoutInMinutes' 350/,
    );
    assert.match(
      await stackRefusal(
        "dev",
        delivered({ services: service("dev", { beforeDeployment: { command: ["m"], timeoutInMinutes: 400 } }) }),
      ),
      /services\[0\]\.beforeDeployment\.timeoutInMinutes: expected at most 340 minutes/,
    );
    for (const [changes, more] of [
      [tests(350), {}],
      [tests(480), own],
    ] as const) {
      await stackGraph("dev", { changes: delivered(changes, more) });
    }
  });

  it("is refused where deployments and commands together need more, before there is a role", async () => {
    const before = { services: service("dev", { beforeDeployment: { command: ["m"], timeoutInMinutes: 300 } }) };
    const alone = await stackRefusal("dev", delivered({ ...codeDeploy(50), ...before }));
    assert.match(
      alone,
      /^ecs-delivery:delivery\.gitHubActions: workflow dev-delivery has steps that take longer than a job may:\n {2}job deliver: expected steps that fit into the 360 minutes after which a job is ended, these may need 375: api-deploy at least 55 \(trafficRouting 0, terminationWaitTimeInMinutes 50\); then 310 more, as long as api-before-deployment may take, and 10 for the runner\n {2}Let them wait/,
    );
    assert.doesNotMatch(alone, /pipelines/);
    await stackGraph("dev", { changes: delivered({ ...codeDeploy(30), ...before }) });
  });

  it("is that of the longest deployment of services which are deployed at the same time", async () => {
    for (const changes of [
      { services, ...codeDeploy(60) },
      { services, ...ecs },
    ]) {
      await stackGraph("dev", { changes: delivered({ ...changes, pipelines: "perService" }) });
      const graph = await stackGraph("dev", { changes: delivered(changes) });
      const [deliver] = jobs(graph).filter((job) => at(job, "id") === "deliver");
      assert.equal(list(at(deliver, "actions")).filter((one) => /-deploy$/.test(String(one))).length, services.length);
    }
  });

  it("is said where all steps together may take longer, though seldom more than one does", async () => {
    const said = async (changes: ConfigValues, more = {}) =>
      findingsOf((await stackGraph("dev", { changes: delivered(changes, more) })).recorded).filter(
        ({ rule }) => rule === "job-ends-early",
      );
    const before = { services: service("dev", { beforeDeployment: { command: ["m"], timeoutInMinutes: 300 } }) };
    const [found, ...others] = await said({ deployment: "rolling", ...before });
    assert.equal(others.length, 0);
    assert.equal(found?.level, "notice");
    assert.match(
      found.message,
      /: job deliver: its steps may take 430 minutes together \(api-image 30, api-before-deployment 310, api-deploy 20, api-confirm 60\), and it is ended after 360: /,
    );
    assert.deepEqual(await said({ deployment: "rolling", ...before }, own), []);
    assert.deepEqual(await said({ deployment: "rolling" }), []);
  });

  it("is as long as a role is kept on runners of one's own, and so long the role may be kept", async () => {
    const graph = await stackGraph("dev", { changes: delivered({ services, ...codeDeploy(90) }, own) });
    const most = longest(graph);
    assert.ok(most > 360 && most <= 720, `${most}`);
    assert.equal(graph.named(ROLE, "dev-github-actions").inputs.maxSessionDuration, most * 60);
  });
});
