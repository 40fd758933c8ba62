import { SERVICE_LINKED_ROLES, type ServiceLinkedRoleUse } from "../../components/iam/serviceLinkedRoleNames";
import type { RecordedGraph } from "./graph";

/** Which resources AWS makes only with which service-linked role. */
const USES: Readonly<Record<ServiceLinkedRoleUse, readonly string[]>> = {
  ecs: ["aws:ecs/cluster:Cluster", "aws:ecs/service:Service"],
  loadBalancing: ["aws:lb/loadBalancer:LoadBalancer"],
  scaling: ["aws:appautoscaling/target:Target"],
  notifications: ["aws:codestarnotifications/notificationRule:NotificationRule"],
  chat: [
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
  ],
};

const ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole";

/** Names of the service-linked roles that a graph takes and does not make. */
export function serviceLinkedRolesOf(graph: RecordedGraph): readonly string[] {
  const made = graph.resources.filter(({ type }) => type === ROLE).map(({ inputs }) => inputs.awsServiceName);
  const types = new Set(graph.resources.map(({ type }) => type));
  return Object.entries(USES).flatMap(([use, needing]) => {
    const known = Object.entries(SERVICE_LINKED_ROLES).find(([key]) => key === use)?.[1];
    return known && needing.some((type) => types.has(type)) && !made.includes(known.principal) ? [known.role] : [];
  });
}
