/**
 * Roles that AWS services take by themselves: each account has one of each, made at the first use by whoever may
 * (`iam:CreateServiceLinkedRole`), or beforehand.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
export const SERVICE_LINKED_ROLES = {
  ecs: { service: "ecs.amazonaws.com", role: "AWSServiceRoleForECS" },
  loadBalancing: { service: "elasticloadbalancing.amazonaws.com", role: "AWSServiceRoleForElasticLoadBalancing" },
  scaling: {
    service: "ecs.application-autoscaling.amazonaws.com",
    role: "AWSServiceRoleForApplicationAutoScaling_ECSService",
  },
  notifications: { service: "codestar-notifications.amazonaws.com", role: "AWSServiceRoleForCodeStarNotifications" },
  chat: { service: "management.chatbot.amazonaws.com", role: "AWSServiceRoleForAWSChatbot" },
} as const;

/** What takes a service-linked role. */
export type ServiceLinkedRoleUse = keyof typeof SERVICE_LINKED_ROLES;

/** The command that makes a role once for its account. */
export function makeServiceLinkedRole(use: ServiceLinkedRoleUse): string {
  return `aws iam create-service-linked-role --aws-service-name ${SERVICE_LINKED_ROLES[use].service}`;
}
