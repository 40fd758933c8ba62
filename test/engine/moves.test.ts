import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { type Edit, stackConfig } from "../../scripts/changes/record";
import type { Keys } from "../../scripts/changes/variants";
import { deliverOutside } from "./delivery";
import { EngineProject, underEngine } from "./project";
import { whyNotServed } from "./served";

/** A stack file, and what AWS says to it. */
interface Step {
  readonly deployment: Keys | string;
  readonly edit?: Edit;
  /** What AWS refuses it with. @default - it is taken */
  readonly refused?: RegExp;
}

/** A stack that was delivered to so many times, and the stack files that it is then given, one after another. */
interface Move {
  readonly name: string;
  readonly from: Step;
  readonly deliveries: number;
  readonly steps: readonly Step[];
}

const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const WITH_CERTIFICATE: Edit = { keys: { loadBalancer: { certificateArn: CERTIFICATE } } };
const WITHOUT_REDIRECT: Edit = { keys: { loadBalancer: { certificateArn: CERTIFICATE, redirect: false } } };
const ON_SPOT: Edit = { service: { capacityProvider: "FARGATE_SPOT" } };
const ROLLING: Step = { deployment: "rolling" };
const PREPARED: Step = { deployment: { strategy: "rolling", advancedConfiguration: true } };
const REFUSED_ON_THE_WAY = /listener already exists on port 80|specified rule already exists/;

const MOVES: readonly Move[] = [
  {
    name: "rolling to ecsCanary: refused, and taken in two steps",
    from: ROLLING,
    deliveries: 1,
    steps: [
      { deployment: "ecsCanary", refused: /advancedConfiguration is required with the CANARY deployment strategy/ },
      PREPARED,
      { deployment: "ecsCanary" },
    ],
  },
  ...["codeDeployBlueGreen", "ecsCanary"].flatMap((deployment) =>
    [1, 2].map(
      (deliveries): Move => ({
        name: `${deployment} to rolling after ${deliveries} of its deployments`,
        from: { deployment },
        deliveries,
        steps: [ROLLING],
      }),
    ),
  ),
  {
    name: "certificateArn added, and removed: refused, and taken in two steps",
    from: ROLLING,
    deliveries: 1,
    steps: [
      { ...ROLLING, edit: WITH_CERTIFICATE },
      { ...ROLLING, refused: REFUSED_ON_THE_WAY },
      { ...ROLLING, edit: WITHOUT_REDIRECT },
      ROLLING,
    ],
  },
  {
    name: "capacityProvider FARGATE to FARGATE_SPOT and back, ecsCanary",
    from: { deployment: "ecsCanary" },
    deliveries: 1,
    steps: [{ deployment: "ecsCanary", edit: ON_SPOT }, { deployment: "ecsCanary" }],
  },
];

underEngine("moves of a stack that runs, under the real engine", () => {
  let project: EngineProject;
  beforeEach(() => {
    project = new EngineProject();
  });
  afterEach(() => project.remove());

  for (const { name, from, deliveries, steps } of MOVES) {
    it(name, async () => {
      const stack = await project.stack("dev");
      configure(from);
      await stack.up();
      for (let count = 0; count < deliveries; count += 1) project.change(deliverOutside);
      for (const step of steps) {
        configure(step);
        if (step.refused) await assert.rejects(stack.up(), step.refused);
        else await taken(stack);
      }
    });
  }

  function configure({ deployment, edit = {} }: Step): void {
    project.configure("dev", stackConfig(deployment, edit));
  }

  /** An update is taken, a second one finds nothing, and so it is after the next delivery; production has tasks all along. */
  async function taken(stack: Stack): Promise<void> {
    await stack.up();
    assert.equal(whyNotServed(project.cloud), undefined);
    assert.deepEqual(await planned(stack), [], "a second update has nothing to do");
    assert.equal(project.change(deliverOutside), 1, "the next delivery works");
    assert.equal(whyNotServed(project.cloud), undefined, "after the next delivery");
    assert.deepEqual(await planned(stack), [], "the next delivery leaves nothing to do");
  }
});

/** What an update would do. */
async function planned(stack: Stack): Promise<readonly string[]> {
  const found: string[] = [];
  await stack.preview({
    onEvent: ({ resourcePreEvent }) => {
      const { op = "same", urn = "" } = resourcePreEvent?.metadata ?? {};
      if (op !== "same" && op !== "refresh" && op !== "read") found.push(`${op} ${urn.split("$").at(-1) ?? ""}`);
    },
  });
  return found;
}
