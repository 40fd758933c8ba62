import assert from "node:assert/strict";
import { COMMIT_BEFORE } from "../../model/delivery/cloud";
import type { Rehearsal } from "../../model/delivery/rehearsal";
import type { RecordedGraph } from "../../model/graph/graph";
import { findingsOf } from "../../preview/rules";
import { exampleGraph, stackGraph } from "../support/stack";
import { onPaper, PUSHED } from "./play";

const DEPLOYMENT = {
  strategy: "ecsBlueGreen",
  lifecycleHooks: [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30 }],
};
const TOLD = { deployment: DEPLOYMENT, notificationEmails: ["team@example.com"] };

async function recorded(changes: object = {}): Promise<RecordedGraph> {
  return (await stackGraph("dev", { changes: { ...TOLD, ...changes } })).recorded;
}

/** What the topic tells of deployments that wait. */
function told({ cloud }: Rehearsal): string[] {
  return cloud.timeline.moments
    .map(({ detail = [] }) => detail.join("\n"))
    .filter((text) => text.includes("waits for a person"));
}

function about(graph: RecordedGraph): string[] {
  return findingsOf(graph)
    .filter(({ level }) => level !== "notice")
    .map(({ message }) => message);
}

describe("a rehearsed deployment that waits for a person", () => {
  it("tells the topic which commit ships, what was there before and until when, before the person answers", async () => {
    const graph = await recorded();
    assert.deepEqual(about(graph), []);
    const rehearsal = await onPaper([graph]);
    const [text = "", ...more] = told(rehearsal);
    assert.deepEqual([more, rehearsal.cloud.refused, rehearsal.reached], [[], [], true]);
    assert.match(
      text,
      new RegExp(`Ships commit ${PUSHED} \\(sha256:.{12}\\), in the place of commit ${COMMIT_BEFORE} `),
    );
    assert.match(text, new RegExp(`git log --oneline ${COMMIT_BEFORE}\\.\\.${PUSHED}\\.`));
    assert.match(text, /Task definition dev-api:2 in the place of dev-api:1\. Try the new version at http:\/\//);
    assert.match(text, /It waits at POST_TEST_TRAFFIC_SHIFT until 2026-03-02T10:\d\d:\d\d.*Z, then it is taken back\./);
    const { moments } = rehearsal.cloud.timeline;
    const at = (words: string) =>
      moments.findIndex(({ what, detail = [] }) => `${what} ${detail.join(" ")}`.includes(words));
    assert.ok(at("waits for a person") < at("a person lets it go on"));
  });

  it("tells of each of two services its own, also where one runs the image of the other", async () => {
    const service = (name: string, more: object = {}) => ({
      name,
      container: { name, port: 8080 },
      healthCheck: { path: "/healthz" },
      ...more,
    });
    for (const more of [{}, { imageOf: "api" }]) {
      const services = [service("api"), service("web", more)];
      const graph = await recorded({ services });
      assert.deepEqual(about(graph), []);
      const rehearsal = await onPaper([graph]);
      assert.deepEqual([rehearsal.cloud.refused, rehearsal.reached], [[], true]);
      assert.deepEqual(
        told(rehearsal)
          .map((text) => /of dev-(\w+) in dev[\s\S]*Ships commit 1{40}/.exec(text)?.[1])
          .sort(),
        ["api", "web"],
      );
    }
  });

  it("tells the people of a stack that another one delivers to, in an account of its own", async () => {
    const graphs = [
      (await exampleGraph("two-accounts", "staging")).recorded,
      (await exampleGraph("two-accounts", "production", { ...TOLD })).recorded,
    ];
    assert.deepEqual(graphs.flatMap(about), []);
    const rehearsal = await onPaper(graphs);
    assert.deepEqual(rehearsal.cloud.refused, []);
    assert.match(told(rehearsal).join(), new RegExp(`Ships commit ${PUSHED} `));
  });

  for (const call of [
    "ecs:ListServiceDeployments",
    "ecs:DescribeServiceDeployments",
    "ecs:DescribeServiceRevisions",
    "ecr:DescribeImages",
  ]) {
    it(`is found to lack ${call} where the role has it not, and tells what it knows all the same`, async () => {
      const graph = await recorded();
      const resources = graph.resources.map((one) => {
        const { policy } = one.inputs;
        if (one.name !== "dev-paused" || typeof policy !== "string") return one;
        return { ...one, inputs: { ...one.inputs, policy: policy.replace(call, "ecs:ListClusters") } };
      });
      const planted: RecordedGraph = { ...graph, resources };
      const messages = about(planted).join("\n");
      assert.match(messages, new RegExp(call));
      assert.match(messages, /ecs:ListClusters/);
      const rehearsal = await onPaper([planted]);
      assert.equal(told(rehearsal).length, 1);
      assert.match(rehearsal.cloud.refused.join(), new RegExp(call));
    });
  }

  it("goes back to the old version, and calls it old, where a person says no", async () => {
    const rehearsal = await onPaper([await recorded()], { people: () => Promise.resolve("reject") });
    const said = rehearsal.cloud.timeline.moments.map(({ what }) => what);
    const back = said.slice(said.findIndex((what) => what.includes("a person said no")));
    assert.ok(back.includes("test requests go to the old version"), back.join("\n"));
    assert.ok(back.includes("1 new task(s) drain and stop"), back.join("\n"));
  });
});

describe("a rehearsed rolling update that an alarm takes back", () => {
  it("calls the tasks that come back old, from the first to the last word", async () => {
    const graph = (
      await stackGraph("dev", { changes: { deployment: { strategy: "rolling", alarmNames: ["errors"] } } })
    ).recorded;
    const rehearsal = await onPaper([graph], { faults: [{ step: "dev-api", how: "alarm" }] });
    const said = rehearsal.cloud.timeline.moments.map(({ what }) => what);
    const from = said.findIndex((what) => what.includes("the deployment fails"));
    const to = said.findIndex((what) => what.includes("is rolled back"));
    const shares = said.slice(from, to).filter((what) => what.includes("go to the new version"));
    assert.ok(from > 0 && to > from && shares.length > 0, said.join("\n"));
    assert.deepEqual(shares.map((what) => /^(\S+) % .* (\S+) % to the old one/.exec(what)?.slice(1)).at(-1), [
      "0",
      "100",
    ]);
    assert.ok(!shares.some((what) => what.startsWith("100 %")), shares.join("\n"));
  });
});
