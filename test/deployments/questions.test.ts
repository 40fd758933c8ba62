import assert from "node:assert/strict";
import { join } from "node:path";
import { deployRoles } from "../../deployments/aws/roles";
import { textOf } from "../../model/graph/read";
import { arnOf } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { type Context, roleCaller } from "../../model/permissions/evaluate/request";
import { roleUses } from "../../model/permissions/roleNeeds";
import { type Graph, recordGraph } from "../support/graph";
import { engineConfig, ROOT, stackValues } from "../support/stack";

const ACCOUNT = "111122223333";
const IAM = `arn:aws:iam::${ACCOUNT}`;
const BOUNDARY = `${IAM}:policy/boundary`;
const REVIEW_BOUNDARY = `${IAM}:policy/ecs-delivery-deployment/ecs-delivery-review-boundary`;

const record = (changes: Readonly<Record<string, unknown>>) =>
  recordGraph(deployRoles, {
    project: "ecs-delivery-roles",
    stack: "main",
    config: engineConfig(stackValues("main", changes, join(ROOT, "deployments/aws"))),
  });

/** Asks the policies of a role that deploys. */
function asking(graph: Graph) {
  const access = new Access([graph.recorded]);
  return (role: string, action: string, resource: string, context?: Context): boolean => {
    const caller = roleCaller(`${IAM}:role/ecs-delivery-deployment/ecs-delivery-${role}`);
    const verdict = access.decide({ caller, action, resource, context });
    assert.ok(verdict.known, `nobody knows whether ${role} may ${action}`);
    return verdict.allowed;
  };
}

const here = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;
const parameter = (name: string) => here("ssm", `parameter/ecs-delivery/${name}`);
const bounded = (arn: string) => ({ "iam:PermissionsBoundary": arn });

describe("who updates a stack", () => {
  const stacks = [{ name: "dev" }, { name: "dev-eu" }, { name: "prod", permissionsBoundaryArn: BOUNDARY }];
  let may: ReturnType<typeof asking>;
  before(async () => {
    may = asking(await record({ stacks }));
  });

  it("writes the records of this stack, and of no other", () => {
    for (const name of ["dev/retained", "dev-api/delivered-image"]) {
      assert.ok(may("dev-update", "ssm:PutParameter", parameter(name)), name);
    }
    for (const name of ["prod/retained", "prod-api/delivered-image", "dev-eu/retained", "dev-eu-api/passed-image"]) {
      for (const call of ["ssm:PutParameter", "ssm:DeleteParameter", "ssm:AddTagsToResource", "ssm:GetParameter"]) {
        assert.ok(!may("dev-update", call, parameter(name)), `${call} ${name}`);
      }
    }
    assert.ok(may("dev-eu-update", "ssm:PutParameter", parameter("dev-eu-api/delivered-image")));
    assert.ok(!may("dev-preview", "ssm:GetParameter", parameter("prod-api/delivered-image")));
  });

  it("changes roles of this stack, and none besides", () => {
    const calls = [
      "CreateRole",
      "DeleteRole",
      "PutRolePolicy",
      "DeleteRolePolicy",
      "AttachRolePolicy",
      "DetachRolePolicy",
      "UpdateAssumeRolePolicy",
      "UpdateRole",
      "TagRole",
    ];
    const others = [
      "prod-pipeline",
      "ecs-delivery/prod/api-1",
      "ecs-delivery/dev-eu/api-1",
      "ecs-delivery/devil",
      "admin",
    ];
    for (const call of calls) {
      assert.ok(may("dev-update", `iam:${call}`, `${IAM}:role/ecs-delivery/dev/api-execution-0a1b2c3`), call);
      for (const other of others)
        assert.ok(!may("dev-update", `iam:${call}`, `${IAM}:role/${other}`), `${call} ${other}`);
    }
    assert.ok(may("dev-update", "iam:CreatePolicyVersion", `${IAM}:policy/ecs-delivery/dev/x`));
    assert.ok(!may("dev-update", "iam:CreatePolicyVersion", `${IAM}:policy/ecs-delivery/prod/x`));
  });

  it("passes roles of this stack to services of the program, and no other role", () => {
    const passed = (service: string) => ({ "iam:PassedToService": service });
    const own = `${IAM}:role/ecs-delivery/dev/api-image-1`;
    assert.ok(may("dev-update", "iam:PassRole", own, passed("codebuild.amazonaws.com")));
    assert.ok(!may("dev-update", "iam:PassRole", own, passed("ec2.amazonaws.com")));
    for (const role of [
      "ecs-delivery/prod/prod-pipeline",
      "admin",
      "ecs-delivery-deployment/ecs-delivery-prod-update",
    ]) {
      assert.ok(!may("dev-update", "iam:PassRole", `${IAM}:role/${role}`, passed("codebuild.amazonaws.com")), role);
    }
  });

  it("lets an update write records in the zones that are named, and in no others", async () => {
    const ask = asking(await record({ stacks: [{ name: "dev", hostedZoneIds: ["Z0123456789"] }] }));
    const write = (zone: string) =>
      ask("dev-update", "route53:ChangeResourceRecordSets", `arn:aws:route53:::hostedzone/${zone}`);
    assert.ok(write("Z0123456789"));
    assert.ok(!write("Z9876543210"));
  });

  it("refuses a path of roles that holds another stack's", async () => {
    for (const rolePath of ["/ecs-delivery/prod/", "/ecs-delivery/"]) {
      await assert.rejects(
        record({ stacks: [{ name: "dev", rolePath }, { name: "prod" }] }),
        /stacks\[0\]\.rolePath: expected a path that does not hold that of prod/,
      );
    }
  });

  it("lets review stacks register revisions of their own families alone", async () => {
    const ask = asking(await record({ reviewStacks: true }));
    const register = (family: string) =>
      ask(
        "review-update",
        "ecs:RegisterTaskDefinition",
        `arn:aws:ecs:eu-west-1:111122223333:task-definition/${family}:*`,
      );
    assert.ok(register("pr-7-api"));
    assert.ok(!register("prod-api"));
  });

  it("passes roles that exist where the stack says so", async () => {
    const passedRoleArns = [`${IAM}:role/delivery-build`];
    const ask = asking(await record({ stacks: [{ name: "dev", passedRoleArns }] }));
    const context = { "iam:PassedToService": "codebuild.amazonaws.com" };
    assert.ok(ask("dev-update", "iam:PassRole", `${IAM}:role/delivery-build`, context));
    assert.ok(!ask("dev-update", "iam:PassRole", `${IAM}:role/delivery-other`, context));
    assert.ok(!ask("dev-update", "iam:PutRolePolicy", `${IAM}:role/delivery-build`));
  });

  it("reaches roles of another path where the stack's are", async () => {
    const ask = asking(await record({ stacks: [{ name: "dev", rolePath: "/" }] }));
    assert.ok(ask("dev-update", "iam:PutRolePolicy", `${IAM}:role/api-execution-0a1b2c3`));
    assert.ok(!ask("dev-update", "iam:PutRolePolicy", `${IAM}:role/ecs-delivery-deployment/ecs-delivery-dev-update`));
  });

  it("makes and widens roles within the boundary alone, and can neither take it off nor change what it says", () => {
    const role = `${IAM}:role/ecs-delivery/prod/api-1`;
    const widening = ["CreateRole", "PutRolePolicy", "AttachRolePolicy", "PutRolePermissionsBoundary"];
    for (const call of widening.map((one) => `iam:${one}`)) {
      assert.ok(may("prod-update", call, role, bounded(BOUNDARY)), call);
      assert.ok(!may("prod-update", call, role), `${call} without boundary`);
      assert.ok(
        !may("prod-update", call, role, bounded(`${IAM}:policy/ecs-delivery/prod/mine`)),
        `${call} with another`,
      );
    }
    assert.ok(!may("prod-update", "iam:DeleteRolePermissionsBoundary", role, bounded(BOUNDARY)));
    for (const call of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy"]) {
      assert.ok(!may("prod-update", `iam:${call}`, BOUNDARY), call);
    }
  });

  it("cannot change a boundary that lies in the stack's own path", async () => {
    const own = `${IAM}:policy/ecs-delivery/prod/boundary`;
    const ask = asking(await record({ stacks: [{ name: "prod", permissionsBoundaryArn: own }] }));
    assert.ok(!ask("prod-update", "iam:CreatePolicyVersion", own));
    assert.ok(ask("prod-update", "iam:CreatePolicyVersion", `${IAM}:policy/ecs-delivery/prod/api-image-2`));
  });
});

describe("who deploys review stacks", () => {
  let graph: Graph;
  let may: ReturnType<typeof asking>;
  before(async () => {
    graph = await record({ reviewStacks: true });
    may = asking(graph);
  });
  const ask = (action: string, resource: string, context?: Context) => may("review-update", action, resource, context);

  it("has a boundary of its own, which it cannot change", () => {
    const { inputs } = graph.named("aws:iam/role:Role", "review-update");
    assert.equal(inputs.permissionsBoundary, REVIEW_BOUNDARY);
    for (const call of ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy"]) {
      assert.ok(!ask(`iam:${call}`, REVIEW_BOUNDARY), call);
    }
    assert.ok(!ask("iam:DeleteRolePermissionsBoundary", `${IAM}:role/ecs-delivery/pr-42/x`, bounded(REVIEW_BOUNDARY)));
    const self = `${IAM}:role/ecs-delivery-deployment/ecs-delivery-review-update`;
    for (const call of ["PutRolePolicy", "PutRolePermissionsBoundary", "UpdateAssumeRolePolicy"]) {
      assert.ok(!ask(`iam:${call}`, self, bounded(REVIEW_BOUNDARY)), call);
    }
  });

  it("has a boundary that fits into one policy of IAM", () => {
    const text = String(graph.named("aws:iam/policy:Policy", "review").inputs.policy);
    // With room for what is shared and read, and for a longer partition.
    assert.ok(text.length <= 5300, `${text.length} characters`);
  });

  it("reaches what is called pr-..., and nothing of dev, qa or prod", () => {
    const calls: readonly (readonly [string, (stack: string) => string])[] = [
      ["ecr:PutImage", (stack) => here("ecr", `repository/${stack}/api`)],
      ["ecr:DeleteRepository", (stack) => here("ecr", `repository/${stack}/api`)],
      ["ssm:PutParameter", (stack) => parameter(`${stack}-api/delivered-image`)],
      ["ssm:DeleteParameter", (stack) => parameter(`${stack}/retained`)],
      ["ecs:UpdateService", (stack) => here("ecs", `service/${stack}/${stack}-api`)],
      ["ecs:DeleteCluster", (stack) => here("ecs", `cluster/${stack}`)],
      ["codebuild:UpdateProject", (stack) => here("codebuild", `project/${stack}-api-image`)],
      ["codepipeline:UpdatePipeline", (stack) => here("codepipeline", `${stack}-delivery`)],
      ["logs:DeleteLogGroup", (stack) => here("logs", `log-group:/ecs/${stack}-api`)],
      ["s3:PutBucketPolicy", (stack) => `arn:aws:s3:::${stack}-artifacts-0a1b2c3`],
      ["sns:SetTopicAttributes", (stack) => here("sns", `${stack}-0a1b2c3`)],
      ["events:PutTargets", (stack) => here("events", `rule/${stack}-on-Source-0a1b2c3`)],
      ["iam:UpdateAssumeRolePolicy", (stack) => `${IAM}:role/ecs-delivery/${stack}/api-1`],
      ["iam:DeleteRole", (stack) => `${IAM}:role/ecs-delivery/${stack}/api-1`],
    ];
    for (const [action, resource] of calls) {
      assert.ok(ask(action, resource("pr-42")), `${action} ${resource("pr-42")}`);
      for (const stack of ["dev", "qa", "prod"])
        assert.ok(!ask(action, resource(stack)), `${action} ${resource(stack)}`);
    }
    assert.ok(!ask("iam:PutRolePolicy", `${IAM}:role/admin`, bounded(REVIEW_BOUNDARY)));
  });

  it("of what has an id reaches nothing that is tagged as another environment's", () => {
    const calls = [
      ["ec2:DeleteVpc", here("ec2", "vpc/vpc-0a1b2c3d")],
      ["ec2:AuthorizeSecurityGroupIngress", here("ec2", "security-group/sg-0a1b2c3d")],
      ["ec2:CreateTags", here("ec2", "vpc/vpc-0a1b2c3d")],
      ["elasticloadbalancing:ModifyListener", here("elasticloadbalancing", "listener/app/api-0a1b2c3/1/2")],
      ["elasticloadbalancing:AddTags", here("elasticloadbalancing", "listener/app/api-0a1b2c3/1/2")],
      ["kms:PutKeyPolicy", here("kms", "key/0a1b")],
      ["cloudwatch:DeleteAlarms", here("cloudwatch", "alarm:api-blue-5xx-0a1b2c3")],
    ] as const;
    const of = (environment: string) => ({ "aws:ResourceTag/environment": environment });
    for (const [action, resource] of calls) {
      assert.ok(ask(action, resource, of("pr-42")), action);
      assert.ok(ask(action, resource), `${action}, just made`);
      for (const stack of ["dev", "prod"]) assert.ok(!ask(action, resource, of(stack)), `${action} of ${stack}`);
    }
  });

  it("shares the cluster and the load balancer of another stack where that is said", async () => {
    const shared = asking(await record({ reviewStacks: true, review: { shares: ["dev"] } }));
    const rule = here("elasticloadbalancing", "listener/app/api-0a1b2c3/1/2");
    const of = (environment: string) => ({ "aws:ResourceTag/environment": environment });
    assert.ok(shared("review-update", "elasticloadbalancing:CreateRule", rule, of("dev")));
    assert.ok(!shared("review-update", "elasticloadbalancing:CreateRule", rule, of("prod")));
    assert.ok(shared("review-update", "ecs:CreateService", here("ecs", "service/dev/pr-42-api")));
    assert.ok(!shared("review-update", "ecs:UpdateService", here("ecs", "service/dev/dev-api")));
    assert.ok(!shared("review-update", "ecs:CreateService", here("ecs", "service/prod/pr-42-api")));
  });

  it("is not confined in an account of its own", async () => {
    const own = asking(await record({ reviewStacks: true, review: { confined: false }, stacks: [] }));
    assert.ok(own("review-update", "ecr:DeleteRepository", here("ecr", "repository/else")));
    assert.ok(!own("review-update", "iam:PutRolePolicy", `${IAM}:role/admin`));
    assert.ok(own("review-update", "iam:PutRolePolicy", `${IAM}:role/ecs-delivery/pr-42/x`));
  });

  it("makes roles that can do what a review stack takes, and that read nothing of production", async () => {
    const changes = { permissionsBoundary: { existing: REVIEW_BOUNDARY }, environment: "dev" };
    const config = engineConfig(stackValues("dev", changes));
    const { deployStack } = await import("../../stacks/environment");
    const review = await recordGraph(() => deployStack(), { stack: "pr-42", config });
    const access = new Access([review.recorded, graph.recorded]);
    let asked = 0;
    for (const { role, needs } of roleUses(review.recorded)) {
      for (const { actions, resources, why } of needs) {
        for (const action of actions) {
          for (const resource of resources) {
            const context =
              action === "iam:PassRole"
                ? { "iam:PassedToService": "ecs-tasks.amazonaws.com" }
                : action === "ecs:TagResource"
                  ? { "ecs:CreateAction": "RegisterTaskDefinition" }
                  : { "kms:ViaService": "s3.eu-west-1.amazonaws.com", "ecs:cluster": here("ecs", "cluster/pr-42") };
            const { allowed } = access.decide({ caller: roleCaller(role), action, resource, context });
            assert.ok(allowed, `${role} may ${action} on ${resource}, for ${why}`);
            asked++;
          }
        }
      }
    }
    assert.ok(asked >= 40, String(asked));
    // Whatever policy somebody puts on such a role.
    const [task] = review.all("aws:iam/role:Role");
    const wide = review.recorded.resources.map((one) =>
      one.type === "aws:iam/rolePolicy:RolePolicy" && textOf(one.inputs.role) === task?.outputs.name
        ? { ...one, inputs: { ...one.inputs, policy: JSON.stringify(EVERYTHING) } }
        : one,
    );
    const widened = new Access([{ ...review.recorded, resources: wide }, graph.recorded]);
    const mayNow = (action: string, resource: string, context?: Context) =>
      widened.decide({ caller: roleCaller((task && arnOf(task)) ?? ""), action, resource, context }).allowed;
    assert.ok(mayNow("ecr:PutImage", here("ecr", "repository/pr-42/api")), "the policy is read");
    const beyond = [
      ["secretsmanager:GetSecretValue", here("secretsmanager", "secret:prod/db-0a1b2c")],
      ["ssm:GetParameters", here("ssm", "parameter/prod/db")],
      ["s3:GetObject", "arn:aws:s3:::prod-artifacts-0a1b2c3/x"],
      ["ecr:PutImage", here("ecr", "repository/prod/api")],
      ["sts:AssumeRole", `${IAM}:role/admin`],
      ["iam:CreateUser", `${IAM}:user/x`],
      ["iam:PutRolePolicy", `${IAM}:role/ecs-delivery/pr-42/x`],
    ] as const;
    for (const [action, resource] of beyond) assert.ok(!mayNow(action, resource), action);
  });
});

const EVERYTHING = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
