import assert from "node:assert";
import { actionConfiguration } from "../../../preview/rules/actionConfiguration";
import { pipelineStructure } from "../../../preview/rules/pipelineStructure";
import { assertFinds, assertFindsNothing, changed } from "./handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, SOURCE_ACTION, stages } from "./healthy";

const named = (name: string) => (graph: typeof healthy) => pipelineStructure(graph).filter(({ rule }) => rule === name);
const PIPELINE = 'aws.codepipeline.Pipeline "dev"';
const change = (inputs: Readonly<Record<string, unknown>>) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", inputs);
const withStages = (...args: Parameters<typeof stages>) => change({ stages: stages(...args) });

describe("pipeline-structure", () => {
  it("takes a pipeline that CodePipeline takes", () => assertFindsNothing(named("pipeline-structure"), healthy));

  it("finds too few stages and stages of one name", () => {
    const [source] = stages();
    assertFinds(named("pipeline-structure"), change({ stages: [source] }), [
      `${PIPELINE}: expected 2 to 50 stages, got 1`,
    ]);
    assertFinds(named("pipeline-structure"), change({ stages: [...stages(), { name: "Deploy", actions: [] }] }), [
      `${PIPELINE}: two stages are named "Deploy"; rename one`,
    ]);
  });

  it("finds sources elsewhere, and other actions in the first stage", () => {
    assertFinds(
      named("pipeline-structure"),
      withStages({ more: [{ ...SOURCE_ACTION, name: "Other", namespace: "Other" }] }),
      [`${PIPELINE}, stage Build, action Other: a source action stands in the first stage; move it there`],
    );
    assertFinds(named("pipeline-structure"), withStages({ source: { ...BUILD_ACTION, name: "First" } }), [
      `${PIPELINE}, stage Source, action First: the first stage takes source actions only, this one is of category Build; move it on`,
    ]);
  });

  it("finds names, run orders and timeouts that CodePipeline refuses", () => {
    const odd = { ...BUILD_ACTION, name: "two words", runOrder: 1000, timeoutInMinutes: 5 };
    assertFinds(named("pipeline-structure"), withStages({ more: [odd] }), [
      `${PIPELINE}, stage Build, action two words: name "two words": expected 1 to 100 letters, digits and . @ - _`,
      `${PIPELINE}, stage Build, action two words: runOrder: expected a whole number from 1 to 999, got 1000`,
      `${PIPELINE}, stage Build, action two words: timeoutInMinutes: works for approvals only, got 5; leave it out`,
    ]);
  });

  it("finds two actions of one name, and a namespace that is taken", () => {
    const twice = { ...BUILD_ACTION, namespace: "SourceVariables" };
    assertFinds(named("pipeline-structure"), withStages({ more: [twice] }), [
      `${PIPELINE}: stage Build: two actions are named "api-image"; rename one`,
      `${PIPELINE}: two actions have the namespace "SourceVariables"; give each its own`,
    ]);
    assertFinds(named("pipeline-structure"), withStages({ build: { ...BUILD_ACTION, namespace: "image" } }), [
      `${PIPELINE}: namespace "image": an artifact has that name; rename one of the two`,
    ]);
  });

  it("finds a trigger on an action that is no connection", () => {
    assertFinds(
      named("pipeline-structure"),
      change({ triggers: [{ gitConfiguration: { sourceActionName: "Source" } }] }),
      [
        `${PIPELINE}: trigger on "Source", which is no source action on a connection: there is none; remove the trigger`,
      ],
    );
  });

  it("finds a filter on pushes that CodePipeline refuses", () => {
    const configuration = { ConnectionArn: "c", FullRepositoryId: "acme/shop", BranchName: "main" };
    const source = { ...SOURCE_ACTION, provider: "CodeStarSourceConnection", configuration };
    const filtered = (...pushes: readonly object[]) =>
      change({ stages: stages({ source }), triggers: [{ gitConfiguration: { sourceActionName: "Source", pushes } }] });
    const files = { includes: ["a/**"], excludes: ["**/*.md"] };
    assertFindsNothing(named("pipeline-structure"), filtered({ branches: { includes: ["main"] }, filePaths: files }));
    assertFindsNothing(named("pipeline-structure"), filtered({ tags: { includes: ["v*"], excludes: ["v0*"] } }));
    const many = Array<string>(9).fill("x");
    assertFinds(
      named("pipeline-structure"),
      filtered({ branches: { includes: many, excludes: [] } }, { tags: { includes: ["v*"] }, filePaths: files }, {}),
      [
        `${PIPELINE}: trigger on "Source": branches.includes: expected 1 to 8 patterns, got 9`,
        `${PIPELINE}: trigger on "Source": branches.excludes: expected 1 to 8 patterns, got 0`,
        `${PIPELINE}: trigger on "Source": filePaths.includes: goes with a branch, not with tags; leave one of the two out`,
        `${PIPELINE}: trigger on "Source": filePaths.excludes: goes with a branch, not with tags; leave one of the two out`,
        `${PIPELINE}: trigger on "Source": branches, tags: expected patterns of one of the two, got none`,
      ],
    );
  });

  it("finds an old pipeline type, and runs that would deploy to one service at once", () => {
    assertFinds(named("pipeline-structure"), change({ pipelineType: undefined, executionMode: "PARALLEL" }), [
      `${PIPELINE}: pipelineType: expected V2, got V1, the default; triggers and execution modes need it`,
      `${PIPELINE}: executionMode PARALLEL: two runs would deploy to the same service api at once; use SUPERSEDED or QUEUED`,
    ]);
  });
});

describe("action-configuration", () => {
  const where = `${PIPELINE}, stage Build, action api-image: `;

  it("takes what the providers take", () => assertFindsNothing(actionConfiguration, healthy));

  it("finds an unknown provider and a category that does not go with one", () => {
    const [jenkins, ...rest] = actionConfiguration(withStages({ build: { ...BUILD_ACTION, provider: "Jenkins" } }));
    assert.deepEqual(rest, []);
    assert.ok(jenkins);
    assert.equal(jenkins.level, "notice");
    assert.match(
      jenkins.message,
      /"Jenkins" is not known here: nobody looks .*; known are CodeCommit, .*StepFunctions$/,
    );
    assertFinds(actionConfiguration, withStages({ build: { ...BUILD_ACTION, category: "Deploy" } }), [
      `${where}category "Deploy" does not go with provider CodeBuild; use Build or Test`,
    ]);
  });

  it("says of which actions nobody knows what they may call", () => {
    const invoke = { ...BUILD_ACTION, category: "Invoke", provider: "StepFunctions" };
    const configuration = { StateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:smoke" };
    const text = "provider StepFunctions: what it may call is not known here; that its role suffices is not checked";
    assertFinds(actionConfiguration, withStages({ build: { ...invoke, configuration } }), [where + text], "notice");
  });

  it("finds missing and unknown keys", () => {
    assertFinds(actionConfiguration, withStages({ build: { ...BUILD_ACTION, configuration: { Project: "x" } } }), [
      `${where}configuration ProjectName: CodeBuild needs it, it is not set`,
      `${where}configuration Project: CodeBuild does not know it; it takes ProjectName, PrimarySource, ` +
        "EnvironmentVariables, BatchEnabled, CombineArtifacts, BuildspecOverride",
    ]);
  });

  it("finds a value of more than 1000 characters", () => {
    const configuration = { ProjectName: "dev-api-image", EnvironmentVariables: "x".repeat(1001) };
    assertFinds(actionConfiguration, withStages({ build: { ...BUILD_ACTION, configuration } }), [
      `${where}configuration EnvironmentVariables: at most 1000 characters, got 1001; shorten it`,
    ]);
  });

  it("finds a source that polls because nothing says it must not", () => {
    const source = { ...SOURCE_ACTION, configuration: { RepositoryName: "shop", BranchName: "main" } };
    assertFinds(actionConfiguration, withStages({ source }), [
      `${PIPELINE}, stage Source, action Source: configuration PollForSourceChanges: expected 'false' (an event starts ` +
        "the pipeline), got nothing, which means 'true'",
    ]);
  });

  it("finds values that CodePipeline takes and cannot use", () => {
    const at = `${PIPELINE}, stage Source, action Source: configuration `;
    const given = (provider: string, configuration: object) =>
      withStages({ source: { ...SOURCE_ACTION, provider, configuration } });
    const s3 = { S3Bucket: "uploads", S3ObjectKey: "app.zip", PollForSourceChanges: "false" };
    const connection = { ConnectionArn: "c", BranchName: "main" };
    assertFindsNothing(actionConfiguration, given("ECR", { RepositoryName: "shop", ImageTag: "release-" }));
    assertFindsNothing(actionConfiguration, given("ECR", { RepositoryName: "shop" }));
    assertFindsNothing(actionConfiguration, given("S3", s3));
    const id = { ...connection, FullRepositoryId: "group/team/shop" };
    assertFindsNothing(actionConfiguration, given("CodeStarSourceConnection", id));
    assertFinds(actionConfiguration, given("ECR", { RepositoryName: "shop", ImageTag: "release-*" }), [
      `${at}ImageTag: expected 1 to 128 letters, digits and . _ -, the first neither . nor -, got "release-*"`,
    ]);
    assertFinds(actionConfiguration, given("S3", { ...s3, S3Bucket: "arn:aws:s3:::uploads", S3ObjectKey: "*.zip" }), [
      `${at}S3Bucket: expected 3 to 63 lower-case letters, digits, . and -, got "arn:aws:s3:::uploads"`,
      `${at}S3ObjectKey: expected the key of one object, got "*.zip"`,
    ]);
    assertFinds(actionConfiguration, given("CodeStarSourceConnection", { ...connection, FullRepositoryId: "shop" }), [
      `${at}FullRepositoryId: expected owner/name, got "shop"`,
    ]);
  });

  it("finds an S3 source that polls because nothing says it must not", () => {
    const configuration = { S3Bucket: "uploads", S3ObjectKey: "app.zip" };
    assertFinds(actionConfiguration, withStages({ source: { ...SOURCE_ACTION, provider: "S3", configuration } }), [
      `${PIPELINE}, stage Source, action Source: configuration PollForSourceChanges: expected 'false' (an event starts ` +
        "the pipeline), got nothing, which means 'true'",
    ]);
  });

  it("finds a wrong number of artifacts, and a wait that is too long", () => {
    const configuration = { ClusterName: "dev", ServiceName: "api", DeploymentTimeout: "90" };
    const deploy = { ...DEPLOY_ACTION, inputArtifacts: [], configuration };
    assertFinds(actionConfiguration, withStages({ deploy }), [
      `${PIPELINE}, stage Deploy, action api-deploy: configuration DeploymentTimeout: expected 1 to 60 minutes, got 90`,
      `${PIPELINE}, stage Deploy, action api-deploy: expected 1 input artifact(s), got 0`,
    ]);
  });

  it("finds artifacts that are named and not among the inputs, and a missing primary source", () => {
    assertFinds(actionConfiguration, withStages({ build: { ...BUILD_ACTION, inputArtifacts: ["source", "more"] } }), [
      `${where}configuration PrimarySource: needed with 2 input artifacts; name one of them`,
    ]);
    const configuration = {
      ApplicationName: "api",
      DeploymentGroupName: "api",
      TaskDefinitionTemplateArtifact: "image",
      AppSpecTemplateArtifact: "other",
      Image1ArtifactName: "image",
      Image1ContainerName: "IMAGE1_NAME",
    };
    const deploy = { ...DEPLOY_ACTION, provider: "CodeDeployToECS", configuration };
    assertFinds(actionConfiguration, withStages({ deploy }), [
      `${PIPELINE}, stage Deploy, action api-deploy: configuration AppSpecTemplateArtifact: "other" is none of its input artifacts (image)`,
    ]);
  });
});
