import type { ConditionRule } from "../graph/conditions";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { policiesOf, roleOf } from "../graph/iam";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { jsonOf, mapOf, textOf, type Values } from "../graph/read";
import { type ArnPlace, arnIn, arnOf, arnPlace, label, ofType, referredBy, TYPES } from "../graph/resources";
import { familyIn } from "../graph/services";
import { keyOfTopic } from "../graph/topics";
import { because, logCalls } from "./calls";
import { passCalls } from "./deploymentRoles";
import { type Calls, type Need, publishKeyCalls } from "./need";
import { type RoleUse, uses } from "./roleUse";

/** Uses of roles by what holds deliveries back and tells of them: rules of stages, events, chat channels. */
export function operationUses(graph: RecordedGraph): readonly RoleUse[] {
  return [
    ...pipelinesOf(graph).flatMap((pipeline) => ruleUses(graph, pipeline)),
    ...ofType(graph, TYPES.eventTarget).flatMap((target) => eventUses(graph, target)),
    ...[...ofType(graph, TYPES.slackChannel), ...ofType(graph, TYPES.teamsChannel)].flatMap((one) =>
      chatUses(graph, one),
    ),
    ...ofType(graph, TYPES.stateMachine).flatMap((machine) => machineUses(graph, machine)),
    ...ofType(graph, TYPES.schedule).flatMap((schedule) => scheduleUses(graph, schedule)),
    ...ofType(graph, TYPES.flowLog).flatMap(flowLogUses),
    ...ofType(graph, TYPES.lambda).flatMap((one) =>
      uses(one.inputs.role, "lambda.amazonaws.com", one, [], { isOpen: true }),
    ),
  ];
}

/** A rule runs in the pipeline's role, or in one of its own, which the pipeline's takes. */
function ruleUses(graph: RecordedGraph, pipeline: Pipeline): readonly RoleUse[] {
  const { resource: user, stages } = pipeline;
  const own = textOf(user.inputs.roleArn);
  const rules = stages.flatMap(({ conditions }) => conditions).flatMap((condition) => condition.rules);
  return rules.flatMap((rule) => {
    const needs = ruleCalls(graph, pipeline, rule).map((calls) => ({ ...calls, why: `rule ${rule.name}` }));
    if (rule.roleArn === undefined) return own === undefined ? [] : [{ role: own, user, needs }];
    const why = `taking the role of rule ${rule.name}`;
    const take: Need = { actions: ["sts:AssumeRole"], resources: [rule.roleArn], why };
    return [{ role: rule.roleArn, user, needs }, ...(own === undefined ? [] : [{ role: own, user, needs: [take] }])];
  });
}

/**
 * What a rule calls to find out.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference.html
 */
function ruleCalls(graph: RecordedGraph, pipeline: Pipeline, rule: ConditionRule): readonly Calls[] {
  const here = arnPlace(pipeline.arn);
  if (!here) return [];
  const account = rule.roleArn?.split(":")[4] ?? here.account;
  const place = { ...here, account, region: rule.region ?? here.region };
  const { AlarmName = "", FunctionName = "", ProjectName = "" } = rule.configuration;
  switch (rule.provider) {
    case "CloudWatchAlarm": {
      // Composite alarms are shown only to who may describe every alarm; of one made elsewhere nobody knows what it is.
      const actions = ["cloudwatch:DescribeAlarms"];
      if (referredBy(graph, TYPES.compositeAlarm, AlarmName)) return [{ actions, resources: ["*"] }];
      const resources = [arnIn(place, "cloudwatch", `alarm:${AlarmName}`)];
      return [
        referredBy(graph, TYPES.metricAlarm, AlarmName)
          ? { actions, resources }
          : { actions, resources, within: ["*"] },
      ];
    }
    case "LambdaInvoke":
      return [
        { actions: ["lambda:InvokeFunction"], resources: [arnIn(place, "lambda", `function:${FunctionName}`)] },
        { actions: ["lambda:ListFunctions"], resources: ["*"] },
      ];
    case "CodeBuild": {
      const project = arnIn(place, "codebuild", `project/${ProjectName}`);
      return [
        { actions: ["codebuild:StartBuild", "codebuild:BatchGetBuilds"], resources: [project] },
        { actions: ["codebuild:StopBuild"], resources: [project], isAdvised: true },
      ];
    }
    default:
      return [];
  }
}

/** What EventBridge does in a target's role. */
function eventUses(graph: RecordedGraph, target: RecordedResource): readonly RoleUse[] {
  const arn = textOf(target.inputs.arn) ?? "";
  const rule = referredBy(graph, TYPES.eventRule, target.inputs.rule);
  const sourceArn = rule && arnOf(rule);
  const parameters = mapOf(target.inputs.ecsTarget);
  const calls = arn.split(":")[2] === "ecs" ? runCalls(graph, arn, parameters) : targetCalls(graph, arn);
  const needs = because(
    arn.split(":")[2] === "ecs" ? `running ${runFamily(parameters)}` : whatOf(graph, arn),
    calls ?? [],
  );
  return uses(target.inputs.roleArn, "events.amazonaws.com", target, needs, { isOpen: calls === undefined, sourceArn });
}

function whatOf(graph: RecordedGraph, arn: string): string {
  if (arn.split(":")[2] === "sns") return "telling the topic";
  const started = referredBy(graph, TYPES.pipeline, arn) ?? referredBy(graph, TYPES.stateMachine, arn);
  return `starting ${started ? label(started) : arn}`;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html */
function targetCalls(graph: RecordedGraph, arn: string): readonly Calls[] | undefined {
  const [, , service = ""] = arn.split(":");
  switch (service) {
    case "codepipeline":
      return [{ actions: ["codepipeline:StartPipelineExecution"], resources: [arn] }];
    case "states":
      return [{ actions: ["states:StartExecution"], resources: [arn] }];
    case "sns": {
      return [{ actions: ["sns:Publish"], resources: [arn] }, ...publishKeyCalls(keyOfTopic(graph, arn), arn)];
    }
    default:
      return undefined;
  }
}

/** What the picture beside an alarm takes. A role that shows none may do without. */
const LOOKS = [
  "DescribeAlarms",
  "DescribeAlarmsForMetric",
  "GetMetricData",
  "GetMetricStatistics",
  "GetMetricWidgetImage",
  "ListMetrics",
];

function chatUses(graph: RecordedGraph, channel: RecordedResource): readonly RoleUse[] {
  const { iamRoleArn } = channel.inputs;
  const role = roleOf(graph, iamRoleArn);
  const actions = LOOKS.map((verb) => `cloudwatch:${verb}`);
  const shows = role && policiesOf(graph, role).some(({ text }) => text.includes("cloudwatch:"));
  const needs = shows ? because("pictures of metrics", [{ actions, resources: ["*"], isAdvised: true }]) : [];
  return uses(iamRoleArn, "chatbot.amazonaws.com", channel, needs, { saysAccount: false });
}

/** What the tasks of a state machine call, from its definition. */
function machineUses(graph: RecordedGraph, machine: RecordedResource): readonly RoleUse[] {
  const place = arnPlace(arnOf(machine));
  const states = Object.values(mapOf(mapOf(jsonOf(machine.inputs.definition)).States)).map(mapOf);
  const tasks = states.filter(({ Type }) => Type === "Task");
  const calls = place ? tasks.map((task) => taskCalls(graph, task, tasks, place)) : [];
  const needs = because(
    "its tasks",
    calls.flatMap((found) => found ?? []),
  );
  const isOpen = !place || calls.includes(undefined);
  return uses(machine.inputs.roleArn, "states.amazonaws.com", machine, needs, { isOpen, sourceArn: arnOf(machine) });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
function taskCalls(
  graph: RecordedGraph,
  task: Values,
  all: readonly Values[],
  place: ArnPlace,
): readonly Calls[] | undefined {
  const [, call = ""] = /:aws-sdk:(\w+:\w+)/.exec(textOf(task.Resource) ?? "") ?? [];
  const asked = mapOf(task.Arguments);
  switch (call) {
    case "applicationautoscaling:registerScalableTarget": {
      const service = textOf(mapOf(task.Parameters).ResourceId) ?? "";
      return [
        {
          actions: ["application-autoscaling:RegisterScalableTarget"],
          resources: [arnIn(place, "application-autoscaling", "scalable-target/*")],
        },
        // It asks, in the caller's name, whether the service may be scaled.
        { actions: ["ecs:DescribeServices", "ecs:UpdateService"], resources: [arnIn(place, "ecs", service)] },
      ];
    }
    case "codedeploy:getDeployment":
    case "codedeploy:listDeployments": {
      const groups = all.flatMap(({ Parameters }) => {
        const { ApplicationName, DeploymentGroupName } = mapOf(Parameters);
        const [application, group] = [textOf(ApplicationName), textOf(DeploymentGroupName)];
        return application && group ? [arnIn(place, "codedeploy", `deploymentgroup:${application}/${group}`)] : [];
      });
      const verb = call.endsWith("getDeployment") ? "GetDeployment" : "ListDeployments";
      return [{ actions: [`codedeploy:${verb}`], resources: [...new Set(groups)] }];
    }
    case "ecs:listServiceDeployments":
      return [{ actions: ["ecs:ListServiceDeployments"], resources: servicesIn(all, place, "service", "") }];
    case "ecs:describeServiceDeployments":
      return [
        { actions: ["ecs:DescribeServiceDeployments"], resources: servicesIn(all, place, "service-deployment", "/*") },
      ];
    case "ecs:describeServiceRevisions":
      return [
        { actions: ["ecs:DescribeServiceRevisions"], resources: servicesIn(all, place, "service-revision", "/*") },
      ];
    case "ecr:describeImages": {
      const account = textOf(asked.RegistryId) ?? place.account;
      const repository = `repository/${textOf(asked.RepositoryName) ?? ""}`;
      return [{ actions: ["ecr:DescribeImages"], resources: [arnIn({ ...place, account }, "ecr", repository)] }];
    }
    case "sns:publish": {
      const topicArn = textOf(asked.TopicArn) ?? "";
      return [
        { actions: ["sns:Publish"], resources: [topicArn] },
        ...publishKeyCalls(keyOfTopic(graph, topicArn), topicArn),
      ];
    }
    default:
      return undefined;
  }
}

/** ARNs of what belongs to the services whose deployments the tasks of a machine list. */
function servicesIn(tasks: readonly Values[], place: ArnPlace, kind: string, rest: string): string[] {
  return tasks.flatMap(({ Arguments }) => {
    const { Cluster, Service } = mapOf(Arguments);
    const [cluster, service] = [textOf(Cluster), textOf(Service)];
    return cluster && service ? [arnIn(place, "ecs", `${kind}/${cluster}/${service}${rest}`)] : [];
  });
}

/** What a schedule does in its role: what it could not start goes to a queue in the same role. */
function scheduleUses(graph: RecordedGraph, schedule: RecordedResource): readonly RoleUse[] {
  const { arn, roleArn, ecsParameters, deadLetterConfig } = mapOf(schedule.inputs.target);
  const clusterArn = textOf(arn) ?? "";
  const place = arnPlace(clusterArn);
  const service = "scheduler.amazonaws.com";
  const calls = runCalls(graph, clusterArn, mapOf(ecsParameters));
  if (!place || !calls) return uses(roleArn, service, schedule, [], { isOpen: true });
  const sourceArn = arnIn(place, "scheduler", `schedule-group/${textOf(schedule.inputs.groupName) ?? "default"}`);
  const queue = textOf(mapOf(deadLetterConfig).arn);
  const kept: readonly Calls[] =
    queue === undefined ? [] : [{ actions: ["sqs:SendMessage"], resources: [queue], within: [queue] }];
  const needs = [
    ...because(`running ${runFamily(mapOf(ecsParameters))}`, calls),
    ...because("keeping what could not be started", kept),
  ];
  return uses(roleArn, service, schedule, needs, { sourceArn });
}

function runFamily({ taskDefinitionArn }: Values): string {
  return familyIn(textOf(taskDefinitionArn) ?? "");
}

/**
 * What starting a task of a family takes. Undefined where nobody can tell what is started.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html
 */
function runCalls(graph: RecordedGraph, clusterArn: string, parameters: Values): readonly Calls[] | undefined {
  const place = arnPlace(clusterArn);
  if (!place || textOf(parameters.taskDefinitionArn) === undefined) return undefined;
  const family = runFamily(parameters);
  const definition = ofType(graph, TYPES.taskDefinition).find(({ inputs }) => textOf(inputs.family) === family);
  const familyArn = arnIn(place, "ecs", `task-definition/${family}`);
  const { enableEcsManagedTags, propagateTags } = parameters;
  const tasks = arnIn(place, "ecs", `task/${clusterArn.split(":cluster/")[1] ?? ""}/*`);
  return [
    { actions: ["ecs:RunTask"], resources: [familyArn, `${familyArn}:*`], context: { "ecs:cluster": clusterArn } },
    ...(enableEcsManagedTags === true || propagateTags !== undefined
      ? [{ actions: ["ecs:TagResource"], resources: [tasks], context: { "ecs:CreateAction": "RunTask" } }]
      : []),
    ...passCalls(definition, ["ecs-tasks.amazonaws.com"]),
  ];
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function flowLogUses(flowLog: RecordedResource): readonly RoleUse[] {
  const { iamRoleArn, logDestination } = flowLog.inputs;
  const destination = textOf(logDestination) ?? "";
  const place = arnPlace(destination);
  const group = destination.split(":log-group:")[1]?.replace(/:\*$/, "");
  const calls = place && group !== undefined ? [logCalls(place, group, ["logs:DescribeLogStreams"])] : [];
  return uses(iamRoleArn, "vpc-flow-logs.amazonaws.com", flowLog, because("its log", calls), {
    isOpen: calls.length === 0,
    sourceArn: place && arnIn(place, "ec2", "vpc-flow-log/*"),
  });
}
