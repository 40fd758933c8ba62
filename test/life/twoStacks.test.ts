import assert from "node:assert/strict";
import type { RecordedResource } from "../../model/graph/graph";
import type { DocumentStatement, Graph } from "../support/graph";
import { admitted, allows, like } from "../support/iam";
import { actionGroups, type DeclaredAction, parsedVariables } from "../support/pipelineActions";
import { at, json, list, textAt } from "../support/read";
import { releaseGraphs } from "../support/releaseGraphs";
import { WAYS } from "../support/releaseWays";
import { callerIn, statementsOf } from "../support/releaseWorld";
import { exampleGraph, exampleValues } from "../support/stack";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";
const PROJECT = "aws:codebuild/project:Project";
const POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";

const role = (graph: Graph, name: string) =>
  graph.all("aws:iam/role:Role").find(({ outputs }) => outputs.name === name) ?? assert.fail(`no role ${name}`);
const granted = (statements: readonly DocumentStatement[], action: string) =>
  statements.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
const project = (graph: Graph, action: DeclaredAction) =>
  graph.all(PROJECT).find(({ inputs }) => inputs.name === action.configuration.ProjectName) ?? assert.fail(action.name);
const variables = (given: unknown) =>
  Object.fromEntries(parsedVariables(given).map((variable) => [variable.name, variable.value]));

/** A trust policy that admits one role of one account, and nobody else. */
function assertTrusts({ inputs }: RecordedResource, roleArn: string): void {
  assert.deepEqual(json(inputs.assumeRolePolicy, "Statement"), [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${roleArn.split(":")[4] ?? ""}:root` },
      Condition: { ArnLike: { "aws:PrincipalArn": roleArn } },
      Action: "sts:AssumeRole",
    },
  ]);
}

for (const [name, way] of Object.entries(WAYS)) {
  describe(`the two stacks, ${name}`, () => {
    let staging: Graph;
    let production: Graph;
    let actions: DeclaredAction[];
    let pipeline: Readonly<Record<string, unknown>>;
    before(async () => {
      ({ staging, production } = await releaseGraphs(way.example, way.changes));
      actions = actionGroups(staging).flat();
      pipeline = staging.only(PIPELINE).inputs;
    });

    const action = (of: string) => actions.find((one) => one.name === of) ?? assert.fail(`no action ${of}`);
    const confirmed = (of: string) => {
      const { configuration } = action(`${of}-confirm-production`);
      return variables(JSON.parse(configuration.EnvironmentVariables ?? "[]"));
    };
    const deployRole = () => statementsOf(production, textAt(role(production, "production-deploy").outputs.arn));

    it("deploy in the role that production makes, which admits the pipeline's role and nobody else", () => {
      const made = role(production, "production-deploy");
      const deployments = actions.filter(({ roleArn }) => roleArn !== "");
      assert.deepEqual(
        deployments.map(({ name: of }) => of),
        way.services.map((service) => `${service}-to-production`),
      );
      for (const { roleArn } of deployments) assert.equal(roleArn, made.outputs.arn);
      assertTrusts(made, textAt(pipeline.roleArn));
      assert.equal(role(staging, "staging-pipeline").outputs.arn, pipeline.roleArn);
      assert.deepEqual(granted(statementsOf(staging, textAt(pipeline.roleArn)), "sts:AssumeRole"), [made.outputs.arn]);
    });

    it("confirm in the role that production makes, which admits the confirming build's role and nobody else", () => {
      const made = role(production, "production-confirm");
      const projects = new Set(way.services.map((of) => project(staging, action(`${of}-confirm-production`))));
      assert.equal(projects.size, 1);
      for (const { inputs } of projects) {
        assertTrusts(made, textAt(inputs.serviceRole));
        assert.deepEqual(granted(statementsOf(staging, textAt(inputs.serviceRole)), "sts:AssumeRole"), [
          made.outputs.arn,
        ]);
        const { TARGET_ROLE_ARN, TARGET_REGION } = variables(at(inputs.environment, "environmentVariables"));
        assert.deepEqual([TARGET_ROLE_ARN, TARGET_REGION], [made.outputs.arn, callerIn(production).region]);
      }
    });

    it("let no other role of production's be taken from outside", () => {
      const open = production.all("aws:iam/role:Role").filter(({ inputs }) => {
        return list(json(inputs.assumeRolePolicy, "Statement")).some((one) => at(one, "Principal", "AWS"));
      });
      assert.deepEqual(
        open.map(({ outputs }) => outputs.name),
        ["production-confirm", "production-deploy"],
      );
    });

    it("admit to a repository of another account exactly who pushes, or pulls", () => {
      const own = callerIn(staging).account === callerIn(production).account;
      const pushed = own || way.stays ? [] : way.services;
      const pulled = !own && way.stays ? way.services : [];
      assert.deepEqual(
        production.all(POLICY).map(({ inputs }) => [inputs.repository, admitted(inputs.policy)]),
        pushed.map((of) => [`production/${of}`, [project(staging, action(`${of}-release`)).inputs.serviceRole]]),
      );
      assert.deepEqual(
        staging.all(POLICY).map(({ inputs }) => inputs.repository),
        pulled.map((of) => `staging/${of}`),
      );
      for (const { inputs } of staging.all(POLICY)) {
        const [pattern = "", ...more] = admitted(inputs.policy, "ecr:BatchGetImage");
        assert.deepEqual([more, admitted(inputs.policy, "ecr:PutImage")], [[], []]);
        const roles = production.all("aws:iam/role:Role").map(({ outputs }) => textAt(outputs.arn));
        const tasks = production.only("aws:ecs/taskDefinition:TaskDefinition").inputs;
        assert.deepEqual(
          roles.filter((arn) => like(pattern, arn)),
          [tasks.executionRoleArn],
        );
      }
    });

    for (const of of way.services) {
      it(`agree on ${of}: cluster, service, container, repository and record`, () => {
        const { configuration } = action(`${of}-to-production`);
        const service = production.named("aws:ecs/service:Service", of);
        const cluster = production.only("aws:ecs/cluster:Cluster");
        const [container] = list(
          json(production.named("aws:ecs/taskDefinition:TaskDefinition", of).inputs.containerDefinitions),
        );
        assert.equal(service.inputs.cluster, cluster.outputs.arn);
        assert.deepEqual(
          [configuration.ClusterName, configuration.ServiceName],
          [cluster.outputs.name, service.inputs.name],
        );
        assert.deepEqual(
          [confirmed(of).CLUSTER_NAME, confirmed(of).SERVICE_NAME, confirmed(of).CONTAINER_NAME],
          [cluster.outputs.name, service.inputs.name, at(container, "name")],
        );
        const records = production.all("aws:ssm/parameter:Parameter").filter((one) => one.urn.includes(`::${of}`));
        assert.deepEqual(records.map(({ inputs }) => inputs.name).sort(), [
          confirmed(of).DELIVERED_IMAGE_PARAMETER,
          `/ecs-delivery/production-${of}/passport`,
        ]);
        const { environment } = project(staging, action(`${of}-release`)).inputs;
        const { TARGET_REPOSITORY_URI, CONTAINER_NAME } = variables(at(environment, "environmentVariables"));
        assert.equal(`${TARGET_REPOSITORY_URI ?? ""}:not-delivered-yet`, at(container, "image"));
        assert.equal(CONTAINER_NAME, at(container, "name"));
        assert.equal(at(production.recorded.stackOutputs, "services", of, "repository"), TARGET_REPOSITORY_URI);
      });

      it(`let the pipeline do with ${of} what the ECS action does`, () => {
        const { inputs } = production.named("aws:ecs/taskDefinition:TaskDefinition", of);
        const { account, region } = callerIn(production);
        const arn = (resource: string) => `arn:aws:ecs:${region}:${account}:${resource}`;
        const service = arn(`service/production/production-${of}`);
        const revision = arn(`task-definition/production-${of}:1`);
        for (const [needed, resource] of [
          ["ecs:DescribeServices", service],
          ["ecs:UpdateService", service],
          ["ecs:DescribeTaskDefinition", revision],
          ["ecs:RegisterTaskDefinition", revision],
          ["ecs:TagResource", revision],
          ["iam:PassRole", textAt(inputs.executionRoleArn)],
          ["iam:PassRole", textAt(inputs.taskRoleArn)],
        ] as const) {
          assert.ok(allows(deployRole(), { action: needed, resource }), `${needed} ${resource}`);
        }
      });
    }

    it("let it pass on the roles of these tasks, and touch no other service", () => {
      const revisions = production.all("aws:ecs/taskDefinition:TaskDefinition").map(({ inputs }) => inputs);
      const roles = revisions.flatMap(({ executionRoleArn, taskRoleArn }) => [executionRoleArn, taskRoleArn]);
      assert.deepEqual(granted(deployRole(), "iam:PassRole").sort(), roles.sort());
      assert.equal(granted(deployRole(), "ecs:UpdateService").length, way.services.length);
    });

    it("share the artifacts: the role that deploys reads the store of its region, and writes nothing", () => {
      const { account, region } = callerIn(production);
      const stores = list(pipeline.artifactStores);
      const store = stores.find((one) => [undefined, region].includes(textAt(at(one, "region")) || undefined));
      const [bucket, key] = [`arn:aws:s3:::${textAt(at(store, "location"))}`, textAt(at(store, "encryptionKey", "id"))];
      assert.deepEqual(granted(deployRole(), "s3:GetObject"), [`${bucket}/staging-*`]);
      assert.deepEqual(granted(deployRole(), "s3:GetObjectVersion"), [`${bucket}/staging-*`]);
      assert.deepEqual(granted(deployRole(), "s3:GetBucketVersioning"), [bucket]);
      assert.deepEqual(granted(deployRole(), "kms:Decrypt"), [key]);
      assert.ok(!deployRole().some(({ Action }) => Action.some((one) => /^(s3:Put|kms:(Encrypt|Gen))/.test(one))));
      const readers = account === callerIn(staging).account ? [] : [role(production, "production-deploy").outputs.arn];
      const used = staging.all("aws:kms/key:Key").filter(({ outputs }) => outputs.arn === key);
      const buckets = staging.all("aws:s3/bucketPolicy:BucketPolicy");
      const kept = buckets.filter(({ inputs }) => inputs.bucket === at(store, "location"));
      assert.deepEqual([used.length, kept.length], [1, 1]);
      assert.deepEqual(admitted(used[0]?.inputs.policy, "kms:Decrypt"), readers);
      assert.deepEqual(admitted(kept[0]?.inputs.policy, "s3:GetObject"), readers);
    });
  });
}

describe("the stack file of production", () => {
  for (const example of new Set(Object.values(WAYS).map((way) => way.example))) {
    it(`names the bucket and the key whose artifacts the role reads: ${example}`, async () => {
      const production = await exampleGraph(example, "production");
      const statements = statementsOf(production, textAt(role(production, "production-deploy").outputs.arn));
      const given = exampleValues(example, "production")["ecs-delivery:deliveredBy"];
      assert.deepEqual(granted(statements, "s3:GetObject"), [
        `arn:aws:s3:::${textAt(at(given, "artifactBucket"))}/staging-*`,
      ]);
      assert.deepEqual(granted(statements, "kms:Decrypt"), [at(given, "kmsKey")]);
    });
  }
});
