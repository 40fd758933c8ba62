import assert from "node:assert/strict";
import { revisionImage } from "../support/revision";
import { service } from "../support/stack";
import { World } from "../support/world";

const [A, B, C] = ["a", "b", "c"].map((letter) => letter.repeat(40)) as [string, string, string];
const memory = (mib: number) => ({ services: service("dev", { cpu: 256, memory: mib }) });

for (const deployment of ["rolling", "ecsBlueGreen", "ecsLinear", "ecsCanary"]) {
  describe(`the life of an environment deployed by ${deployment}`, () => {
    const world = new World();
    const with_ = (changes: Record<string, unknown> = {}) => ({ deployment, ...changes });

    it("starts without an image, at no task", async () => {
      await world.up(with_());
      assert.equal(world.running.desired, 0);
      assert.match(world.running.image, /:not-delivered-yet$/);
    });

    it("comes up with its first delivery, and has nothing left to do then", async () => {
      assert.ok(world.deliver(A));
      assert.deepEqual(world.running, { image: revisionImage(A), memory: "1024", desired: 1 });
      assert.deepEqual(await world.up(with_()), []);
    });

    it("has nothing to do after any number of deliveries", async () => {
      for (const commit of [B, A, B]) assert.ok(world.deliver(commit));
      assert.deepEqual(await world.up(with_()), []);
      assert.equal(world.running.image, revisionImage(B));
    });

    it("takes a changed setting at once, with the delivered image, by one revision", async () => {
      const planned = await world.up(with_(memory(2048)));
      assert.equal(planned.length, 2, planned.join());
      assert.match(planned.join(), /^register revision (\d+),service to revision \1$/);
      assert.deepEqual(world.running, { image: revisionImage(B), memory: "2048", desired: 1 });
    });

    it("keeps the changed setting in the next delivery", async () => {
      assert.ok(world.deliver(C));
      assert.deepEqual(world.running, { image: revisionImage(C), memory: "2048", desired: 1 });
      assert.deepEqual(await world.up(with_(memory(2048))), []);
    });

    it("records nothing of a delivery that is rolled back, and has nothing to do afterwards", async () => {
      assert.equal(world.deliver(A, "is rolled back"), false);
      assert.equal(world.record.image, revisionImage(C));
      assert.equal(world.record.commit, C);
      assert.equal(world.running.image, revisionImage(C));
      assert.deepEqual(await world.up(with_(memory(2048))), []);
    });
  });
}

describe("the life of an environment deployed by codeDeployBlueGreen", () => {
  const world = new World();
  const with_ = (changes: Record<string, unknown> = {}) => ({ deployment: "codeDeployBlueGreen", ...changes });

  it("comes up with its first delivery, and has nothing to do after any number of them", async () => {
    await world.up(with_());
    assert.equal(world.running.desired, 0);
    for (const commit of [A, B]) assert.ok(world.deliver(commit));
    assert.deepEqual(world.running, { image: revisionImage(B), memory: "1024", desired: 1 });
    assert.deepEqual(await world.up(with_()), []);
  });

  it("publishes a changed setting, which goes live with the next release and stays", async () => {
    assert.deepEqual(await world.up(with_(memory(2048))), ["update /ecs-delivery/dev-api/taskdef.json"]);
    assert.equal(world.running.memory, "1024");
    assert.ok(world.deliver(C));
    assert.deepEqual(world.running, { image: revisionImage(C), memory: "2048", desired: 1 });
    assert.deepEqual(await world.up(with_(memory(2048))), []);
  });

  it("records nothing of a delivery that CodeDeploy takes back", async () => {
    assert.equal(world.deliver(A, "is rolled back"), false);
    assert.equal(world.record.image, revisionImage(C));
    assert.deepEqual(await world.up(with_(memory(2048))), []);
  });
});

describe("the life of an environment", () => {
  it("runs a given first image at once, until a delivery brings another", async () => {
    const world = new World();
    const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api:first";
    const changes = { services: service("dev", { image }) };
    await world.up(changes);
    assert.deepEqual(world.running, { image, memory: "1024", desired: 1 });
    assert.ok(world.deliver(A));
    assert.deepEqual(await world.up(changes), []);
    assert.equal(world.running.image, revisionImage(A));
  });

  it("keeps service and image when it changes among ECS's own strategies", async () => {
    const world = new World();
    await world.up();
    assert.ok(world.deliver(A));
    assert.deepEqual(await world.up({ deployment: "ecsCanary" }), []);
    assert.ok(world.deliver(B));
    assert.equal(world.running.image, revisionImage(B));
  });

  it("replaces the service when CodeDeploy takes over, with the delivered image and its tasks", async () => {
    const world = new World();
    await world.up();
    assert.ok(world.deliver(A));
    const planned = await world.up({ deployment: "codeDeployBlueGreen" });
    const parameters = ["appspec.yaml", "taskdef.json"].map((file) => `create /ecs-delivery/dev-api/${file}`);
    assert.deepEqual(planned.sort(), [...parameters, "replace service"].sort());
    assert.deepEqual(world.running, { image: revisionImage(A), memory: "1024", desired: 1 });
    assert.ok(world.deliver(B));
    assert.deepEqual(await world.up({ deployment: "codeDeployBlueGreen" }), []);
  });
});

describe("identity", () => {
  it("comes from a service's name, not its place in the list", async () => {
    const { stackGraph } = await import("../support/stack");
    const [api] = service("dev", {});
    const other = { ...api, name: "web" };
    const urns = async (services: unknown[]) =>
      (await stackGraph("dev", { changes: { services } })).resources.map(({ urn }) => urn);
    const both = await urns([api, other]);
    assert.deepEqual(await urns([other, api]), both);
    const alone = await urns([other]);
    assert.ok(alone.every((urn) => both.includes(urn)));
    assert.ok(!alone.some((urn) => /::api\b/.test(urn)));
  });
});
