import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { lookAhead } from "../../../model/update/lookAhead";
import { changed, withMore } from "../../preview/rules/handMade";
import { INGRESS, made, SHOP_EGRESS, shop, shopUrn } from "../shop";

const codeDeploy = shop({ strategy: "CODE_DEPLOY" });
const canary = shop({ strategy: "CANARY" });
const service = (graph: RecordedGraph, inputs: object) => changed(graph, TYPES.service, "api", { ...inputs });
const definition = (graph: RecordedGraph, inputs: object) => changed(graph, TYPES.taskDefinition, "api", { ...inputs });

const found = (before: RecordedGraph, after: RecordedGraph) =>
  lookAhead(before, after).findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`);
const said = (before: RecordedGraph, after: RecordedGraph) => lookAhead(before, after).sentences;

describe("lookAhead", () => {
  it("has nothing to say where nothing changed", () => {
    for (const graph of [shop(), canary, codeDeploy]) {
      const { sentences, findings } = lookAhead(graph, graph);
      assert.deepStrictEqual([sentences, findings], [[], []]);
    }
  });

  it("says how a changed setting reaches the service: at once, as a delivery does, or with the next release", () => {
    const words = [shop(), canary, codeDeploy].map((graph) => [
      said(graph, definition(graph, { memory: "1024" })),
      found(graph, definition(graph, { memory: "1024" })),
    ]);
    const frozen = {
      ...codeDeploy,
      resources: codeDeploy.resources.map((one) => ({ ...one, ignoreChanges: [...one.ignoreChanges, "memory"] })),
    };
    assert.deepStrictEqual(words.slice(0, 2), [
      [["api: memory 512 to 1024, its tasks are replaced one after another"], []],
      [["api: memory 512 to 1024, new tasks take over as in a delivery"], []],
    ]);
    assert.deepStrictEqual(said(frozen, definition(frozen, { memory: "1024" })), [
      "api: memory 512 to 1024, with the next release, nothing restarts",
    ]);
  });

  it("says of the machine that tells people of a pause that it is for notifications: another one pauses scaling", () => {
    const machine = made("aws:sfn/stateMachine:StateMachine", "dev-paused", {});
    assert.deepStrictEqual(said(shop(), withMore(shop(), machine)), ["dev: notifications, in place"]);
  });

  it("names the length of a time without production, and how to do without it", () => {
    const { findings, sentences } = lookAhead(shop(), service(shop(), { cluster: "other" }));
    assert.deepStrictEqual(sentences, ["api: cluster, not served for about 3 minutes"]);
    assert.deepStrictEqual(
      findings.map(({ level, rule, message }) => [level, rule, message]),
      [
        [
          "warning",
          "production-not-served",
          'api: production is not served for about 3 minutes: aws.ecs.Service "api" is deleted before its replacement runs',
        ],
      ],
    );
    assert(findings.every(({ steps = [] }) => steps.length > 2));
  });

  it("makes an error of it in a stack that keeps something, and of one that does not end anywhere", () => {
    const kept = withMore(shop(), { ...made(TYPES.topic, "kept", {}), protect: true });
    assert.match(
      found(kept, service(kept, { cluster: "other" })).join(),
      /^error production-not-served: .* about 3 minutes/,
    );
    const deaf = changed(shop(), SHOP_EGRESS, "to-tasks", { fromPort: 1, toPort: 1 });
    assert.deepStrictEqual(found(shop(), deaf), [
      'error production-not-served: api: production is not served for good, also after the next delivery, from the moment at which aws.vpc.SecurityGroupEgressRule "to-tasks" changes',
      "error next-delivery-fails: api: the next delivery fails: the load balancer does not get to the new tasks: their port, and what security groups admit, do not fit",
    ]);
  });

  it("says which environments it goes for, where deliveries may have left more than one", () => {
    const rolling = service(shop(), { deploymentConfiguration: { strategy: "ROLLING" } });
    assert.deepStrictEqual(found(canary, rolling), [
      'warning production-not-served: api: production is not served for about 1 minute, from the moment at which aws.lb.ListenerRule "production-rule" is deleted (after an odd number of deliveries)',
    ]);
  });

  it("has a service that replaces one of CodeDeploy's register where production leads, after any number of deliveries", () => {
    assert.deepStrictEqual(found(codeDeploy, shop()), [
      'warning production-not-served: api: production is not served for about 3 minutes: aws.ecs.Service "api" is deleted before its replacement runs',
    ]);
  });

  it("warns of what a schedule has set and an update sets back, but not of what the program ignores", () => {
    const resourceId = "service/dev/dev-api";
    const target = made("aws:appautoscaling/target:Target", "api", { resourceId, minCapacity: 2, maxCapacity: 6 });
    const schedule = made("aws:appautoscaling/scheduledAction:ScheduledAction", "api-morning", {
      resourceId,
      scalableTargetAction: { minCapacity: 4, maxCapacity: 6 },
    });
    const ignoring = (more: readonly string[]) => {
      const graph = shop({ more: [{ ...target, ignoreChanges: more }, schedule] });
      const resources = graph.resources.map((one) =>
        one.type === TYPES.service ? { ...one, ignoreChanges: ["desiredCount"] } : one,
      );
      return { ...graph, resources };
    };
    const graph = ignoring([]);
    assert.deepStrictEqual(found(graph, definition(graph, { memory: "1024" })), [
      'warning delivery-undone: aws.appautoscaling.Target "api": minCapacity is 4 now, and pulumi up sets it back to 2',
    ]);
    const quiet = ignoring(["minCapacity"]);
    assert.deepStrictEqual(found(quiet, definition(quiet, { memory: "1024" })), []);
  });

  it("warns of a number of tasks that scaling chose and the program does not leave to it", () => {
    const target = made("aws:appautoscaling/target:Target", "api", {
      resourceId: "service/dev/dev-api",
      minCapacity: 1,
      maxCapacity: 6,
    });
    const graph = shop({ more: [target] });
    assert.deepStrictEqual(found(graph, definition(graph, { memory: "1024" })), [
      'warning delivery-undone: aws.ecs.Service "api": desiredCount is 6 now, and pulumi up sets it back to 1',
    ]);
  });

  it("knows that a part of an entry may be left alone, and the rest changed", () => {
    const paths = ["loadBalancers[0].targetGroupArn", "loadBalancers[0].advancedConfiguration"];
    const partly = (graph: RecordedGraph): RecordedGraph => ({
      ...graph,
      resources: graph.resources.map((one) => (one.type === TYPES.service ? { ...one, ignoreChanges: paths } : one)),
    });
    const wide = (graph: RecordedGraph) =>
      changed(changed(graph, SHOP_EGRESS, "to-tasks", { toPort: 9000 }), INGRESS, "from-balancer", { toPort: 9000 });
    const before = wide(partly(canary));
    const moved = partly(shop({ strategy: "CANARY", port: 9000 }));
    const groups = ["api-blue", "api-green"].reduce(
      (graph, name) => changed(graph, TYPES.targetGroup, name, { port: 8080 }),
      changed(changed(moved, SHOP_EGRESS, "to-tasks", { fromPort: 8080 }), INGRESS, "from-balancer", {
        fromPort: 8080,
      }),
    );
    assert.match(found(before, groups).join("\n"), /^notice image-has-to-fit: api: .* listens on port 9000; .*$/);
    assert.deepStrictEqual(said(before, groups), ["api: container port, new tasks take over as in a delivery"]);
  });

  it("finds an image of another architecture before a deployment does", () => {
    const [first = ""] = found(shop(), definition(shop(), { runtimePlatform: { cpuArchitecture: "ARM64" } }));
    assert.match(
      first,
      /^error image-of-another-architecture: api: the delivered image was built for X86_64, .* ARM64 at once/,
    );
  });

  it("finds a repository that goes with the image that runs", () => {
    const repository = made(TYPES.repository, "api", { name: "dev/api", forceDelete: true });
    assert.deepStrictEqual(found(withMore(shop(), repository), shop()), [
      'error running-image-lost: aws.ecr.Repository "api": it is deleted with the image that api runs: a task that stops could not be started again',
    ]);
  });

  it("finds a strategy that stays because the program says none", () => {
    const resources = canary.resources.map((one) => ({
      ...one,
      inputs: Object.fromEntries(Object.entries(one.inputs).filter(([key]) => key !== "deploymentConfiguration")),
    }));
    assert.deepStrictEqual(found(canary, { ...canary, resources }), [
      'error setting-left-alone: aws.ecs.Service "api": deploymentConfiguration is left out, so the provider leaves it: the service stays CANARY',
    ]);
  });

  it("finds a delivery that fails afterwards", () => {
    const pair = {
      prodTrafficRoute: { listenerArns: ["production-0a1b2c3"] },
      targetGroups: [{ name: "api-blue-0a1b2c3" }, { name: "loose-0a1b2c3" }],
    };
    const loose = withMore(codeDeploy, made(TYPES.targetGroup, "loose", { port: 8080 }));
    const after = changed(loose, TYPES.deploymentGroup, "api", { loadBalancerInfo: { targetGroupPairInfo: pair } });
    assert.match(
      found(codeDeploy, after).join("\n"),
      /next-delivery-fails: api: .* no load balancer leads to target group "loose"/,
    );
  });

  it("says of a range that is open for the sake of tasks that still serve", () => {
    const wide = (graph: RecordedGraph) =>
      ["to-tasks", "from-balancer"].reduce(
        (now, name) =>
          changed(now, name === "to-tasks" ? SHOP_EGRESS : INGRESS, name, { fromPort: 8080, toPort: 9000 }),
        graph,
      );
    const moved = ["api-blue", "api-green"].reduce(
      (graph, name) => changed(graph, TYPES.targetGroup, name, { port: 8080 }),
      wide(shop({ port: 9000 })),
    );
    const narrow = found(shop(), moved).filter((text) => text.includes("second-update-narrows"));
    assert.strictEqual(narrow.length, 2, narrow.join());
    assert.match(
      narrow.join(),
      /"to-tasks": ports 8080 to 9000 are open as long as tasks with the former port may serve/,
    );
  });

  it("finds a replacement that goes with the old one, because both have one id", () => {
    const attached = (policyArn: string) =>
      withMore(shop(), made(TYPES.policyAttachment, "api", { role: "api", policyArn }, { id: "api" }));
    assert.deepStrictEqual(found(attached("a"), attached("b")), [
      'error deleted-with-the-old-one: aws.iam.RolePolicyAttachment "api": its replacement has the same id, so deleting the old one afterwards deletes the new one',
    ]);
  });

  it("finds what becomes an existing one by the name it has already: it would be deleted under whoever uses it", () => {
    const after = { ...shop(), resources: shop().resources.filter(({ type }) => type !== TYPES.cluster) };
    const { findings } = lookAhead(shop(), after);
    assert.deepStrictEqual(
      findings.map(({ rule, message }) => [rule, message]),
      [
        [
          "still-used",
          'aws.ecs.Cluster "dev": the program makes it no more, so pulumi up deletes it, while aws.ecs.Service "api" still uses it',
        ],
      ],
    );
    assert.match(
      findings[0]?.steps?.join("\n") ?? "",
      /^pulumi up --stack dev --exclude .*\npulumi state delete --stack dev /,
    );
    const elsewhere = service(after, { cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/other" });
    assert(!found(shop(), elsewhere).some((text) => text.includes("still-used")));
  });

  it("lets go without a word of what stays in AWS: Pulumi only forgets it", () => {
    const kept = (retainOnDelete: boolean) =>
      withMore(shop(), {
        ...made(TYPES.repository, "api", { name: "dev/api", forceDelete: true }),
        retainOnDelete,
      });
    assert.deepStrictEqual(found(kept(true), shop()), []);
    assert.strictEqual(found(kept(false), shop()).length, 1);
    const bucket = { ...made(TYPES.bucket, "artifacts", {}), retainOnDelete: true };
    assert.deepStrictEqual(found(withMore(shop(), bucket), shop()), []);
    assert.match(found(withMore(shop(), { ...bucket, protect: true }), shop()).join(), /update-refused: protected/);
  });

  it("says what it does not know, and never keeps silent", () => {
    const database = (size: number) => withMore(shop(), made("aws:rds/instance:Instance", "db", { size }));
    assert.deepStrictEqual(found(database(1), database(2)), [
      'notice not-modelled: not modelled: aws.rds.Instance "db": what changing a aws.rds.Instance does to what runs is not known here',
    ]);
    assert.deepStrictEqual(found(shop(), service(shop(), { volumeConfiguration: {} })), [
      'notice not-modelled: not modelled: aws.ecs.Service "api": what a change of volumeConfiguration does to what runs is not known here',
    ]);
    const parameter = (tier: string) => withMore(shop(), made("aws:ssm/parameter:Parameter", "p", { name: "p", tier }));
    assert.deepStrictEqual(found(parameter("Advanced"), parameter("Standard")), [
      'notice not-modelled: not modelled: aws.ssm.Parameter "p": whether a change of tier replaces it is not known here; pulumi preview says',
    ]);
  });

  it("says of a service that is new, and of one that goes with nothing to hold it", () => {
    const component = { ...made("ecs-delivery:index:EcsService", "api", {}), custom: false };
    const none = shop();
    const empty = { ...none, resources: none.resources.filter(({ type }) => type !== TYPES.service) };
    assert.deepStrictEqual(said(empty, withMore(none, component)), ["api: new, and waits for its first delivery"]);
    assert.deepStrictEqual(said(none, empty), ["api: removed, with all that it has"]);
    assert.deepStrictEqual(found(none, empty), []);
  });

  it("has one error for a service that is protected, with the steps for that one", () => {
    const parameter = { ...made("aws:ssm/parameter:Parameter", "api-delivered-image", { name: "/x" }), protect: true };
    const balancer = made(TYPES.loadBalancer, "api-extra", { enableDeletionProtection: true });
    const full = withMore(shop(), parameter, balancer);
    const gone = { ...full, resources: full.resources.filter(({ name }) => !/^(?:api|production)/.test(name)) };
    const [first, ...more] = lookAhead(full, gone).findings;
    assert.deepStrictEqual(
      [first?.level, first?.rule, more.filter(({ level }) => level === "error")],
      ["error", "service-removed", []],
    );
    const steps = first?.steps?.join("\n") ?? "";
    assert(
      steps.includes(
        `pulumi state unprotect --stack dev '${shopUrn("aws:ssm/parameter:Parameter", "api-delivered-image")}'`,
      ),
      steps,
    );
    assert(steps.includes("deletion_protection.enabled"), steps);
  });

  it("says which of two runs that are alike in all but this", () => {
    const opened = changed(changed(shop(), INGRESS, "from-balancer", { toPort: 9000 }), SHOP_EGRESS, "to-tasks", {
      toPort: 9000,
    });
    assert.deepStrictEqual(found(shop(), opened), [], "a wider rule cuts nobody off");
  });
});
