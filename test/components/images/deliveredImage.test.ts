import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { defineDeliveredImage, imageOf, NOTHING_DELIVERED } from "../../../components/images/deliveredImage";
import { recordGraph } from "../../support/graph";

const PARAMETER = "/ecs-delivery/api/delivered-image";
const URI = `111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api@sha256:${"4".repeat(64)}`;
const imageIn = (record: string | undefined) => imageOf(record, PARAMETER);

describe("the image in a record", () => {
  it("is what the pipeline has written down", () => {
    assert.equal(imageIn(JSON.stringify({ image: URI, commit: "c0ffee", deliveredAt: "2026-01-01T00:00:00Z" })), URI);
  });

  it("is what a person has written down, with the line end that the console adds", () => {
    assert.equal(imageIn(URI), URI);
    assert.equal(imageIn(`  ${URI}\n`), URI);
  });

  it("is none before the first delivery", () => {
    for (const nothing of [undefined, "", " ", NOTHING_DELIVERED, `{"image":"${NOTHING_DELIVERED}"}`]) {
      assert.equal(imageIn(nothing), undefined);
    }
  });

  it("is never taken for none when the record is broken: a service that runs would stop", () => {
    for (const broken of ['{"image"', "{}", '{"image":""}', '{"image":5}', "see the wiki"]) {
      assert.throws(
        () => imageIn(broken),
        (error: Error) => {
          assert.ok(pulumi.RunError.isInstance(error));
          assert.ok(error.message.startsWith(`${PARAMETER}: expected the delivered image`), error.message);
          assert.ok(
            error.message.includes(`got "${broken}"; write back what runs: aws ssm put-parameter`),
            error.message,
          );
          return true;
        },
      );
    }
  });
});

class Owner extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Owner", "api");
  }
}

describe("the record of the delivered image", () => {
  const program = () => {
    const { image } = defineDeliveredImage("api-record", { parameterName: PARAMETER }, { parent: new Owner() });
    return { image: image.apply((delivered) => delivered ?? "nothing yet") };
  };

  it("starts as nothing, and never changes by Pulumi's hand: the pipeline writes it", async () => {
    const graph = await recordGraph(program);
    const parameter = graph.only("aws:ssm/parameter:Parameter");
    assert.deepEqual([parameter.inputs.name, parameter.inputs.value], [PARAMETER, NOTHING_DELIVERED]);
    assert.deepEqual(parameter.ignoreChanges, ["value", "description", "tags", "tagsAll"]);
    assert.equal(graph.recorded.stackOutputs.image, "nothing yet");
  });

  it("is read anew at every run", async () => {
    const graph = await recordGraph(program, { parameters: { [PARAMETER]: URI } });
    assert.equal(graph.recorded.stackOutputs.image, URI);
  });
});
