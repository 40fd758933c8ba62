import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { lookAhead } from "../../../model/update/lookAhead";
import { AWS_RULES } from "../../../model/update/rules";
import { CAPACITY } from "../../../model/update/rules/services";
import { changed, withMore, without } from "../../preview/rules/handMade";
import { BLUE, forward, made, shop } from "../shop";

const VPC = "awsx:ec2:Vpc";
const NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace";
const vpc = (inputs: object) =>
  made(VPC, "dev", { cidrBlock: "10.0.0.0/16", numberOfAvailabilityZones: 2, ...inputs }, { custom: false });
const withVpc = (inputs: object = {}) => shop({ more: [vpc(inputs)] });
const service = (graph: RecordedGraph, inputs: object) => changed(graph, TYPES.service, "api", { ...inputs });
const canary = shop({ strategy: "CANARY" });
const codeDeploy = shop({ strategy: "CODE_DEPLOY" });
const providers = (name: string) => ({ capacityProviderStrategies: [{ capacityProvider: name, weight: 1 }] });
const keeping = (graph: RecordedGraph, name: string, options: object): RecordedGraph => ({
  ...graph,
  resources: graph.resources.map((one) => (one.name === name ? { ...one, ...options } : one)),
});
const extra = (type: string, inputs: object = {}) => made(type, "extra", { ...inputs });
const cluster = made(TYPES.cluster, "extra", { name: "extra" });
const inCluster = (graph: RecordedGraph) => service(graph, { cluster: "extra-0a1b2c3" });
/** A service that exists, and that the stack's pipeline delivers to. */
const withPipeline = (action: object) =>
  withMore(shop(), made(TYPES.pipeline, "dev", { stages: [{ name: "Deploy", actions: [{ name: "a", ...action }] }] }));
/** One of the stack's own. */
const withWeb = () => withMore(shop(), made(TYPES.service, "web", { cluster: "dev", name: "dev-web" }));

/** For each rule, the smallest changes that it refuses: before, after. */
const REFUSED: Readonly<Record<string, readonly (readonly [RecordedGraph, RecordedGraph])[]>> = {
  protected: [
    [withMore(shop(), { ...extra(TYPES.topic), protect: true }), shop()],
    [keeping(shop(), "api-blue", { protect: true }), changed(shop(), TYPES.targetGroup, "api-blue", { port: 1 })],
  ],
  "repository-not-empty": [[withMore(shop(), made(TYPES.repository, "api", { name: "dev/api" })), shop()]],
  "bucket-not-empty": [[withMore(shop(), extra(TYPES.bucket)), shop()]],
  "cluster-in-use": [
    [inCluster(withMore(shop(), cluster)), keeping(inCluster(shop()), "api", { retainOnDelete: false })],
  ],
  "capacity-provider-in-use": [
    [
      withMore(
        service(shop(), providers("FARGATE")),
        extra(CAPACITY, { clusterName: "dev", capacityProviders: ["FARGATE"] }),
      ),
      service(shop(), providers("FARGATE")),
    ],
  ],
  "namespace-in-use": [
    [
      service(withMore(shop(), extra(NAMESPACE)), {
        serviceConnectConfiguration: { enabled: true, namespace: "extra-0a1b2c3" },
      }),
      service(shop(), { serviceConnectConfiguration: { enabled: true, namespace: "extra-0a1b2c3" } }),
    ],
  ],
  "code-deploy-controls": [
    [codeDeploy, service(codeDeploy, { enableExecuteCommand: true })],
    [codeDeploy, service(codeDeploy, { healthCheckGracePeriodSeconds: 5, forceNewDeployment: true })],
  ],
  "capacity-needs-deployment": [
    [shop(), service(shop(), providers("FARGATE_SPOT"))],
    [service(shop(), providers("FARGATE")), service(shop(), { ...providers("X"), cluster: "other" })],
  ],
  "strategy-needs-load-balancer-configuration": [
    [shop(), canary],
    [shop(), keeping(canary, "api", { ignoreChanges: [] })],
    [canary, shop()],
  ],
  "target-group-without-load-balancer": [
    [
      withMore(shop(), extra(TYPES.targetGroup)),
      service(withMore(shop(), extra(TYPES.targetGroup)), {
        loadBalancers: [{ targetGroupArn: "extra-0a1b2c3", containerName: "api", containerPort: 8080 }],
      }),
    ],
  ],
  "container-not-in-task-definition": [
    [shop(), service(shop(), { loadBalancers: [{ targetGroupArn: BLUE, containerName: "web", containerPort: 8080 }] })],
    [shop(), service(shop(), { loadBalancers: [{ targetGroupArn: BLUE, containerName: "api", containerPort: 1 }] })],
  ],
  "service-connect-under-code-deploy": [
    [codeDeploy, service(codeDeploy, { serviceConnectConfiguration: { enabled: true } })],
  ],
  "capacity-provider-not-in-cluster": [
    [
      withMore(shop(), extra(CAPACITY, { clusterName: "dev", capacityProviders: ["FARGATE"] })),
      service(withMore(shop(), extra(CAPACITY, { clusterName: "dev", capacityProviders: ["FARGATE"] })), {
        ...providers("own"),
        forceNewDeployment: true,
      }),
    ],
  ],
  "service-name-in-use": [
    [withPipeline({ provider: "ECS", configuration: { ClusterName: "dev", ServiceName: "dev-web" } }), withWeb()],
    [
      withPipeline({
        provider: "CodeBuild",
        configuration: {
          EnvironmentVariables: JSON.stringify([
            { name: "CLUSTER_NAME", value: "dev" },
            { name: "SERVICE_NAME", value: "dev-web" },
          ]),
        },
      }),
      withWeb(),
    ],
  ],
  "target-group-on-another-load-balancer": [
    [
      shop(),
      withMore(
        shop(),
        made(TYPES.listener, "other", { loadBalancerArn: "other", port: 80, defaultActions: forward() }),
      ),
    ],
  ],
  "target-group-in-use": [[shop(), changed(shop(), TYPES.targetGroup, "api-green", { port: 1 })]],
  "load-balancer-stays-in-its-vpc": [
    [
      withMore(shop(), made(TYPES.securityGroup, "else", { vpcId: "vpc-2", description: "Else" })),
      changed(
        withMore(shop(), made(TYPES.securityGroup, "else", { vpcId: "vpc-2", description: "Else" })),
        TYPES.loadBalancer,
        "api",
        {
          securityGroups: ["else-0a1b2c3"],
        },
      ),
    ],
  ],
  "deletion-protection": [[withMore(shop(), extra(TYPES.loadBalancer, { enableDeletionProtection: true })), shop()]],
  "network-range-stays": [[withVpc(), withVpc({ cidrBlock: "10.1.0.0/16" })]],
  "subnet-ranges-stay": [
    [withVpc(), withVpc({ numberOfAvailabilityZones: 3 })],
    [withVpc({ numberOfAvailabilityZones: 4 }), withVpc({ numberOfAvailabilityZones: 3 })],
  ],
  "security-group-in-use": [
    [shop(), without(shop(), TYPES.securityGroup, "tasks")],
    [
      withMore(
        service(codeDeploy, {
          networkConfiguration: { subnets: ["subnet-1"], securityGroups: ["tasks-0a1b2c3", "extra-0a1b2c3"] },
        }),
        extra(TYPES.securityGroup, { vpcId: "vpc-1" }),
      ),
      codeDeploy,
    ],
  ],
  "network-in-use": [
    [service(shop({ more: [{ ...vpc({}), outputs: { privateSubnetIds: ["subnet-1"] } }] }), {}), shop()],
  ],
};

const refusals = (before: RecordedGraph, after: RecordedGraph) =>
  lookAhead(before, after).runs.flatMap(({ played }) => played.refusals.map(({ rule }) => rule));

describe("what AWS refuses", () => {
  for (const { name, page } of AWS_RULES) {
    it(`${name}: the smallest changes that it is about, and no more without the rule`, () => {
      const cases = REFUSED[name];
      assert(cases && cases.length > 0, `no change for rule ${name}`);
      for (const [before, after] of cases) {
        assert(
          refusals(before, after).includes(name),
          `expected ${name}, got ${refusals(before, after).join(", ") || "nothing"}`,
        );
        const others = AWS_RULES.filter((rule) => rule.name !== name);
        const left = lookAhead(before, after, others).runs.flatMap(({ played }) =>
          played.refusals.map(({ rule }) => rule),
        );
        assert(!left.includes(name));
      }
      assert.match(page, /^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com)\//);
    });
  }

  it("is nothing where a change is AWS's own way of making it", () => {
    const elsewhere = { provider: "ECS", configuration: { ClusterName: "prod", ServiceName: "dev-web" } };
    const allowed: readonly (readonly [RecordedGraph, RecordedGraph])[] = [
      [withPipeline(elsewhere), withWeb()],
      [codeDeploy, service(codeDeploy, { healthCheckGracePeriodSeconds: 120 })],
      [shop(), service(shop(), { ...providers("FARGATE_SPOT"), forceNewDeployment: true })],
      [shop(), changed(shop(), TYPES.targetGroup, "api-blue", { healthCheck: { interval: 10, healthyThreshold: 3 } })],
      [withVpc({ numberOfAvailabilityZones: 3 }), withVpc({ numberOfAvailabilityZones: 4 })],
      [shop(), shop({ strategy: "ROLLING", inputs: { [`${TYPES.taskDefinition} api`]: { memory: "1024" } } })],
      [canary, changed(canary, TYPES.taskDefinition, "api", { memory: "1024" })],
    ];
    for (const [before, after] of allowed) assert.deepStrictEqual(refusals(before, after), []);
  });
});
