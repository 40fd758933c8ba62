import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { QUOTAS } from "../../../model/scale/quotas";
import { roomsOf } from "../../../model/scale/room";
import { findingsAcross } from "../../../preview/crossStack";
import { rules } from "../../../preview/rules";
import { quotas as rule } from "../../../preview/rules/quotas";
import { NO_SETTINGS, type RuleSettings } from "../../../preview/rules/ruleSettings";
import { stackGraph } from "../../support/stack";
import { arnHere, assertFinds, assertFindsNothing, graphOf, resource } from "./handMade";
import { healthy } from "./healthy";

const quotas = (graph: RecordedGraph) => rule.find(graph);
const many = (type: string, count: number, inputs: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, index) => resource(type, `x-${index}`, inputs));
const listener = (balancer: string) => ({
  listenerArn: arnHere("elasticloadbalancing", `listener/app/${balancer}/1/2`),
});
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const RULE = "aws:lb/listenerRule:ListenerRule";
const GROUP = "aws:lb/targetGroup:TargetGroup";

describe("quotas", () => {
  it("have room for a few", () => {
    assertFindsNothing(quotas, healthy);
    assertFindsNothing(quotas, graphOf(...many(BALANCER, 49)));
  });

  it("say what a stack takes all of, how to take less, and where the account's own are shown", () =>
    assertFinds(
      quotas,
      graphOf(...many(BALANCER, 50)),
      [
        'aws.lb.LoadBalancer "x-0": this stack needs 50 application load balancers in a region, and AWS allows 50 until it ' +
          "is asked for more. To stay below it: several services behind one (`loadBalancerOf`, `targets.shared`); " +
          "aws service-quotas list-service-quotas --service-code elasticloadbalancing shows what an account has",
      ],
      "warning",
    ));

  it("count the rules of each load balancer apart", () => {
    const apart = [...many(RULE, 60, listener("a")), ...many(RULE, 60, listener("b"))];
    assertFindsNothing(quotas, graphOf(...apart));
    for (const count of [100, 101])
      assertFinds(
        quotas,
        graphOf(...many(RULE, count, listener("a"))),
        [
          `aws.lb.ListenerRule "x-0": this stack needs ${count} rules of one load balancer, and AWS allows 100 until it is asked ` +
            "for more. To stay below it: a second load balancer for some of the services; " +
            "aws service-quotas list-service-quotas --service-code elasticloadbalancing shows what an account has",
        ],
        "warning",
      );
  });

  it("count each target group of a load balancer once, whichever rules and listeners lead to it", () => {
    const groups = many(GROUP, 100);
    const rulesTo = groups.flatMap(({ name, outputs }) =>
      ["production", "test"].map((kind) =>
        resource(RULE, `${kind}-${name}`, {
          listenerArn: arnHere("elasticloadbalancing", `listener/app/a/1/${kind}`),
          actions: [{ type: "forward", targetGroupArn: outputs.arn }],
        }),
      ),
    );
    const found = quotas(graphOf(...groups, ...rulesTo)).map(({ message }) => message);
    assert(
      found.some((text) =>
        /^aws.lb.TargetGroup "x-0": .* 100 target groups of one .* and nobody gets more\./.test(text),
      ),
      found.join("\n"),
    );
    assert.deepStrictEqual(
      quotas(graphOf(...groups.slice(1), ...rulesTo)).filter(({ message }) => message.includes("target groups")),
      [],
    );
  });

  it("take a VPC of the component's and the one in it for one", () => {
    const awsx = (count: number) => many("awsx:ec2:Vpc", count, { natGateways: { strategy: "None" } });
    const inside = (count: number) =>
      awsx(count).flatMap((one) => [one, resource("aws:ec2/vpc:Vpc", `${one.name}-own`, {}, { parent: one.urn })]);
    assert.strictEqual(quotas(graphOf(...awsx(5))).length, 1);
    assert.strictEqual(quotas(graphOf(...inside(4))).length, 0);
  });

  it("count the builds that one run starts together, of which a new account refuses some", async () => {
    const services = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        name: `worker-${index}`,
        container: { name: "app" },
        unitTests: { commands: ["npm test"] },
      }));
    const graphOfMany = async (count: number, more: Readonly<Record<string, unknown>> = {}) =>
      (await stackGraph("dev", { changes: { services: services(count), ...more } })).recorded;
    const seven = await graphOfMany(7);
    assert.deepStrictEqual(rule.find(seven, { allowed: { builds: 7 } }), []);
    const apart = await graphOfMany(2, { pipelines: "perService" });
    assert.deepStrictEqual(rule.find(apart, { allowed: { builds: 1 } }), []);
    assert.deepStrictEqual(
      quotas(seven).map(({ level, message }) => `${level} ${message}`),
      [
        'notice aws.codepipeline.Pipeline "dev": this stack needs 7 builds that one run starts at the same time, of which a new ' +
          "account runs one, keeps five waiting and refuses the others, and AWS allows 6 a new account, and more to who uses it. " +
          "To stay below it: a pipeline for each service (`pipelines: perService`); " +
          "aws service-quotas list-service-quotas --service-code codebuild shows what an account has",
      ],
    );
  });

  it("are what an account has in the place of AWS's defaults, where settings say so", () => {
    const graph = graphOf(...many(BALANCER, 50));
    assert.deepStrictEqual(rule.find(graph, { allowed: { applicationBalancers: 200 } }), []);
    const [less] = rule.find(graphOf(...many(BALANCER, 3)), { allowed: { applicationBalancers: 3 } });
    assert.match(less?.message ?? "", /needs 3 application load balancers in a region, and this account has 3\./);
    assert.throws(() => rule.find(graph, { allowed: { balancers: 200 } }));
  });

  it("have a page of AWS's and a word of their own each", () => {
    assert.strictEqual(new Set(QUOTAS.map(({ name }) => name)).size, QUOTAS.length);
    for (const { page, most } of QUOTAS) assert(/^https:\/\/docs\.aws\.amazon\.com\//.test(page) && most > 0);
    assert(rules.includes(rule));
  });
});

describe("quotas of stacks together", () => {
  const stacks = async (count: number, changes: Readonly<Record<string, unknown>> = {}, account = "111122223333") => {
    const graphs: RecordedGraph[] = [];
    for (let index = 0; index < count; index += 1) {
      const { recorded } = await stackGraph("dev", { changes: { "aws:allowedAccountIds": [account], ...changes } });
      graphs.push({ ...recorded, stack: `team-${index}` });
    }
    return graphs;
  };
  // The same stack several times: what is one by its name, a rule or a pipeline, would be counted together.
  const found = (graphs: readonly RecordedGraph[], settings?: RuleSettings) =>
    [...findingsAcross(graphs, settings)].flatMap(([{ stack }, findings]) =>
      findings
        .filter(
          ({ rule: name, message }) => name === "quotas" && !/of one event rule|that one run starts/.test(message),
        )
        .map(({ level, message }) => `${stack} ${level} ${message}`),
    );

  it("are said once, of the stack that takes the last room: five networks, with the account's own a sixth", async () => {
    const five = await stacks(5);
    assert.deepStrictEqual(found(five.slice(1)), []);
    assert.deepStrictEqual(found(five), [
      'team-4 warning awsx.ec2.Vpc "dev": these stacks together need 5 VPCs of a region, with the one that AWS makes in each, ' +
        "and AWS allows 5 until it is asked for more. To stay below it: one network for several stacks (`network.existing`); " +
        "aws service-quotas list-service-quotas --service-code vpc shows what an account has " +
        "(111122223333, eu-west-1: team-0 1, team-1 1, team-2 1, team-3 1, team-4 1)",
    ]);
  });

  it("are of each account and region apart", async () => {
    const here = await stacks(4);
    assert.deepStrictEqual(found([...here, ...(await stacks(4, {}, "444455556666"))]), []);
    assert.deepStrictEqual(found([...here, ...(await stacks(4, { "aws:region": "eu-central-1" }))]), []);
    assert.strictEqual(found([...here, ...(await stacks(1))]).length, 1);
  });

  it("are those of a load balancer that several stacks lead to", async () => {
    const shared = {
      listener: arnHere("elasticloadbalancing", "listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2"),
      targetSecurityGroup: "sg-0a1b2c3d",
      hosts: ["shop.example.com"],
    };
    const services = Array.from({ length: 4 }, (_, index) => ({
      name: `api-${index}`,
      container: { name: "api", port: 8080 },
      targets: { shared: { ...shared, priority: index + 1 } },
    }));
    const two = await stacks(2, { services });
    const [room, ...others] = roomsOf(two).filter(({ quota }) => quota.name === "listenerRules");
    assert.deepStrictEqual(
      [room?.place, room?.amount, room?.shares.length, others.length],
      ["111122223333, eu-west-1, app/shop/50dc6c495c0c9188", 8, 2, 0],
    );
    const allowing = (listenerRules: number): RuleSettings => ({
      applied: (one, graph) => one.find(graph, { allowed: { listenerRules } }),
    });
    assert.deepStrictEqual(found(two, allowing(9)), []);
    const [full, ...more] = found(two, allowing(8));
    assert.match(
      full ?? "",
      /^team-1 warning aws.lb.ListenerRule .* these stacks together need 8 rules of one load balancer, and this account has 8\./,
    );
    assert.strictEqual(more.length, 0);
  });

  it("are left to the stack that takes all by itself, and to settings", async () => {
    const own = graphOf(...many(BALANCER, 50));
    assert.deepStrictEqual(found([own, { ...own, stack: "other" }]), []);
    const five = await stacks(5);
    const off: RuleSettings = {
      applied: (one, graph) => (one.name === "quotas" ? [] : NO_SETTINGS.applied(one, graph)),
    };
    assert.deepStrictEqual(found(five, off), []);
    const more: RuleSettings = { applied: (one, graph) => one.find(graph, { allowed: { vpcs: 20 } }) };
    assert.deepStrictEqual(found(five, more), []);
  });
});
