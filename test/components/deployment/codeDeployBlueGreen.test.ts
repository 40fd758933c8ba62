import assert from "node:assert/strict";
import { parse } from "yaml";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import type { EcsServiceArgs } from "../../../components/service/args";
import { EcsService } from "../../../components/service/ecsService";
import { type Graph, refusal } from "../../support/graph";
import { allowed, at, documentStatements, json, list } from "../../support/read";
import { arn, CLUSTER, DELIVERED, serviceGraph, TARGETS, TEST_NETWORK, targetedGraph } from "../../support/service";

const GROUP = "aws:codedeploy/deploymentGroup:DeploymentGroup";
const PARAMETER = "aws:ssm/parameter:Parameter";
const service = (graph: Graph) => graph.only("aws:ecs/service:Service");
const hook = arn("lambda", "function:check");

describe("codeDeployBlueGreen", () => {
  let graph: Graph;
  before(async () => {
    graph = await targetedGraph({ deployment: codeDeployBlueGreen({ hooks: { AfterAllowTestTraffic: hook } }) });
  });

  it("adds an application, a group, a role, four alarms and two templates, and nothing else", () => {
    const counts = graph.counts();
    const expected = {
      "aws:codedeploy/application:Application": 1,
      [GROUP]: 1,
      "aws:codedeploy/deploymentConfig:DeploymentConfig": undefined,
      "aws:cloudwatch/metricAlarm:MetricAlarm": 4,
      "aws:iam/role:Role": 3,
      "aws:iam/rolePolicy:RolePolicy": 2,
      [PARAMETER]: 3,
      "aws:lb/listenerRule:ListenerRule": undefined,
      "aws:sfn/stateMachine:StateMachine": undefined,
      "aws:cloudwatch/eventRule:EventRule": undefined,
    };
    for (const [type, count] of Object.entries(expected)) assert.equal(counts[type], count, type);
  });

  it("gives the service nothing that the CODE_DEPLOY controller refuses", () => {
    const { inputs } = service(graph);
    assert.deepEqual(inputs.deploymentController, { type: "CODE_DEPLOY" });
    for (const refused of [
      "alarms",
      "deploymentCircuitBreaker",
      "deploymentConfiguration",
      "serviceConnectConfiguration",
    ])
      assert.equal(refused in inputs, false, refused);
    assert.equal(list(inputs.loadBalancers).length, 1);
    assert.equal(at(inputs.loadBalancers, 0, "advancedConfiguration"), undefined);
  });

  it("leaves to CodeDeploy whatever only CodeDeploy can change", () => {
    const expected = [
      "taskDefinition",
      "loadBalancers",
      "desiredCount",
      "networkConfiguration",
      "platformVersion",
      "capacityProviderStrategies",
    ];
    assert.deepEqual(service(graph).ignoreChanges, expected);
  });

  it("plans no revision that nothing would run: every setting of the first task definition is frozen", async () => {
    const given = { arn: "arn:aws:iam::111122223333:role/given", name: "given" };
    const changes: Partial<EcsServiceArgs> = {
      cpu: 512,
      memory: 1024,
      cpuArchitecture: "ARM64",
      capacityProvider: "machines",
      taskRole: given,
      executionRole: given,
      container: { name: "api", port: 8080, writablePaths: ["/cache"] },
    };
    const later = await targetedGraph({ deployment: codeDeployBlueGreen(), ...changes }, DELIVERED);
    const changed = Object.keys(taskInputs(later)).filter(
      (key) => JSON.stringify(taskInputs(later)[key]) !== JSON.stringify(taskInputs(graph)[key]),
    );
    assert.equal(changed.length, 8);
    const { ignoreChanges, inputs } = later.only("aws:ecs/taskDefinition:TaskDefinition");
    for (const key of changed) assert.ok(ignoreChanges.includes(key), key);
    assert.equal(inputs.trackLatest, false);
  });

  it("shifts between the two groups behind the two listeners, for this service", () => {
    const { inputs } = graph.only(GROUP);
    const nameOf = (colour: string) => graph.named("aws:lb/targetGroup:TargetGroup", `api-${colour}`).outputs.name;
    const arnOf = (use: string) => graph.named("aws:lb/listener:Listener", `api-${use}`).outputs.arn;
    assert.deepEqual(inputs.loadBalancerInfo, {
      targetGroupPairInfo: {
        prodTrafficRoute: { listenerArns: [arnOf("production")] },
        testTrafficRoute: { listenerArns: [arnOf("test")] },
        targetGroups: [{ name: nameOf("blue") }, { name: nameOf("green") }],
      },
    });
    assert.deepEqual(inputs.ecsService, { clusterName: "shop", serviceName: service(graph).outputs.name });
    assert.deepEqual(inputs.deploymentStyle, {
      deploymentType: "BLUE_GREEN",
      deploymentOption: "WITH_TRAFFIC_CONTROL",
    });
    assert.equal(inputs.deploymentConfigName, "CodeDeployDefault.ECSAllAtOnce");
  });

  it("goes by the service's name in AWS, where people look for it", async () => {
    const other = await serviceGraph({ targets: TARGETS, serviceName: "dev-api", deployment: codeDeployBlueGreen() });
    assert.equal(other.only(GROUP).inputs.deploymentGroupName, "dev-api");
    assert.equal(other.named(PARAMETER, "api-appspec").inputs.name, "/ecs-delivery/dev-api/appspec.yaml");
  });

  it("goes back on failure, on a stop and on every alarm of both groups", () => {
    const { inputs } = graph.only(GROUP);
    const names = graph.all("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ outputs }) => outputs.name);
    assert.deepEqual([...list(at(inputs, "alarmConfiguration", "alarms"))].sort(), names.sort());
    assert.equal(at(inputs, "alarmConfiguration", "enabled"), true);
    assert.deepEqual(inputs.autoRollbackConfiguration, {
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
    });
  });

  it("waits for the policy of CodeDeploy's role", () => {
    const policy = graph.named("aws:iam/rolePolicy:RolePolicy", "api-codedeploy");
    assert.ok(graph.only(GROUP).dependencies.includes(policy.urn));
  });

  it("keeps old tasks a quarter of an hour, or as long as you say", async () => {
    const wait = (of: Graph) =>
      at(of.only(GROUP).inputs, "blueGreenDeploymentConfig", "terminateBlueInstancesOnDeploymentSuccess");
    assert.deepEqual(wait(graph), { action: "TERMINATE", terminationWaitTimeInMinutes: 15 });
    const other = await targetedGraph({ deployment: codeDeployBlueGreen({ terminationWaitTimeInMinutes: 0 }) });
    assert.deepEqual(wait(other), { action: "TERMINATE", terminationWaitTimeInMinutes: 0 });
  });
});

describe("codeDeployBlueGreen's templates", () => {
  const text = (graph: Graph, name: string) => String(graph.named(PARAMETER, name).inputs.value);
  let graph: Graph;
  before(async () => {
    const hooks = { AfterAllowTraffic: "after", BeforeInstall: hook };
    graph = await targetedGraph({ deployment: codeDeployBlueGreen({ hooks }), capacityProvider: "FARGATE_SPOT" });
  });

  it("are an appspec that CodeDeploy reads: version 0.0, the place of the revision, the container, the network", () => {
    const appspec = text(graph, "api-appspec");
    assert.match(appspec, /^version: 0\.0\n/);
    const groups = at(service(graph).inputs, "networkConfiguration", "securityGroups");
    assert.deepEqual(at(parse(appspec), "Resources"), [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: "<TASK_DEFINITION>",
            LoadBalancerInfo: { ContainerName: "api", ContainerPort: 8080 },
            NetworkConfiguration: {
              AwsvpcConfiguration: {
                Subnets: TEST_NETWORK.privateSubnetIds,
                SecurityGroups: groups,
                AssignPublicIp: "DISABLED",
              },
            },
            CapacityProviderStrategy: [{ Base: 0, CapacityProvider: "FARGATE_SPOT", Weight: 1 }],
          },
        },
      },
    ]);
  });

  it("call hooks in CodeDeploy's order, whatever the order they are given in", () => {
    assert.deepEqual(at(parse(text(graph, "api-appspec")), "Hooks"), [
      { BeforeInstall: hook },
      { AfterAllowTraffic: "after" },
    ]);
  });

  it("are a task definition with the place of the image, and else what Pulumi's own says", () => {
    const template = JSON.parse(text(graph, "api-task-definition-template")) as Record<string, unknown>;
    const own = taskInputs(graph);
    assert.equal(at(template, "containerDefinitions", 0, "image"), "<IMAGE1_NAME>");
    assert.deepEqual(
      { ...(at(template, "containerDefinitions", 0) as object), image: "" },
      { ...(json(own.containerDefinitions, 0) as object), image: "" },
    );
    for (const key of ["family", "cpu", "memory", "networkMode", "executionRoleArn", "taskRoleArn", "volumes"]) {
      assert.deepEqual(template[key], own[key], key);
    }
    assert.deepEqual(template.requiresCompatibilities, ["FARGATE"]);
  });

  it("are read by the build, by name, which may read exactly them", () => {
    const names = ["api-task-definition-template", "api-appspec"].map((name) => graph.named(PARAMETER, name));
    const { buildEnvironment, buildFiles, buildPolicy } = graph.recorded.stackOutputs;
    assert.deepEqual(buildEnvironment, {
      CONTAINER_NAME: "api",
      TASK_DEFINITION_PARAMETER: names[0]?.inputs.name,
      APPSPEC_PARAMETER: names[1]?.inputs.name,
    });
    assert.deepEqual(buildFiles, ["imagedefinitions.json", "imageDetail.json", "taskdef.json", "appspec.yaml"]);
    assert.deepEqual(
      allowed(documentStatements(buildPolicy)),
      names.map(({ outputs }) => `ssm:GetParameter ${String(outputs.arn)}`).sort(),
    );
  });

  it("are refused when they are longer than a parameter can be", async () => {
    const environment = { LONG: "x".repeat(8000) };
    const message = await refusal(
      () =>
        new EcsService("api", {
          cluster: CLUSTER,
          network: TEST_NETWORK,
          targets: TARGETS,
          deployment: codeDeployBlueGreen(),
          container: { name: "api", port: 8080, environment },
        }),
    );
    assert.match(message, /\/ecs-delivery\/api\/taskdef\.json: \d{4} characters, SSM Parameter Store takes 8192/);
  });
});

describe("codeDeployBlueGreen with an application and a group that are there already", () => {
  it("creates neither, nor role, alarms or configuration", async () => {
    const existing = { applicationName: "shop", deploymentGroupName: "shop-api" };
    const graph = await serviceGraph({ targets: TARGETS, deployment: codeDeployBlueGreen({ existing }) });
    for (const { type } of graph.resources) assert.doesNotMatch(type, /codedeploy|metricAlarm/);
    assert.equal(graph.all("aws:iam/role:Role").length, 2);
    const { action, actionPolicy } = graph.recorded.stackOutputs;
    assert.equal(at(action, "configuration", "DeploymentGroupName"), "shop-api");
    const lines = allowed(documentStatements(actionPolicy));
    assert.ok(lines.includes(`codedeploy:CreateDeployment ${arn("codedeploy", "deploymentgroup:shop/shop-api")}`));
  });
});

function taskInputs(graph: Graph): Readonly<Record<string, unknown>> {
  return graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs;
}
