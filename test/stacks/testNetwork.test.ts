import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { onPaper } from "../rehearse/play";
import type { Graph } from "../support/graph";
import { at, list } from "../support/read";
import { service, stackGraph, stackRefusal } from "../support/stack";

const PROJECT = "aws:codebuild/project:Project";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

const tests = (changes: object = {}) => [{ name: "end-to-end", commands: ["npm test"], network: true, ...changes }];
const INTERNAL = { loadBalancer: { internal: true } };
const NAT = { network: { egress: "natSingle" } };
const dev = (changes: Readonly<Record<string, unknown>>) => stackGraph("dev", { changes });
const found = (graph: Graph, rule = "test-unreachable") =>
  findingsOf(graph.recorded).flatMap((one) => (one.rule === rule ? [`${one.level}: ${one.message}`] : []));
const testProject = (graph: Graph) => graph.named(PROJECT, "end-to-end-test").inputs;

describe("tests that reach the environment", function () {
  this.timeout(60_000);

  it("run in the private subnets, in a group that the internal load balancer admits at its listeners", async () => {
    for (const network of [NAT, {}]) {
      const graph = await dev({ ...INTERNAL, ...network, tests: tests() });
      const own = graph.named(GROUP, "dev-tests").id;
      const vpc = at(testProject(graph), "vpcConfig");
      assert.equal(at(vpc, "vpcId"), graph.only("awsx:ec2:Vpc").outputs.vpcId);
      assert.deepEqual(at(vpc, "subnets"), graph.only("awsx:ec2:Vpc").outputs.privateSubnetIds);
      assert.ok(list(at(vpc, "securityGroupIds")).includes(own));
      const admitted = graph.all(INGRESS).filter(({ inputs }) => inputs.referencedSecurityGroupId === own);
      assert.deepEqual(admitted.map(({ inputs }) => inputs.fromPort).sort(), [80, 8080]);
      assert.deepEqual(findingsOf(graph.recorded), []);
      assert.ok((await onPaper([graph.recorded], { stacks: ["dev"] })).reached);
    }
  });

  it("go out to the web where a NAT gateway leads there, and to endpoints alone where none does", async () => {
    const open = (graph: Graph) =>
      graph
        .all(EGRESS)
        .filter(
          ({ inputs }) =>
            inputs.cidrIpv4 === "0.0.0.0/0" && inputs.securityGroupId === graph.named(GROUP, "dev-tests").id,
        )
        .map(({ inputs }) => inputs.fromPort)
        .sort();
    assert.deepEqual(open(await dev({ ...INTERNAL, ...NAT, tests: tests() })), [443, 80]);
    const closed = await dev({ ...INTERNAL, tests: tests({ reports: { files: ["*.xml"] }, parameters: { A: "/a" } }) });
    assert.deepEqual(open(closed), []);
    const names = closed.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) => name);
    for (const name of ["dev-codebuild", "dev-ssm", "dev-logs"]) assert.ok(names.includes(name), names.join());
    assert.deepEqual(findingsOf(closed.recorded), []);
    const { resources } = closed.recorded;
    for (const name of ["dev-codebuild", "dev-ssm"]) {
      const without = { ...closed.recorded, resources: resources.filter((one) => one.name !== name) };
      assert.match(
        findingsOf(without)
          .map(({ message }) => message)
          .join(),
        /without a way there/,
        name,
      );
    }
  });

  it("may make their network interfaces in these subnets, and nothing of EC2 where they are not in the VPC", async () => {
    const graph = await dev({ ...INTERNAL, ...NAT, tests: tests() });
    const permission = graph
      .statements("end-to-end-test")
      .find(({ Action }) => Action.includes("ec2:CreateNetworkInterfacePermission"));
    assert.equal(at(permission, "Condition", "StringEquals", "ec2:AuthorizedService"), "codebuild.amazonaws.com");
    assert.equal(list(at(permission, "Condition", "StringEquals", "ec2:Subnet")).length, 2);
    const plain = await dev({ tests: tests({ network: false }) });
    assert.doesNotMatch(JSON.stringify(plain.statements("end-to-end-test")), /ec2:/);
    assert.equal(at(testProject(plain), "vpcConfig"), undefined);
    assert.ok(!plain.all(GROUP).some(({ name }) => name === "dev-tests"));
  });

  it("share one group, and reach each load balancer that they test", async () => {
    const web = { name: "web", container: { name: "web", port: 3000 } };
    const graph = await dev({
      ...INTERNAL,
      ...NAT,
      services: [...service("dev", {}), web],
      tests: [...tests(), ...tests({ name: "load", service: "web" }), ...tests({ name: "zap", service: "web" })],
    });
    assert.equal(graph.all(GROUP).filter(({ name }) => name === "dev-tests").length, 1);
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("are found outside of a VPC where the load balancer is internal", async () => {
    const graph = await dev({ ...INTERNAL, tests: tests({ network: false }) });
    assert.match(
      found(graph).join(),
      /^error: .*"end-to-end-test": it is told to test http:.*is internal.*set tests\[\]\.network: true$/,
    );
  });

  it("are found where the load balancer is narrowed, closed, or does not admit them", async () => {
    const narrowed = { loadBalancer: { ingressCidrBlocks: ["203.0.113.0/24"] } };
    assert.match(
      found(await dev({ ...narrowed, tests: tests({ network: false }) })).join(),
      /^warning: .*open to 203\.0\.113\.0\/24 alone/,
    );
    assert.match(
      found(await dev({ ...narrowed, ...NAT, tests: tests() })).join(),
      /^warning: .*address of its NAT gateway/,
    );
    const graph = await dev({ ...INTERNAL, ...NAT, tests: tests() });
    const own = graph.named(GROUP, "dev-tests").id;
    const without = (type: string) => ({
      ...graph.recorded,
      resources: graph.resources.filter(
        ({ type: of, inputs }) =>
          of !== type ||
          (inputs.referencedSecurityGroupId !== own && inputs.securityGroupId !== own && inputs.cidrIpv4 === undefined),
      ),
    });
    const messages = (recorded: typeof graph.recorded) =>
      findingsOf(recorded).flatMap(({ rule, message }) => (rule === "test-unreachable" ? [message] : []));
    assert.match(messages(without(INGRESS)).join(), /lets nobody in at port 80/);
    assert.match(messages(without(EGRESS)).join(), /none of its security groups lets it out to port 80/);
    assert.deepEqual(found(await dev({ tests: tests({ network: false }) })), []);
  });

  it("are refused where they could not run", async () => {
    const there = {
      cluster: { existing: "c" },
      services: service("dev", {
        service: { existing: "api" },
        executionRole: { existing: "e" },
        taskRole: { existing: "t" },
        url: "http://api.internal:9000",
      }),
    };
    for (const [changes, expected] of [
      [
        { network: { egress: "public" }, tests: tests() },
        /tests\[0\]\.network: expected nothing with network\.egress: public/,
      ],
      [
        { tests: tests({ project: { existing: "e2e" }, commands: undefined }) },
        /tests\[0\]\.network: expected nothing: a project/,
      ],
      [{ ...there, tests: tests() }, /tests\[0\]\.network: expected nothing without network\.existing/],
    ] as const)
      assert.match(await stackRefusal("dev", changes), expected);
  });
});
