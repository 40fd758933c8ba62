import { AwsError } from "./awsError";
import type { PlayedCloud } from "./cloud";

/** Whether an AWS service may act in a role: its trust policy lets it. */
export function takesRole(
  cloud: PlayedCloud,
  who: {
    readonly service: string;
    readonly roleArn: string;
    readonly account: string;
    readonly context?: Readonly<Record<string, string>>;
    readonly where: string;
  },
): boolean {
  const { service, roleArn, account, where } = who;
  const context = { "aws:SourceAccount": account, ...who.context };
  try {
    cloud.demand({ caller: { arn: service, account }, action: "sts:AssumeRole", resource: roleArn, context }, where);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
