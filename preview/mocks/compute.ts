import { type Answer, type Asked, answerText, byArn, CREATED, hex, lastPart, settingOf, textOr, uuid } from "./asked";

const taskDefinition: Answer = (asked) => {
  const family = textOr(asked.inputs.family);
  const arnWithoutRevision = asked.arn("ecs", `task-definition/${family}`);
  return { id: family, arn: `${arnWithoutRevision}:1`, arnWithoutRevision, revision: 1 };
};

/** `resource/ecs/service/<cluster>/<service>`, as ARNs of scaling have it. */
function scaled({ inputs, hash }: Asked): string {
  return `${uuid(hash)}:resource/${textOr(inputs.serviceNamespace)}/${textOr(inputs.resourceId)}`;
}

const scheduledAction: Answer = (asked) => ({
  id: [asked.name, asked.inputs.serviceNamespace, asked.inputs.resourceId].map((part) => textOr(part)).join("-"),
  name: asked.name,
  arn: asked.arn("autoscaling", `scheduledAction:${scaled(asked)}:scheduledActionName/${asked.name}`),
});

const lambda: Answer = (asked) => {
  const arn = asked.arn("lambda", `function:${asked.name}`);
  const invoke = (of: string) =>
    `arn:${asked.partition}:apigateway:${asked.region}:lambda:path/2015-03-31/functions/${of}/invocations`;
  return {
    id: asked.name,
    name: asked.name,
    arn,
    invokeArn: invoke(arn),
    qualifiedArn: `${arn}:$LATEST`,
    qualifiedInvokeArn: invoke(`${arn}:$LATEST`),
    version: "$LATEST",
    lastModified: CREATED,
    sourceCodeSize: 1024,
    signingJobArn: "",
    signingProfileVersionArn: "",
    responseStreamingInvokeArn: invoke(arn).replace("/invocations", "/response-streaming-invocations"),
  };
};

const schedule: Answer = (asked) => {
  const place = `${textOr(asked.inputs.groupName, "default")}/${asked.name}`;
  return { id: place, name: asked.name, arn: asked.arn("scheduler", `schedule/${place}`) };
};

const stateMachine: Answer = (asked) => {
  const arn = asked.arn("states", `stateMachine:${asked.name}`);
  return {
    id: arn,
    name: asked.name,
    arn,
    creationDate: CREATED,
    status: "ACTIVE",
    description: "",
    revisionId: "INITIAL",
    stateMachineVersionArn: arn,
    versionDescription: "",
  };
};

/** Clusters, services, scaling, functions. */
export const computeAnswers: Readonly<Record<string, Answer>> = {
  "aws:appautoscaling/policy:Policy": (asked) => ({
    id: asked.name,
    name: asked.name,
    alarmArns: [],
    arn: asked.arn("autoscaling", `scalingPolicy:${scaled(asked)}:policyName/${asked.name}`),
  }),
  "aws:appautoscaling/scheduledAction:ScheduledAction": scheduledAction,
  "aws:appautoscaling/target:Target": (asked) => ({
    id: textOr(asked.inputs.resourceId),
    arn: asked.arn("application-autoscaling", `scalable-target/${hex(asked.hash, 16)}`),
  }),
  "aws:ecs/capacityProvider:CapacityProvider": byArn("ecs", (name) => `capacity-provider/${name}`),
  "aws:ecs/cluster:Cluster": byArn("ecs", (name) => `cluster/${name}`),
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": settingOf("clusterName"),
  "aws:ecs/service:Service": byArn(
    "ecs",
    (name, { inputs }) => `service/${lastPart(inputs.cluster, "default")}/${name}`,
  ),
  "aws:ecs/taskDefinition:TaskDefinition": taskDefinition,
  "aws:lambda/function:Function": lambda,
  "aws:lambda/permission:Permission": ({ inputs, logicalName, hash }) => {
    const statementId = answerText(inputs.statementId) ?? `${logicalName}-${hex(hash, 7)}`;
    return { id: statementId, statementId };
  },
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:servicediscovery/httpNamespace:HttpNamespace": (asked) => {
    const id = `ns-${hex(asked.hash, 16)}`;
    return { id, name: asked.name, httpName: asked.name, arn: asked.arn("servicediscovery", `namespace/${id}`) };
  },
  "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": (asked) => {
    const id = `ns-${hex(asked.hash, 16)}`;
    const hostedZone = `Z${hex(asked.hash, 20).toUpperCase()}`;
    return { id, name: asked.name, hostedZone, arn: asked.arn("servicediscovery", `namespace/${id}`) };
  },
  "aws:sfn/stateMachine:StateMachine": stateMachine,
};
