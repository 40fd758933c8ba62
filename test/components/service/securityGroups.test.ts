import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService } from "../../../components/service/ecsService";
import type { Outbound } from "../../../components/service/securityGroups";
import { type Graph, refusal } from "../../support/graph";
import { at } from "../../support/read";
import { CLUSTER, serviceGraph, TARGETS, TEST_NETWORK } from "../../support/service";

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

  it("leads to a security group and to a prefix list, and admits itself only where that is asked for", async () => {
    const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const graph = await serviceGraph({
      network: withEndpoints,
      outbound: [
        { port: 5432, securityGroupId: "sg-0a1b2c3d", admit: true, description: "database" },
        { port: 6379, securityGroupId: "sg-0a1b2c3e" },
        { port: 443, prefixListId: "pl-0a1b2c3d" },
      ],
    });
    const own = graph.only("aws:ec2/securityGroup:SecurityGroup").id;
    assert.deepEqual(
      graph
        .all(EGRESS)
        .map(({ name, inputs }) => [
          name,
          inputs.securityGroupId === own,
          inputs.toPort,
          inputs.referencedSecurityGroupId ?? inputs.prefixListId,
          inputs.cidrIpv4,
        ]),
      [
        ["api-to-pl-0a1b2c3d-443", true, 443, "pl-0a1b2c3d", undefined],
        ["api-to-sg-0a1b2c3d-5432", true, 5432, "sg-0a1b2c3d", undefined],
        ["api-to-sg-0a1b2c3e-6379", true, 6379, "sg-0a1b2c3e", undefined],
      ],
    );
    const { name, inputs } = graph.only(INGRESS);
    assert.equal(name, "api-into-sg-0a1b2c3d-5432");
    assert.deepEqual(
      [inputs.securityGroupId, inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort, inputs.ipProtocol],
      ["sg-0a1b2c3d", own, 5432, 5432, "tcp"],
    );
  });

  it("takes a group that is made in the same program, and refuses what leads nowhere or to several", async () => {
    const graph = await serviceGraph({
      network: withEndpoints,
      outbound: [{ port: 5432, securityGroupId: pulumi.output("sg-0a1b2c3d") }],
    });
    assert.deepEqual(
      graph.all(EGRESS).map(({ name }) => name),
      ["api-to-outbound-1-5432"],
    );
    const refused = (to: Outbound) =>
      refusal(
        () =>
          new EcsService("api", {
            cluster: CLUSTER,
            network: TEST_NETWORK,
            container: { name: "api" },
            outbound: [to],
          }),
      );
    assert.match(await refused({ port: 1 }), /outbound\[0\]: expected one of cidrBlock, .*none is there/);
    assert.match(
      await refused({ port: 1, cidrBlock: "10.0.0.0/16", prefixListId: "pl-0a1b2c3d" }),
      /not cidrBlock and prefixListId/,
    );
    assert.match(await refused({ ...database, admit: true }), /outbound\[0\]\.admit: expected false/);
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
