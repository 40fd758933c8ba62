import assert from "node:assert";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { formerUrns } from "../../../model/update/aliases";
import { pairUp } from "../../../model/update/pairs";
import { recordProgram } from "../../../preview/record/recordGraph";

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions, type = "test:index:Group") {
    super(type, name, {}, opts);
  }
}

const topic = (name: string, opts?: pulumi.CustomResourceOptions, displayName = "News") =>
  void new aws.sns.Topic(name, { displayName }, opts);

/** `before > after` of each pair, `aliased` or `guessed` where the URN is another one, and what is left over. */
async function compare(before: () => unknown, after: () => unknown) {
  const { pairs, removed, added } = pairUp(await recordProgram(before), await recordProgram(after));
  const name = ({ urn }: { urn: string }) => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "… ");
  return {
    pairs: pairs.map(({ before: old, after: young, aliased }) =>
      [name(old), name(young), ...(aliased === undefined ? [] : [aliased ? "aliased" : "guessed"])].join(" > "),
    ),
    removed: removed.map(name),
    added: added.map(name),
  };
}

const TOPIC = "aws:sns/topic:Topic";

describe("pairUp", () => {
  it("knows a resource by its URN, whatever else of it changed", async () =>
    assert.deepStrictEqual(
      await compare(
        () => topic("news"),
        () => topic("news", {}, "Other"),
      ),
      { pairs: [`${TOPIC} news > ${TOPIC} news`], removed: [], added: [] },
    ));

  it("knows it by an alias, by name, by parent, and by its parent's alias", async () => {
    const named = await compare(
      () => topic("news"),
      () => topic("told", { aliases: [{ name: "news" }] }),
    );
    assert.deepStrictEqual(named.pairs, [`${TOPIC} news > ${TOPIC} told > aliased`]);
    const moved = await compare(
      () => topic("news"),
      () => topic("news", { parent: new Group("g"), aliases: [{ parent: pulumi.rootStackResource }] }),
    );
    assert.deepStrictEqual(moved.pairs, [`${TOPIC} news > … ${TOPIC} news > aliased`]);
    const followed = await compare(
      () => topic("old-news", { parent: new Group("old") }),
      () => topic("new-news", { parent: new Group("new", { aliases: [{ name: "old" }] }) }),
    );
    assert.deepStrictEqual(followed.pairs, [`… ${TOPIC} old-news > … ${TOPIC} new-news > aliased`]);
    const retyped = await compare(
      () => topic("news", { parent: new Group("g") }),
      () => topic("news", { parent: new Group("g", { aliases: [{ type: "test:index:Group" }] }, "test:index:Other") }),
    );
    assert.deepStrictEqual(retyped.pairs, [`… ${TOPIC} news > … ${TOPIC} news > aliased`]);
  });

  it("guesses that it is the same but for its name, and does not where anything else differs", async () => {
    const renamed = await compare(
      () => topic("news"),
      () => topic("told"),
    );
    assert.deepStrictEqual(renamed.pairs, [`${TOPIC} news > ${TOPIC} told > guessed`]);
    const changed = await compare(
      () => topic("news"),
      () => topic("told", {}, "Other"),
    );
    assert.deepStrictEqual(changed, { pairs: [], removed: [`${TOPIC} news`], added: [`${TOPIC} told`] });
    const other = await compare(
      () => topic("news"),
      () => void new aws.cloudwatch.LogGroup("news"),
    );
    assert.deepStrictEqual([other.pairs, other.removed.length, other.added.length], [[], 1, 1]);
  });

  it("takes a name that is given for what it is: with another one it is another resource", async () => {
    const { pairs } = await compare(
      () => void new aws.sns.Topic("news", { name: "shop-news" }),
      () => void new aws.sns.Topic("told", { name: "shop-told" }),
    );
    assert.deepStrictEqual(pairs, []);
  });

  it("sees through what follows from the name, its own and its parent's", async () => {
    const service = (name: string) => () => {
      const parent = new Group(name);
      const role = new aws.iam.Role(`${name}-task`, { assumeRolePolicy: "{}" }, { parent });
      new aws.iam.RolePolicy(`${name}-task`, { role: role.name, policy: `{"of":"${name}"}` }, { parent });
    };
    const { pairs, removed, added } = await compare(service("api"), service("web"));
    assert.deepStrictEqual(
      [pairs.map((pair) => pair.endsWith("guessed")), removed, added],
      [[true, true], [], []],
      "both are known again",
    );
  });

  it("prefers the one in the same place", async () => {
    const { pairs } = await compare(
      () => {
        topic("a");
        topic("b", { parent: new Group("g") });
      },
      () => topic("c", { parent: new Group("g") }),
    );
    assert.deepStrictEqual(pairs, [`… ${TOPIC} b > … ${TOPIC} c > guessed`]);
  });
});

describe("formerUrns", () => {
  it("are none without an alias but those that the SDK sends for types it renamed", async () => {
    const graph = await recordProgram(() => {
      topic("news");
      new aws.lb.TargetGroup("blue");
    });
    const former = graph.resources.map((resource) => [resource.name, formerUrns(graph, resource)]);
    assert.deepStrictEqual(Object.fromEntries(former), {
      news: [],
      blue: ["urn:pulumi:dev::ecs-delivery::aws:elasticloadbalancingv2/targetGroup:TargetGroup::blue"],
    });
  });

  it("are as they stand where an alias is a URN", async () => {
    const graph = await recordProgram(() => topic("news", { aliases: ["urn:pulumi:dev::shop::a:b:C::news"] }));
    assert.deepStrictEqual(
      graph.resources.map((resource) => formerUrns(graph, resource)),
      [["urn:pulumi:dev::shop::a:b:C::news"]],
    );
  });
});
