import assert from "node:assert/strict";
import type { BuildProjectArgs } from "../../../components/build/args";
import { BuildProject } from "../../../components/build/buildProject";
import { allow } from "../../../components/iam/policyDocument";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { allowed, at, json } from "../../support/read";
import { arn, STORE } from "../../support/service";

const PROJECT = "aws:codebuild/project:Project";
const args: BuildProjectArgs = {
  projectName: "dev-api-tests",
  description: "Unit tests of api",
  buildspec: "ci/buildspec.yml",
  artifactStores: [STORE],
};
const build = (changes: Partial<BuildProjectArgs> = {}) =>
  recordGraph(() => new BuildProject("tests", { ...args, ...changes }));
const environment = (graph: Graph, key: string) => at(graph.only(PROJECT).inputs, "environment", key);
const logs = arn("logs", "log-group:/aws/codebuild/dev-api-tests");

/** What any build does: its log, its source, its artifacts. */
const BASE = [
  ...[logs, `${logs}:*`].flatMap((group) => [`logs:CreateLogStream ${group}`, `logs:PutLogEvents ${group}`]),
  ...["GetBucketAcl", "GetBucketLocation"].map((name) => `s3:${name} ${STORE.arn}`),
  ...["GetObject", "GetObjectVersion"].map((name) => `s3:${name} ${STORE.arn}/*`),
  ...["Decrypt", "DescribeKey"].map((name) => `kms:${name} ${STORE.kmsKeyArn}`),
];
const WRITE = [
  `s3:PutObject ${STORE.arn}/*`,
  ...["Encrypt", "GenerateDataKey*", "ReEncrypt*"].map((name) => `kms:${name} ${STORE.kmsKeyArn}`),
];

describe("BuildProject", () => {
  let graph: Graph;
  before(async () => {
    graph = await build();
  });

  it("is a project, its log group and a role, all its children", () => {
    assert.deepEqual(graph.counts(), {
      "aws:cloudwatch/logGroup:LogGroup": 1,
      [PROJECT]: 1,
      "aws:iam/role:Role": 1,
      "aws:iam/rolePolicy:RolePolicy": 1,
    });
    const own = graph.only("ecs-delivery:index:BuildProject").urn;
    for (const { urn, parent } of graph.resources) assert.ok(urn === own || parent === own, urn);
  });

  it("takes its source from a pipeline and gives its files back to it, encrypted as the pipeline's are", () => {
    const { inputs } = graph.only(PROJECT);
    assert.deepEqual(inputs.source, { type: "CODEPIPELINE", buildspec: "ci/buildspec.yml" });
    assert.deepEqual(inputs.artifacts, { type: "CODEPIPELINE" });
    assert.equal(inputs.encryptionKey, STORE.kmsKeyArn);
    assert.equal(at(inputs.logsConfig, "cloudwatchLogs", "groupName"), "/aws/codebuild/dev-api-tests");
  });

  it("may do what any build does, and nothing else", () => {
    assert.deepEqual(allowed(graph.statements("tests")), [...BASE, ...WRITE].sort());
  });

  it("runs in that role, once it has its policy", () => {
    const { inputs, dependencies } = graph.only(PROJECT);
    const role = graph.only("aws:iam/role:Role");
    assert.equal(inputs.serviceRole, role.outputs.arn);
    assert.ok(dependencies.includes(graph.only("aws:iam/rolePolicy:RolePolicy").urn));
    assert.deepEqual(json(role.inputs.assumeRolePolicy, "Statement", 0, "Principal"), {
      Service: "codebuild.amazonaws.com",
    });
  });

  it("has no privilege where nothing needs it, and no cache that would need it", () => {
    assert.equal(environment(graph, "privilegedMode"), false);
    assert.deepEqual(graph.only(PROJECT).inputs.cache, { type: "NO_CACHE" });
  });
});

describe("BuildProject, on demand", () => {
  it("builds images in a privileged container that keeps layers", async () => {
    const graph = await build({ docker: true });
    assert.equal(environment(graph, "privilegedMode"), true);
    assert.deepEqual(at(graph.only(PROJECT).inputs.cache, "modes", 0), "LOCAL_DOCKER_LAYER_CACHE");
  });

  it("builds on the CPU that the image runs on: type and image of the build go together", async () => {
    const [x86, arm] = [await build(), await build({ cpuArchitecture: "ARM64" })];
    assert.equal(environment(x86, "type"), "LINUX_CONTAINER");
    assert.match(String(environment(x86, "image")), /^aws\/codebuild\/amazonlinux-x86_64-standard:/);
    assert.equal(environment(arm, "type"), "ARM_CONTAINER");
    assert.match(String(environment(arm, "image")), /^aws\/codebuild\/amazonlinux-aarch64-standard:/);
  });

  it("only reads where no later action reads its files", async () => {
    assert.deepEqual(allowed((await build({ writes: [] })).statements("tests")), [...BASE].sort());
  });

  it("reads and writes the artifacts that it is told of, as far as CodePipeline's keys tell them apart", async () => {
    const pipelineName = "a-pipeline-with-a-long-name";
    const reads = [
      { pipelineName, name: "source" },
      { pipelineName, name: "backend_image" },
    ];
    const lines = allowed((await build({ reads, writes: [{ pipelineName, name: "tested" }] })).statements("tests"));
    const folder = `${STORE.arn}/a-pipeline-with-a-lo`;
    assert.deepEqual(
      lines.filter((line) => line.startsWith("s3:Get") && line.includes("/")),
      ["GetObject", "GetObjectVersion"].flatMap((name) =>
        ["backend_im", "source"].map((artifact) => `s3:${name} ${folder}/${artifact}/*`),
      ),
    );
    assert.deepEqual(
      lines.filter((line) => line.includes("s3:Put")),
      [`s3:PutObject ${folder}/tested/*`],
    );
  });

  it("uses the key of its artifacts through S3 alone", async () => {
    const key = (await build()).statements("tests").filter(({ Action }) => Action.includes("kms:Decrypt"));
    assert.deepEqual(
      key.map(({ Condition }) => Condition),
      [{ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }],
    );
  });

  it("publishes reports into groups of its own name", async () => {
    const added = beyondBase(await build({ reports: true }));
    const actions = ["BatchPutCodeCoverages", "BatchPutTestCases", "CreateReport", "CreateReportGroup", "UpdateReport"];
    const groups = arn("codebuild", "report-group/dev-api-tests-*");
    assert.deepEqual(
      added,
      actions.map((action) => `codebuild:${action} ${groups}`),
    );
  });

  it("gets variables from parameters and secrets, and may read exactly those", async () => {
    const secret = arn("secretsmanager", "secret:docker-AbCdEf");
    const graph = await build({ parameters: { DOCKER_USER: "/docker/user", DOCKER_PASSWORD: `${secret}:password` } });
    assert.deepEqual(environment(graph, "environmentVariables"), [
      { name: "DOCKER_USER", value: "/docker/user", type: "PARAMETER_STORE" },
      { name: "DOCKER_PASSWORD", value: `${secret}:password`, type: "SECRETS_MANAGER" },
    ]);
    assert.deepEqual(beyondBase(graph), [
      `secretsmanager:GetSecretValue ${secret}`,
      `ssm:GetParameters ${arn("ssm", "parameter/docker/user")}`,
    ]);
  });

  it("gets plain variables beside them, which take no permission", async () => {
    const graph = await build({ environment: { STAGE: "dev" }, parameters: { TOKEN: "/token" } });
    assert.deepEqual(environment(graph, "environmentVariables"), [
      { name: "STAGE", value: "dev", type: "PLAINTEXT" },
      { name: "TOKEN", value: "/token", type: "PARAMETER_STORE" },
    ]);
    assert.deepEqual(beyondBase(await build({ environment: { STAGE: "dev" } })), []);
  });

  it("pulls another image in its own role, CodeBuild's own as CodeBuild", async () => {
    const pulls = async (image?: string) => {
      const graph = await build({ ...(image && { image }) });
      return [environment(graph, "image"), environment(graph, "imagePullCredentialsType")];
    };
    const ours = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tools/node:22";
    assert.deepEqual(await pulls(ours), [ours, "SERVICE_ROLE"]);
    assert.deepEqual(await pulls("node:22"), ["node:22", "SERVICE_ROLE"]);
    assert.deepEqual(await pulls("aws/codebuild/standard:7.0"), ["aws/codebuild/standard:7.0", "CODEBUILD"]);
    assert.equal((await pulls())[1], "CODEBUILD");
  });

  it("runs in a network once its role may make interfaces there, and in none otherwise", async () => {
    const vpc = { vpcId: "vpc-1", subnetIds: ["subnet-a"], securityGroupIds: ["sg-1"] };
    const graph = await build({ vpc });
    const project = graph.only(PROJECT);
    assert.deepEqual(project.inputs.vpcConfig, { vpcId: "vpc-1", subnets: ["subnet-a"], securityGroupIds: ["sg-1"] });
    assert.ok(project.dependencies.includes(graph.only("aws:iam/rolePolicy:RolePolicy").urn));
    assert.ok(beyondBase(graph).includes("ec2:CreateNetworkInterface *"));
    assert.equal("vpcConfig" in (await build()).only(PROJECT).inputs, false);
  });

  it("names its role where someone must know the name beforehand", async () => {
    const role = (graph: Graph) => graph.only("aws:iam/role:Role");
    assert.equal(role(await build({ roleName: "dev-api-tests" })).inputs.name, "dev-api-tests");
    assert.equal("name" in role(await build()).inputs, false);
  });

  it("may do what its step needs besides", async () => {
    assert.deepEqual(beyondBase(await build({ permissions: [allow(["a:B"], ["c"])] })), ["a:B c"]);
  });

  it("serves the pipelines of several buckets", async () => {
    const other = { bucket: "other", arn: "arn:aws:s3:::other" };
    const lines = beyondBase(await build({ artifactStores: [STORE, other] }));
    assert.ok(lines.includes("s3:PutObject arn:aws:s3:::other/*"));
    assert.equal(lines.filter((line) => line.startsWith("kms:")).length, 0);
  });

  it("runs in a role that is given, and creates none", async () => {
    const role = { arn: "arn:aws:iam::111122223333:role/build", name: "build" };
    const graph = await build({ role });
    assert.deepEqual(graph.counts(), { "aws:cloudwatch/logGroup:LogGroup": 1, [PROJECT]: 1 });
    assert.equal(graph.only(PROJECT).inputs.serviceRole, role.arn);
  });

  it("refuses a name and a time that CodeBuild refuses", async () => {
    const message = await refusal(
      () => new BuildProject("tests", { ...args, projectName: "a b", timeoutInMinutes: 4 }),
    );
    assert.match(message, /BuildProject "tests" has 2 problem\(s\):/);
    assert.match(message, /projectName: expected 2 to 150 letters, digits, - and _, .*, got "a b"/);
    assert.match(message, /timeoutInMinutes: expected a whole number from 5 to 2160 minutes, got 4/);
  });
});

/** What a role may do beyond what any build does. */
function beyondBase(graph: Graph): string[] {
  const known = new Set([...BASE, ...WRITE]);
  return allowed(graph.statements("tests")).filter((line) => !known.has(line));
}
