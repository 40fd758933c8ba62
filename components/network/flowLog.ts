import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";

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
  const role = defineRole(
    `${name}-flow-log`,
    {
      service: "vpc-flow-logs.amazonaws.com",
      statements: logPermissions(logGroup),
      // Flow logs have ids, which are not known before.
      sourceArn: regionalArn(placeOf(parent), "ec2", "vpc-flow-log/*"),
    },
    parent,
  );
  new aws.ec2.FlowLog(
    name,
    {
      vpcId: args.vpcId,
      trafficType: "REJECT",
      logDestinationType: "cloud-watch-logs",
      logDestination: logGroup.arn,
      iamRoleArn: role.arn,
    },
    { parent, dependsOn: [...role.policies] },
  );
}

function logPermissions(logGroup: aws.cloudwatch.LogGroup): Statement[] {
  return [
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
    ),
  ];
}
