import { type Answer, type Asked, answerText, hex, hostsOf, named, settingOf, textOr } from "./asked";

/** Name on the bus; rules of a bus other than the default one carry the bus's name. */
const eventRule: Answer = (asked) => {
  const bus = textOr(asked.inputs.eventBusName, "default");
  const place = bus === "default" ? asked.name : `${bus}/${asked.name}`;
  return { id: place, name: asked.name, arn: asked.arn("events", `rule/${place}`) };
};

const eventTarget: Answer = ({ inputs, hash }) => {
  const targetId = answerText(inputs.targetId) ?? hex(hash, 8);
  return { id: `${textOr(inputs.rule)}-${targetId}`, targetId };
};

function chat(kind: string): (asked: Asked) => { id: string; chatConfigurationArn: string } {
  return ({ inputs, account, partition }) => {
    const name = textOr(inputs.configurationName);
    // Chat configurations belong to no region.
    const arn = `arn:${partition}:chatbot::${account}:chat-configuration/${kind}/${name}`;
    return { id: arn, chatConfigurationArn: arn };
  };
}

const topic: Answer = (asked) => {
  const arn = asked.arn("sns", asked.name);
  return { id: arn, arn, name: asked.name, owner: asked.account, beginningArchiveTime: "" };
};

const queue: Answer = (asked) => {
  const url = `https://sqs.${asked.region}.${hostsOf(asked)}/${asked.account}/${asked.name}`;
  return { id: url, url, name: asked.name, arn: asked.arn("sqs", asked.name) };
};

/** AWS waits for whoever gets mail to agree; other subscriptions hold at once. */
const subscription: Answer = ({ inputs, hash, account }) => {
  const arn = `${textOr(inputs.topic)}:${hex(hash, 32)}`;
  const pendingConfirmation = textOr(inputs.protocol).startsWith("email");
  return { id: arn, arn, ownerId: account, pendingConfirmation, confirmationWasAuthenticated: !pendingConfirmation };
};

/** Events, alarms, logs and messages. */
export const operationsAnswers: Readonly<Record<string, Answer>> = {
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (asked) => ({
    ...chat("slack-channel")(asked),
    slackChannelName: "deliveries",
    slackTeamName: "example",
  }),
  "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": chat("microsoft-teams-channel"),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (asked) => {
    const alarmName = textOr(asked.inputs.alarmName);
    return { id: alarmName, arn: asked.arn("cloudwatch", `alarm:${alarmName}`) };
  },
  "aws:cloudwatch/dashboard:Dashboard": ({ inputs, account, partition }) => {
    const dashboardName = textOr(inputs.dashboardName);
    // Dashboards belong to no region.
    return { id: dashboardName, dashboardArn: `arn:${partition}:cloudwatch::${account}:dashboard/${dashboardName}` };
  },
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  "aws:cloudwatch/logGroup:LogGroup": named("logs", (name) => `log-group:${name}`),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", (name) => `alarm:${name}`),
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": ({ inputs, account }) => ({ id: textOr(inputs.arn), owner: account }),
  "aws:sns/topicSubscription:TopicSubscription": subscription,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": settingOf("queueUrl"),
};
