import assert from "node:assert";
import type { RecordedGraph } from "../../../model/graph/graph";
import { mapOf, mapsOf } from "../../../model/graph/read";
import { findingsAcross } from "../../../preview/crossStack";
import { policyRefuses } from "../../../preview/rules/policyRefuses";
import { exampleGraph } from "../../support/stack";
import { changed, without } from "../rules/handMade";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";

const HERE = "arn:aws:iam::111122223333:role/ecs-delivery/staging";
const THERE = "arn:aws:iam::444455556666:role/ecs-delivery/production";
const DELIVERY = 'aws.codepipeline.Pipeline "staging" of stack staging, action api-to-production';

describe("findingsAcross", () => {
  let staging: RecordedGraph;
  let production: RecordedGraph;
  before(async () => {
    staging = (await exampleGraph("two-accounts", "staging")).recorded;
    production = (await exampleGraph("two-accounts", "production")).recorded;
  });

  /** `stack level rule: message` of all that two halves have wrong with one another. */
  const found = (...graphs: readonly RecordedGraph[]) =>
    [...findingsAcross(graphs)].flatMap(([{ stack }, findings]) =>
      findings.map(({ level, rule, message }) => `${stack} ${level} ${rule}: ${message}`),
    );
  const wrong = (stack: string, text: string) => `${stack} error halves-differ: ${text}`;
  /** The graph with other text in one property. */
  const rewritten = (
    [graph, type, name, property]: readonly [RecordedGraph, string, string, string],
    ...texts: readonly (readonly [string | RegExp, string])[]
  ) => {
    const value = graph.resources.find((one) => one.type === type && one.name === name)?.inputs[property];
    assert(typeof value === "string", `no ${property}`);
    const other = texts.reduce((text, [from, to]) => text.replaceAll(from, to), value);
    assert.notStrictEqual(other, value, "nothing to replace");
    return changed(graph, type, name, { [property]: other });
  };
  const deployPolicy = () => [production, ROLE_POLICY, "production-deploy", "policy"] as const;

  it("finds nothing where both halves fit, in two accounts and in one, by promotion and by tag", async () => {
    assert.deepStrictEqual(found(staging, production), []);
    for (const example of ["one-pipeline", "release-from-docker-hub"]) {
      const { recorded } = await exampleGraph(example, "staging");
      assert.deepStrictEqual(found(recorded, (await exampleGraph(example, "production")).recorded), [], example);
    }
  });

  it("plays each half in its own account", () => {
    const accounts = (graph: RecordedGraph) =>
      new Set(
        graph.resources.flatMap(({ outputs }) => /^arn:aws:[^:]*:[^:]*:(\d{12}):/.exec(String(outputs.arn))?.[1] ?? []),
      );
    assert.deepStrictEqual([...accounts(staging)], ["111122223333"]);
    assert.deepStrictEqual([...accounts(production)], ["444455556666"]);
  });

  it("wants a role to admit the pipeline and the build that take it", () => {
    const trusting = (name: string, other: string) =>
      rewritten(
        [production, ROLE, name, "assumeRolePolicy"],
        [/role\/ecs-delivery\/staging\/staging-[\w-]+/g, `role/${other}`],
      );
    assert.deepStrictEqual(found(staging, trusting("production-deploy", "qa-pipeline")), [
      wrong(
        "production",
        `aws.iam.Role "production-deploy": assumeRolePolicy: expected to admit ${HERE}/staging-pipeline, which takes the ` +
          `role for ${DELIVERY}; it admits role qa-pipeline of account 111122223333`,
      ),
    ]);
    const everyone = { assumeRolePolicy: '{"Statement":[]}' };
    assert.deepStrictEqual(found(staging, changed(production, ROLE, "production-confirm", everyone)), [
      wrong(
        "production",
        `aws.iam.Role "production-confirm": assumeRolePolicy: expected to admit ${HERE}/staging-confirm-production, which ` +
          'takes the role for aws.codebuild.Project "confirm-production" of stack staging; it admits no role by name',
      ),
    ]);
  });

  it("wants the role to be able to do what the action does, to the service of its own stack", () => {
    const policy = rewritten(
      deployPolicy(),
      ["ecs:UpdateService", "ecs:ListServices"],
      ["production/api-task", "production/web-task"],
    );
    const [first, second, ...others] = found(staging, policy);
    const service = "arn:aws:ecs:eu-west-1:444455556666:service/production/production-api";
    const start = 'aws.iam.Role "production-deploy": may not';
    const end = `, which ${DELIVERY} needs; allow it in the role's policy`;
    assert.strictEqual(first, wrong("production", `${start} ecs:UpdateService on ${service}${end}`));
    assert.match(second ?? "", new RegExp(`may not iam:PassRole on ${THERE}/api-task-[0-9a-f]{7}, which`));
    assert.deepStrictEqual(others, []);
  });

  it("says so when a role of another account is made by no stack that is previewed", () => {
    const notices = found(staging, without(without(production, ROLE, "production-deploy"), ROLE, "production-confirm"));
    const end = "which is made elsewhere: not checked; preview its stack together with this one";
    assert.deepStrictEqual(notices, [
      "staging notice made-elsewhere: " +
        'aws.codepipeline.Pipeline "staging", stage Production, action api-to-production: ' +
        `takes ${THERE}/production-deploy, ${end}`,
      `staging notice made-elsewhere: aws.codebuild.Project "confirm-production": takes ${THERE}/production-confirm, ${end}`,
    ]);
  });

  it("wants both halves to mean the same bucket and key, as far as a preview can know", () => {
    const start = 'aws.iam.Role "production-deploy": names';
    const bucket = rewritten(deployPolicy(), ["staging-artifacts-", "qa-artifacts-"]);
    assert.deepStrictEqual(found(staging, bucket), [
      wrong(
        "production",
        `${start} bucket qa-artifacts-4f1c2d3, but ${DELIVERY} has its artifacts in staging-artifacts-<7 hex digits>; ` +
          "name that one",
      ),
    ]);
    const key = rewritten(deployPolicy(), ["arn:aws:kms:eu-west-1:111122223333", "arn:aws:kms:eu-west-1:444455556666"]);
    assert.deepStrictEqual(found(staging, key), [
      wrong(
        "production",
        `${start} key arn:aws:kms:eu-west-1:444455556666:key/0f4c9a1e-7a52-4b8e-9a2d-2f6f3d1c8b70, but the artifacts of ` +
          `${DELIVERY} are encrypted with arn:aws:kms:eu-west-1:111122223333:key/<id>; name that one`,
      ),
    ]);
    const given = staging.resources.map((one) =>
      one.type === "aws:s3/bucket:Bucket" ? { ...one, inputs: { ...one.inputs, bucket: one.id } } : one,
    );
    const [exact = ""] = found({ ...staging, resources: given }, production);
    assert.match(
      exact,
      /names bucket staging-artifacts-4f1c2d3, but .* has its artifacts in staging-artifacts-[0-9a-f]{7};/,
    );
  });

  it("wants the role to be able to read the artifacts", () => {
    const less = rewritten(deployPolicy(), ["s3:GetObjectVersion", "s3:ListBucket"]);
    assert.deepStrictEqual(found(staging, less), [
      wrong(
        "production",
        'aws.iam.Role "production-deploy": may not s3:GetObjectVersion on arn:aws:s3:::staging-artifacts-4f1c2d3/staging-delivery/api_releas/*, ' +
          `which ${DELIVERY} needs for its artifacts; allow it in the role's policy`,
      ),
    ]);
  });

  it("leaves it to the stack itself that its bucket and its key admit the role of the other account", () => {
    const closed = without(staging, "aws:s3/bucketPolicy:BucketPolicy", "staging-artifacts");
    const sealed = rewritten(
      [staging, "aws:kms/key:Key", "staging", "policy"],
      ["production-deploy", "production-other"],
    );
    const role = `${THERE}/production-deploy`;
    const refused = [closed, sealed].map((graph) => policyRefuses(graph).map(({ message }) => message));
    const start = "policy: expected to admit";
    assert.match(
      refused[0]?.join("\n") ?? "",
      new RegExp(
        `^aws.s3.Bucket "staging-artifacts": ${start} ${role} to s3:GetBucketVersioning.*\n.* ${role} to s3:GetObject,`,
      ),
    );
    assert.match(
      refused[1]?.join("\n") ?? "",
      new RegExp(`^aws.kms.Key "staging": ${start} ${role} to kms:Decrypt on `),
    );
    assert.deepStrictEqual(
      [policyRefuses(staging), found(closed, production), found(sealed, production)],
      [[], [], []],
    );
  });

  it("wants the repository to admit who pushes to it from another account", () => {
    const start = `aws.ecr.Repository "api": policy: expected to admit ${HERE}/staging-api-release to`;
    const end = 'as the policy of aws.iam.Role "api-release" in stack staging does; add a statement';
    const less = rewritten([production, REPOSITORY_POLICY, "api", "policy"], ["ecr:PutImage", "ecr:ListImages"]);
    assert.deepStrictEqual(found(staging, less), [wrong("production", `${start} ecr:PutImage, ${end}`)]);
    const [none = ""] = found(staging, without(production, REPOSITORY_POLICY, "api"));
    assert(none.startsWith(wrong("production", `${start} ecr:DescribeImages, ecr:BatchGetImage, `)), none);
  });

  it("wants it to admit who pulls from it, too", () => {
    const repository = "arn:aws:ecr:eu-west-1:111122223333:repository/staging/api";
    const pulling = rewritten(
      [production, ROLE_POLICY, "api-execution", "policy"],
      ["arn:aws:ecr:eu-west-1:444455556666:repository/production/api", repository],
    );
    const [finding = "", ...others] = found(staging, pulling);
    assert.match(
      finding,
      /^staging error halves-differ: aws\.ecr\.Repository "api": policy: expected to admit arn:aws:iam::444455556666:role\/ecs-delivery\/production\/api-execution-[0-9a-f]{7} to ecr:BatchGetImage, ecr:GetDownloadUrlForLayer, ecr:BatchCheckLayerAvailability, as the policy of aws\.iam\.Role "api-execution" in stack production does; add a statement$/,
    );
    assert.deepStrictEqual(others, []);
  });

  it("says nothing of a role whose policy nobody can read, but that it must admit who takes it", () => {
    const attachment = {
      ...(production.resources.find(({ type, name }) => type === ROLE_POLICY && name === "production-deploy") ??
        assert.fail()),
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: { role: "production-deploy", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    };
    const bare = without(production, ROLE_POLICY, "production-deploy");
    assert.deepStrictEqual(found(staging, { ...bare, resources: [...bare.resources, attachment] }), []);
  });

  it("looks at roles of the same stack only for whom they admit", () => {
    const own = mapsOf(staging.resources.find(({ type }) => type === PIPELINE)?.inputs.stages).map((stage) => ({
      ...stage,
      actions: mapsOf(stage.actions).map((action) =>
        mapOf(action).name === "api-deploy" ? { ...action, roleArn: `${HERE}/staging-api-release` } : action,
      ),
    }));
    assert.deepStrictEqual(found(changed(staging, PIPELINE, "staging", { stages: own }), production), [
      wrong(
        "staging",
        `aws.iam.Role "api-release": assumeRolePolicy: expected to admit ${HERE}/staging-pipeline, which takes the role for ` +
          'aws.codepipeline.Pipeline "staging" of stack staging, action api-deploy; it admits no role by name',
      ),
    ]);
  });
});
