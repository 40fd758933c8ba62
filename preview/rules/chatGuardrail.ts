import type { Rule } from "../../model/graph/graph";
import { textsOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

/**
 * A chat channel says what its members may do at most; otherwise that is everything.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html
 */
export const chatGuardrail: Rule = (graph) =>
  [...ofType(graph, TYPES.slackChannel), ...ofType(graph, TYPES.teamsChannel)].flatMap((channel) => {
    const arns = textsOf(channel.inputs.guardrailPolicyArns);
    const wide = arns.find((arn) => arn.endsWith(":policy/AdministratorAccess"));
    if (arns.length > 0 && wide === undefined) return [];
    const got = wide ?? "none, which means AdministratorAccess";
    return [
      finding("chat-guardrail", channel, `guardrailPolicyArns: expected policies that only let look, got ${got}`),
    ];
  });
