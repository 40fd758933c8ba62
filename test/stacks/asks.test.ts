import assert from "node:assert/strict";
import { shopStack as shop } from "../../examples/one-pipeline/shop";
import { asksPerson } from "../../stacks/asks";
import { profiles } from "../../stacks/profiles";
import { at, json, list, textAt } from "../support/read";
import { exampleGraph, stackGraph } from "../support/stack";

describe("a profile", () => {
  it("asks a person or does not, and says so before anything is made", () => {
    const asking = Object.entries({ ...profiles, shop }).filter(([, profile]) => asksPerson(profile));
    assert.deepEqual(
      asking.map(([name]) => name),
      ["prod", "commitToProduction", "shop"],
    );
  });
});

describe("the key of a stack", () => {
  const admitted = async (stack: ReturnType<typeof stackGraph>) => {
    const { policy } = (await stack).all("aws:kms/key:Key")[0]?.inputs ?? {};
    const services = list(json(policy, "Statement")).map((one) => textAt(at(one, "Principal", "Service") ?? ""));
    return services.filter((service) => service !== "" && !service.startsWith("logs."));
  };

  it("admits what tells the topic where the stack has one, and nothing where it has none", async () => {
    assert.deepEqual(await admitted(stackGraph("dev")), []);
    const both = ["codestar-notifications.amazonaws.com", "cloudwatch.amazonaws.com"];
    assert.deepEqual(await admitted(stackGraph("prod")), both);
    assert.deepEqual(await admitted(stackGraph("dev", { changes: { notificationEmails: ["a@example.com"] } })), both);
    assert.deepEqual(await admitted(stackGraph("prod", { changes: { deliveryEvents: false } })), []);
    assert.deepEqual(await admitted(exampleGraph("one-pipeline", "staging")), both);
  });
});
