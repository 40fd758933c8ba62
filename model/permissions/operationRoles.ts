import type { ConditionRule } from "../graph/conditions";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { type Pipeline, pipelinesOf } from "../graph/pipelines";
import { textOf } from "../graph/read";
import { arnIn, arnOf, arnPlace, ofType, referredBy, TYPES } from "../graph/resources";
import { keyOfTopic, throughTopic } from "../graph/topics";
import type { Calls, Need } from "./need";
import type { RoleUse } from "./roleNeeds";

/** Uses of roles by what holds deliveries back and tells of them: rules of stages, events, chat channels. */
export function operationUses(graph: RecordedGraph): readonly RoleUse[] {
  return [
    ...pipelinesOf(graph).flatMap((pipeline) => ruleUses(graph, pipeline)),
    ...ofType(graph, TYPES.eventTarget).flatMap((target) => eventUses(graph, target)),
    ...[...ofType(graph, TYPES.slackChannel), ...ofType(graph, TYPES.teamsChannel)].flatMap(chatUses),
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
      // Composite alarms are shown only to who may describe every alarm.
      const all = referredBy(graph, TYPES.compositeAlarm, AlarmName) !== undefined;
      const alarm = all ? "*" : arnIn(place, "cloudwatch", `alarm:${AlarmName}`);
      return [{ actions: ["cloudwatch:DescribeAlarms"], resources: [alarm] }];
    }
    case "LambdaInvoke":
      return [
        { actions: ["lambda:InvokeFunction"], resources: [arnIn(place, "lambda", `function:${FunctionName}`)] },
        { actions: ["lambda:ListFunctions"], resources: ["*"] },
      ];
    case "CodeBuild": {
      const project = arnIn(place, "codebuild", `project/${ProjectName}`);
      return [{ actions: ["codebuild:StartBuild", "codebuild:BatchGetBuilds"], resources: [project] }];
    }
    default:
      return [];
  }
}

/** EventBridge publishes to a topic in the target's role; whether the role trusts it is looked at with the target. */
function eventUses(graph: RecordedGraph, target: RecordedResource): readonly RoleUse[] {
  const role = textOf(target.inputs.roleArn);
  const topic = referredBy(graph, TYPES.topic, target.inputs.arn);
  const topicArn = (topic && arnOf(topic)) ?? textOf(target.inputs.arn);
  if (role === undefined || !topicArn?.includes(":sns:")) return [];
  const keyArn = keyOfTopic(graph, topicArn);
  const why = "telling the topic";
  const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
  const key: Need[] = keyArn ? [{ actions, resources: [keyArn], why, context: throughTopic(topicArn) }] : [];
  return [{ role, user: target, needs: [{ actions: ["sns:Publish"], resources: [topicArn], why }, ...key] }];
}

function chatUses(channel: RecordedResource): readonly RoleUse[] {
  const role = textOf(channel.inputs.iamRoleArn);
  return role === undefined ? [] : [{ role, service: "chatbot.amazonaws.com", user: channel, needs: [] }];
}
