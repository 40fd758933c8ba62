import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { makeServiceLinkedRole, SERVICE_LINKED_ROLES, type ServiceLinkedRoleUse } from "./serviceLinkedRoleNames";

/**
 * Makes a service-linked role, which fails where the account has it. It stays when the stack goes: others take it too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
export function defineServiceLinkedRole(name: string, use: ServiceLinkedRoleUse): aws.iam.ServiceLinkedRole {
  return new aws.iam.ServiceLinkedRole(
    name,
    { awsServiceName: SERVICE_LINKED_ROLES[use].principal },
    { retainOnDelete: true },
  );
}

/** Looks for a service-linked role; what depends on the result is not made where there is none. */
export function checkServiceLinkedRole(use: ServiceLinkedRoleUse): Output<pulumi.Resource[]> {
  const { principal } = SERVICE_LINKED_ROLES[use];
  const { names } = aws.iam.getRolesOutput({ pathPrefix: `/aws-service-role/${principal}/` });
  return names.apply((found) => expectServiceLinkedRole(use, found));
}

/** Nothing to wait for where the role was found. Throws where it was not, with the command that makes it. */
export function expectServiceLinkedRole(use: ServiceLinkedRoleUse, found: readonly string[]): pulumi.Resource[] {
  const { role, principal } = SERVICE_LINKED_ROLES[use];
  if (found.length > 0) return [];
  throw new pulumi.RunError(
    `this account has no service-linked role ${role} for ${principal}, expected it because of serviceLinkedRoles: checked; ` +
      `make it once: ${makeServiceLinkedRole(use)}, or set serviceLinkedRoles: created in one stack of the account`,
  );
}
