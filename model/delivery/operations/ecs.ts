import { numberOf, textOf, textsOf, type Values } from "../../graph/read";
import { arnIn } from "../../graph/resources";
import type { Context } from "../../permissions/evaluate/request";
import { AwsError } from "../awsError";
import type { PlayedCloud } from "../cloud";
import { startEcsDeployment } from "../deployment/ecsDeployment";
import { scaleTo } from "../deployment/scaleTo";
import { describedTaskOnce } from "../oneTask";
import { familyOf, imageIn, type TaskRevision } from "../revisions";
import type { LiveTasks, PlayedService, ServiceDeployment } from "../runningService";
import { type GivenCall, given, type Operation } from "./operation";

function serviceArn({ place, input }: GivenCall, name: string): string {
  return name.startsWith("arn:") ? name : arnIn(place, "ecs", `service/${clusterIn(input)}/${name}`);
}

/** Name of the cluster that a call names. */
export function clusterIn(input: Values): string {
  return (given(input, "cluster") || "default").replace(/^arn:.*cluster\//, "");
}

/** The cluster of a call, as conditions name it. */
export function inCluster({ place, input }: GivenCall): Context {
  return { "ecs:cluster": arnIn(place, "ecs", `cluster/${clusterIn(input)}`) };
}

function serviceOf(call: GivenCall, key: string): PlayedService {
  const name = given(call.input, key);
  const found = call.cloud.service(serviceArn(call, name));
  if (!found) throw new AwsError("ServiceNotFoundException", `Service not found: ${name}`);
  return found;
}

/** The revision that a call names. */
export function revisionNamed(call: GivenCall): TaskRevision {
  const name = given(call.input, "taskDefinition");
  const arn = name.startsWith("arn:") ? name : arnIn(call.place, "ecs", `task-definition/${name}`);
  const found = call.cloud.revisions.get(arn) ?? call.cloud.revisions.active(arn)[0];
  if (!found) throw new AwsError("ClientException", "Unable to describe task definition.");
  return found;
}

const onService =
  (key: string) =>
  (call: GivenCall): readonly string[] => [serviceArn(call, given(call.input, key))];

function tasksIn(service: PlayedService, which: (live: LiveTasks) => boolean): number {
  return service.tasks
    .filter((live) => live.broken === undefined && which(live))
    .reduce((sum, { count }) => sum + count, 0);
}

/** A deployment of CodeDeploy as ECS describes it. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskSet.html */
function taskSet({ id, status, taskDefinition, desiredCount, runningCount, pendingCount }: Described): Values {
  return {
    id,
    status,
    taskDefinition,
    runningCount,
    pendingCount,
    computedDesiredCount: desiredCount,
    stabilityStatus: pendingCount === 0 && runningCount >= desiredCount ? "STEADY_STATE" : "STABILIZING",
  };
}

/** What ECS and CodeDeploy both say of a deployment. */
interface Described {
  readonly id: string;
  readonly status: string;
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html */
function described(service: PlayedService): Values {
  const revisions = [...new Set([service.revision, ...service.tasks.map(({ revision }) => revision)])];
  const deployments = revisions.map((taskDefinition, index) => {
    const running = tasksIn(service, (live) => live.revision === taskDefinition && live.isHealthy);
    const all = tasksIn(service, (live) => live.revision === taskDefinition);
    const primary = index === 0;
    return {
      id: `ecs-svc/${index}`,
      status: primary ? "PRIMARY" : "ACTIVE",
      taskDefinition,
      desiredCount: primary ? service.desired : 0,
      runningCount: running,
      pendingCount: all - running,
      rolloutState: primary ? service.rollout : "IN_PROGRESS",
      rolloutStateReason: primary ? service.rolloutReason : "",
    };
  });
  const codeDeploy = service.controller === "CODE_DEPLOY";
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    status: "ACTIVE",
    desiredCount: service.desired,
    runningCount: tasksIn(service, ({ isHealthy }) => isHealthy),
    pendingCount: tasksIn(service, ({ isHealthy }) => !isHealthy),
    taskDefinition: service.revision,
    deploymentController: { type: service.controller },
    deploymentConfiguration: { strategy: codeDeploy ? undefined : service.strategy },
    deployments: codeDeploy ? [] : deployments,
    taskSets: codeDeploy ? deployments.map(taskSet) : undefined,
    events: service.events.map(({ id, at, message }) => ({ id, createdAt: at, message })),
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html */
export const ECS: Readonly<Record<string, Operation>> = {
  DescribeServices: {
    resources: (call) => textsOf(call.input.services).map((name) => serviceArn(call, name)),
    act: (call) => {
      const found = textsOf(call.input.services).map((name) => call.cloud.service(serviceArn(call, name)));
      return { services: found.flatMap((service) => (service ? [described(service)] : [])), failures: [] };
    },
  },
  ListServiceDeployments: {
    resources: onService("service"),
    act: (call) => {
      const wanted = textsOf(call.input.status);
      const found = serviceOf(call, "service").deployments.filter(
        ({ status }) => wanted.length === 0 || wanted.includes(status),
      );
      return {
        serviceDeployments: found.map(({ arn, status, reason, createdAt }) => ({
          serviceDeploymentArn: arn,
          status,
          statusReason: reason,
          createdAt,
        })),
      };
    },
  },
  DescribeServiceDeployments: {
    resources: ({ input }) => textsOf(input.serviceDeploymentArns),
    act: ({ cloud, input }) => ({
      serviceDeployments: textsOf(input.serviceDeploymentArns).flatMap((arn) =>
        cloud.services.flatMap((service) =>
          service.deployments.filter((one) => one.arn === arn).map((one) => describedDeployment(cloud, service, one)),
        ),
      ),
    }),
  },
  StopServiceDeployment: {
    resources: ({ input }) => textsOf([input.serviceDeploymentArn]),
    act: ({ cloud, input }) => {
      const arn = textOf(input.serviceDeploymentArn) ?? "";
      const all = cloud.services.flatMap(({ deployments }) => deployments);
      all.find((one) => one.arn === arn)?.interrupt.trip("Stopped by StopServiceDeployment");
      return { serviceDeploymentArn: arn };
    },
  },
  DescribeServiceRevisions: {
    resources: ({ input }) => textsOf(input.serviceRevisionArns),
    act: ({ cloud, input }) => ({
      serviceRevisions: textsOf(input.serviceRevisionArns).flatMap((arn) => {
        const service = cloud.services.find((one) => arn.startsWith(`${serviceRevisionsOf(one)}/`));
        const revision = service && cloud.revisions.get(`${familyOf(service.revision)}:${arn.split("/").at(-1) ?? ""}`);
        return revision ? [describedRevision(arn, revision)] : [];
      }),
    }),
  },
  DescribeTaskDefinition: {
    act: (call) => {
      const { arn, containers, settings, isActive } = revisionNamed(call);
      return {
        taskDefinition: {
          ...settings,
          taskDefinitionArn: arn,
          containerDefinitions: containers,
          status: isActive ? "ACTIVE" : "INACTIVE",
        },
      };
    },
  },
  ListTaskDefinitions: {
    act: (call) => {
      const family = arnIn(call.place, "ecs", `task-definition/${given(call.input, "familyPrefix")}`);
      const active = call.cloud.revisions.active(family).map(({ arn }) => arn);
      const sorted = call.input.sort === "DESC" ? active : [...active].reverse();
      return { taskDefinitionArns: sorted.slice(0, numberOf(call.input.maxResults) ?? 100) };
    },
  },
  DeregisterTaskDefinition: {
    act: (call) => {
      const { arn } = revisionNamed(call);
      call.cloud.revisions.deregister(arn);
      return { taskDefinition: { taskDefinitionArn: arn, status: "INACTIVE" } };
    },
  },
  UpdateService: {
    resources: onService("service"),
    act: (call) => {
      const service = serviceOf(call, "service");
      const { cloud, input } = call;
      const named = textOf(input.taskDefinition);
      if (service.controller === "CODE_DEPLOY" && (named !== undefined || input.forceNewDeployment === true)) {
        throw new AwsError(
          "InvalidParameterException",
          "Unable to update task definition on services with a CODE_DEPLOY deployment controller.",
        );
      }
      const count = numberOf(input.desiredCount);
      const before = service.desired;
      if (count !== undefined) service.desired = count;
      const revision = named === undefined ? cloud.revisions.get(service.revision) : revisionNamed(call);
      if (revision && (revision.arn !== service.revision || input.forceNewDeployment === true)) {
        startEcsDeployment(cloud, service, revision);
      } else if (revision && count !== undefined && count !== before) {
        scale(call, service, revision);
      }
      return { service: described(service) };
    },
  },
  ListTasks: {
    context: inCluster,
    act: (call) => {
      const service = serviceOf(call, "serviceName");
      const stopped = call.input.desiredStatus === "STOPPED";
      const count = stopped ? service.stopped.length : tasksIn(service, ({ isHealthy }) => isHealthy);
      const arn = (index: number) =>
        arnIn(call.place, "ecs", `task/${service.cluster}/${stopped ? "stopped" : "running"}${index}`);
      return { taskArns: Array.from({ length: count }, (_, index) => `${arn(index)}-${service.name}`) };
    },
  },
  DescribeTasks: {
    resources: ({ input }) => textsOf(input.tasks),
    context: inCluster,
    act: (call) => ({
      tasks: textsOf(call.input.tasks).flatMap((arn) => describedTask(call, arn)),
    }),
  },
};

/** ARN of the revisions of a service, without their number: here it is the task definition's. */
function serviceRevisionsOf({ arn }: PlayedService): string {
  return arn.replace(":service/", ":service-revision/");
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
function describedDeployment({ startsAt }: PlayedCloud, service: PlayedService, deployment: ServiceDeployment): Values {
  const { arn, status, revision, before, pause } = deployment;
  const summary = (taskDefinition: string) => ({
    arn: `${serviceRevisionsOf(service)}/${taskDefinition.split(":").at(-1) ?? ""}`,
    runningTaskCount: tasksIn(service, (live) => live.revision === taskDefinition && live.isHealthy),
  });
  return {
    serviceDeploymentArn: arn,
    status,
    lifecycleStage: pause?.stage,
    targetServiceRevision: summary(revision),
    sourceServiceRevisions: [summary(before)],
    lifecycleHookDetails: pause && [
      {
        hookId: pause.hookId,
        targetType: "PAUSE",
        status: "AWAITING_ACTION",
        expiresAt: new Date(startsAt.getTime() + pause.until * 1000).toISOString(),
        timeoutAction: pause.then,
      },
    ],
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html */
function describedRevision(serviceRevisionArn: string, { arn, containers }: TaskRevision): Values {
  return {
    serviceRevisionArn,
    taskDefinition: arn,
    containerImages: containers.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: textOf(image)?.split("@")[1],
    })),
  };
}

/** Starts or stops tasks of the revision that runs; no deployment is made of it. */
function scale({ cloud }: GivenCall, service: PlayedService, revision: TaskRevision): void {
  if (service.desired === 0) {
    service.tasks = [];
    return;
  }
  if (service.tasks.length === 0) startEcsDeployment(cloud, service, revision);
  else scaleTo(cloud, service, revision);
}

function describedTask(call: GivenCall, arn: string): readonly Values[] {
  const once = call.cloud.tasks.get(arn);
  if (once) return [describedTaskOnce(once, call.cloud.clock.now)];
  const [, state, index = "0", name = ""] = /\/(running|stopped)(\d+)-([^/]+)$/.exec(arn) ?? [];
  const service = call.cloud.services.find((one) => one.name === name);
  if (!service) return [];
  const revisions = service.tasks.flatMap((live) =>
    Array.from({ length: live.isHealthy ? live.count : 0 }, () => live.revision),
  );
  const stopped = state === "stopped" ? service.stopped[Number(index)] : undefined;
  const revision = call.cloud.revisions.get(stopped?.revision ?? revisions[Number(index)] ?? "");
  if (!revision) return [];
  const containers = revision.containers.map((container) => ({
    name: container.name,
    image: container.image,
    imageDigest: imageIn(revision, textOf(container.name) ?? "")?.split("@")[1],
    exitCode: stopped?.exitCode,
  }));
  return [
    {
      taskArn: arn,
      taskDefinitionArn: revision.arn,
      stoppedReason: stopped?.reason,
      containers,
      group: familyOf(revision.arn),
    },
  ];
}
