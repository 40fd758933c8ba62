import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "./arn";
import { allow, assumeRoleBy, document } from "./iam/policyDocument";

/**
 * Records the connections that security groups refused: what a person looks at when "the task cannot reach it".
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html
 */
export function defineFlowLog(
  name: string,
  args: {
    readonly vpcId: Input<string>;
    readonly kmsKeyArn: Input<string>;
  },
  parent: pulumi.Resource,
): void {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-refused`,
    { retentionInDays: 30, kmsKeyId: args.kmsKeyArn },
    { parent },
  );
  const { role, policy } = defineFlowLogRole(`${name}-flow-log`, logGroup, parent);
  new aws.ec2.FlowLog(
    name,
    {
      vpcId: args.vpcId,
      trafficType: "REJECT",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
    },
    { parent, dependsOn: [policy] },
  );
}

function defineFlowLogRole(name: string, logGroup: aws.cloudwatch.LogGroup, parent: pulumi.Resource) {
  const role = new aws.iam.Role(
    name,
    { assumeRolePolicy: assumeRoleBy("vpc-flow-logs.amazonaws.com", placeOf(parent).accountId) },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    name,
    {
      role: role.name,
      policy: document([
        allow(
          ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
        ),
      ]),
    },
    { parent },
  );
  return { role, policy };
}
