import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../../../components/arn";
import type { BuildProjectArgs } from "../../../components/build/args";
import { buildPermissions } from "../../../components/build/permissions";
import type { DocumentStatement } from "../../support/graph";
import { allowed, rendered } from "../../support/read";
import { arn } from "../../support/service";

const LOGS = arn("logs", "log-group:/aws/codebuild/tests");
const WRITES_LOG = [LOGS, `${LOGS}:*`].flatMap((group) => [
  `logs:CreateLogStream ${group}`,
  `logs:PutLogEvents ${group}`,
]);

/** Statements of a project without a pipeline, so that only its own remain. */
const statements = (changes: Partial<BuildProjectArgs> = {}): Promise<DocumentStatement[]> =>
  rendered(() => {
    const args = { projectName: "tests", description: "Tests", buildspec: "b.yml", artifactStores: [], ...changes };
    return buildPermissions(args, LOGS, placeOf());
  });
const beyondLog = async (changes: Partial<BuildProjectArgs>) =>
  allowed(await statements(changes)).filter((line) => !WRITES_LOG.includes(line));

describe("the permissions of a build", () => {
  it("are its own log and nothing else where nothing else is asked for", async () => {
    assert.deepEqual(allowed(await statements()), WRITES_LOG.sort());
  });

  it("are to pull a build image in ECR, in whichever account and region it is", async () => {
    const image = "444455556666.dkr.ecr.eu-central-1.amazonaws.com/tools/node";
    const repository = "arn:aws:ecr:eu-central-1:444455556666:repository/tools/node";
    const pull = ["BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"];
    const expected = [...pull.map((verb) => `ecr:${verb} ${repository}`), "ecr:GetAuthorizationToken *"].sort();
    for (const suffix of ["", ":22", `@sha256:${"0".repeat(64)}`]) {
      assert.deepEqual(await beyondLog({ image: image + suffix }), expected, suffix);
    }
  });

  it("are none of ECR's for an image that anyone may pull", async () => {
    const images = [
      "aws/codebuild/standard:7.0",
      "public.ecr.aws/docker/library/node:22",
      "node:22",
      "mcr.microsoft.com/playwright:v1",
    ];
    for (const image of images) assert.deepEqual(await beyondLog({ image }), [], image);
  });

  it("are to make network interfaces, for CodeBuild and in these subnets only", async () => {
    const subnets = [arn("ec2", "subnet/subnet-a"), arn("ec2", "subnet/subnet-b")];
    const look = ["DhcpOptions", "NetworkInterfaces", "SecurityGroups", "Subnets", "Vpcs"];
    for (const subnetIds of [["subnet-a", "subnet-b"], pulumi.output(["subnet-a", "subnet-b"])]) {
      const vpc = { vpcId: "vpc-1", subnetIds, securityGroupIds: ["sg-1"] };
      assert.deepEqual(
        await beyondLog({ vpc }),
        [
          ...["Create", "Delete"].map((verb) => `ec2:${verb}NetworkInterface *`),
          ...look.map((what) => `ec2:Describe${what} *`),
          `ec2:CreateNetworkInterfacePermission ${arn("ec2", "network-interface/*")}`,
        ].sort(),
      );
      const permission = (await statements({ vpc })).find(({ Action }) =>
        Action.includes("ec2:CreateNetworkInterfacePermission"),
      );
      assert.deepEqual(permission?.Condition, {
        StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com", "ec2:Subnet": subnets },
      });
    }
  });
});
