import assert from "node:assert/strict";
import { matches } from "./support/eventPattern";
import type { Graph } from "./support/graph";
import { allowed, at, documentStatements, json, list, textAt } from "./support/read";
import { actionOf, declaredVariables, environmentOf, PIPELINE, PROJECT_TYPE, shape } from "./support/shape";
import { exampleGraph } from "./support/stack";

describe("the example staging", () => {
  let graph: Graph;
  before(async () => {
    graph = await exampleGraph("staging", "staging");
  });

  it("builds, deploys and tests two services side by side, and then says that they passed", () =>
    assert.deepEqual(shape(graph.only(PIPELINE)), [
      "Source: Source",
      "Build: backend-unit-tests bff-unit-tests | backend-image bff-image | backend-resolve",
      "Staging: backend-deploy bff-deploy | backend-confirm bff-confirm | end-to-end-test performance-test security-test acceptance-test | backend-passed bff-passed",
    ]));

  it("builds each from its own folder, the backend by its own buildspec", () => {
    assert.equal(
      at(graph.named(PROJECT_TYPE, "backend-image").inputs, "source", "buildspec"),
      "backend/build/production/buildspec.yml",
    );
    for (const service of ["backend", "bff"]) {
      const { SERVICE_FOLDER, CONTAINER_NAME, IMAGE_REPOSITORY_URI } = declaredVariables(graph, `${service}-image`);
      assert.deepEqual([SERVICE_FOLDER, CONTAINER_NAME], [service, service]);
      assert.match(IMAGE_REPOSITORY_URI ?? "", new RegExp(`/staging/${service}$`));
    }
  });

  it("tells each test the address of its service, the image that runs there, and the commit", () => {
    const { ENVIRONMENT_URL, IMAGE_URI, COMMIT_ID, SERVICE_FOLDER } = declaredVariables(graph, "performance-test");
    const balancer = graph.named("aws:lb/loadBalancer:LoadBalancer", "backend").outputs.dnsName;
    assert.equal(ENVIRONMENT_URL, `http://${textAt(balancer)}`);
    assert.equal(IMAGE_URI, "#{backend-resolveVariables.IMAGE_URI}");
    assert.equal(COMMIT_ID, "#{SourceVariables.CommitId}");
    assert.equal(SERVICE_FOLDER, "tests/performance");
  });

  it("gives each test its own image, size and time, and no privilege", () => {
    const browser = environmentOf(graph, "end-to-end-test");
    assert.equal(at(browser, "image"), "mcr.microsoft.com/playwright:v1.56.0-noble");
    assert.equal(at(browser, "imagePullCredentialsType"), "SERVICE_ROLE");
    assert.equal(at(browser, "computeType"), "BUILD_GENERAL1_MEDIUM");
    assert.equal(graph.named(PROJECT_TYPE, "performance-test").inputs.buildTimeout, 60);
    const privileged = graph
      .all(PROJECT_TYPE)
      .filter(({ inputs }) => at(inputs.environment, "privilegedMode") === true);
    assert.deepEqual(
      privileged.map(({ name }) => name),
      ["backend-image", "bff-image"],
    );
  });

  it("lets only the test that is given a secret read it", () => {
    const readers = graph
      .all("aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => textAt(inputs.policy).includes("/shop/scanner-token"));
    assert.deepEqual(
      readers.map(({ name }) => name),
      ["security-test"],
    );
  });
});

describe("the example release-from-docker-hub", () => {
  it("gives both images their release tag where they are, side by side, without a docker daemon", async () => {
    const graph = await exampleGraph("release-from-docker-hub", "staging");
    assert.deepEqual(shape(graph.only(PIPELINE)).slice(-3), [
      "Approve: Approve",
      "Release: backend-release bff-release",
      "Production: backend-to-production bff-to-production | backend-confirm-production bff-confirm-production",
    ]);
    const variables = new Map(
      list(at(environmentOf(graph, "backend-release"), "environmentVariables")).map((one) => [at(one, "name"), one]),
    );
    assert.equal(at(variables.get("TARGET_REPOSITORY_URI"), "value"), "docker.io/acme/backend");
    assert.equal(at(variables.get("RELEASE_TAG_PREFIX"), "value"), "production-");
    assert.deepEqual(at(variables.get("DOCKER_PASSWORD"), "type"), "PARAMETER_STORE");
    assert.equal(at(environmentOf(graph, "backend-release"), "privilegedMode"), false);
    assert.equal(graph.count("aws:ecr/repository:Repository"), 0);
    for (const role of ["backend-image", "backend-release", "backend-execution"]) {
      assert.doesNotMatch(JSON.stringify(graph.statements(role)), /"ecr:/, role);
    }
  });

  it("lets tasks in production pull with a secret that only their execution role reads", async () => {
    const graph = await exampleGraph("release-from-docker-hub", "production");
    const secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:docker-hub-AbCdEf";
    const definition = graph.named("aws:ecs/taskDefinition:TaskDefinition", "backend").inputs.containerDefinitions;
    assert.deepEqual(json(definition, 0, "repositoryCredentials"), { credentialsParameter: secret });
    assert.ok(allowed(graph.statements("backend-execution")).includes(`secretsmanager:GetSecretValue ${secret}`));
    assert.equal(graph.count(PIPELINE), 0);
  });
});

describe("the example blue-green-81-82", () => {
  it("serves on 81 for everyone and shows the new version on 82 to private addresses", async () => {
    const graph = await exampleGraph("blue-green-81-82", "prod");
    const ports = graph.all("aws:lb/listener:Listener").map(({ name, inputs }) => [name, inputs.port, inputs.protocol]);
    assert.deepEqual(ports, [
      ["api-production", 81, "HTTP"],
      ["api-test", 82, "HTTP"],
    ]);
    const open = graph
      .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs.cidrIpv4 !== undefined)
      .map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort]);
    assert.deepEqual(open.sort(), [
      ["0.0.0.0/0", 81],
      ["10.0.0.0/8", 82],
    ]);
    const { loadBalancerInfo } = graph.only("aws:codedeploy/deploymentGroup:DeploymentGroup").inputs;
    const route = (kind: string) => at(loadBalancerInfo, "targetGroupPairInfo", kind, "listenerArns", 0);
    const listener = (name: string) => graph.named("aws:lb/listener:Listener", name).outputs.arn;
    assert.deepEqual(
      [route("prodTrafficRoute"), route("testTrafficRoute")],
      [listener("api-production"), listener("api-test")],
    );
  });
});

describe("the example one-pipeline", () => {
  it("stages the backend before it builds the front end, and releases both at once", async () => {
    const graph = await exampleGraph("one-pipeline", "staging");
    assert.deepEqual(shape(graph.only(PIPELINE)), [
      "Source: Source",
      "Build: backend-unit-tests | backend-image",
      "Staging: backend-deploy | backend-confirm | front-end-unit-tests | front-end-image | front-end-deploy | front-end-confirm | performance-test | security-test acceptance-test | backend-passed front-end-passed",
      "Approve: Approve",
      "Release: backend-release front-end-release",
      "Production: backend-to-production front-end-to-production | backend-confirm-production front-end-confirm-production",
    ]);
  });

  it("asks with the commit, the link to the change and the environment to look at", async () => {
    const graph = await exampleGraph("one-pipeline", "staging");
    const { CustomData, ExternalEntityLink } = at(actionOf(graph, "Approve"), "configuration") as Record<
      string,
      string
    >;
    const [backend, frontEnd] = graph
      .all("aws:lb/loadBalancer:LoadBalancer")
      .map(({ outputs }) => textAt(outputs.dnsName));
    assert.equal(
      CustomData,
      `Deliver to production: Source #{SourceVariables.CommitId}; look at http://${backend ?? ""}, http://${frontEnd ?? ""}`,
    );
    assert.match(
      ExternalEntityLink ?? "",
      /connections\/redirect\?connectionArn=arn:.*&referenceType=COMMIT&FullRepositoryId=acme\/shop&Commit=#\{SourceVariables\.CommitId\}$/,
    );
  });
});

describe("the example ecr-source", () => {
  it("starts with a release tag in its own repository, never with the tags that it sets itself", async () => {
    const graph = await exampleGraph("ecr-source", "prod");
    const pattern = graph.named("aws:cloudwatch/eventRule:EventRule", "prod-on-Source").inputs.eventPattern;
    const pushed = (tag: string, repository = "prod/api") => ({
      source: "aws.ecr",
      "detail-type": "ECR Image Action",
      account: "111122223333",
      region: "eu-west-1",
      detail: { "action-type": "PUSH", result: "SUCCESS", "repository-name": repository, "image-tag": tag },
    });
    assert.equal(matches(pattern, pushed("release-1.2.3")), true);
    assert.equal(matches(pattern, pushed("released-0123456789ab")), false);
    assert.equal(matches(pattern, pushed("release-1", "dev/api")), false);
  });

  it("builds nothing: no docker, no unit tests, no right to push", async () => {
    const graph = await exampleGraph("ecr-source", "prod");
    assert.deepEqual(shape(graph.only(PIPELINE)), [
      "Source: Source",
      "Build: Approve | api-image",
      "Deploy: api-deploy | api-confirm",
    ]);
    for (const { inputs } of graph.all(PROJECT_TYPE)) assert.equal(at(inputs.environment, "privilegedMode"), false);
    assert.doesNotMatch(JSON.stringify(graph.statements("api-image")), /"ecr:/);
  });
});

describe("the example monorepo", () => {
  it("has a pipeline for each service, which starts when its own folder changes", async () => {
    const graph = await exampleGraph("monorepo", "dev");
    const started = graph
      .all(PIPELINE)
      .map(({ inputs }) => [
        inputs.name,
        at(inputs.triggers, 0, "gitConfiguration", "pushes", 0, "filePaths", "includes"),
      ]);
    assert.deepEqual(started, [
      ["dev-backend-delivery", ["backend/**"]],
      ["dev-front-end-delivery", ["front-end/**"]],
    ]);
    for (const name of ["backend", "front-end"]) {
      const role = JSON.stringify(graph.statements(`${name}-pipeline`));
      const other = name === "backend" ? "front-end" : "backend";
      assert.doesNotMatch(role, new RegExp(`dev-${other}`), `the pipeline of ${name}`);
    }
  });
});

describe("the example two-accounts", () => {
  it("opens artifacts and their key to the one role that deploys there, for reading", async () => {
    const graph = await exampleGraph("two-accounts", "staging");
    const role = "arn:aws:iam::444455556666:role/ecs-delivery/production/production-deploy";
    const bucket = documentStatements(graph.only("aws:s3/bucketPolicy:BucketPolicy").inputs.policy).slice(1);
    const key = documentStatements(graph.only("aws:kms/key:Key").inputs.policy).slice(-1);
    for (const statement of [...bucket, ...key]) {
      assert.deepEqual(at(statement, "Condition", "ArnLike"), { "aws:PrincipalArn": role });
      assert.doesNotMatch(JSON.stringify(at(statement, "Action")), /Put|Encrypt"|\*"\]/);
    }
    assert.match(JSON.stringify(at(bucket[0], "Resource")), /^\["[^"]+\/staging-delivery\/api_releas\/\*"\]$/);
    assert.deepEqual([bucket.length, key.length], [2, 1]);
  });

  it("has a window ahead of the release, and alarms at the door of production", async () => {
    const { inputs } = (await exampleGraph("two-accounts", "staging")).only(PIPELINE);
    const rules = list(inputs.stages).map((stage) => [
      textAt(at(stage, "name")),
      list(at(stage, "beforeEntry", "condition", "rules")).map((rule) => textAt(at(rule, "ruleTypeId", "provider"))),
    ]);
    assert.deepEqual(
      rules.filter(([, providers]) => providers?.length),
      [
        ["Release", ["DeploymentWindow"]],
        ["Production", ["CloudWatchAlarm"]],
      ],
    );
  });

  it("tells Slack, whose role may change nothing", async () => {
    const graph = await exampleGraph("two-accounts", "staging");
    const { guardrailPolicyArns, slackChannelId } = graph.only(
      "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
    ).inputs;
    assert.deepEqual(guardrailPolicyArns, ["arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"]);
    assert.equal(slackChannelId, "C0123ABCD");
    for (const { Action } of graph.statements("staging-slack")) {
      for (const action of Action) assert.match(action, /^cloudwatch:(?:Describe|Get|List)/);
    }
  });
});
