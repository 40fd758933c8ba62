import { pipelineNeverStarts } from "../../../preview/rules/pipelineNeverStarts";
import { arnHere, assertFinds, assertFindsNothing, changed, without } from "./handMade";
import { healthy, SOURCE_ACTION, stages } from "./healthy";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const WHERE = 'aws.codepipeline.Pipeline "dev", stage Source, action Source: ';

function withSource(provider: string, configuration: Readonly<Record<string, string>>, inputs = {}) {
  const source = { ...SOURCE_ACTION, provider, configuration };
  return changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages({ source }), ...inputs });
}

const withPattern = (graph: typeof healthy, pattern: unknown) =>
  changed(graph, RULE, "dev-on-Source", { eventPattern: JSON.stringify(pattern) });

describe("pipeline-never-starts", () => {
  it("takes a rule on the branch, by ARN or by prefix", () => {
    assertFindsNothing(pipelineNeverStarts, healthy);
    const prefix = { source: ["aws.codecommit"], detail: { referenceName: [{ prefix: "ma" }] } };
    assertFindsNothing(pipelineNeverStarts, withPattern(healthy, prefix));
  });

  it("finds a source that nothing watches", () => {
    assertFinds(pipelineNeverStarts, without(healthy, TARGET, "dev-on-Source"), [
      `${WHERE}nothing starts it: no EventBridge rule has the pipeline as target; add one for repository shop, branch main`,
    ]);
  });

  it("finds a rule on another branch or repository", () => {
    const message =
      `${WHERE}no EventBridge rule matches repository shop, branch main: ` +
      'correct the pattern of aws.cloudwatch.EventRule "dev-on-Source"';
    const branch = { source: ["aws.codecommit"], detail: { referenceName: ["master"] } };
    assertFinds(pipelineNeverStarts, withPattern(healthy, branch), [message]);
    const repository = { source: ["aws.codecommit"], resources: [arnHere("codecommit", "other")] };
    assertFinds(pipelineNeverStarts, withPattern(healthy, repository), [message]);
  });

  it("finds a rule that is off, and a target without a role", () => {
    assertFinds(pipelineNeverStarts, changed(healthy, RULE, "dev-on-Source", { state: "DISABLED" }), [
      `${WHERE}the rule for repository shop, branch main is DISABLED; enable it`,
    ]);
    assertFinds(pipelineNeverStarts, changed(healthy, TARGET, "dev-on-Source", { roleArn: undefined }), [
      `${WHERE}aws.cloudwatch.EventTarget "dev-on-Source" has no roleArn: EventBridge may not start the pipeline`,
    ]);
  });

  it("matches images and objects", () => {
    const ecr = withSource("ECR", { RepositoryName: "shop", ImageTag: "live" });
    const pushed = { source: ["aws.ecr"], detail: { "repository-name": ["shop"], "image-tag": ["live"] } };
    assertFindsNothing(pipelineNeverStarts, withPattern(ecr, pushed));
    const latest = withSource("ECR", { RepositoryName: "shop" });
    assertFinds(pipelineNeverStarts, withPattern(latest, pushed), [
      `${WHERE}no EventBridge rule matches image shop:latest: correct the pattern of aws.cloudwatch.EventRule "dev-on-Source"`,
    ]);
    const s3 = withSource("S3", { S3Bucket: "in", S3ObjectKey: "app.zip" });
    const created = { source: ["aws.s3"], detail: { bucket: { name: ["in"] }, object: { key: [{ suffix: ".zip" }] } } };
    assertFindsNothing(pipelineNeverStarts, withPattern(s3, created));
  });

  it("leaves a connection to CodePipeline, unless it is told not to look", () => {
    const given = { ConnectionArn: "c", FullRepositoryId: "acme/shop", BranchName: "main" };
    assertFindsNothing(pipelineNeverStarts, withSource("CodeStarSourceConnection", given));
    const manual = { ...given, DetectChanges: "false" };
    assertFinds(pipelineNeverStarts, withSource("CodeStarSourceConnection", manual), [
      `${WHERE}nothing starts it: DetectChanges is 'false' and no trigger names it; add a trigger`,
    ]);
    const triggers = [{ gitConfiguration: { sourceActionName: "Source" } }];
    assertFindsNothing(pipelineNeverStarts, withSource("CodeStarSourceConnection", manual, { triggers }));
  });

  it("only notes a second source that another one starts", () => {
    const [source, ...rest] = stages();
    const configuration = { RepositoryName: "shared", BranchName: "main", PollForSourceChanges: "false" };
    const actions = [SOURCE_ACTION, { ...SOURCE_ACTION, name: "Shared", configuration }];
    const graph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
      stages: [{ ...source, actions }, ...rest],
    });
    const message =
      'aws.codepipeline.Pipeline "dev", stage Source, action Shared: no EventBridge rule matches repository shared, branch main: ' +
      'correct the pattern of aws.cloudwatch.EventRule "dev-on-Source" (another source starts the pipeline)';
    assertFinds(pipelineNeverStarts, graph, [message], "notice");
  });
});
