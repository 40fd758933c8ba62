import assert from "node:assert/strict";
import type { ChatClient } from "../../../components/notify/chatClient";
import { checkChat } from "../../../components/notify/chatClient";

const GUID = "74361522-da01-538d-aa2e-ac7918c6bb92";
const SLACK = { teamId: "T0123ABCD", channelId: "C0123ABCD" };
const TEAMS = { teamId: GUID, tenantId: GUID.toUpperCase(), channelId: "19:0a1b2c@thread.tacv2" };

describe("checkChat", () => {
  const good: readonly ChatClient[] = [
    { slack: SLACK },
    ...["G0123ABCD", "D0123ABCD"].map((channelId) => ({ slack: { ...SLACK, channelId } })),
    { teams: TEAMS },
    ...["19%3A0a1b2c%40thread.tacv2", "19:0a_-B@thread.skype"].map((channelId) => ({ teams: { ...TEAMS, channelId } })),
  ];
  for (const client of good) {
    it(`takes ${JSON.stringify(client)}`, () => assert.deepEqual(checkChat(client).list, []));
  }

  it("refuses names and addresses where Slack has ids", () => {
    assert.deepEqual(checkChat({ slack: { teamId: "acme", channelId: "#deliveries" } }).list, [
      'slack.teamId: expected the id of a Slack workspace like T0123ABCD, got "acme"',
      'slack.channelId: expected the id of a Slack channel like C0123ABCD, got "#deliveries"',
    ]);
  });

  it("refuses ids that are exchanged", () => {
    const exchanged = { teamId: SLACK.channelId, channelId: SLACK.teamId };
    assert.equal(checkChat({ slack: exchanged }).list.length, 2);
  });

  it("refuses names where Teams has ids", () => {
    const named = { teamId: "Shop", tenantId: "acme.onmicrosoft.com", channelId: "General" };
    assert.deepEqual(checkChat({ teams: named }).list, [
      'teams.teamId: expected the id of a team, a GUID, got "Shop"',
      'teams.tenantId: expected the id of a tenant, a GUID, got "acme.onmicrosoft.com"',
      "teams.channelId: expected the id of a Teams channel like 19:0a1b2c@thread.tacv2, from the link to the channel, " +
        'got "General"',
    ]);
  });
});
