import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import { allow } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import { type ChatClient, checkChat } from "./chatClient";

/** Arguments of `ChatChannel`. */
export interface ChatChannelArgs {
  readonly client: ChatClient;
  /** Topics whose messages are shown. Their keys need not admit anybody: SNS hands messages over decrypted. */
  readonly topicArns: readonly Input<string>[];
  /** Name of the configuration, unique in the account. @default - the component's name */
  readonly configurationName?: string;
}

/**
 * Shows notifications in a chat channel. Whoever is in the channel can look at the alarms and metrics that are shown, and
 * do nothing. The workspace or team must have been authorised once, in the console.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/what-is.html
 */
export class ChatChannel extends pulumi.ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, args: ChatChannelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ChatChannel", name, {}, opts);
    checkChat(args.client).throwFor(this, `ChatChannel "${name}"`);
    const statements = [allow(LOOKS, ["*"])];
    // The service does not say for which account it takes a role.
    const role = defineRole(name, { service: "chatbot.amazonaws.com", forThisAccount: false, statements }, this);
    const settings = {
      configurationName: args.configurationName ?? name,
      iamRoleArn: role.arn,
      snsTopicArns: [...args.topicArns],
      // Left out, it means AdministratorAccess.
      guardrailPolicyArns: [
        pulumi.interpolate`arn:${placeOf(this).partition}:iam::aws:policy/CloudWatchReadOnlyAccess`,
      ],
      loggingLevel: "ERROR",
      userAuthorizationRequired: true,
    };
    this.arn = defineChannel(name, args.client, settings, { parent: this, dependsOn: [...role.policies] });
    this.registerOutputs({ arn: this.arn });
  }
}

/** What the picture beside an alarm takes; AWS confines none of these calls to a metric or an alarm. */
const LOOKS = [
  "cloudwatch:DescribeAlarms",
  "cloudwatch:DescribeAlarmsForMetric",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:GetMetricWidgetImage",
  "cloudwatch:ListMetrics",
];

type Settings = Omit<aws.chatbot.SlackChannelConfigurationArgs, "slackTeamId" | "slackChannelId">;

function defineChannel(
  name: string,
  client: ChatClient,
  settings: Settings,
  opts: pulumi.CustomResourceOptions,
): Output<string> {
  if ("slack" in client) {
    const { teamId: slackTeamId, channelId: slackChannelId } = client.slack;
    return new aws.chatbot.SlackChannelConfiguration(name, { ...settings, slackTeamId, slackChannelId }, opts)
      .chatConfigurationArn;
  }
  const { teamId, tenantId, channelId } = client.teams;
  // AWS takes the id as it stands in a link.
  const linked = channelId.replace(":", "%3A").replace("@", "%40");
  return new aws.chatbot.TeamsChannelConfiguration(name, { ...settings, teamId, tenantId, channelId: linked }, opts)
    .chatConfigurationArn;
}
