import { type Answer, byArn, hex, named, settingOf, textOf } from "./asked";

const role: Answer = (asked) => ({
  id: asked.name,
  name: asked.name,
  arn: `arn:aws:iam::${asked.account}:role${textOf(asked.inputs.path) ?? "/"}${asked.name}`,
  uniqueId: `AROA${hex(asked.hash, 16).toUpperCase()}`,
});

const deploymentGroup: Answer = (asked) => {
  const group = textOf(asked.inputs.deploymentGroupName) ?? asked.name;
  const arn = asked.arn("codedeploy", `deploymentgroup:${textOf(asked.inputs.appName) ?? ""}/${group}`);
  return { id: arn, arn, deploymentGroupName: group };
};

const deploymentConfig: Answer = (asked) => {
  const name = textOf(asked.inputs.deploymentConfigName) ?? asked.name;
  return { id: name, deploymentConfigName: name, arn: asked.arn("codedeploy", `deploymentconfig:${name}`) };
};

/** Pipelines, builds, deployments, roles, events. */
export const deliveryAnswers: Readonly<Record<string, Answer>> = {
  "aws:cloudwatch/eventRule:EventRule": named("events", (name) => `rule/${name}`),
  "aws:cloudwatch/eventTarget:EventTarget": ({ inputs, hash }) => ({
    ...{ id: `${textOf(inputs.rule) ?? ""}-${hex(hash, 8)}`, targetId: hex(hash, 8) },
  }),
  "aws:cloudwatch/logGroup:LogGroup": named("logs", (name) => `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", (name) => `alarm:${name}`),
  "aws:codebuild/project:Project": byArn("codebuild", (name) => `project/${name}`),
  "aws:codebuild/reportGroup:ReportGroup": byArn("codebuild", (name) => `report-group/${name}`),
  "aws:codecommit/repository:Repository": named("codecommit", (name) => name),
  "aws:codedeploy/application:Application": named("codedeploy", (name) => `application:${name}`),
  "aws:codedeploy/deploymentConfig:DeploymentConfig": deploymentConfig,
  "aws:codedeploy/deploymentGroup:DeploymentGroup": deploymentGroup,
  "aws:codepipeline/pipeline:Pipeline": named("codepipeline", (name) => name),
  "aws:codestarnotifications/notificationRule:NotificationRule": byArn(
    "codestar-notifications",
    (_, { hash }) => `notificationrule/${hex(hash, 32)}`,
  ),
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": byArn(
    "chatbot",
    (name) => `chat-configuration/slack-channel/${name}`,
  ),
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": byArn(
    "chatbot",
    (name) => `chat-configuration/microsoft-teams-channel/${name}`,
  ),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": byArn("iam", (name) => `oidc-provider/${name}`),
  "aws:iam/policy:Policy": (asked) => {
    const arn = `arn:aws:iam::${asked.account}:policy/${asked.name}`;
    return { id: arn, arn, name: asked.name };
  },
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": (asked) => ({
    id: `${textOf(asked.inputs.role) ?? ""}:${asked.name}`,
    name: asked.name,
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (asked) => ({
    id: `${textOf(asked.inputs.role) ?? ""}-${hex(asked.hash, 8)}`,
  }),
  "aws:sns/topic:Topic": byArn("sns", (name) => name),
  "aws:sns/topicPolicy:TopicPolicy": settingOf("arn"),
  "aws:sns/topicSubscription:TopicSubscription": (asked) => {
    const arn = `${textOf(asked.inputs.topic) ?? ""}:${hex(asked.hash, 32)}`;
    return { id: arn, arn };
  },
};
