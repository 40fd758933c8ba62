import assert from "node:assert";
import { moments } from "../../../model/environment/advance";
import { resourceOf, withInputs } from "../../../model/environment/environment";
import { afterFirstUp, deliver, livesOf } from "../../../model/environment/life";
import { balancersOf } from "../../../model/environment/service";
import { startDeployment } from "../../../model/environment/tasks";
import { productionEntries, servedShare } from "../../../model/environment/traffic";
import { mapOf } from "../../../model/graph/read";
import { TYPES } from "../../../model/graph/resources";
import { served } from "../../../model/update/invariants";
import { BLUE, GREEN, made, SHOP_EGRESS, SHOP_SERVICE, shop, shopUrn } from "../shop";

const API = shopUrn(TYPES.service, "api");

describe("the environment that deliveries leave", () => {
  it("runs nothing before the first delivery, and everything after it", () => {
    const first = afterFirstUp(shop());
    assert.deepStrictEqual([first.tasks, served(first, API)], [[], 0]);
    const delivered = deliver(first);
    assert.deepStrictEqual([delivered.tasks.length, served(delivered, API)], [1, 1]);
    assert.deepStrictEqual(
      delivered.tasks.map(({ targets, count }) => [targets, count]),
      [[[{ groupArn: BLUE, port: 8080 }], 1]],
    );
  });

  it("is one for a rolling service, and one for each group that may serve where deliveries swap them", () => {
    assert.deepStrictEqual(
      livesOf(shop()).map(({ told }) => told),
      ["once something was delivered"],
    );
    for (const strategy of ["CANARY", "CODE_DEPLOY"] as const) {
      const groups = livesOf(shop({ strategy })).map(({ environment, told }) => {
        const service = resourceOf(environment, API);
        assert(service);
        const [entry] = productionEntries(environment);
        assert(entry);
        assert.strictEqual(servedShare(environment, entry), 1);
        const weights = entry.forwards.map(({ arn, weight }) => `${arn} ${weight}`);
        return [told, balancersOf(service)[0]?.groupArn, environment.tasks[0]?.targets[0]?.groupArn, weights[0]];
      });
      assert.deepStrictEqual(
        groups,
        [
          ["after an even number of deliveries", BLUE, BLUE, `${BLUE} 100`],
          ["after an odd number of deliveries", GREEN, GREEN, `${BLUE} 0`],
        ],
        strategy,
      );
    }
  });

  it("has as many tasks as scaling chose, and the limits that a schedule has set", () => {
    const resourceId = "service/dev/dev-api";
    const target = made("aws:appautoscaling/target:Target", "api", { resourceId, minCapacity: 2, maxCapacity: 6 });
    const schedule = made("aws:appautoscaling/scheduledAction:ScheduledAction", "api-morning", {
      resourceId,
      scalableTargetAction: { minCapacity: 4, maxCapacity: 8 },
    });
    const [life] = livesOf(shop({ more: [target, schedule] }));
    assert(life);
    const { environment } = life;
    assert.strictEqual(resourceOf(environment, API)?.inputs.desiredCount, 6);
    const { minCapacity, maxCapacity } = mapOf(resourceOf(environment, target.urn)?.inputs);
    assert.deepStrictEqual([minCapacity, maxCapacity, environment.tasks[0]?.count], [4, 8, 6]);
  });

  it("serves nobody where security groups, ports or weights do not fit", () => {
    const [life] = livesOf(shop());
    assert(life);
    const { environment } = life;
    const rule = resourceOf(environment, shopUrn(SHOP_EGRESS, "to-tasks"));
    const listener = resourceOf(environment, shopUrn(TYPES.listener, "production"));
    assert(rule && listener);
    assert.strictEqual(served(withInputs(environment, rule, { fromPort: 3000, toPort: 3000 }), API), 0);
    assert.strictEqual(served(withInputs(environment, listener, { port: 443 }), API), 0, "clients are not admitted");
    assert.strictEqual(served({ ...environment, tasks: [] }, API), 0);
  });
});

describe("a deployment, as time goes by", () => {
  const start = (args: Parameters<typeof shop>[0]) => {
    const environment = deliver(afterFirstUp(shop(args)));
    const service = resourceOf(environment, API);
    assert(service);
    return startDeployment(environment, service);
  };
  const shares = (environment: ReturnType<typeof start>) =>
    moments(environment, environment.clock + 3600).map((one) => served(one, API));

  it("leaves production served at every moment, and ends with the new tasks alone", () => {
    for (const strategy of ["ROLLING", "CANARY"] as const) {
      const begun = start({ strategy });
      assert(
        shares(begun).every((share) => share === 1),
        strategy,
      );
      const end = moments(begun, begun.clock + 3600).at(-1);
      assert.deepStrictEqual([end?.tasks.length, end?.deployments, end?.failed], [1, [], []]);
      assert.notStrictEqual(end?.tasks[0]?.readyAt, begun.tasks[0]?.readyAt);
    }
  });

  it("stops the old tasks first where none has to stay healthy: until the new ones are, nobody serves", () => {
    const inputs = { [SHOP_SERVICE]: { deploymentMinimumHealthyPercent: 0 } };
    assert.deepStrictEqual(shares(start({ inputs })), [0, 1, 1]);
    assert(
      shares(start({ inputs, strategy: "CANARY" })).every((share) => share === 1),
      "two groups, so that nothing has to make room",
    );
    const one = { [SHOP_SERVICE]: { deploymentMinimumHealthyPercent: 1 } };
    assert(shares(start({ inputs: one })).every((share) => share === 1));
  });

  it("moves production to the other group where ECS shifts traffic, and says so on the service", () => {
    const begun = start({ strategy: "CANARY" });
    const end = moments(begun, begun.clock + 3600).at(-1);
    const service = end && resourceOf(end, API);
    assert(end && service);
    assert.deepStrictEqual(balancersOf(service)[0]?.groupArn, BLUE, "the second deployment goes back to blue");
    assert.strictEqual(productionEntries(end)[0]?.forwards.find(({ weight }) => weight === 100)?.arn, BLUE);
  });

  it("is taken back where the image was built for another CPU", () => {
    const environment = deliver(afterFirstUp(shop()));
    const [service, definition] = [
      resourceOf(environment, API),
      resourceOf(environment, shopUrn(TYPES.taskDefinition, "api")),
    ];
    assert(service && definition);
    const changed = withInputs(environment, definition, { runtimePlatform: { cpuArchitecture: "ARM64" } });
    const begun = startDeployment(changed, service);
    const end = moments(begun, begun.clock + 3600).at(-1);
    assert.deepStrictEqual([end?.failed.length, end?.tasks.length], [1, 1]);
    assert(
      shares(begun).every((share) => share === 1),
      "the old tasks stay",
    );
  });
});
