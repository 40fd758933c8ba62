import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import type { EcsServiceArgs } from "./args";
import type { MountedFileSystem } from "./container";
import { volumesOf } from "./containerDefinitions";

/** What ECS does in the task's role; the application's own calls are not among it. */
export function taskPermissions(args: EcsServiceArgs, logGroupArn: Input<string>, place: Place): Statement[] {
  return [
    ...(args.executeCommand ? executeCommandPermissions(args.executeCommand.kmsKeyArn, logGroupArn) : []),
    ...fileSystemsOf(args).map((fileSystem) => mountPermission(fileSystem, place)),
  ];
}

/** The file systems of all containers of a service. */
export function fileSystemsOf(args: Pick<EcsServiceArgs, "container" | "sidecars">): MountedFileSystem[] {
  const { container, sidecars = [] } = args;
  return volumesOf({ container, sidecars }).flatMap(({ fileSystem }) => fileSystem ?? []);
}

/**
 * A shell in a container: the agent's channel, the key of its session, its log.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
 */
function executeCommandPermissions(kmsKeyArn: Input<string> | undefined, logGroupArn: Input<string>): Statement[] {
  const channels = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
  return [
    // The ssmmessages calls have no resource level, and logs:DescribeLogGroups is asked of every group.
    allow([...channels.map((call) => `ssmmessages:${call}`), "logs:DescribeLogGroups"], ["*"]),
    allow(
      ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      [logGroupArn, pulumi.interpolate`${logGroupArn}:*`],
    ),
    ...(kmsKeyArn === undefined ? [] : [allow(["kms:Decrypt"], [kmsKeyArn])]),
  ];
}

/** https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function mountPermission({ id, accessPointId, readOnly }: MountedFileSystem, place: Place): Statement {
  const arn = (resource: string) => regionalArn(place, "elasticfilesystem", resource);
  return allow(
    ["elasticfilesystem:ClientMount", ...(readOnly ? [] : ["elasticfilesystem:ClientWrite"])],
    [arn(`file-system/${id}`)],
    accessPointId === undefined
      ? undefined
      : { StringEquals: { "elasticfilesystem:AccessPointArn": arn(`access-point/${accessPointId}`) } },
  );
}
