import assert from "node:assert/strict";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import { ServiceConnectNamespace } from "../../../components/service/serviceConnect";
import { recordGraph } from "../../support/graph";
import { at, json } from "../../support/read";
import { serviceGraph, TARGETS } from "../../support/service";

const MESH = {
  namespaceArn: "arn:aws:servicediscovery:eu-west-1:111122223333:namespace/ns-1",
  securityGroupId: "sg-mesh",
};

describe("ServiceConnectNamespace", () => {
  it("lets its members reach one another on their ports, and nobody else", async () => {
    const graph = await recordGraph(
      () => new ServiceConnectNamespace("dev", { namespaceName: "dev", vpcId: "vpc-1", ports: [8080, 3000, 8080] }),
    );
    assert.equal(graph.count("aws:ec2/securityGroup:SecurityGroup"), 1);
    for (const type of ["Ingress", "Egress"]) {
      const rules = graph.all(`aws:vpc/securityGroup${type}Rule:SecurityGroup${type}Rule`).map(({ inputs }) => inputs);
      assert.deepEqual(rules.map(({ fromPort, toPort }) => [fromPort, toPort]).sort(), [
        [3000, 3000],
        [8080, 8080],
      ]);
      for (const { securityGroupId, referencedSecurityGroupId } of rules) {
        assert.match(String(securityGroupId), /^sg-/);
        assert.equal(referencedSecurityGroupId, securityGroupId);
      }
    }
  });
});

describe("a service that others call by name", () => {
  it("has a named port, an alias, the proxy's log, and the group of the members", async () => {
    const graph = await serviceGraph({ container: { name: "web", port: 8080 }, serviceConnect: MESH });
    const { inputs } = graph.only("aws:ecs/service:Service");
    const { enabled, namespace, services, logConfiguration } = inputs.serviceConnectConfiguration as Record<
      string,
      unknown
    >;
    assert.deepEqual([enabled, namespace], [true, MESH.namespaceArn]);
    assert.deepEqual(services, [
      { portName: "web", discoveryName: "api", clientAlias: [{ dnsName: "api", port: 8080 }] },
    ]);
    assert.equal(at(logConfiguration, "options", "awslogs-stream-prefix"), "service-connect");
    const definitions = graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions;
    assert.equal(json(definitions, 0, "portMappings", 0, "name"), "web");
    assert.ok((at(inputs.networkConfiguration, "securityGroups") as unknown[]).includes("sg-mesh"));
  });

  it("only calls others where it has no port", async () => {
    const graph = await serviceGraph({ container: { name: "worker" }, serviceConnect: MESH });
    const { inputs } = graph.only("aws:ecs/service:Service");
    assert.deepEqual(at(inputs.serviceConnectConfiguration, "services"), []);
  });

  it("cannot be deployed by CodeDeploy", () =>
    assert.rejects(
      serviceGraph({
        container: { name: "web", port: 8080 },
        serviceConnect: MESH,
        targets: TARGETS,
        deployment: codeDeployBlueGreen(),
      }),
      /serviceConnect: AWS does not have it where CodeDeploy deploys; use ecsBlueGreen/,
    ));
});
