import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { packOf } from "../../policy/policies";
import { findingsOf, rules } from "../../preview/rules";
import { changed, graphOf, resource } from "../preview/rules/handMade";
import { verified } from "../preview/rules/verified";

type Values = Readonly<Record<string, unknown>>;

/** The SDK's own way to refuse a value that is not known yet; its typings leave it out. */
const { unknownCheckingProxy, unknownStringValue } = createRequire(__filename)("@pulumi/policy/proxy") as {
  readonly unknownCheckingProxy: (values: Values) => Values;
  readonly unknownStringValue: string;
};

const REPOSITORY = "aws:ecr/repository:Repository";
const LISTENER = "aws:lb/listener:Listener";

/** What the engine asks a pack in one run, and what the pack answers: the messages by policy. */
class Run {
  readonly said: Record<string, string[]> = {};
  private readonly pack = packOf(rules);

  constructor(private readonly options: Readonly<Record<string, Values>> = {}) {}

  /** Before a resource is made. */
  ask(recorded: RecordedResource, inputs: Values = recorded.inputs): this {
    for (const policy of this.pack) {
      if (!("validateResource" in policy)) continue;
      const args = { ...this.asked(recorded, inputs, policy.name) } as unknown as ResourceValidationArgs;
      const { validateResource } = policy;
      assert.equal(typeof validateResource, "function");
      if (typeof validateResource === "function") void validateResource(args, this.report(policy.name));
    }
    return this;
  }

  /** At the end of the run. */
  finish({ resources }: RecordedGraph, outputs: (resource: RecordedResource) => Values): this {
    const all = resources.map((one) => ({
      ...this.asked(one, outputs(one), ""),
      dependencies: [],
      propertyDependencies: {},
    })) as unknown as PolicyResource[];
    for (const policy of this.pack) {
      if (!("validateStack" in policy)) continue;
      const args = {
        resources: all,
        stackTags: new Map(),
        getConfig: () => this.options[policy.name] ?? {},
        notApplicable: (reason: string) => assert.fail(`${policy.name} ${reason}`),
      } as unknown as StackValidationArgs;
      void policy.validateStack(args, this.report(policy.name));
    }
    return this;
  }

  private asked({ type, urn, name, protect }: RecordedResource, props: Values, policy: string): Values {
    return {
      type,
      urn,
      name,
      props: unknownCheckingProxy({ ...props }),
      opts: { protect, ignoreChanges: [], aliases: [] },
      provider: { props: {} },
      stackTags: new Map(),
      getConfig: () => this.options[policy] ?? {},
      notApplicable: (reason: string) => assert.fail(reason),
    };
  }

  private report(policy: string) {
    return (message: string) => {
      this.said[policy] = [...(this.said[policy] ?? []), message];
    };
  }
}

function whole(graph: RecordedGraph, options?: Readonly<Record<string, Values>>): Run {
  const run = new Run(options);
  for (const one of graph.resources) run.ask(one);
  return run.finish(graph, ({ inputs, outputs, id }) => ({ ...inputs, ...outputs, id }));
}

describe("the policy pack", () => {
  it("says nothing of a delivery that works", () => {
    assert.deepEqual(whole(verified).said, {});
  });

  it("says what the offline preview says, each under its rule's name", () => {
    const faults: readonly [string, string, Values][] = [
      [REPOSITORY, "api", { imageTagMutability: "MUTABLE" }],
      [LISTENER, "api-production", { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-2016-08" }],
      ["aws:ecs/service:Service", "api", { loadBalancers: [{ containerName: "web", containerPort: 8080 }] }],
      ["aws:cloudwatch/logGroup:LogGroup", "api", { retentionInDays: 8 }],
    ];
    for (const fault of faults) {
      const graph = changed(verified, ...fault);
      const found = findingsOf(graph);
      assert.ok(found.length > 0, fault[0]);
      const expected: Record<string, string[]> = {};
      for (const { rule, message, level } of found) {
        const { enforcement } = rules.find(({ name }) => name === rule) ?? { enforcement: "mandatory" };
        const policy = level === "error" || enforcement === "advisory" ? rule : "good-to-know";
        expected[policy] = [...(expected[policy] ?? []), message];
      }
      const { said } = whole(graph);
      assert.ok(isDeepStrictEqual(said, expected), JSON.stringify({ said, expected }, undefined, 2));
    }
  });

  it("refuses a resource by itself before it is made", () => {
    const { said } = new Run().ask(resource(REPOSITORY, "web", { imageScanningConfiguration: { scanOnPush: true } }));
    assert.deepEqual(Object.keys(said), ["moving-tag"]);
  });

  it("asks again for what is not known in a preview", () => {
    const web = resource(REPOSITORY, "web", { imageScanningConfiguration: { scanOnPush: true } });
    const run = new Run();
    run.ask(web, { ...web.inputs, imageTagMutability: unknownStringValue });
    assert.deepEqual(run.said, {});
    run.ask(web, { ...web.inputs, imageTagMutability: "MUTABLE" });
    assert.deepEqual(Object.keys(run.said), ["moving-tag"]);
  });

  it("leaves a stack of which something is not known to the end of the update", () => {
    const broken = changed(verified, "aws:ecs/service:Service", "api", { loadBalancers: [{ containerName: "web" }] });
    const run = new Run();
    const without = (one: RecordedResource) => ({ ...one.inputs, arn: unknownStringValue });
    assert.throws(() => run.finish(broken, without), /known during pulumi up/);
    assert.deepEqual(run.said, {});
  });

  it("reads what the program wrote, not what the provider filled in", () => {
    const graph = graphOf(resource("aws:s3/bucket:Bucket", "web", {}, { protect: true }));
    const run = new Run();
    run.ask({ ...graph.resources[0], ...resource("aws:s3/bucket:Bucket", "web", {}) });
    run.finish(graph, () => ({ bucket: "web-1", arn: "arn:aws:s3:::web-1", id: "web-1", acl: "" }));
    assert.deepEqual(Object.keys(run.said), ["bucket-without-tls"]);
  });

  it("takes options as the engine hands them over", () => {
    const graph = graphOf(resource("aws:cloudwatch/logGroup:LogGroup", "web", { retentionInDays: 90 }));
    assert.deepEqual(Object.keys(whole(graph).said), []);
    assert.deepEqual(Object.keys(whole(graph, { "logs-kept-forever": { maximumDays: 30 } }).said), [
      "logs-kept-forever",
    ]);
  });

  it("has a name, a level, a sentence and what to do for each rule, and a schema where it takes options", () => {
    const pack = packOf(rules);
    assert.deepEqual(
      pack.map(({ name }) => name),
      [...rules.map(({ name }) => name), "good-to-know"],
    );
    for (const { name, enforcement, remedy, options } of rules) {
      const policy = pack.find((one) => one.name === name);
      assert.equal(policy?.enforcementLevel, enforcement);
      assert.equal(policy.remediationSteps, remedy);
      assert.match(policy.description, /^[A-Z].*\.$/);
      assert.deepEqual(Object.keys(policy.configSchema?.properties ?? {}), Object.keys(options?.shape ?? {}));
    }
    const { properties } = pack.find(({ name }) => name === "logs-kept-forever")?.configSchema ?? { properties: {} };
    assert.deepEqual(properties.maximumDays, {
      type: "integer",
      minimum: 1,
      maximum: 3653,
      default: 3653,
      description: "Longest time, in days",
    });
  });

  it("has no schema with anything left undefined, which the engine does not take", () => {
    for (const { name, configSchema } of packOf(rules))
      if (configSchema) assert.deepEqual(configSchema, JSON.parse(JSON.stringify(configSchema)), name);
    const { allowed } = packOf(rules).find(({ name }) => name === "quotas")?.configSchema?.properties ?? {};
    assert.equal(allowed?.type, "object");
    assert.deepEqual(allowed.additionalProperties, { type: "number", minimum: 0 });
  });
});
