import assert from "node:assert/strict";
import { EcsService } from "../../../components/service/ecsService";
import { type Graph, refusal } from "../../support/graph";
import { at, json, list } from "../../support/read";
import {
  CLUSTER,
  DELIVERED,
  IMAGE,
  REPOSITORY,
  serviceGraph,
  TARGETS,
  TEST_NETWORK,
  targetedGraph,
} from "../../support/service";

const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const ROLE = "aws:iam/role:Role";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const service = (graph: Graph) => graph.only(SERVICE);
const container = (graph: Graph, ...path: (string | number)[]) =>
  json(graph.only(TASK).inputs.containerDefinitions, 0, ...path);

describe("EcsService, as a worker", () => {
  let graph: Graph;
  before(async () => {
    graph = await serviceGraph({ container: { name: "job" } });
  });

  it("needs a service, its task definition, two roles, a log group, a security group and a record, and nothing else", () => {
    assert.deepEqual(graph.counts(), {
      [LOG_GROUP]: 1,
      "aws:ec2/securityGroup:SecurityGroup": 1,
      [SERVICE]: 1,
      [TASK]: 1,
      [ROLE]: 2,
      "aws:iam/rolePolicy:RolePolicy": 1,
      "aws:ssm/parameter:Parameter": 1,
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
    });
  });

  it("has no load balancer, no grace period and no port", () => {
    const { inputs } = service(graph);
    assert.equal("loadBalancers" in inputs, false);
    assert.equal("healthCheckGracePeriodSeconds" in inputs, false);
    assert.equal("alarms" in inputs, false);
    assert.deepEqual(container(graph, "portMappings"), []);
  });

  it("is the parent of all it creates", () => {
    const [own] = graph.all("ecs-delivery:index:EcsService");
    const rest = graph.resources.filter(({ urn }) => urn !== own?.urn);
    assert.equal(rest.length, 9);
    assert.deepEqual([...new Set(rest.map(({ parent }) => parent))], [own?.urn]);
  });

  it("gives the application a role that may do nothing", () => {
    assert.deepEqual(graph.statements("api-task"), []);
    assert.equal(graph.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment").length, 0);
  });

  it("starts tasks in a role that pulls this image and writes this log group only", () => {
    assert.deepEqual(graph.statements("api-execution"), [
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
        Resource: [REPOSITORY.arn],
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/api:*"],
      },
    ]);
  });

  it("waits for the policy of that role: a task cannot start without it", () => {
    const policy = graph.named("aws:iam/rolePolicy:RolePolicy", "api-execution");
    assert.ok(service(graph).dependencies.includes(policy.urn));
  });

  it("needs no permission of ECR for an image that is in no repository of ours", async () => {
    const other = await serviceGraph({ repository: undefined, image: "public.ecr.aws/nginx/nginx:1.29" });
    assert.deepEqual(
      other.statements("api-execution").flatMap(({ Action }) => Action),
      ["logs:CreateLogStream", "logs:PutLogEvents"],
    );
  });
});

describe("EcsService before and after deliveries", () => {
  it("runs nothing before the first delivery, and names an image that is in no repository", async () => {
    const graph = await serviceGraph({ desiredCount: 3 });
    assert.equal(service(graph).inputs.desiredCount, 0);
    assert.equal(container(graph, "image"), `${REPOSITORY.repositoryUrl}:not-delivered-yet`);
    assert.equal(graph.only("aws:ssm/parameter:Parameter").inputs.value, "none");
  });

  it("runs the delivered image, by digest, in as many tasks as wanted", async () => {
    const graph = await serviceGraph({ desiredCount: 3 }, DELIVERED);
    assert.equal(service(graph).inputs.desiredCount, 3);
    assert.equal(container(graph, "image"), IMAGE);
  });

  it("understands a record that a person has written: the bare image", async () => {
    const graph = await serviceGraph({}, { parameters: { "/ecs-delivery/api/delivered-image": IMAGE } });
    assert.equal(container(graph, "image"), IMAGE);
    assert.equal(service(graph).inputs.desiredCount, 1);
  });

  it("finds the record under the service's name, not the component's", async () => {
    const parameters = { "/ecs-delivery/dev-api/delivered-image": IMAGE };
    const graph = await serviceGraph({ serviceName: "dev-api" }, { parameters });
    assert.equal(container(graph, "image"), IMAGE);
    assert.equal(graph.only(TASK).inputs.family, "dev-api");
  });

  it("runs a first image at once, and leaves the record to the pipeline from then on", async () => {
    const graph = await serviceGraph({ image: "registry/first:1" });
    assert.equal(service(graph).inputs.desiredCount, 1);
    assert.equal(container(graph, "image"), "registry/first:1");
    assert.ok(graph.only("aws:ssm/parameter:Parameter").ignoreChanges.includes("value"));
    const later = await serviceGraph({ image: "registry/first:1" }, DELIVERED);
    assert.equal(container(later, "image"), IMAGE);
  });

  it("refuses a broken record instead of stopping a service that runs", async () => {
    for (const broken of ['{"image"', "{}"]) {
      const parameters = { "/ecs-delivery/api/delivered-image": broken };
      const message = await refusal(() => new EcsService("api", ARGS), { parameters });
      assert.match(message, /\/ecs-delivery\/api\/delivered-image: expected the delivered image, .* got "\{/);
    }
  });
});

describe("EcsService behind a load balancer", () => {
  let graph: Graph;
  before(async () => {
    graph = await targetedGraph();
  });

  it("serves from blue, and forgives new tasks a minute of failing checks", () => {
    const { inputs } = service(graph);
    const blue = graph.named("aws:lb/targetGroup:TargetGroup", "api-blue");
    assert.deepEqual(inputs.loadBalancers, [
      { targetGroupArn: blue.outputs.arn, containerName: "api", containerPort: 8080 },
    ]);
    assert.equal(inputs.healthCheckGracePeriodSeconds, 60);
  });

  it("waits for the listeners: ECS refuses a target group that no load balancer has", () => {
    const listeners = graph.all("aws:lb/listener:Listener");
    assert.equal(listeners.length, 2);
    for (const { urn } of listeners) assert.ok(service(graph).dependencies.includes(urn), urn);
  });

  it("joins the group that the load balancer reaches, and opens no port in its own", () => {
    const groups = at(service(graph).inputs, "networkConfiguration", "securityGroups");
    assert.deepEqual(groups, [
      graph.named("aws:ec2/securityGroup:SecurityGroup", "api-tasks").id,
      graph.named("aws:ec2/securityGroup:SecurityGroup", "api-targets").id,
    ]);
    assert.equal(at(service(graph).inputs, "networkConfiguration", "assignPublicIp"), false);
  });

  it("takes targets that someone else owns, and creates none", async () => {
    const other = await serviceGraph({ targets: TARGETS });
    assert.equal(at(service(other).inputs, "loadBalancers", 0, "targetGroupArn"), TARGETS.blue.arn);
    for (const type of ["loadBalancer:LoadBalancer", "targetGroup:TargetGroup", "listener:Listener"]) {
      assert.equal(other.all(`aws:lb/${type}`).length, 0);
    }
  });
});

describe("EcsService's ownership", () => {
  it("creates no role where both are given", async () => {
    const [taskRole, executionRole] = ["task", "execution"].map((name) => ({
      arn: `arn:aws:iam::111122223333:role/${name}`,
      name,
    }));
    const graph = await serviceGraph({ taskRole, executionRole });
    assert.equal(graph.all(ROLE).length, 0);
    assert.equal(graph.all("aws:iam/rolePolicy:RolePolicy").length, 0);
    const { inputs } = graph.only(TASK);
    assert.deepEqual([inputs.taskRoleArn, inputs.executionRoleArn], [taskRole?.arn, executionRole?.arn]);
  });

  it("carries the service's name wherever AWS shows one, and makes room for itself when it must be replaced", async () => {
    const graph = await serviceGraph({ serviceName: "dev-api" });
    assert.equal(service(graph).inputs.name, "dev-api");
    assert.equal(service(graph).deleteBeforeReplace, true);
    assert.equal(graph.only(LOG_GROUP).inputs.name, "/ecs/dev-api");
    assert.equal(graph.only(TASK).inputs.family, "dev-api");
  });

  it("keeps logs for a month and encrypts them CloudWatch's way, unless it is told otherwise", async () => {
    const { inputs } = (await serviceGraph()).only(LOG_GROUP);
    assert.deepEqual([inputs.retentionInDays, inputs.kmsKeyId], [30, undefined]);
    const other = (await serviceGraph({ logRetentionInDays: 400, kmsKeyArn: "key" })).only(LOG_GROUP).inputs;
    assert.deepEqual([other.retentionInDays, other.kmsKeyId], [400, "key"]);
  });

  it("protects the record of the delivered image where that is asked for, and nothing else", async () => {
    const isProtected = async (protectDeliveredImage: boolean) =>
      (await serviceGraph({ protectDeliveredImage })).resources.filter((one) => one.protect).map(({ type }) => type);
    assert.deepEqual(await isProtected(true), ["aws:ssm/parameter:Parameter"]);
    assert.deepEqual(await isProtected(false), []);
  });

  it("keeps every revision: a rollback needs the old ones", async () => {
    const task = (await serviceGraph()).only(TASK);
    assert.equal(task.inputs.skipDestroy, true);
    assert.equal(task.inputs.trackLatest, true);
    assert.deepEqual(task.ignoreChanges, ["tags", "tagsAll"]);
  });

  it("leaves nothing of the service to others under a rolling deployment", async () => {
    assert.deepEqual(service(await targetedGraph()).ignoreChanges, []);
  });
});

const ARGS = {
  cluster: CLUSTER,
  network: TEST_NETWORK,
  repository: REPOSITORY,
  container: { name: "api", port: 8080 },
};

describe("EcsService's arguments", () => {
  it("names every problem at once, with the component's name", async () => {
    const args = {
      ...ARGS,
      container: { name: "api web", port: 70_000, stopTimeoutSeconds: 121 },
      cpu: 1024,
      memory: 512,
      logRetentionInDays: 10,
      healthCheckGracePeriodSeconds: -1,
    };
    const message = await refusal(() => new EcsService("api", args));
    assert.match(message, /EcsService "api" has 6 problem\(s\):/);
  });

  it("puts tasks on the subnets given, which are the private ones", async () => {
    const subnets = list(at(service(await serviceGraph()).inputs, "networkConfiguration", "subnets"));
    assert.deepEqual(subnets, ["subnet-c", "subnet-d"]);
  });
});
