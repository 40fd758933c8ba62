import type { NameRule } from "../checks/names";
import { Problems } from "../checks/problems";

const GUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** What ids look like in the chat programs. */
export const CHAT_IDS = {
  slack: {
    teamId: { pattern: /^T[A-Z0-9]+$/, max: 255, expected: "the id of a Slack workspace like T0123ABCD" },
    channelId: { pattern: /^[CGD][A-Z0-9]+$/, max: 255, expected: "the id of a Slack channel like C0123ABCD" },
  },
  teams: {
    teamId: { pattern: GUID, max: 36, expected: "the id of a team, a GUID" },
    tenantId: { pattern: GUID, max: 36, expected: "the id of a tenant, a GUID" },
    channelId: {
      pattern: /^19(?::|%3[Aa])[\w.=+/,-]+(?:@|%40)thread\.(?:tacv2|skype)$/,
      max: 255,
      expected: "the id of a Teams channel like 19:0a1b2c@thread.tacv2, from the link to the channel",
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, NameRule>>>>;

/** What of the ids of a chat channel cannot be right. */
export function checkChat(client: ChatClient): Problems {
  const problems = new Problems();
  if ("slack" in client) {
    return problems
      .text("slack.teamId", client.slack.teamId, CHAT_IDS.slack.teamId)
      .text("slack.channelId", client.slack.channelId, CHAT_IDS.slack.channelId);
  }
  return problems
    .text("teams.teamId", client.teams.teamId, CHAT_IDS.teams.teamId)
    .text("teams.tenantId", client.teams.tenantId, CHAT_IDS.teams.tenantId)
    .text("teams.channelId", client.teams.channelId, CHAT_IDS.teams.channelId);
}

/** A Slack channel. */
export interface SlackChannel {
  /** Id of the workspace, `T…`. */
  readonly teamId: string;
  /** Id of the channel, `C…`; `G…` and `D…` for private ones. */
  readonly channelId: string;
}

/** A Microsoft Teams channel. */
export interface TeamsChannel {
  readonly teamId: string;
  readonly tenantId: string;
  /** `19:…@thread.tacv2`, as it is or as the link to the channel has it. */
  readonly channelId: string;
}

/** Where people chat. */
export type ChatClient = { readonly slack: SlackChannel } | { readonly teams: TeamsChannel };
