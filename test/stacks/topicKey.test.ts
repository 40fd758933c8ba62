import assert from "node:assert/strict";
import { roleCannot } from "../../preview/rules/roleCannot";
import { onPaper, toldBy, withInputsOf } from "../rehearse/play";
import type { Graph } from "../support/graph";
import { stackGraph, stackRefusal } from "../support/stack";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/70p1c";
const TOPIC = "arn:aws:sns:eu-west-1:111122223333:ours";
const PUBLISH = { Effect: "Allow", Action: ["sns:Publish"], Resource: [TOPIC] };
const USE = {
  Effect: "Allow",
  Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
  Resource: [KEY],
  Condition: { StringEquals: { "kms:ViaService": "sns.eu-west-1.amazonaws.com" } },
};

const graphOf = (topic: object): Promise<Graph> =>
  stackGraph("prod", { changes: { topic, deliveryEvents: true, notificationEmails: undefined } });
const ofTopic = (graph: Graph, role: string) =>
  graph.statements(role).filter(({ Resource }) => Resource.includes(TOPIC) || Resource.includes(KEY));

describe("a topic that exists", () => {
  it("is told by roles that may publish to it, and may use its key through it where it has one", async () => {
    const graph = await graphOf({ existing: TOPIC, kmsKey: KEY });
    for (const role of ["prod-pipeline", "prod-events"]) assert.deepEqual(ofTopic(graph, role), [PUBLISH, USE], role);
    assert.deepEqual(roleCannot(graph.recorded), []);
    assert.equal(graph.count("aws:sns/topic:Topic"), 0);
    const plain = await graphOf({ existing: TOPIC });
    for (const role of ["prod-pipeline", "prod-events"]) assert.deepEqual(ofTopic(plain, role), [PUBLISH], role);
  });

  it("is missed by the preview and by the rehearsal where a role may not use its key", async () => {
    const { recorded } = await graphOf({ existing: TOPIC, kmsKey: KEY });
    const planted = withInputsOf(recorded, "aws:iam/rolePolicy:RolePolicy", ({ policy }) => ({
      policy: String(policy).replaceAll(KEY, KEY.replace("70p1c", "0ther")),
    }));
    const found = roleCannot(planted).map(({ message }) => message);
    for (const role of ["prod-pipeline", "prod-events"])
      assert.ok(
        found.some((text) => text.includes(`"${role}": may not kms:GenerateDataKey, kms:Decrypt on ${KEY}`)),
        `${role}\n${found.join("\n")}`,
      );
    assert.ok((await onPaper([recorded])).reached);
    const played = await onPaper([planted]);
    assert.equal(played.reached, false);
    assert.match(toldBy(played), /may not publish to arn:aws:sns:eu-west-1:111122223333:ours/);
  });

  it("has a key by its ARN", async () =>
    assert.match(
      await stackRefusal("prod", { topic: { existing: TOPIC, kmsKey: "alias/topic" } }),
      /ecs-delivery:topic\.kmsKey: expected the ARN of a KMS key, got "alias\/topic"/,
    ));
});
