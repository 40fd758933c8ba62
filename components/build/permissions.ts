import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { secretKeyPermissions, secretPermissions } from "../iam/secrets";
import { imagePermissions } from "../images/pull";
import { artifactKeys, type StoredArtifact } from "../pipeline/artifactKeys";
import { artifactPermissions, BUILD_LOOKS } from "../storage/artifactStore";
import type { BuildNetwork, BuildProjectArgs } from "./args";

/** https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html */
const PUBLISH_REPORTS = [
  "codebuild:CreateReportGroup",
  "codebuild:CreateReport",
  "codebuild:UpdateReport",
  "codebuild:BatchPutTestCases",
  "codebuild:BatchPutCodeCoverages",
];

/**
 * What a project's builds do: their log, their source and artifacts, their reports and variables, the image and the
 * network they run in, and what their step is there for.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
 */
export function buildPermissions(args: BuildProjectArgs, logGroupArn: Input<string>, place: Place): Statement[] {
  const parameters = Object.values(args.parameters ?? {});
  return [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroupArn, pulumi.interpolate`${logGroupArn}:*`]),
    ...args.artifactStores.flatMap((store) =>
      artifactPermissions(store, { reads: keysOf(args.reads), writes: keysOf(args.writes), looks: BUILD_LOOKS }),
    ),
    ...(args.reports
      ? [allow(PUBLISH_REPORTS, [regionalArn(place, "codebuild", `report-group/${args.projectName}-*`)])]
      : []),
    ...secretPermissions(parameters, place),
    ...secretKeyPermissions(parameters, args.secretsKeyArns ?? [], place),
    ...imagePermissions(args.image ?? "", place),
    ...(args.vpc ? networkPermissions(args.vpc, place) : []),
    ...(args.permissions ?? []),
  ];
}

function keysOf(artifacts: readonly StoredArtifact[] | undefined): readonly string[] {
  return artifacts?.map(artifactKeys) ?? ["*"];
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html */
function networkPermissions({ subnetIds }: BuildNetwork, place: Place): Statement[] {
  const subnets: Output<string[]> = pulumi
    .output(subnetIds)
    .apply((ids) => pulumi.all(ids.map((id) => regionalArn(place, "ec2", `subnet/${id}`))));
  const look = ["NetworkInterfaces", "Subnets", "SecurityGroups", "DhcpOptions", "Vpcs"];
  return [
    // The Describe calls have no resource level, and interfaces have no name before CodeBuild makes them.
    allow(
      ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", ...look.map((what) => `ec2:Describe${what}`)],
      ["*"],
    ),
    allow(["ec2:CreateNetworkInterfacePermission"], [regionalArn(place, "ec2", "network-interface/*")], {
      StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com", "ec2:Subnet": subnets },
    }),
  ];
}
