import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { ecsCanary } from "../../../components/deployment/ecsNative";
import { rolling } from "../../../components/deployment/rolling";
import { SharedTargets } from "../../../components/loadBalancer/sharedTargets";
import type { EcsServiceArgs } from "../../../components/service/args";
import { groupsOf, type LiveService } from "../../../components/service/liveService";
import { recordGraph } from "../../support/graph";
import { json, list } from "../../support/read";
import { CLUSTER, IMAGE, REPOSITORY, serviceGraph, TARGETS, TEST_NETWORK } from "../../support/service";

const PARAMETER = "/ecs-delivery/api/delivered-image";
const OLDER = `${REPOSITORY.repositoryUrl}@sha256:${"1".repeat(64)}`;
const recorded = (image: string) => JSON.stringify({ image, commit: "c0ffee", deliveredAt: "2026-01-01T00:00:00Z" });

interface Live {
  readonly image?: string;
  readonly status?: string;
  readonly desiredCount?: number;
  readonly targetGroupArn?: string;
  readonly hasRules?: boolean;
}

/** The service as Pulumi would leave it, where ECS is told to run this. */
async function updated(live: Live | "denied", record: string, args: Partial<EcsServiceArgs> = {}) {
  const {
    image = IMAGE,
    status = "ACTIVE",
    desiredCount = 2,
    targetGroupArn,
    hasRules,
  } = live === "denied" ? {} : live;
  const advancedConfigurations = hasRules ? [{ roleArn: "arn:role" }] : [];
  const asked: unknown[] = [];
  const graph = await serviceGraph(
    { targets: TARGETS, desiredCount: 3, ...args },
    {
      parameters: { [PARAMETER]: record },
      overrides: {
        lookups: {
          "aws:ecs/getService:getService": ({ inputs }) => {
            asked.push([inputs.clusterArn, inputs.serviceName]);
            if (live === "denied") throw new Error("AccessDeniedException");
            return {
              taskDefinition: "arn:task-definition/api:7",
              desiredCount,
              loadBalancers: targetGroupArn === undefined ? [] : [{ targetGroupArn, advancedConfigurations }],
            };
          },
          "aws:ecs/getTaskDefinition:getTaskDefinition": ({ inputs }) => {
            assert.equal(inputs.taskDefinition, "arn:task-definition/api:7");
            return {
              status,
              containerDefinitions: JSON.stringify([
                { name: "sidecar", image: "x" },
                { name: "api", image },
              ]),
            };
          },
        },
      },
    },
  );
  assert.deepEqual(asked, [[CLUSTER.arn, "api"]]);
  const service = graph.only("aws:ecs/service:Service");
  return {
    image: json(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions, 0, "image"),
    desiredCount: service.inputs.desiredCount,
    group: (list(service.inputs.loadBalancers)[0] as Record<string, unknown>).targetGroupArn,
  };
}

describe("an update of a service", () => {
  it("leaves a delivery alone that nobody has recorded yet", async () => {
    const { image, desiredCount } = await updated({ image: IMAGE }, recorded(OLDER));
    assert.deepEqual([image, desiredCount], [IMAGE, 3]);
  });

  it("leaves the first delivery alone, and how many tasks it has", async () => {
    assert.deepEqual(
      [await updated({ desiredCount: 0 }, "none"), await updated({ desiredCount: 3 }, "none")].map((one) => [
        one.image,
        one.desiredCount,
      ]),
      [
        [IMAGE, 0],
        [IMAGE, 3],
      ],
    );
  });

  it("does not bring back an image that failed: its revision is deregistered", async () => {
    assert.equal((await updated({ image: IMAGE, status: "INACTIVE" }, recorded(OLDER))).image, OLDER);
    const first = await updated({ image: IMAGE, status: "INACTIVE", desiredCount: 1 }, "none");
    assert.match(String(first.image), /:not-delivered-yet$/);
    assert.equal(first.desiredCount, 0);
  });

  it("does what a person has written into the record", async () => {
    assert.equal((await updated({ image: IMAGE }, OLDER)).image, OLDER);
  });

  it("takes the image it was given for the first day as one that a delivery may follow", async () => {
    assert.equal((await updated({ image: IMAGE }, OLDER, { image: OLDER })).image, IMAGE);
  });

  it("goes by the record where the service may not be asked, or is not there", async () => {
    const { image, desiredCount, group } = await updated("denied", recorded(OLDER));
    assert.deepEqual([image, desiredCount, group], [OLDER, 3, TARGETS.blue.arn]);
  });

  it("registers where the tasks are that serve: blue at first, green after a swap, never elsewhere", async () => {
    for (const deployment of [undefined, codeDeployBlueGreen()]) {
      const groupOf = async (live: Live) => (await updated(live, recorded(IMAGE), { deployment })).group;
      assert.equal(await groupOf({}), TARGETS.blue.arn);
      assert.equal(await groupOf({ targetGroupArn: String(TARGETS.green.arn) }), TARGETS.green.arn);
      assert.equal(await groupOf({ targetGroupArn: "arn:of-another-load-balancer" }), TARGETS.blue.arn);
    }
  });

  it("registers in blue where ECS's rules come or go: the listener, and a new rule, lead there", async () => {
    const green = { targetGroupArn: String(TARGETS.green.arn) };
    const groupOf = async (live: Live, deployment?: EcsServiceArgs["deployment"]) =>
      (await updated(live, recorded(IMAGE), { deployment })).group;
    assert.equal(await groupOf(green, ecsCanary()), TARGETS.blue.arn);
    assert.equal(await groupOf({ ...green, hasRules: true }, ecsCanary()), TARGETS.green.arn);
    assert.equal(
      await groupOf({ ...green, hasRules: true }, rolling({ advancedConfiguration: true })),
      TARGETS.green.arn,
    );
    assert.equal(await groupOf({ ...green, hasRules: true }), TARGETS.blue.arn);
  });

  it("registers where the tasks are that serve where rules stay, whatever deploys", async () => {
    const given = {
      network: TEST_NETWORK,
      containerPort: 8080,
      hosts: ["a.example.com"],
      targetSecurityGroupId: "sg-1",
    };
    const serving = async (live: LiveService) => {
      let found: unknown;
      const graph = await recordGraph(() => {
        const targets = new SharedTargets("api", { ...given, listener: TARGETS.productionListener });
        const green = targets.green.arn.apply((arn) => ({ ...live, targetGroupArn: arn }));
        groupsOf(green, targets, false).serving.apply((arn) => (found = arn));
      });
      return found === graph.named("aws:lb/targetGroup:TargetGroup", "api-green").outputs.arn;
    };
    assert.deepEqual([await serving({ hasTrafficRules: true }), await serving({})], [true, true]);
  });
});
