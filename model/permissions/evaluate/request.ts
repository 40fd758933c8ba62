/** Who makes a call. */
export interface AccessCaller {
  /** ARN of the role it is made in, or the name of an AWS service, for example `codebuild.amazonaws.com`. */
  readonly arn: string;
  readonly account: string;
}

/** Who makes a call in a role. */
export function roleCaller(arn: string): AccessCaller {
  return { arn, account: arn.split(":")[4] ?? "" };
}

/** A call on one resource, with what AWS knows of it: the request context. */
export interface AccessRequest {
  readonly caller: AccessCaller;
  /** For example `ecs:UpdateService`. */
  readonly action: string;
  /** ARN of what it is made on; `*` where AWS knows no resource for the action. */
  readonly resource: string;
  /** Account that owns the resource. @default - the one in its ARN, else the caller's */
  readonly owner?: string;
  /** Condition keys with their values, by name in any case. @default - those that follow from the caller */
  readonly context?: Context;
}

/** Values of condition keys. A key that is not there is not in the request. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The role a caller acts in, or the service it is. */
export function isService({ arn }: AccessCaller): boolean {
  return !arn.startsWith("arn:");
}

/** Account that owns what a call is made on. */
export function resourceOwner({ owner, resource, caller }: AccessRequest): string {
  return owner ?? (resource.split(":")[4] || caller.account);
}

/** The context that every call has, and what is known of this one; keys in lower case. */
export function contextOf({ caller, context = {} }: AccessRequest): Context {
  const service = isService(caller);
  const own: Context = service
    ? { "aws:principalisawsservice": "true", "aws:principalservicename": caller.arn }
    : {
        "aws:principalarn": caller.arn,
        "aws:principalaccount": caller.account,
        "aws:principaltype": "AssumedRole",
        "aws:principalisawsservice": "false",
      };
  const given = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value] as const);
  return { "aws:securetransport": "true", ...own, ...Object.fromEntries(given) };
}
