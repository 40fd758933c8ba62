import { TYPES } from "../../../model/graph/resources";
import { notNeeded } from "../../../preview/rules/notNeeded";
import { policyRefuses } from "../../../preview/rules/policyRefuses";
import { policyTooWide } from "../../../preview/rules/policyTooWide";
import { stackGraph } from "../../support/stack";
import {
  type Allowed,
  arnHere,
  assertFinds,
  assertFindsNothing,
  changed,
  graphOf,
  policy,
  resource,
  trust,
  withMore,
} from "./handMade";
import { healthyRole } from "./healthy";
import { verified as healthy } from "./verified";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const PIPELINE = arnHere("codepipeline", "dev");

const onSource = (...statements: readonly Allowed[]) =>
  changed(healthy, POLICY, "dev-on-Source", { policy: policy(...statements) });

describe("not-needed", () => {
  const start = 'aws.iam.RolePolicy "dev-on-Source": may';

  it("takes what is used, on what it is used on", () => assertFindsNothing(notNeeded, healthy));

  it("finds a call that nothing makes", () => {
    const graph = onSource([["codepipeline:StartPipelineExecution", "codepipeline:StopPipelineExecution"], [PIPELINE]]);
    assertFinds(
      notNeeded,
      graph,
      [
        `${start} codepipeline:StopPipelineExecution on ${PIPELINE}, which nothing that it is used for calls; take it away`,
      ],
      "warning",
    );
  });

  it("finds a resource that is wider than what is called, inside its ARN too", () => {
    const wide = arnHere("codepipeline", "*");
    assertFinds(
      notNeeded,
      onSource([["codepipeline:StartPipelineExecution"], [wide]]),
      [`${start} codepipeline:StartPipelineExecution on ${wide}, and needs it on ${PIPELINE}; name that`],
      "warning",
    );
  });

  it("finds that a key can be used otherwise than through S3, and tags be put otherwise than at registration", () => {
    const key = arnHere("kms", "key/0a1b");
    const passed = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
    const graph = changed(healthy, POLICY, "dev-pipeline", {
      policy: policy(
        [["kms:Decrypt"], [key]],
        [["ecs:TagResource"], [arnHere("ecs", "task-definition/api:*")]],
        [["iam:PassRole"], [healthyRole("api-task")], passed],
      ),
    });
    const may = 'aws.iam.RolePolicy "dev-pipeline": may';
    assertFinds(
      notNeeded,
      graph,
      [
        `${may} kms:Decrypt on ${key} whatever kms:ViaService is; add the condition`,
        `${may} ecs:TagResource on ${arnHere("ecs", "task-definition/api:*")} whatever ecs:CreateAction is; add the condition`,
      ],
      "warning",
    );
  });

  it("leaves alone what an application is let do", () => {
    const own = resource(POLICY, "application", { role: "api-task", policy: policy([["dynamodb:*"], ["*"]]) });
    assertFindsNothing(notNeeded, withMore(healthy, own));
  });

  it("finds a role that another account's use of a service gets, or another service", () => {
    const open = changed(healthy, ROLE, "api-image", { assumeRolePolicy: trust("codebuild.amazonaws.com", false) });
    const from = 'aws.iam.Role "api-image": assumeRolePolicy: trusts';
    assertFinds(
      notNeeded,
      open,
      [`${from} codebuild.amazonaws.com whatever aws:SourceAccount is; add the condition`],
      "warning",
    );
    const other = changed(healthy, ROLE, "api-image", { assumeRolePolicy: trust("ec2.amazonaws.com") });
    assertFinds(
      notNeeded,
      other,
      [`${from} ec2.amazonaws.com, which nothing here takes it for; take it away`],
      "warning",
    );
  });

  it("finds a role that every role of an account can take, and one that none can", () => {
    const taken = (condition?: object) =>
      graphOf(
        resource(ROLE, "deploy", {
          assumeRolePolicy: JSON.stringify({
            Statement: {
              Effect: "Allow",
              Action: "sts:AssumeRole",
              Principal: { AWS: "arn:aws:iam::444455556666:root" },
              Condition: condition,
            },
          }),
        }),
      );
    const by = (account: string) => ({
      ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/staging-pipeline` },
    });
    const says = 'aws.iam.Role "deploy": assumeRolePolicy: admits';
    assertFindsNothing(notNeeded, taken(by("444455556666")));
    assertFinds(
      notNeeded,
      taken(),
      [`${says} every role of account 444455556666; add the condition aws:PrincipalArn`],
      "warning",
    );
    assertFinds(
      notNeeded,
      taken(by("111122223333")),
      [
        `${says} account 444455556666 and asks for arn:aws:iam::111122223333:role/staging-pipeline, so nobody; name one account`,
      ],
      "warning",
    );
  });
});

describe("the policy of a key", () => {
  const arn = arnHere("kms", "key/logs");
  const root = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const group = resource(
    TYPES.logGroup,
    "api",
    { name: "/ecs/api", kmsKeyId: arn },
    { outputs: { arn: arnHere("logs", "log-group:/ecs/api") } },
  );
  const LOG_CALLS = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
  const logs = (pattern?: string) => ({
    Effect: "Allow",
    Principal: { Service: "logs.eu-west-1.amazonaws.com" },
    Action: LOG_CALLS,
    Resource: "*",
    Condition: pattern === undefined ? undefined : { ArnLike: { "kms:EncryptionContext:aws:logs:arn": pattern } },
  });
  const withKey = (...Statement: readonly object[]) =>
    graphOf(
      group,
      resource(TYPES.key, "dev", { policy: JSON.stringify({ Statement }) }, { outputs: { arn }, id: "logs" }),
    );

  it("admits CloudWatch Logs to the groups of its account, and the account", () => {
    const good = withKey(root, logs(arnHere("logs", "log-group:*")));
    assertFindsNothing(policyTooWide, good);
    assertFindsNothing(policyRefuses, good);
  });

  it("that admits Logs for anybody's groups, or for none of these, is found", () => {
    const calls = "kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*, kms:DescribeKey";
    assertFinds(
      policyTooWide,
      withKey(root, logs()),
      [
        `aws.kms.Key "dev": policy: logs.eu-west-1.amazonaws.com may ${calls} on ${arn} whatever ` +
          "kms:EncryptionContext:aws:logs:arn is; add the condition",
      ],
      "warning",
    );
    assertFinds(policyRefuses, withKey(root, logs("arn:aws:logs:eu-west-1:999988887777:log-group:*")), [
      'aws.kms.Key "dev": policy: expected to admit logs.eu-west-1.amazonaws.com to kms:Encrypt, kms:Decrypt, ' +
        `kms:ReEncryptFrom, kms:ReEncryptTo, kms:GenerateDataKey, kms:DescribeKey on ${arn}, which ` +
        'aws.cloudwatch.LogGroup "api" needs for encrypting its log; add a statement',
    ]);
  });

  it("lets its account manage it, since AWS makes no other key", () => {
    assertFinds(policyRefuses, withKey(logs(arnHere("logs", "log-group:*"))), [
      'aws.kms.Key "dev": policy: lets nobody of account 111122223333 manage the key, and AWS makes no such key; ' +
        "allow arn:aws:iam::111122223333:root kms:*",
    ]);
  });

  it("admits nobody to publish where nothing is published", () => {
    const tells = { ...logs(), Principal: { Service: "codestar-notifications.amazonaws.com" } };
    assertFinds(
      policyTooWide,
      withKey(root, logs(arnHere("logs", "log-group:*")), tells),
      [
        'aws.kms.Key "dev": policy: admits codestar-notifications.amazonaws.com, which nothing here needs; take it away',
      ],
      "warning",
    );
  });
});

describe("the policy of a bucket", () => {
  it("names that bucket, as AWS wants it", () => {
    const bucket = resource(TYPES.bucket, "files", {}, { id: "files", outputs: { arn: "arn:aws:s3:::files" } });
    const named = (Resource: readonly string[]) =>
      graphOf(
        bucket,
        resource(TYPES.bucketPolicy, "files", {
          bucket: "files",
          policy: JSON.stringify({ Statement: { Effect: "Deny", Principal: "*", Action: "s3:*", Resource } }),
        }),
      );
    assertFindsNothing(policyTooWide, named(["arn:aws:s3:::files", "arn:aws:s3:::files/*"]));
    assertFinds(policyTooWide, named(["arn:aws:s3:::*"]), [
      'aws.s3.BucketPolicy "files": policy: Resource "arn:aws:s3:::*" is not in arn:aws:s3:::files, and AWS refuses that; ' +
        "name what the policy is about",
    ]);
  });
});

describe("the bucket of access logs", () => {
  for (const region of ["cn-north-1", "eu-west-1"])
    it(`admits whoever writes them in ${region}`, async () => {
      const { recorded } = await stackGraph("prod", { changes: { "aws:region": region } });
      assertFindsNothing(policyRefuses, recorded);
    });
});
