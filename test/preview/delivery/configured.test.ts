import assert from "node:assert/strict";
import { join } from "node:path";
import { ofType, TYPES } from "../../../model/graph/resources";
import { type ServiceView, viewService } from "../../../preview/delivery/deliveredService";
import { deliveriesOf } from "../../../preview/delivery/delivery";
import { runStacks } from "../../../preview/record/runStack";
import { styleFor } from "../../../preview/render/style";
import { renderVerdicts } from "../../../preview/render/verdict";
import { ROOT } from "../../support/stack";

async function servicesOf(example: string): Promise<readonly ServiceView[]> {
  const [result] = await runStacks(join(ROOT, "examples", example), ["dev"]);
  return result?.graph ? deliveriesOf(result.graph).flatMap(({ services }) => services) : [];
}

describe("what the picture shows of what is configured", function () {
  this.timeout(60_000);

  it("is the CPU's kind, scaling by load and time, tasks by clock and event, and names of secrets", async () => {
    const [api, worker] = await servicesOf("service-settings");
    assert.ok(api && worker);
    assert.equal(api.architecture, "ARM64");
    assert.deepEqual(api.scales, [
      "2 to 8 tasks by CPU 60 %, requests a minute 600",
      "4 to 8 from cron(30 7 ? * MON-FRI *) Europe/Paris",
      "1 to 4 from cron(0 22 * * ? *) Europe/Paris",
    ]);
    assert.deepEqual(api.ownTasks, ["api-clean-up, cron(0 3 * * ? *)", "api-import, when an event comes"]);
    assert.deepEqual(api.secrets, ["API_KEY", "DB_PASSWORD"]);
    assert.deepEqual(worker.scales, ["1 to 10 tasks by CPU 60 %, messages of shop-jobs a task 100"]);
    assert.deepEqual([worker.ownTasks, worker.secrets, worker.architecture], [[], [], undefined]);
  });

  it("is the strategy with its shares and times, where it waits, and who reaches which listener", async () => {
    const [canary] = await servicesOf("ecs-canary");
    assert.deepEqual(canary?.shift, ["5 % first, for 10 minutes", "bakes 5 minutes"]);
    assert.deepEqual(
      canary?.listeners.map(({ kind, from }) => [kind, from]),
      [
        ["production", "everyone"],
        ["test", "nobody"],
      ],
    );
    const [asked] = await servicesOf("ecs-blue-green");
    assert.deepEqual(asked?.shift, [
      "bakes 10 minutes",
      "waits for a person at POST_TEST_TRAFFIC_SHIFT (30 minutes, then goes back)",
    ]);
  });

  it("is how many tasks run after a delivery, where another stack delivers as well", async () => {
    const [production] = await runStacks(join(ROOT, "examples", "one-pipeline"), ["production"]);
    assert.ok(production?.graph);
    const graph = production.graph;
    const views = ofType(graph, TYPES.service).map((one) => viewService(graph, one));
    assert.deepEqual(
      views.map(({ desiredCount, deliveredCount }) => [desiredCount, deliveredCount]),
      [
        [0, 2],
        [0, 2],
      ],
    );
    const [verdict] = renderVerdicts([production], styleFor(false), 120);
    assert.match(verdict ?? "", /production-backend: rolling update, 2 tasks/);
  });

  it("is the certificate of one's own name", async () => {
    const [api] = await servicesOf("application");
    assert.equal(api?.listeners.find(({ kind }) => kind === "production")?.certificate, "api.example.com");
  });
});
