import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { TYPES } from "../../model/graph/resources";
import { graphOf, resource } from "../preview/rules/handMade";

type Inputs = Readonly<Record<string, unknown>>;

/** What a small environment is made from. */
export interface ShopArgs {
  /** @default "ROLLING" */
  readonly strategy?: "ROLLING" | "CANARY" | "CODE_DEPLOY";
  /** Port that the container listens on, and that everything else knows. @default 8080 */
  readonly port?: number;
  /** Properties that take the place of the usual ones, by `<type> <name>`. @default - none */
  readonly inputs?: Readonly<Record<string, Inputs>>;
  /** @default - none */
  readonly more?: readonly RecordedResource[];
}

/** A resource whose id AWS makes up, and what it depends on. */
export function made(
  type: string,
  name: string,
  inputs: Inputs,
  more: Partial<RecordedResource> = {},
): RecordedResource {
  const id = more.id ?? `${name}-0a1b2c3`;
  const one = resource(type, name, inputs, { id, outputs: { name: inputs.name ?? id, arn: id } });
  return { ...one, ...more };
}

/** URN of one of the shop's resources. */
export function shopUrn(type: string, name: string): string {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

export const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const SHOP_EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
export const BLUE = "api-blue-0a1b2c3";
export const GREEN = "api-green-0a1b2c3";

/** Weighted actions: all requests to the first group. */
export function forward(first = BLUE, second = GREEN): readonly Inputs[] {
  const targetGroups = [
    { arn: first, weight: 100 },
    { arn: second, weight: 0 },
  ];
  return [{ type: "forward", forward: { targetGroups } }];
}

/** A service behind a load balancer, with the few things that this takes. */
export function shop({ strategy = "ROLLING", port = 8080, inputs = {}, more = [] }: ShopArgs = {}): RecordedGraph {
  const range = { ipProtocol: "tcp", fromPort: port, toPort: port };
  const [balancerGroup, taskGroup] = ["balancer-0a1b2c3", "tasks-0a1b2c3"];
  const canary = strategy === "CANARY";
  const codeDeploy = strategy === "CODE_DEPLOY";
  const advancedConfiguration = {
    alternateTargetGroupArn: GREEN,
    productionListenerRule: "production-rule-0a1b2c3",
    roleArn: "role",
  };
  const all = [
    made(TYPES.securityGroup, "balancer", { vpcId: "vpc-1", description: "Balancer" }),
    made(TYPES.securityGroup, "tasks", { vpcId: "vpc-1", description: "Tasks" }),
    made(SHOP_EGRESS, "to-tasks", { ...range, securityGroupId: balancerGroup, referencedSecurityGroupId: taskGroup }),
    made(INGRESS, "from-balancer", { ...range, securityGroupId: taskGroup, referencedSecurityGroupId: balancerGroup }),
    made(INGRESS, "clients", {
      ipProtocol: "tcp",
      fromPort: 80,
      toPort: 80,
      securityGroupId: balancerGroup,
      cidrIpv4: "0.0.0.0/0",
    }),
    made(TYPES.loadBalancer, "api", { subnets: ["subnet-1"], securityGroups: [balancerGroup] }),
    ...["blue", "green"].map((colour) =>
      made(TYPES.targetGroup, `api-${colour}`, {
        port,
        protocol: "HTTP",
        vpcId: "vpc-1",
        deregistrationDelay: 30,
        healthCheck: { interval: 10, healthyThreshold: 2, path: "/" },
      }),
    ),
    made(
      TYPES.listener,
      "production",
      { loadBalancerArn: "api-0a1b2c3", port: 80, protocol: "HTTP", defaultActions: forward() },
      { ignoreChanges: ["defaultActions"], dependencies: ["api", "api-blue", "api-green"].map(nameToUrn) },
    ),
    ...(canary
      ? [
          made(
            TYPES.listenerRule,
            "production-rule",
            {
              listenerArn: "production-0a1b2c3",
              priority: 100,
              actions: forward(),
              conditions: [{ pathPattern: { values: ["/*"] } }],
            },
            { ignoreChanges: ["actions"], dependencies: [shopUrn(TYPES.listener, "production")] },
          ),
        ]
      : []),
    made(TYPES.cluster, "dev", { name: "dev" }, { id: "arn:aws:ecs:eu-west-1:111122223333:cluster/dev" }),
    made(
      TYPES.taskDefinition,
      "api",
      {
        family: "dev-api",
        cpu: "256",
        memory: "512",
        runtimePlatform: { cpuArchitecture: "X86_64" },
        containerDefinitions: JSON.stringify([
          {
            name: "api",
            image: "1.dkr.ecr.eu-west-1.amazonaws.com/dev/api:not-delivered-yet",
            portMappings: [{ containerPort: port }],
          },
        ]),
      },
      { id: "arn:aws:ecs:eu-west-1:111122223333:task-definition/dev-api:1" },
    ),
    made(
      TYPES.service,
      "api",
      {
        name: "dev-api",
        cluster: "arn:aws:ecs:eu-west-1:111122223333:cluster/dev",
        desiredCount: 0,
        taskDefinition: "arn:aws:ecs:eu-west-1:111122223333:task-definition/dev-api:1",
        networkConfiguration: { subnets: ["subnet-1"], securityGroups: [taskGroup] },
        deploymentController: { type: codeDeploy ? "CODE_DEPLOY" : "ECS" },
        deploymentConfiguration: canary ? { strategy: "CANARY", bakeTimeInMinutes: "5" } : undefined,
        loadBalancers: [
          {
            targetGroupArn: BLUE,
            containerName: "api",
            containerPort: port,
            advancedConfiguration: canary ? advancedConfiguration : undefined,
          },
        ],
      },
      {
        id: "arn:aws:ecs:eu-west-1:111122223333:service/dev/dev-api",
        deleteBeforeReplace: true,
        dependencies: [
          shopUrn(TYPES.listener, "production"),
          shopUrn(TYPES.taskDefinition, "api"),
          shopUrn(TYPES.cluster, "dev"),
        ],
        propertyDependencies: { taskDefinition: [shopUrn(TYPES.taskDefinition, "api")] },
        ignoreChanges: codeDeploy
          ? ["taskDefinition", "loadBalancers", "desiredCount", "networkConfiguration"]
          : canary
            ? ["loadBalancers"]
            : [],
      },
    ),
    ...(codeDeploy
      ? [
          made(TYPES.deploymentGroup, "api", {
            appName: "api",
            deploymentGroupName: "dev-api",
            ecsService: { clusterName: "dev", serviceName: "dev-api" },
            loadBalancerInfo: {
              targetGroupPairInfo: {
                prodTrafficRoute: { listenerArns: ["production-0a1b2c3"] },
                targetGroups: [{ name: BLUE }, { name: GREEN }],
              },
            },
          }),
        ]
      : []),
    ...more,
  ];
  return graphOf(...all.map((one) => ({ ...one, inputs: { ...one.inputs, ...inputs[`${one.type} ${one.name}`] } })));
}

function nameToUrn(name: string): string {
  return shopUrn(name === "api" ? TYPES.loadBalancer : TYPES.targetGroup, name);
}

/** The key of a resource in `ShopArgs.inputs`. */
export const SHOP_SERVICE = `${TYPES.service} api`;
export const SHOP_TASK_DEFINITION = `${TYPES.taskDefinition} api`;
