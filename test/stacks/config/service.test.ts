import assert from "node:assert/strict";
import { at, json, list } from "../../support/read";
import { exampleGraph, service, stackGraph, stackRefusal } from "../../support/stack";

const refused = async (changes: Record<string, unknown>, ...expected: readonly string[]) => {
  const message = await stackRefusal("dev", changes);
  for (const text of expected) assert.ok(message.includes(text), `${text}\nnot in\n${message}`);
};

describe("settings of a service in stack config", () => {
  it("are checked before anything is created", async () => {
    const scaling = { minCapacity: 1, maxCapacity: 4, schedules: [{ name: "Night", schedule: "22:00" }] };
    await refused(
      { services: service("dev", { scaling, sidecars: [{ name: "agent", image: "agent" }] }) },
      'services[0].scaling.schedules[0].name: expected up to 30 lower-case letters, digits and hyphens, got "Night"',
      'services[0].scaling.schedules[0].schedule: expected rate(5 minutes), cron(0 3 * * ? *) or at(2026-12-31T23:00:00), got "22:00"',
      "services[0].scaling.schedules[0].minCapacity: expected a whole number from 0 to 5000, tasks, it is not set",
      'services[0].sidecars[0].image: expected an image with a tag or digest, or delivered, got "agent"',
    );
    const container = { name: "api", port: 8080, fileSystems: { data: { id: "vol-1", securityGroupId: "sg-1" } } };
    await refused(
      { services: service("dev", { container, scheduledTasks: [{ name: "x", schedule: "rate(1 days)" }] }) },
      "services[0].container.fileSystems.data",
      "services[0].scheduledTasks[0].schedule: expected rate",
      "services[0].scheduledTasks[0].command: expected the words of a command, it is not set",
    );
  });

  it("let a service do without a load balancer, where traffic is not moved", async () => {
    const services = service("dev", { loadBalanced: false });
    const graph = await stackGraph("dev", { changes: { services, serviceConnect: true } });
    assert.equal(graph.count("aws:lb/loadBalancer:LoadBalancer"), 0);
    assert.equal("loadBalancers" in graph.only("aws:ecs/service:Service").inputs, false);
    await refused(
      { services, deployment: "ecsCanary" },
      'ecs-delivery:deployment: expected rolling: service "api" has no load balancer, so there is no traffic to move',
    );
  });

  it("have no task definition family of another name, where nothing would read it", async () => {
    await refused(
      { services: service("dev", { taskDefinitionFamily: "shop" }) },
      'ecs-delivery:services[0].taskDefinitionFamily: expected nothing: the family is the service\'s name; another one goes with a service that exists, and with a task definition from the source, got "shop"',
      "pulumi config rm --stack dev --path 'ecs-delivery:services[0].taskDefinitionFamily'",
    );
  });

  it("need a load balancer of their own where rolling deployments prepare for ECS to move traffic", async () => {
    const deployment = { strategy: "rolling", advancedConfiguration: true };
    await refused(
      { services: service("dev", { loadBalanced: false }), serviceConnect: true, deployment },
      'ecs-delivery:deployment: expected rolling: service "api" has no load balancer, so there is no traffic to move',
    );
    const graph = await stackGraph("dev", { changes: { deployment } });
    const [balancer] = list(graph.only("aws:ecs/service:Service").inputs.loadBalancers);
    assert.ok(at(balancer, "advancedConfiguration", "productionListenerRule"));
    assert.equal(graph.count("aws:lb/listenerRule:ListenerRule"), 2);
  });

  it("share a load balancer by host name, but not with CodeDeploy", async () => {
    const graph = await exampleGraph("review-stack", "pr-42");
    assert.equal(graph.count("aws:lb/loadBalancer:LoadBalancer"), 0);
    assert.equal(at(graph.recorded.stackOutputs, "services", "api", "url"), "https://pr-42.dev.example.com");
    const dev = (await stackGraph("dev")).recorded.stackOutputs;
    assert.match(String(at(dev, "services", "api", "listener")), /:listener\//);
    assert.match(String(at(dev, "services", "api", "targetSecurityGroup")), /^sg-/);
    const listener = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/b/c";
    const targets = { shared: { listener, hosts: ["a.example.com"], targetSecurityGroup: "sg-1" } };
    await refused(
      { services: service("dev", { targets }), deployment: "codeDeployBlueGreen" },
      'ecs-delivery:deployment: expected a strategy of ECS itself (rolling, ecsBlueGreen, ecsLinear, ecsCanary): CodeDeploy rewrites listeners, and the one of service "api" is shared',
    );
  });

  it("open endpoints for what tasks then call: a shell, and finding one another", async () => {
    const graph = await exampleGraph("service-settings", "dev");
    const names = graph.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) => name);
    for (const name of ["dev-ssmmessages", "dev-kms", "dev-ecs-agent", "dev-ssm", "dev-secretsmanager"]) {
      assert.ok(names.includes(name), name);
    }
    assert.equal((await stackGraph("dev")).all("aws:ec2/vpcEndpoint:VpcEndpoint").length, 4);
  });

  it("build on the CPU that the tasks have", async () => {
    const graph = await exampleGraph("service-settings", "dev");
    const { environment } = graph.named("aws:codebuild/project:Project", "api-image").inputs;
    assert.equal(at(environment, "type"), "ARM_CONTAINER");
    const task = graph.named("aws:ecs/taskDefinition:TaskDefinition", "api").inputs;
    assert.equal(at(task.runtimePlatform, "cpuArchitecture"), "ARM64");
  });

  it("reach CodeDeploy's template too: a release brings sidecars and file systems", async () => {
    const sidecars = [{ name: "agent", image: "public.ecr.aws/agent:1" }];
    const fileSystems = { "/data": { id: "fs-0a1b", securityGroupId: "sg-0a1b" } };
    const container = { name: "api", port: 8080, fileSystems };
    const changes = { deployment: "codeDeployBlueGreen", services: service("dev", { container, sidecars }) };
    const graph = await stackGraph("dev", { changes });
    const [template] = graph
      .all("aws:ssm/parameter:Parameter")
      .filter(({ inputs }) => String(inputs.name).endsWith("taskdef.json"));
    const document = template?.inputs.value;
    assert.deepEqual(
      list(json(document, "containerDefinitions")).map((one) => at(one, "name")),
      ["api", "agent"],
    );
    assert.equal(json(document, "volumes", 1, "efsVolumeConfiguration", "fileSystemId"), "fs-0a1b");
  });
});
