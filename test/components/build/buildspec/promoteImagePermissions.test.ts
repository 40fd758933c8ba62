import * as assert from "node:assert/strict";
import { promoteImagePermissions } from "../../../../components/build/buildspec/promoteImage";
import { allowed, rendered } from "../../../support/read";
import { promote, ROUTES } from "./promoteImageRun";

const args = { sourceRepositoryArn: "source", targetRepositoryArn: "target", passedImageParameterArn: "parameter" };
// https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const PUSH = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
  "ecr:BatchGetImage",
];
const ACTIONS: Readonly<Record<string, string>> = {
  "ssm get-parameter-history": "ssm:GetParameterHistory",
  "ecr get-login-password": "ecr:GetAuthorizationToken",
  "ecr describe-images": "ecr:DescribeImages",
  "ecr batch-get-image": "ecr:BatchGetImage",
  "ecr put-image": "ecr:PutImage",
};

/** The actions of the AWS calls of a release, but for the build files' own. */
function used(route: (typeof ROUTES)[keyof typeof ROUTES]): string[] {
  const calls = promote(route).calls.filter(({ argv }) => argv[0] === "aws" && argv[2] !== "get-parameter");
  return calls.map(({ argv }) => ACTIONS[argv.slice(1, 3).join(" ")] ?? argv.join(" "));
}

describe("promoteImagePermissions", () => {
  it("allows what the script calls and what a pull and a push take, and nothing else", () => {
    const actions = promoteImagePermissions(args).flatMap((statement) => statement.actions);
    const calls = Object.values(ROUTES).flatMap(used);
    assert.deepStrictEqual([...new Set(actions)].sort(), [...new Set([...calls, ...PULL, ...PUSH])].sort());
  });

  it("reads the one repository, writes the other", async () => {
    assert.deepStrictEqual(allowed(await rendered(() => promoteImagePermissions(args))), [
      "ecr:BatchCheckLayerAvailability target",
      "ecr:BatchGetImage source",
      "ecr:BatchGetImage target",
      "ecr:CompleteLayerUpload target",
      "ecr:DescribeImages target",
      "ecr:GetAuthorizationToken *",
      "ecr:GetDownloadUrlForLayer source",
      "ecr:InitiateLayerUpload target",
      "ecr:PutImage target",
      "ecr:UploadLayerPart target",
      "ssm:GetParameterHistory parameter",
    ]);
  });

  it("allows nothing in ECR for a registry that is not there", async () => {
    const { sourceRepositoryArn, passedImageParameterArn } = args;
    const toHub = allowed(
      await rendered(() => promoteImagePermissions({ sourceRepositoryArn, passedImageParameterArn })),
    );
    const inEcr = toHub.filter((line) => line.startsWith("ecr:")).map((line) => line.split(" ")[0]);
    assert.deepStrictEqual(inEcr, ["ecr:BatchGetImage", "ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"]);
    assert.deepStrictEqual(allowed(await rendered(() => promoteImagePermissions({ passedImageParameterArn }))), [
      "ssm:GetParameterHistory parameter",
    ]);
  });
});
