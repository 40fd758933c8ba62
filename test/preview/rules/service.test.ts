import { containerMismatch } from "../../../preview/rules/containerMismatch";
import { healthCheck } from "../../../preview/rules/healthCheck";
import { stopsFirst } from "../../../preview/rules/stopsFirst";
import { targetGroupUnattached } from "../../../preview/rules/targetGroupUnattached";
import { arnHere, assertFinds, assertFindsNothing, changed, resource, withMore } from "./handMade";
import { BUILD_ACTION, HEALTHY_CONTAINER, healthy, stages } from "./healthy";

const SERVICE = "aws:ecs/service:Service";
const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const BLUE = arnHere("elasticloadbalancing", "targetgroup/api-blue/1");
const GREEN = arnHere("elasticloadbalancing", "targetgroup/api-green/2");
const forward = (...arns: string[]) => [
  { type: "forward", forward: { targetGroups: arns.map((one) => ({ arn: one, weight: 1 })) } },
];

function handingOut(...variables: readonly (readonly [string, string])[]) {
  const EnvironmentVariables = JSON.stringify(variables.map(([name, value]) => ({ name, value })));
  return { ...BUILD_ACTION, configuration: { ProjectName: "dev-api-image", EnvironmentVariables } };
}

const withBuild = (...args: Parameters<typeof stages>) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages(...args) });

describe("container-mismatch", () => {
  it("takes one name everywhere", () => assertFindsNothing(containerMismatch, healthy));

  it("finds a load balancer entry for a container or port that is not there", () => {
    const renamed = JSON.stringify([{ ...HEALTHY_CONTAINER, name: "zebra" }]);
    assertFinds(containerMismatch, changed(healthy, DEFINITION, "api", { containerDefinitions: renamed }), [
      'aws.ecs.Service "api": loadBalancers: container "api" is not in aws.ecs.TaskDefinition "api"; it has zebra',
      'aws.codepipeline.Pipeline "dev", stage Build, action api-image: hands out CONTAINER_NAME "api", but ' +
        'aws.ecs.Service "api" runs zebra; use its name',
    ]);
    const loadBalancers = [{ targetGroupArn: BLUE, containerName: "api", containerPort: 80 }];
    assertFinds(containerMismatch, changed(healthy, SERVICE, "api", { loadBalancers }), [
      'aws.ecs.Service "api": loadBalancers: container api has no port 80 in aws.ecs.TaskDefinition "api"; it has 8080',
    ]);
  });

  it("finds a build that names the service and hands out another container", () => {
    const more = {
      ...handingOut(["SERVICE_NAME", "api"], ["CLUSTER_NAME", "dev"], ["CONTAINER_NAME", "web"]),
      name: "confirm",
    };
    assertFinds(containerMismatch, withBuild({ more: [{ ...more, outputArtifacts: [] }] }), [
      'aws.codepipeline.Pipeline "dev", stage Build, action confirm: hands out CONTAINER_NAME "web", but ' +
        'aws.ecs.Service "api" runs api; use its name',
    ]);
  });

  it("says nothing about a service that is not in the graph", () => {
    const build = handingOut(["SERVICE_NAME", "theirs"], ["CONTAINER_NAME", "web"]);
    assertFindsNothing(containerMismatch, withBuild({ build: { ...build, outputArtifacts: [] } }));
  });
});

describe("target-group-unattached", () => {
  const unattached = (name: string) =>
    `aws.lb.TargetGroup "${name}": no listener forwards to it, so aws.ecs.Service "api" cannot use it; ` +
    "forward to it, weight 0 will do";

  it("takes weighted and plain forwards, and rules", () => {
    assertFindsNothing(targetGroupUnattached, healthy);
    const plain = [{ type: "forward", targetGroupArn: BLUE }];
    assertFindsNothing(targetGroupUnattached, onlyListening(plain));
    const rule = resource("aws:lb/listenerRule:ListenerRule", "api", {
      listenerArn: arnHere("lb", "api-production"),
      actions: forward(BLUE),
    });
    assertFindsNothing(targetGroupUnattached, withMore(onlyListening([]), rule));
  });

  it("finds the service's group, its alternate group and CodeDeploy's pair", () => {
    assertFinds(targetGroupUnattached, onlyListening(forward(GREEN)), [unattached("api-blue")]);
    const balancer = { targetGroupArn: BLUE, containerName: "api", containerPort: 8080 };
    const loadBalancers = [{ ...balancer, advancedConfiguration: { alternateTargetGroupArn: GREEN } }];
    const native = changed(onlyListening(forward(BLUE)), SERVICE, "api", { loadBalancers });
    assertFinds(targetGroupUnattached, native, [unattached("api-green")]);
    const pair = resource("aws:codedeploy/deploymentGroup:DeploymentGroup", "api", {
      ecsService: { clusterName: "dev", serviceName: "api" },
      loadBalancerInfo: { targetGroupPairInfo: { targetGroups: [{ name: "api-blue" }, { name: "api-green" }] } },
    });
    assertFinds(targetGroupUnattached, withMore(onlyListening(forward(BLUE)), pair), [unattached("api-green")]);
  });

  function onlyListening(defaultActions: unknown) {
    const listener = "aws:lb/listener:Listener";
    const production = changed(healthy, listener, "api-production", { defaultActions });
    return changed(production, listener, "api-test", { defaultActions: [] });
  }
});

describe("stops-first", () => {
  it("says how long nobody serves with each deployment, where nothing has to stay healthy", () => {
    assertFindsNothing(stopsFirst, healthy);
    const none = { deploymentController: { type: "ECS" }, deploymentMinimumHealthyPercent: 0 };
    assertFinds(
      stopsFirst,
      changed(healthy, SERVICE, "api", none),
      [
        'aws.ecs.Service "api": deploymentMinimumHealthyPercent 0: each deployment may stop all tasks before a new one runs, ' +
          "for about 2 minutes; with deployment.minimumHealthyPercent: 100 and maximumPercent: 200 new ones run first",
      ],
      "warning",
    );
    const strategy = { deploymentConfiguration: { strategy: "CANARY" } };
    assertFindsNothing(stopsFirst, changed(healthy, SERVICE, "api", { ...none, ...strategy }));
  });
});

describe("health-check", () => {
  it("takes a timeout below the interval, and AWS's defaults", () => {
    assertFindsNothing(healthCheck, healthy);
    assertFindsNothing(healthCheck, changed(healthy, GROUP, "api-blue", { healthCheck: undefined }));
  });

  it("finds a timeout as long as the interval", () => {
    assertFinds(healthCheck, changed(healthy, GROUP, "api-blue", { healthCheck: { interval: 5 } }), [
      'aws.lb.TargetGroup "api-blue": healthCheck.timeout 5 s: expected less than the interval of 5 s; ' +
        "shorten the one or lengthen the other",
    ]);
  });

  it("finds targets that are no addresses", () => {
    assertFinds(healthCheck, changed(healthy, GROUP, "api-blue", { targetType: undefined }), [
      'aws.lb.TargetGroup "api-blue": targetType: tasks with their own network interface (awsvpc) need "ip", got instance, the default',
    ]);
  });

  it("finds a grace period without a load balancer", () => {
    assertFinds(healthCheck, changed(healthy, SERVICE, "api", { loadBalancers: [] }), [
      'aws.ecs.Service "api": healthCheckGracePeriodSeconds 60: goes only with a load balancer, and the service has none; leave it out',
    ]);
  });
});
