import assert from "node:assert";
import type { RecordedResource } from "../../../model/graph/graph";
import { renderFindings } from "../../../preview/render/findings";
import { styleFor, wrap } from "../../../preview/render/style";
import { summaryLine } from "../../../preview/render/summary";
import { renderTree } from "../../../preview/render/tree";
import { graphOf, resource } from "../rules/handMade";

const plain = styleFor(false);
const inside = (parent: RecordedResource, type: string, name: string, more = {}) =>
  resource(type, name, {}, { parent: parent.urn, ...more });
const component = (type: string, name: string, parent?: RecordedResource) =>
  resource(type, name, {}, { custom: false, ...(parent && { parent: parent.urn }) });

describe("renderTree", () => {
  it("draws components with what is in them, and counts types", () => {
    const service = component("ecs-delivery:index:EcsService", "api");
    const network = component("ecs-delivery:index:Network", "dev");
    const cluster = resource("aws:ecs/cluster:Cluster", "dev", {});
    const graph = graphOf(
      cluster,
      inside(cluster, "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", "dev"),
      service,
      inside(service, "aws:ecs/service:Service", "api"),
      ...["api-task", "api-execution"].map((name) => inside(service, "aws:iam/role:Role", name)),
      network,
      component("awsx:ec2:Vpc", "dev", network),
      resource("aws:sns/topic:Topic", "told", {}),
    );
    assert.deepStrictEqual(renderTree(graph, plain, 60), [
      "├─ sns  Topic (told)",
      "├─ ecs.Cluster  dev  ecs ClusterCapacityProviders",
      "├─ EcsService  api",
      "│  ├─ ecs  Service",
      "│  └─ iam  2 Role (api-task, api-execution)",
      "└─ Network  dev",
      "   └─ awsx.ec2.Vpc  dev (what is in it is made by the awsx provider)",
      "",
      "6 resources in 3 components: 2 iam.Role, 1 ecs.Cluster,",
      "1 ecs.ClusterCapacityProviders, 1 ecs.Service, 1 sns.Topic",
    ]);
  });

  it("breaks long lines under what they belong to", () => {
    const kinds = ["Bucket", "BucketPolicy", "BucketVersioning"];
    const graph = graphOf(...kinds.map((kind) => resource(`aws:s3/x:${kind}`, "a", {})));
    assert.deepStrictEqual(renderTree(graph, plain, 50).slice(0, 2), [
      "└─ s3  Bucket (a), BucketPolicy (a),",
      "       BucketVersioning (a)",
    ]);
  });
});

describe("renderFindings", () => {
  it("says that there are none", () => assert.deepStrictEqual(renderFindings([], plain, 80), ["✓ no findings"]));

  it("gives each finding a paragraph, and keeps to the width", () => {
    const findings = [
      { level: "error", rule: "limits", message: "one two three four" },
      { level: "notice", rule: "moving-tag", message: "first\nsecond" },
    ] as const;
    const lines = ["✗ limits", "  one two", "  three four", "! moving-tag", "  first", "  second"];
    assert.deepStrictEqual(renderFindings(findings, plain, 12), lines);
  });
});

describe("summaryLine", () => {
  it("counts resources, and findings by level", () => {
    const graph = graphOf(resource("aws:sns/topic:Topic", "told", {}));
    assert.strictEqual(summaryLine(graph, []), "dev: 1 resource, no findings");
    const found = [{ level: "error", rule: "limits", message: "" }] as const;
    assert.strictEqual(summaryLine(graph, found), "dev: 1 resource, 1 error");
  });
});

describe("wrap", () => {
  it("keeps the separator at the end of a line", () => {
    assert.deepStrictEqual(wrap(["aa", "bb", "cc"], ", ", 6), ["aa, bb,", "cc"]);
    assert.deepStrictEqual(wrap([], ", ", 6), []);
  });
});
