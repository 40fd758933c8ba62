import { AwsError } from "./awsError";
import type { PlayedCloud } from "./cloud";

/** Whether an AWS service may act in a role: its trust policy lets it. */
export function takesRole(
  cloud: PlayedCloud,
  who: {
    readonly service: string;
    readonly roleArn: string;
    readonly account: string;
    /** ARN of what the service works on. @default - it does not say */
    readonly sourceArn?: string | undefined;
    readonly where: string;
  },
): boolean {
  const { service, roleArn, account, sourceArn, where } = who;
  const context = { "aws:SourceAccount": account, "aws:SourceArn": sourceArn };
  try {
    cloud.demand({ caller: { arn: service, account }, action: "sts:AssumeRole", resource: roleArn, context }, where);
    return true;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}
