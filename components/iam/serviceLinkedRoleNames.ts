/**
 * Roles that AWS services take by themselves: each account has one of each, made at the first use by whoever may
 * (`iam:CreateServiceLinkedRole`), or beforehand.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
export const SERVICE_LINKED_ROLES = {
  ecs: { principal: "ecs.amazonaws.com", role: "AWSServiceRoleForECS" },
  loadBalancing: { principal: "elasticloadbalancing.amazonaws.com", role: "AWSServiceRoleForElasticLoadBalancing" },
  scaling: {
    principal: "ecs.application-autoscaling.amazonaws.com",
    role: "AWSServiceRoleForApplicationAutoScaling_ECSService",
  },
  notifications: { principal: "codestar-notifications.amazonaws.com", role: "AWSServiceRoleForCodeStarNotifications" },
  chat: { principal: "management.chatbot.amazonaws.com", role: "AWSServiceRoleForAWSChatbot" },
} as const;

/** What takes a service-linked role. */
export type ServiceLinkedRoleUse = keyof typeof SERVICE_LINKED_ROLES;

/** The command that makes a role once for its account. */
export function makeServiceLinkedRole(use: ServiceLinkedRoleUse): string {
  return `aws iam create-service-linked-role --aws-service-name ${SERVICE_LINKED_ROLES[use].principal}`;
}
