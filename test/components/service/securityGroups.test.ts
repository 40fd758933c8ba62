import assert from "node:assert/strict";
import type { Outbound } from "../../../components/service/securityGroups";
import type { Graph } from "../../support/graph";
import { at } from "../../support/read";
import { serviceGraph, TARGETS, TEST_NETWORK } from "../../support/service";

const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const withEndpoints = { ...TEST_NETWORK, endpointClientSecurityGroupId: "sg-endpoint-clients" };
const database: Outbound = { port: 5432, cidrBlock: "10.0.0.0/16" };

/** `port range` of everything that tasks may open connections to. */
const outbound = (graph: Graph) =>
  graph.all(EGRESS).map(({ inputs }) => {
    assert.equal(inputs.fromPort, inputs.toPort);
    return `${String(inputs.toPort)} ${String(inputs.cidrIpv4)}`;
  });
const groups = (graph: Graph) =>
  at(graph.only("aws:ecs/service:Service").inputs, "networkConfiguration", "securityGroups");

describe("the security group of a service's tasks", () => {
  it("admits nobody: who may come in is said by the groups that tasks join", async () => {
    const graph = await serviceGraph({ targets: TARGETS, network: withEndpoints });
    assert.equal(graph.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").length, 0);
    const { inputs, id } = graph.only("aws:ec2/securityGroup:SecurityGroup");
    assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined]);
    assert.deepEqual(groups(graph), [id, "sg-targets", "sg-endpoint-clients"]);
  });

  it("lets tasks open nothing where endpoints serve them", async () => {
    assert.deepEqual(outbound(await serviceGraph({ network: withEndpoints })), []);
  });

  it("lets tasks open HTTPS where nothing is known of endpoints, and the routes decide", async () => {
    assert.deepEqual(outbound(await serviceGraph()), ["443 0.0.0.0/0"]);
  });

  it("lets tasks open what is asked for besides", async () => {
    assert.deepEqual(outbound(await serviceGraph({ network: withEndpoints, outbound: [database] })), [
      "5432 10.0.0.0/16",
    ]);
    assert.deepEqual(outbound(await serviceGraph({ outbound: [database] })), ["443 0.0.0.0/0", "5432 10.0.0.0/16"]);
  });

  it("has each rule once, even when HTTPS to anywhere is asked for as well", async () => {
    const https = { port: 443, cidrBlock: "0.0.0.0/0", description: "Payment provider" };
    const graph = await serviceGraph({ outbound: [https, database, database] });
    assert.deepEqual(outbound(graph), ["443 0.0.0.0/0", "5432 10.0.0.0/16"]);
  });

  it("is there before the service: its first task needs the rules to pull its image", async () => {
    const graph = await serviceGraph();
    const { dependencies } = graph.only("aws:ecs/service:Service");
    for (const { urn } of graph.all(EGRESS)) assert.ok(dependencies.includes(urn), urn);
  });
});
