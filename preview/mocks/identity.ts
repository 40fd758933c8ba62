import { type Answer, type Asked, CREATED, hex, textOr } from "./asked";

/** IAM belongs to no region, and puts the path before the name. */
function iamArn(kind: string, { inputs, account, partition, name }: Asked): string {
  return `arn:${partition}:iam::${account}:${kind}${textOr(inputs.path, "/")}${name}`;
}

const role: Answer = (asked) => ({
  id: asked.name,
  name: asked.name,
  arn: iamArn("role", asked),
  createDate: CREATED,
  uniqueId: `AROA${hex(asked.hash, 17).toUpperCase()}`,
});

const policy: Answer = (asked) => {
  const arn = iamArn("policy", asked);
  const policyId = `ANPA${hex(asked.hash, 17).toUpperCase()}`;
  return { id: arn, arn, name: asked.name, policyId, attachmentCount: 0 };
};

const openIdConnectProvider: Answer = ({ inputs, account, partition }) => {
  const arn = `arn:${partition}:iam::${account}:oidc-provider/${textOr(inputs.url).replace(/^https:\/\//, "")}`;
  return { id: arn, arn };
};

/** Roles and policies. */
export const identityAnswers: Readonly<Record<string, Answer>> = {
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": openIdConnectProvider,
  "aws:iam/policy:Policy": policy,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": (asked) => ({
    id: `${textOr(asked.inputs.role)}:${asked.name}`,
    name: asked.name,
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (asked) => ({
    id: `${textOr(asked.inputs.role)}-${hex(asked.hash, 8)}`,
  }),
};
