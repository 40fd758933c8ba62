import assert from "node:assert/strict";
import { ChatChannel, type ChatChannelArgs } from "../../../components/notify/chatChannel";
import { globExpression } from "../../../model/graph/eventPattern";
import { findingsOf } from "../../../preview/rules";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { json, withoutKey } from "../../support/read";
import { arn } from "../../support/service";

const SLACK = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";
const TEAMS = "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration";
const ROLE = "aws:iam/role:Role";
const TOPIC = arn("sns", "deliveries");
const slack = { teamId: "T0123ABCD", channelId: "C0123ABCD" };
const teams = {
  teamId: "74361522-da01-538d-aa2e-ac7918c6bb92",
  tenantId: "84361522-da01-538d-aa2e-ac7918c6bb92",
  channelId: "19:0a1b2c@thread.tacv2",
};
const channel = (client: ChatChannelArgs["client"], more: Partial<ChatChannelArgs> = {}) =>
  recordGraph(() => ({ arn: new ChatChannel("prod", { client, topicArns: [TOPIC], ...more }).arn }));

const SETTINGS = {
  configurationName: "prod",
  snsTopicArns: [TOPIC],
  loggingLevel: "ERROR",
  userAuthorizationRequired: true,
  guardrailPolicyArns: ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"],
};

describe("ChatChannel", () => {
  let graph: Graph;
  before(async () => {
    graph = await channel({ slack });
  });

  it("is a Slack channel and its role, nothing of Teams", () => {
    assert.deepEqual(graph.counts(), { [SLACK]: 1, [ROLE]: 1, "aws:iam/rolePolicy:RolePolicy": 1 });
    const { inputs, dependencies } = graph.only(SLACK);
    const ids = { slackTeamId: slack.teamId, slackChannelId: slack.channelId };
    assert.deepEqual(withoutKey(inputs, "iamRoleArn"), { ...SETTINGS, ...ids });
    assert.equal(inputs.iamRoleArn, graph.only(ROLE).outputs.arn);
    assert.ok(dependencies.includes(graph.only("aws:iam/rolePolicy:RolePolicy").urn));
  });

  it("is a Teams channel, whose id AWS wants as links have it", async () => {
    const linked = "19%3A0a1b2c%40thread.tacv2";
    for (const channelId of [teams.channelId, linked]) {
      const other = await channel({ teams: { ...teams, channelId } });
      assert.deepEqual(other.counts(), { [TEAMS]: 1, [ROLE]: 1, "aws:iam/rolePolicy:RolePolicy": 1 });
      assert.deepEqual(withoutKey(other.only(TEAMS).inputs, "iamRoleArn"), {
        ...SETTINGS,
        ...teams,
        channelId: linked,
      });
    }
  });

  it("lets its members look at metrics and alarms, and change nothing", () => {
    const actions = graph.statements("prod").flatMap(({ Action }) => Action);
    assert.ok(actions.length > 0);
    for (const action of actions) {
      assert.match(action, /^cloudwatch:(?:Describe|Get|List)[A-Za-z]+$/);
      // The guardrail allows it as well, else the role's permission would be for nothing.
      const guardrail = ["cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*"];
      assert.ok(guardrail.some((pattern) => globExpression(pattern).test(action)));
    }
  });

  it("has a role that the chat service takes, and in which the preview finds nothing amiss", () => {
    const trust = json(graph.only(ROLE).inputs.assumeRolePolicy, "Statement", 0);
    assert.deepEqual(trust, {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "chatbot.amazonaws.com" },
    });
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("says its ARN, and takes a name of its own", async () => {
    const named = await channel({ slack }, { configurationName: "shop-prod" });
    assert.equal(named.only(SLACK).inputs.configurationName, "shop-prod");
    assert.equal(
      named.recorded.stackOutputs.arn,
      "arn:aws:chatbot::111122223333:chat-configuration/slack-channel/shop-prod",
    );
  });

  it("refuses ids that are none, under its own name", async () => {
    const client = { slack: { ...slack, channelId: "#deliveries" } };
    const message = await refusal(() => new ChatChannel("prod", { client, topicArns: [TOPIC] }));
    assert.match(
      message,
      /ChatChannel "prod" has 1 problem\(s\):\n {2}slack\.channelId: expected the id of a Slack channel like C0123ABCD, got "#deliveries"/,
    );
  });
});
