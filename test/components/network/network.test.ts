import assert from "node:assert/strict";
import { endpointServiceName } from "../../../components/network/egress";
import { Network, type NetworkArgs } from "../../../components/network/network";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { allowed, list, withoutKey } from "../../support/read";
import { arn } from "../../support/service";

const VPC = "awsx:ec2:Vpc";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const build = (changes: Partial<NetworkArgs> = {}) =>
  recordGraph(() => {
    const network = new Network("dev", { kmsKeyArn: arn("kms", "key/0a1b"), ...changes });
    return { ...network, clients: network.endpointClientSecurityGroupId ?? "none" };
  });

const services = (graph: Graph, type: string) =>
  graph
    .all(ENDPOINT)
    .filter(({ inputs }) => inputs.vpcEndpointType === type)
    .map(({ inputs }) => String(inputs.serviceName).replace("com.amazonaws.eu-west-1.", ""))
    .sort();

describe("Network with endpoints, which is the default", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is a VPC over two zones without a NAT gateway", () => {
    const { inputs } = graph.only(VPC);
    assert.deepEqual([inputs.numberOfAvailabilityZones, inputs.natGateways], [2, { strategy: "None" }]);
    assert.deepEqual([inputs.enableDnsHostnames, inputs.enableDnsSupport], [true, true]);
  });

  it("has the endpoints that pulling an image and writing a log take, and no others", () => {
    assert.deepEqual(services(graph, "Interface"), ["ecr.api", "ecr.dkr", "logs"]);
    assert.deepEqual(services(graph, "Gateway"), ["s3"]);
  });

  it("has endpoints for what tasks need besides, each once", async () => {
    const other = await build({ endpointServices: ["ssm", "secretsmanager", "ssm", "logs"] });
    assert.deepEqual(services(other, "Interface"), ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "ssm"]);
  });

  it("names endpoints as AWS does there: in China some otherwise than others, and the way to S3 as everywhere", () => {
    const named = (region: string) =>
      (["ecr.api", "ecr.dkr", "logs", "kms", "ssmmessages"] as const).map((one) => endpointServiceName(region, one));
    for (const region of ["cn-north-1", "cn-northwest-1"]) {
      assert.deepEqual(named(region), [
        `cn.com.amazonaws.${region}.ecr.api`,
        `cn.com.amazonaws.${region}.ecr.dkr`,
        `com.amazonaws.${region}.logs`,
        `com.amazonaws.${region}.kms`,
        `com.amazonaws.${region}.ssmmessages`,
      ]);
    }
    assert.ok(named("us-gov-west-1").every((name) => name.startsWith("com.amazonaws.us-gov-west-1.")));
  });

  it("has none where tasks have public addresses of their own, and no NAT gateway", async () => {
    const open = await build({ egress: "public" });
    assert.deepEqual([services(open, "Interface"), open.only(VPC).inputs.natGateways], [[], { strategy: "None" }]);
    assert.equal(open.recorded.stackOutputs?.publicTasks, true);
  });

  it("puts the way to S3 on the private route tables, and only there", () => {
    const routes = list(graph.named(ENDPOINT, "dev-s3").inputs.routeTableIds).map(String);
    const ofPrivate = list(graph.only(VPC).outputs.privateSubnetIds).map((id) => String(id).replace("subnet-", "rtb-"));
    assert.deepEqual(routes, ofPrivate);
    assert.equal(routes.length, 2);
  });

  it("puts interface endpoints into the private subnets, under AWS's own names", () => {
    for (const { inputs } of graph.all(ENDPOINT).filter((one) => one.inputs.vpcEndpointType === "Interface")) {
      assert.deepEqual(inputs.subnetIds, graph.only(VPC).outputs.privateSubnetIds);
      assert.deepEqual(inputs.securityGroupIds, [graph.named(GROUP, "dev-endpoints").id]);
      assert.equal(inputs.privateDnsEnabled, true);
    }
  });

  it("admits to the endpoints the client group by HTTPS, and nobody else", () => {
    const [endpoints, clients] = [
      graph.named(GROUP, "dev-endpoints").id,
      graph.named(GROUP, "dev-endpoint-clients").id,
    ];
    assert.deepEqual(withoutKey(graph.only(INGRESS).inputs, "description"), {
      securityGroupId: endpoints,
      referencedSecurityGroupId: clients,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    assert.equal(graph.recorded.stackOutputs.clients, clients);
  });

  it("lets clients reach the endpoints and S3 by HTTPS, and nothing else", () => {
    const clients = graph.named(GROUP, "dev-endpoint-clients").id;
    const to = graph.all(EGRESS).map(({ inputs }) => withoutKey(inputs, "description"));
    const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443, securityGroupId: clients };
    assert.deepEqual(to, [
      { ...https, referencedSecurityGroupId: graph.named(GROUP, "dev-endpoints").id },
      { ...https, prefixListId: graph.named(ENDPOINT, "dev-s3").outputs.prefixListId },
    ]);
  });

  it("gives whoever forgets a security group one that lets nothing through", () => {
    const { inputs } = graph.only("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
  });

  it("records refused connections for a month, encrypted, in a role that may write this log only", () => {
    assert.equal(graph.only("aws:ec2/flowLog:FlowLog").inputs.trafficType, "REJECT");
    const group = graph.only("aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual([group.inputs.retentionInDays, group.inputs.kmsKeyId], [30, arn("kms", "key/0a1b")]);
    const resources = graph.statements("dev-flow-log").flatMap(({ Resource }) => Resource);
    assert.deepEqual(resources, [group.outputs.arn, `${String(group.outputs.arn)}:*`]);
    assert.equal(allowed(graph.statements("dev-flow-log")).length, 6);
    const policy = graph.only("aws:iam/rolePolicy:RolePolicy").urn;
    assert.ok(graph.only("aws:ec2/flowLog:FlowLog").dependencies.includes(policy));
  });
});

describe("Network with NAT gateways", () => {
  for (const [egress, strategy] of [
    ["natSingle", "Single"],
    ["natPerAz", "OnePerAz"],
  ] as const) {
    it(`has ${egress === "natSingle" ? "one" : "one in each zone"}, and no endpoint but the free one`, async () => {
      const graph = await build({ egress, endpointServices: ["ssm"] });
      assert.deepEqual(graph.only(VPC).inputs.natGateways, { strategy });
      assert.deepEqual(services(graph, "Interface"), []);
      assert.deepEqual(services(graph, "Gateway"), ["s3"]);
      assert.equal(graph.all(GROUP).length, 0);
      assert.equal(graph.recorded.stackOutputs.clients, "none");
    });
  }
});

describe("Network's zones", () => {
  it("can be named", async () => {
    const { inputs } = (await build({ availabilityZones: ["eu-west-1a", "eu-west-1c"] })).only(VPC);
    assert.deepEqual(inputs.availabilityZoneNames, ["eu-west-1a", "eu-west-1c"]);
    assert.equal("numberOfAvailabilityZones" in inputs, false);
  });

  it("are two or more: a load balancer takes no less", async () => {
    for (const availabilityZones of [1, ["eu-west-1a"], ["eu-west-1a", "eu-west-1a"]]) {
      const message = await refusal(() => new Network("dev", { kmsKeyArn: "k", availabilityZones }));
      assert.match(message, /Network "dev": availabilityZones: a load balancer needs two or more, got (1|eu-west-1a)/);
    }
  });
});
