import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config/load";
import { rolePathIn } from "./names";

/**
 * Puts every role and every policy of the stack that are made from now on in its path, and the boundary on every role:
 * whoever updates the stack may change nothing beside them. Whatever a component makes inside, it need not know of that.
 */
export function placeRoles(stack: string, { permissionsBoundary, rolePath }: StackConfig): void {
  const path = rolePathIn(stack, rolePath);
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (type === "aws:iam/policy:Policy") return { props: { ...props, path }, opts };
    if (type !== "aws:iam/role:Role") return undefined;
    return { props: { ...props, path, permissionsBoundary: permissionsBoundary?.existing }, opts };
  });
}
