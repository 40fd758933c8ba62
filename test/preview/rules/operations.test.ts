import { chatGuardrail } from "../../../preview/rules/chatGuardrail";
import { notificationLost } from "../../../preview/rules/notificationLost";
import { roleCannot } from "../../../preview/rules/roleCannot";
import {
  type Allowed,
  arnHere,
  assertFinds,
  assertFindsNothing,
  changed,
  graphOf,
  policy,
  resource,
  trust,
  withMore,
} from "./handMade";
import { healthy, healthyRole, stages } from "./healthy";

const TOPIC = arnHere("sns", "told");
const KEY = arnHere("kms", "key/topic");
const NOTIFIES = "codestar-notifications.amazonaws.com";
const EVENTS = "events.amazonaws.com";

const topic = (inputs: object = {}) =>
  resource("aws:sns/topic:Topic", "told", { ...inputs }, { outputs: { arn: TOPIC }, id: TOPIC });
const admitting = (service: string, actions: readonly string[], condition: object = {}) =>
  JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions, Resource: "*", ...condition }],
  });
const topicPolicy = (service: string, condition: object = {}) =>
  resource("aws:sns/topicPolicy:TopicPolicy", "told", {
    arn: TOPIC,
    policy: admitting(service, ["sns:Publish"], condition),
  });
const key = (text: string) =>
  resource("aws:kms/key:Key", "told", { policy: text }, { outputs: { arn: KEY }, id: "topic" });
const notification = (type = "SNS") =>
  resource("aws:codestarnotifications/notificationRule:NotificationRule", "dev", {
    resource: arnHere("codepipeline", "dev"),
    targets: [{ type, address: TOPIC }],
  });
const event = (inputs: object = {}) =>
  resource("aws:cloudwatch/eventTarget:EventTarget", "failed", { rule: "failed", arn: TOPIC, ...inputs });
const onlyHere = { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } };

describe("notification-lost", () => {
  const rule = 'aws.codestarnotifications.NotificationRule "dev": ';
  const use = ["kms:GenerateDataKey*", "kms:Decrypt"];

  it("takes a topic and a key that admit who publishes", () => {
    assertFindsNothing(notificationLost, healthy);
    const encrypted = topic({ kmsMasterKeyId: KEY });
    const policies = [topicPolicy(NOTIFIES, onlyHere), key(admitting(NOTIFIES, use, onlyHere))];
    assertFindsNothing(notificationLost, graphOf(notification(), encrypted, ...policies));
    const within = topic({ policy: admitting(NOTIFIES, ["sns:*"]) });
    assertFindsNothing(notificationLost, graphOf(notification(), within));
  });

  it("keeps silent about topics of someone else, and targets that are none", () => {
    assertFindsNothing(notificationLost, graphOf(notification(), event()));
    assertFindsNothing(notificationLost, graphOf(notification("AWSChatbotSlack"), topic()));
  });

  it("finds a topic that does not admit notifications", () => {
    const message =
      `${rule}aws.sns.Topic "told" does not admit ${NOTIFIES}, so messages are lost; ` +
      "allow it sns:Publish in its policy";
    assertFinds(notificationLost, graphOf(notification(), topic()), [message]);
    assertFinds(notificationLost, graphOf(notification(), topic(), topicPolicy("cloudwatch.amazonaws.com")), [message]);
  });

  it("finds a key that does not", () => {
    const encrypted = topic({ kmsMasterKeyId: KEY });
    const half = key(admitting(NOTIFIES, ["kms:Decrypt"]));
    assertFinds(notificationLost, graphOf(notification(), encrypted, topicPolicy(NOTIFIES), half), [
      `${rule}aws.kms.Key "told" does not admit ${NOTIFIES}, so messages are lost; ` +
        "allow it kms:GenerateDataKey* and kms:Decrypt in its policy",
    ]);
  });

  it("finds that EventBridge is admitted under a condition, which it never meets, unless it has a role", () => {
    const encrypted = topic({ kmsMasterKeyId: KEY });
    const policies = [topicPolicy(EVENTS, onlyHere), key(admitting(EVENTS, use, onlyHere))];
    const lost = (who: string, calls: string) =>
      `aws.cloudwatch.EventTarget "failed": ${who} does not admit ${EVENTS}, so messages are lost; ` +
      `allow it ${calls} in its policy without a condition; or give the target a role`;
    assertFinds(notificationLost, graphOf(event(), encrypted, ...policies), [
      lost('aws.sns.Topic "told"', "sns:Publish"),
      lost('aws.kms.Key "told"', "kms:GenerateDataKey* and kms:Decrypt"),
    ]);
    assertFindsNothing(notificationLost, graphOf(event({ roleArn: healthyRole("tells") }), encrypted, ...policies));
    const open = [topicPolicy(EVENTS), key(admitting(EVENTS, use))];
    assertFindsNothing(notificationLost, graphOf(event(), encrypted, ...open));
  });
});

describe("chat-guardrail", () => {
  const channel = (type: string, guardrailPolicyArns?: readonly string[]) =>
    graphOf(resource(`aws:chatbot/${type}`, "prod", { guardrailPolicyArns }));

  it("takes policies that only let look", () => {
    const slack = channel("slackChannelConfiguration:SlackChannelConfiguration", [
      "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess",
    ]);
    assertFindsNothing(chatGuardrail, slack);
  });

  it("finds that everything is allowed, said and unsaid", () => {
    assertFinds(chatGuardrail, channel("teamsChannelConfiguration:TeamsChannelConfiguration"), [
      'aws.chatbot.TeamsChannelConfiguration "prod": guardrailPolicyArns: expected policies that only let look, ' +
        "got none, which means AdministratorAccess",
    ]);
    const all = "arn:aws:iam::aws:policy/AdministratorAccess";
    assertFinds(chatGuardrail, channel("slackChannelConfiguration:SlackChannelConfiguration", [all]), [
      `aws.chatbot.SlackChannelConfiguration "prod": guardrailPolicyArns: expected policies that only let look, got ${all}`,
    ]);
  });
});

describe("role-cannot, for what holds deliveries back and tells of them", () => {
  const mend = "; allow it in the role's policy";
  const rule = (provider: string, configuration: object, more: object = {}) => ({
    name: provider,
    configuration,
    ruleTypeId: { category: "Rule", owner: "AWS", provider, version: "1" },
    ...more,
  });
  const gated = (...rules: readonly object[]) =>
    changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages().map((stage, index) =>
        index === 2 ? { ...stage, beforeEntry: { condition: { result: "FAIL", rules } } } : stage,
      ),
    });
  const lacks = (role: string, what: string, why: string) =>
    `aws.iam.Role "${role}": may not ${what}, which ${why}${mend}`;
  const pipeline = 'aws.codepipeline.Pipeline "dev" needs for';
  const may = (role: string, ...statements: readonly Allowed[]) =>
    resource("aws:iam/rolePolicy:RolePolicy", `${role}-more`, { role, policy: policy(...statements) });
  const alarm = rule("CloudWatchAlarm", { AlarmName: "checkout" });

  it("finds a pipeline that may not look at the alarm, and takes one that may look at it or at all", () => {
    assertFinds(roleCannot, gated(alarm), [
      lacks(
        "dev-pipeline",
        `cloudwatch:DescribeAlarms on ${arnHere("cloudwatch", "alarm:checkout")}`,
        `${pipeline} rule CloudWatchAlarm`,
      ),
    ]);
    for (const where of [arnHere("cloudwatch", "alarm:checkout"), "*"]) {
      const allowed = may("dev-pipeline", [["cloudwatch:DescribeAlarms"], [where]]);
      assertFindsNothing(roleCannot, withMore(gated(alarm), allowed));
    }
    assertFindsNothing(roleCannot, gated(rule("DeploymentWindow", { Cron: "* * * ? * MON" })));
  });

  it("wants all alarms for a composite one", () => {
    const composite = resource("aws:cloudwatch/compositeAlarm:CompositeAlarm", "x", {}, { id: "checkout" });
    const narrow = may("dev-pipeline", [["cloudwatch:DescribeAlarms"], [arnHere("cloudwatch", "alarm:checkout")]]);
    assertFinds(roleCannot, withMore(gated(alarm), composite, narrow), [
      lacks("dev-pipeline", "cloudwatch:DescribeAlarms on *", `${pipeline} rule CloudWatchAlarm`),
    ]);
  });

  it("finds functions and builds that a rule may not start, and a rule's role that the pipeline may not take", () => {
    const graph = gated(
      rule("LambdaInvoke", { FunctionName: "may-i" }),
      rule("CodeBuild", { ProjectName: "check" }, { roleArn: healthyRole("api-task") }),
    );
    assertFinds(roleCannot, graph, [
      lacks(
        "dev-pipeline",
        `lambda:InvokeFunction on ${arnHere("lambda", "function:may-i")}`,
        `${pipeline} rule LambdaInvoke`,
      ),
      lacks("dev-pipeline", "lambda:ListFunctions on *", `${pipeline} rule LambdaInvoke`),
      lacks(
        "dev-pipeline",
        `sts:AssumeRole on ${healthyRole("api-task")}`,
        `${pipeline} taking the role of rule CodeBuild`,
      ),
      lacks(
        "api-task",
        `codebuild:StartBuild, codebuild:BatchGetBuilds on ${arnHere("codebuild", "project/check")}`,
        `${pipeline} rule CodeBuild`,
      ),
    ]);
  });

  it("finds a role in which EventBridge may not publish", () => {
    const role = resource(
      "aws:iam/role:Role",
      "tells",
      { assumeRolePolicy: trust(EVENTS) },
      { outputs: { arn: healthyRole("tells") } },
    );
    const graph = graphOf(event({ roleArn: healthyRole("tells") }), topic({ kmsMasterKeyId: KEY }), role);
    const why = 'aws.cloudwatch.EventTarget "failed" needs for telling the topic';
    assertFinds(roleCannot, graph, [
      lacks("tells", `sns:Publish on ${TOPIC}`, why),
      lacks(
        "tells",
        `kms:GenerateDataKey, kms:Decrypt on ${KEY} when kms:ViaService is sns.eu-west-1.amazonaws.com`,
        why,
      ),
    ]);
    const use = may("tells", [["sns:Publish"], [TOPIC]], [["kms:GenerateDataKey*", "kms:Decrypt"], [KEY]]);
    assertFindsNothing(roleCannot, withMore(graph, use));
  });

  it("finds a chat channel's role that the chat service may not take", () => {
    const channel = (service: string) =>
      graphOf(
        resource("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration", "prod", {
          iamRoleArn: healthyRole("chat"),
        }),
        resource(
          "aws:iam/role:Role",
          "chat",
          { assumeRolePolicy: trust(service, false) },
          { outputs: { arn: healthyRole("chat") } },
        ),
      );
    assertFindsNothing(roleCannot, channel("chatbot.amazonaws.com"));
    assertFinds(roleCannot, channel("lambda.amazonaws.com"), [
      'aws.iam.Role "chat": assumeRolePolicy: expected to trust chatbot.amazonaws.com, which takes the role for ' +
        'aws.chatbot.SlackChannelConfiguration "prod"; add it',
    ]);
  });
});
