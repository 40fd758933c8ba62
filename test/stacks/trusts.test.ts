import assert from "node:assert/strict";
import { textOf } from "../../model/graph/read";
import { arnOf } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { roleUses } from "../../model/permissions/roleNeeds";
import type { Graph } from "../support/graph";
import { exampleGraph, stackGraph } from "../support/stack";

/** Services that do not say what they work on when they take a role. */
const SILENT = ["chatbot.amazonaws.com", "ecs.amazonaws.com"];

const HERE = "eu-west-1:111122223333";

/** What a service works on, as it says when it takes the role. */
function sourceOf(service: string, user: Parameters<typeof arnOf>[0], graph: Graph): string {
  switch (service) {
    case "ecs-tasks.amazonaws.com":
      return `arn:aws:ecs:${HERE}:service/x/y`;
    case "events.amazonaws.com":
      return `arn:aws:events:${HERE}:rule/${textOf(user.inputs.rule) ?? ""}`;
    case "scheduler.amazonaws.com":
      return `arn:aws:scheduler:${HERE}:schedule-group/default`;
    case "vpc-flow-logs.amazonaws.com":
      return `arn:aws:ec2:${HERE}:vpc-flow-log/fl-0a1b2c3d`;
    default:
      return arnOf(user) ?? graph.recorded.stack;
  }
}

describe("a role that a service takes", () => {
  const graphs = {
    prod: () => stackGraph("prod"),
    "code-deploy-blue-green": () => exampleGraph("code-deploy-blue-green", "dev"),
    "ecs-blue-green": () => exampleGraph("ecs-blue-green", "dev"),
    "service-settings": () => exampleGraph("service-settings", "dev"),
  };
  for (const [name, record] of Object.entries(graphs)) {
    it(`is taken for what uses it, and for nothing else of its kind: ${name}`, async () => {
      const graph = await record();
      const access = new Access([graph.recorded]);
      const taken = roleUses(graph.recorded).flatMap(({ role, service, user }) =>
        service === undefined || access.roleAt(role)[1] === undefined ? [] : [{ role, service, user }],
      );
      assert.ok(taken.length > 0);
      for (const { role, service, user } of taken) {
        const takes = (sourceArn: string) =>
          access.decide({
            caller: { arn: service, account: "111122223333" },
            action: "sts:AssumeRole",
            resource: role,
            context: { "aws:SourceAccount": "111122223333", "aws:SourceArn": sourceArn },
          }).allowed;
        const source = sourceOf(service, user, graph);
        assert.ok(takes(source), `${service} takes ${role} for ${source}`);
        const other = `arn:aws:${source.split(":")[2] ?? ""}:${HERE}:other/other`;
        const wide = SILENT.includes(service) || service === "ecs-tasks.amazonaws.com";
        assert.equal(takes(other), wide, `${service} takes ${role} for ${other}`);
        assert.equal(takes(source.replace("111122223333", "999999999999")), SILENT.includes(service), role);
      }
    });
  }
});
