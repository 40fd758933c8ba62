import { roleCannot } from "../../../preview/rules/roleCannot";
import { roleTooWide } from "../../../preview/rules/roleTooWide";
import {
  type Allowed,
  arnHere,
  assertFinds,
  assertFindsNothing,
  changed,
  policy,
  resource,
  trust,
  withMore,
  without,
} from "./handMade";
import { DEPLOY_ACTION, HEALTHY_CONTAINER, healthy, healthyRole, stages } from "./healthy";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const PASSED = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };

describe("role-cannot", () => {
  const pipeline = 'which aws.codepipeline.Pipeline "dev" needs for';
  const mend = "; allow it in the role's policy";
  const lacks = (role: string, what: string, why: string) => `aws.iam.Role "${role}": may not ${what}, ${why}${mend}`;

  it("takes roles that can do what they are for", () => assertFindsNothing(roleCannot, healthy));

  it("finds a role that does not trust who takes it", () => {
    const change = (name: string) => changed(healthy, ROLE, name, { assumeRolePolicy: trust("lambda.amazonaws.com") });
    const distrusts = (role: string, service: string, user: string) => [
      `aws.iam.Role "${role}": assumeRolePolicy: expected to trust ${service}, which takes the role for ${user}; add it`,
    ];
    for (const [role, service, user] of [
      ["dev-pipeline", "codepipeline.amazonaws.com", 'aws.codepipeline.Pipeline "dev"'],
      ["api-image", "codebuild.amazonaws.com", 'aws.codebuild.Project "api-image"'],
      ["api-task", "ecs-tasks.amazonaws.com", 'aws.ecs.TaskDefinition "api"'],
      ["dev-on-Source", "events.amazonaws.com", 'aws.cloudwatch.EventTarget "dev-on-Source"'],
    ] as const) {
      assertFinds(roleCannot, change(role), distrusts(role, service, user));
    }
  });

  it("finds what a pipeline's role lacks, on the very resource", () => {
    const graph = changed(healthy, POLICY, "dev-pipeline", {
      policy: policy(
        [["s3:Get*", "s3:PutObject", "kms:*"], ["*"]],
        [["codecommit:*"], [arnHere("codecommit", "shop")]],
        [["codebuild:StartBuild", "codebuild:BatchGetBuilds"], [arnHere("codebuild", "project/other")]],
        [["ecs:Describe*", "ecs:RegisterTaskDefinition"], ["*"]],
        [["ecs:UpdateService"], [arnHere("ecs", "service/dev/*")]],
        [["ecs:TagResource"], [arnHere("ecs", "task-definition/api:*")]],
        [["iam:PassRole"], [healthyRole("api-task")], PASSED],
      ),
    });
    assertFinds(roleCannot, graph, [
      lacks(
        "dev-pipeline",
        `codebuild:StartBuild, codebuild:BatchGetBuilds on ${arnHere("codebuild", "project/dev-api-image")}`,
        `${pipeline} action api-image`,
      ),
      lacks(
        "dev-pipeline",
        `iam:PassRole on ${healthyRole("api-execution")} when iam:PassedToService is ecs-tasks.amazonaws.com`,
        `${pipeline} action api-deploy`,
      ),
    ]);
  });

  it("lets a denial win, unless it has a condition", () => {
    const deny = (condition: object) =>
      resource(POLICY, "deny", {
        role: "dev-pipeline",
        policy: JSON.stringify({ Statement: { Effect: "Deny", Action: "s3:PutObject", Resource: "*", ...condition } }),
      });
    const put = lacks(
      "dev-pipeline",
      "s3:PutObject on arn:aws:s3:::artifacts/dev/*",
      `${pipeline} artifacts of pipeline dev`,
    );
    assertFinds(roleCannot, withMore(healthy, deny({})), [put]);
    assertFindsNothing(
      roleCannot,
      withMore(healthy, deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })),
    );
  });

  it("counts attached policies, and keeps silent about those it cannot read", () => {
    const bare = without(healthy, POLICY, "dev-on-Source");
    const start = lacks(
      "dev-on-Source",
      `codepipeline:StartPipelineExecution on ${arnHere("codepipeline", "dev")}`,
      'which aws.cloudwatch.EventTarget "dev-on-Source" needs for starting aws.codepipeline.Pipeline "dev"',
    );
    assertFinds(roleCannot, bare, [start]);
    const attach = (policyArn: string) =>
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "start", { role: "dev-on-Source", policyArn });
    const managed = resource("aws:iam/policy:Policy", "start", {
      policy: policy([["codepipeline:StartPipelineExecution"], [arnHere("codepipeline", "dev")]]),
    });
    assertFindsNothing(roleCannot, withMore(bare, managed, attach(arnHere("iam", "start"))));
    assertFindsNothing(roleCannot, withMore(bare, attach("arn:aws:iam::aws:policy/AdministratorAccess")));
  });

  it("finds what a build's role lacks: log, artifacts and variables", () => {
    const environment = { environmentVariables: [{ name: "TOKEN", value: "/ci/token", type: "PARAMETER_STORE" }] };
    const project = changed(healthy, "aws:codebuild/project:Project", "api-image", { environment });
    const graph = changed(project, POLICY, "api-image", {
      policy: policy([["s3:GetObject*", "kms:Decrypt"], ["*"]]),
    });
    const build = 'which aws.codebuild.Project "api-image" needs for';
    assertFinds(roleCannot, graph, [
      lacks(
        "api-image",
        `logs:CreateLogStream, logs:PutLogEvents on ${arnHere("logs", "log-group:/aws/codebuild/dev-api-image:log-stream:*")}`,
        `${build} its log`,
      ),
      lacks("api-image", "s3:PutObject on arn:aws:s3:::artifacts/dev/image/*", `${build} artifacts of pipeline dev`),
      lacks(
        "api-image",
        `kms:GenerateDataKey on ${arnHere("kms", "key/0a1b")} when kms:ViaService is s3.eu-west-1.amazonaws.com`,
        `${build} artifacts of pipeline dev`,
      ),
      lacks("api-image", `ssm:GetParameters on ${arnHere("ssm", "parameter/ci/token")}`, `${build} variable TOKEN`),
    ]);
  });

  it("finds an execution role that may not read a secret or pull the image", () => {
    const secrets = [{ name: "DB", valueFrom: `${arnHere("secretsmanager", "secret:db-a1b2c3")}:password::` }];
    const graph = changed(healthy, "aws:ecs/taskDefinition:TaskDefinition", "api", {
      containerDefinitions: JSON.stringify([{ ...HEALTHY_CONTAINER, secrets }]),
    });
    const task = 'which aws.ecs.TaskDefinition "api" needs for container api';
    assertFinds(roleCannot, graph, [
      lacks("api-execution", `secretsmanager:GetSecretValue on ${arnHere("secretsmanager", "secret:db-a1b2c3")}`, task),
    ]);
    const other = changed(healthy, POLICY, "api-execution", {
      policy: policy([["ecr:*"], [arnHere("ecr", "repository/dev/api")]], [["logs:*"], ["*"]]),
    });
    assertFinds(roleCannot, other, [lacks("api-execution", "ecr:GetAuthorizationToken on *", task)]);
  });

  it("checks an action's own role, and that the pipeline may take it", () => {
    const theirs = "arn:aws:iam::444455556666:role/deploy";
    const cross = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ deploy: { ...DEPLOY_ACTION, roleArn: theirs } }),
    });
    assertFinds(roleCannot, cross, [
      lacks("dev-pipeline", `sts:AssumeRole on ${theirs}`, `${pipeline} taking the role of action api-deploy`),
    ]);
  });

  it("wants the topic and its key for an approval that tells someone", () => {
    const topic = arnHere("sns", "asked");
    const approve = {
      name: "Approve",
      category: "Approval",
      provider: "Manual",
      configuration: { NotificationArn: topic },
    };
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: stages({ more: [approve] }),
    });
    const key = arnHere("kms", "key/topic");
    const throughSns = " when kms:ViaService is sns.eu-west-1.amazonaws.com";
    assertFinds(roleCannot, withMore(graph, resource("aws:sns/topic:Topic", "asked", { kmsMasterKeyId: key })), [
      lacks("dev-pipeline", `sns:Publish on ${topic}`, `${pipeline} action Approve`),
      lacks("dev-pipeline", `kms:GenerateDataKey, kms:Decrypt on ${key}${throughSns}`, `${pipeline} action Approve`),
    ]);
  });
});

describe("role-too-wide", () => {
  const allowing = (...statements: readonly Allowed[]) =>
    changed(healthy, POLICY, "dev-pipeline", { policy: policy(...statements) });
  const wide = (text: string) => `aws.iam.RolePolicy "dev-pipeline": allows ${text}`;

  it("takes named calls on named resources", () => assertFindsNothing(roleTooWide, healthy));

  it("finds every call of a service, or of all", () => {
    assertFinds(roleTooWide, allowing([["*"], [arnHere("s3", "x")]], [["s3:*"], ["arn:aws:s3:::x"]]), [
      wide('"*": every call of every service; name the calls that are needed'),
      wide('"s3:*": every call of s3; name the calls that are needed'),
    ]);
  });

  it("finds calls on everything that AWS can confine, and takes those it cannot", () => {
    const graph = allowing(
      [["ecr:GetAuthorizationToken", "s3:GetObject"], ["*"]],
      [["sns:Publish"], ["arn:aws:sns:::*"]],
    );
    assertFinds(roleTooWide, graph, [
      wide('s3:GetObject on Resource "*": AWS can confine that; name the resources'),
      wide('sns:Publish on Resource "arn:aws:sns:::*": AWS can confine that; name the resources'),
    ]);
    assertFindsNothing(roleTooWide, allowing([["elasticloadbalancing:DescribeRules"], ["*"]]));
  });

  it("wants a condition where only that confines a call", () => {
    assertFinds(roleTooWide, allowing([["ecs:ListTasks"], ["*"]]), [
      wide('ecs:ListTasks on Resource "*": AWS can confine that; name the resources'),
    ]);
    const condition = { ArnEquals: { "ecs:cluster": arnHere("ecs", "cluster/dev") } };
    assertFindsNothing(roleTooWide, allowing([["ecs:ListTasks"], ["*"], condition]));
  });

  it("finds roles passed to anyone, and any role passed", () => {
    assertFinds(roleTooWide, allowing([["iam:PassRole"], [healthyRole("api-task")]]), [
      wide('iam:PassRole to any service: add the condition StringEquals "iam:PassedToService"'),
    ]);
    assertFinds(roleTooWide, allowing([["iam:PassRole"], [healthyRole("api-*")], PASSED]), [
      wide(`iam:PassRole on "${healthyRole("api-*")}": name exactly the roles that are passed`),
    ]);
  });

  it("reads policies of every form, and leaves key policies alone", () => {
    const document = policy([["s3:*"], ["arn:aws:s3:::x"]]);
    const managed = resource("aws:iam/policy:Policy", "wide", { policy: document });
    const inline = resource(ROLE, "wide", { inlinePolicies: [{ name: "x", policy: document }] });
    const key = resource("aws:kms/key:Key", "key", { policy: policy([["kms:*"], ["*"]]) });
    assertFinds(roleTooWide, withMore(healthy, managed, inline, key), [
      'aws.iam.Policy "wide": allows "s3:*": every call of s3; name the calls that are needed',
      'aws.iam.Role "wide": allows "s3:*": every call of s3; name the calls that are needed',
    ]);
  });
});
