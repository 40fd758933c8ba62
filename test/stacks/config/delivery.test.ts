import assert from "node:assert/strict";
import { service, stackRefusal } from "../../support/stack";

const refused = async (changes: Record<string, unknown>, ...expected: readonly string[]) => {
  const message = await stackRefusal("dev", changes);
  for (const text of expected) assert.ok(message.includes(text), `${text}\nnot in\n${message}`);
};

const releaseTo = { stack: "production" };
const deliveredBy = {
  stack: "staging",
  artifactBucket: "staging-artifacts-0a1b2c3",
  kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/0a1b",
};
const connection = {
  provider: "CodeStarSourceConnection",
  repository: "acme/shop",
  connectionArn: "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b",
};
const registry = {
  registry: "docker.io/acme/api",
  username: "/shop/docker/user",
  password: "/shop/docker/token",
};

describe("configuration of the source", () => {
  it("is needed, with a branch where there are branches", async () => {
    await refused(
      { source: undefined, branch: undefined },
      "ecs-delivery:source: expected where the code comes from, unless another stack's pipeline delivers (deliveredBy), it is not set",
      "pulumi config set --stack dev --path 'ecs-delivery:source.provider' CodeCommit",
    );
    await refused({ branch: undefined }, "ecs-delivery:branch: expected a branch name, it is not set");
  });

  it("has what its provider has, and nothing else", async () => {
    await refused(
      { source: { provider: "CodeCommit", repository: "shop", tags: ["v*"] } },
      "ecs-delivery:source.tags: expected nothing, because only CodeStarSourceConnection has it and the provider is CodeCommit",
      "pulumi config rm --stack dev --path 'ecs-delivery:source.tags'",
    );
    await refused(
      { source: { provider: "S3", imageTag: "v1" } },
      "ecs-delivery:source.imageTag: expected nothing, because only ECR has it and the provider is S3",
    );
  });

  it("says which tag of an image starts the pipeline", () =>
    refused(
      { source: { provider: "ECR" }, branch: undefined },
      "ecs-delivery:source.imageTag: expected the tag that starts the pipeline, it is not set",
      "'ecs-delivery:source.imageTag' 'release-*'",
    ));

  it("does not look at the files of a tag", () =>
    refused(
      { source: { ...connection, tags: ["v*"], filePaths: ["api/**"] } },
      "ecs-delivery:source.filePaths: expected nothing beside tags",
    ));

  it("keeps to the eight patterns of 255 characters that CodePipeline takes", async () => {
    const expected = "expected 1 to 8 glob patterns of at most 255 characters";
    await refused({ source: { ...connection, filePaths: Array.from({ length: 9 }, () => "a/**") } }, expected);
    await refused({ source: { ...connection, tags: [] } }, expected);
  });
});

describe("configuration of a delivery that goes on to another stack", () => {
  it("names that stack where the shape needs one, and only there", async () => {
    await refused(
      { environment: "commitToProduction" },
      "ecs-delivery:releaseTo: expected the stack that commitToProduction goes on to, it is not set",
      "pulumi config set --stack dev --path 'ecs-delivery:releaseTo.stack' production",
    );
    await refused(
      { releaseTo },
      "ecs-delivery:releaseTo: expected nothing, because dev releases to no other stack; environment: commitToProduction would",
      "pulumi config rm --stack dev --path 'ecs-delivery:releaseTo'",
    );
  });

  it("has one pipeline, because the other stack admits one role", () =>
    refused(
      { environment: "commitToProduction", releaseTo, pipelines: "perService" },
      "ecs-delivery:pipelines: expected one, because of releaseTo",
      "'ecs-delivery:pipelines' one",
    ));

  it("ends where another pipeline delivers", () =>
    refused(
      { environment: "commitToProduction", releaseTo, deliveredBy },
      "ecs-delivery:releaseTo: expected nothing beside deliveredBy: this stack has neither pipeline nor workflow that could go on",
    ));

  it("is deployed by ECS itself: the other side does not know a CodeDeploy application", () =>
    refused(
      { deliveredBy, deployment: "codeDeployBlueGreen" },
      "ecs-delivery:deployment: expected a strategy of ECS itself (rolling, ecsBlueGreen, ecsLinear, ecsCanary)",
      "'ecs-delivery:deployment' ecsBlueGreen",
    ));

  it("makes the roles that the other stack admits", async () => {
    await refused(
      { environment: "commitToProduction", releaseTo, pipelineRole: { existing: "ours" } },
      "ecs-delivery:pipelineRole: expected nothing beside releaseTo: ",
      "pulumi config rm --stack dev --path 'ecs-delivery:pipelineRole'",
    );
    await refused(
      {
        environment: "commitToProduction",
        releaseTo: { ...releaseTo, account: "444455556666" },
        releaseRole: { existing: "ours" },
      },
      "ecs-delivery:releaseRole: expected nothing beside releaseTo.account: ",
      "pulumi config rm --stack dev --path 'ecs-delivery:releaseRole'",
    );
  });

  it("takes a role for releases only where something is released", () =>
    refused(
      { releaseRole: { existing: "ours" } },
      "ecs-delivery:releaseRole: expected nothing without releaseTo: no image is released",
      "pulumi config rm --stack dev --path 'ecs-delivery:releaseRole'",
    ));

  it("names a region only if it is another one: CodePipeline takes one artifact store for each", () =>
    refused(
      { environment: "commitToProduction", releaseTo: { ...releaseTo, region: "eu-west-1" } },
      `ecs-delivery:releaseTo.region: expected another region than the stack's own, got "eu-west-1"`,
      "pulumi config rm --stack dev --path 'ecs-delivery:releaseTo.region'",
    ));

  it("reads accounts as text, so that zeros at the front stay", () =>
    refused(
      { environment: "commitToProduction", releaseTo: { ...releaseTo, account: "4444" } },
      'ecs-delivery:releaseTo.account: expected an AWS account id, 12 digits in quotes, got "4444"',
    ));
});

describe("configuration of tests", () => {
  const commands = ["npm test"];

  it("names services that are there, and that have an address", async () => {
    await refused(
      { tests: [{ name: "end-to-end", service: "web", commands }] },
      'ecs-delivery:tests[0].service: expected tests of services in the list (api), but "end-to-end" tests "web"',
    );
    await refused(
      { services: service("dev", { container: { name: "worker" } }), tests: [{ name: "load", commands }] },
      'ecs-delivery:tests: expected a service with an address for "load": one that has a port, or a url of its own',
    );
  });

  it("has room in a buildspec for its commands", () =>
    refused(
      { services: service("dev", { unitTests: { commands: [`echo ${"x".repeat(19_994)}`, "npm test"] } }) },
      "ecs-delivery:services[0].unitTests.commands: expected at most 20000 characters in all, which is what CodeBuild has room for, got 20014; put them into a script of the repository, and call that",
    ));

  it("needs something to run, and a name of its own", async () => {
    await refused(
      { tests: [{ name: "load" }] },
      "ecs-delivery:tests[0].commands: expected a list of commands, or a buildspec of your own",
    );
    const twice = [
      { name: "load", commands },
      { name: "load", commands },
    ];
    await refused(
      { tests: twice },
      'ecs-delivery:tests[1].name: expected names that differ, but "load" is there twice',
    );
  });
});

describe("configuration of gates", () => {
  it("checks the window's cron expression and time zone", async () => {
    await refused(
      { gates: { deploymentWindow: { cron: "0 9-17 * * MON-FRI" } } },
      "ecs-delivery:gates.deploymentWindow.cron: expected a cron expression of six or seven fields (seconds first)",
      "for example * * 9-16 ? * MON-THU *>'",
    );
    await refused(
      { gates: { deploymentWindow: { cron: "* * 9-16 ? * MON-THU *", timeZone: "Paris" } } },
      "ecs-delivery:gates.deploymentWindow.timeZone: expected a time zone like Europe/Paris or UTC+02:00",
    );
  });

  it("leaves one of the five rules of a stage to the window", () =>
    refused({ gates: { alarms: ["a", "b", "c", "d", "e"] } }, "ecs-delivery:gates.alarms: expected 1 to 4 names"));

  it("looks at scans of ECR alone", () =>
    refused(
      {
        gates: { maximumScanSeverity: "LOW" },
        network: { egress: "natSingle" },
        services: service("dev", { repository: registry }),
      },
      'ecs-delivery:gates.maximumScanSeverity: expected nothing: "api" is not in ECR, whose scan this is about',
    ));
});

describe("configuration of a registry that is not ECR", () => {
  it("asks for a way to it: tasks behind endpoints reach AWS alone", () =>
    refused(
      { services: service("dev", { repository: registry }) },
      'ecs-delivery:network.egress: expected a way to the internet (natSingle, natPerAz or public): tasks of "api" pull from a registry that is not ECR',
      "'ecs-delivery:network.egress' natSingle",
    ));

  it("takes names of parameters, and never shows what may be a password", async () => {
    const changes = { services: service("dev", { repository: { ...registry, password: "hunter 2!" } }) };
    await refused(
      changes,
      "ecs-delivery:services[0].repository.password: expected an SSM parameter's name or ARN, or a Secrets Manager ARN, got something else (not shown: it may be a secret)",
    );
    assert.doesNotMatch(await stackRefusal("dev", changes), /hunter/);
  });
});

describe("configuration of roles and channels", () => {
  it("puts no more than ten projects on one build role", () =>
    refused(
      {
        buildRole: { existing: "build" },
        services: Array.from({ length: 11 }, (_, index) => ({
          name: `s${index}`,
          container: { name: "app", port: 8080 },
        })),
      },
      "ecs-delivery:buildRole: expected nothing: 12 build projects would run in this role, at most 10 go on one",
      "pulumi config rm --stack dev --path 'ecs-delivery:buildRole'",
    ));

  it("counts the projects of each role that exists, whichever settings name it", async () => {
    const services = Array.from({ length: 6 }, (_, index) => ({
      name: `s${index}`,
      container: { name: "app", port: 8080 },
      unitTests: { commands: ["npm test"] },
    }));
    const ours = { existing: "ours" };
    await refused(
      { buildRole: ours, testRole: ours, confirmRole: "created", services },
      "ecs-delivery:buildRole: expected nothing: 12 build projects would run in this role",
    );
    const many = Array.from({ length: 11 }, (_, index) => ({ ...services[0], name: `s${index}` }));
    await refused(
      { testRole: ours, services: many },
      "ecs-delivery:testRole: expected nothing: 11 build projects would run in this role",
      "pulumi config set --stack dev --path 'ecs-delivery:testRole' created",
    );
  });

  it("knows how a role of a kind of builds is given", () =>
    refused(
      { testRole: "delivery-test" },
      'ecs-delivery:testRole: expected { existing: <name or ARN> }, or created, got "delivery-test"',
    ));

  it("knows what ids of chat channels look like", () =>
    refused(
      { chat: { slack: { teamId: "acme", channelId: "C0123ABCD" } } },
      'ecs-delivery:chat.slack.teamId: expected the id of a Slack workspace like T0123ABCD, got "acme"',
    ));
});
