import { pipelineNeverStarts } from "../../../preview/rules/pipelineNeverStarts";
import { assertFinds, assertFindsNothing, changed, resource, withMore } from "../../preview/rules/handMade";
import { healthy, SOURCE_ACTION, stages } from "../../preview/rules/healthy";

const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const WHERE = 'aws.codepipeline.Pipeline "dev", stage Source, action Source: ';
const TARGET_LABEL = 'aws.cloudwatch.EventTarget "dev-on-Source"';

type Values = Readonly<Record<string, unknown>>;

const REVISION = { actionName: "Source", revisionType: "IMAGE_DIGEST", revisionValue: "<digest>" };
const PATHS = { digest: "$.detail.image-digest" };
const handing = (revision: Values = {}, inputPaths: Values = PATHS) => ({
  inputPaths,
  inputTemplate: JSON.stringify({ sourceRevisions: [{ ...REVISION, ...revision }] }),
});

/** The healthy graph with a source, the pattern of its rule, and what the rule hands on. */
function watching(provider: string, configuration: Values, detail: Values, inputTransformer?: Values) {
  const source = { ...SOURCE_ACTION, provider, configuration };
  const eventPattern = JSON.stringify({ source: [`aws.${provider.toLowerCase()}`], detail });
  const pipeline = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages({ source }) });
  return changed(changed(pipeline, RULE, "dev-on-Source", { eventPattern }), TARGET, "dev-on-Source", {
    inputTransformer,
  });
}

const IMAGE = { RepositoryName: "shop", ImageTag: "release-" };
const images = (tag: unknown, inputTransformer?: Values) =>
  watching("ECR", IMAGE, { "repository-name": ["shop"], "image-tag": [tag] }, inputTransformer);
const OBJECT = { S3Bucket: "uploads", S3ObjectKey: "app.zip", PollForSourceChanges: "false" };
const OBJECTS = { bucket: { name: ["uploads"] }, object: { key: ["app.zip"] } };
const objects = (inputTransformer?: Values) => watching("S3", OBJECT, OBJECTS, inputTransformer);

describe("pipeline-never-starts, with what an event hands on", () => {
  it("takes a beginning of tags whose digest goes along", () => {
    assertFindsNothing(pipelineNeverStarts, images({ prefix: "release-" }, handing()));
  });

  it("finds many tags of which every run would take the same image", () => {
    assertFinds(pipelineNeverStarts, images({ prefix: "release-" }), [
      `${WHERE}aws.cloudwatch.EventRule "dev-on-Source" matches other tags too, and every run would take image ` +
        `shop:release-; add to ${TARGET_LABEL} an inputTransformer that hands the digest on`,
    ]);
    assertFindsNothing(pipelineNeverStarts, images("release-"));
  });

  it("finds a beginning that the configured tag does not have", () => {
    assertFinds(pipelineNeverStarts, images({ prefix: "v" }, handing()), [
      `${WHERE}no EventBridge rule matches image shop:release-: correct the pattern of aws.cloudwatch.EventRule "dev-on-Source"`,
    ]);
  });

  it("finds a revision of an action that is none, of another kind, or that the event does not have", () => {
    const wrong: readonly [Values, Values, string][] = [
      [{ actionName: "Sauce" }, PATHS, 'actionName: expected one of Source, got "Sauce"'],
      [{ revisionType: "COMMIT_ID" }, PATHS, "revisionType: expected IMAGE_DIGEST, got COMMIT_ID"],
      [
        {},
        { digest: "$.detail.imageDigest" },
        'revisionValue: expected "<name>" of a path in inputPaths that the event has, got "<digest>", $.detail.imageDigest',
      ],
      [
        { revisionValue: "<other>" },
        PATHS,
        'revisionValue: expected "<name>" of a path in inputPaths that the event has, got "<other>", no path',
      ],
    ];
    for (const [revision, paths, message] of wrong) {
      assertFinds(pipelineNeverStarts, images({ prefix: "release-" }, handing(revision, paths)), [
        `${WHERE}${TARGET_LABEL}, inputTransformer: ${message}`,
      ]);
    }
  });

  it("finds a template that names no revision", () => {
    assertFinds(pipelineNeverStarts, images("release-", { inputTemplate: '{"a":1}' }), [
      `${WHERE}${TARGET_LABEL}, inputTransformer: expected JSON text with sourceRevisions, got {"a":1}; correct it`,
    ]);
  });

  it("takes an object's version, and a commit", () => {
    const version = { revisionType: "S3_OBJECT_VERSION_ID", revisionValue: "<version>" };
    assertFindsNothing(pipelineNeverStarts, objects(handing(version, { version: "$.detail.object.version-id" })));
    assertFindsNothing(pipelineNeverStarts, objects());
    const commit = handing({ revisionType: "COMMIT_ID", revisionValue: "<id>" }, { id: "$.detail.commitId" });
    assertFindsNothing(pipelineNeverStarts, changed(healthy, TARGET, "dev-on-Source", { inputTransformer: commit }));
  });
});

describe("pipeline-never-starts, with the bucket in the graph", () => {
  const bucket = resource("aws:s3/bucket:Bucket", "uploads", {});
  const events = (eventbridge: boolean) =>
    resource("aws:s3/bucketNotification:BucketNotification", "uploads", { bucket: "uploads", eventbridge });
  const versions = (status: string) =>
    resource("aws:s3/bucketVersioning:BucketVersioning", "uploads", {
      bucket: "uploads",
      versioningConfiguration: { status },
    });

  it("takes one that keeps versions and tells EventBridge", () => {
    assertFindsNothing(pipelineNeverStarts, withMore(objects(), bucket, events(true), versions("Enabled")));
  });

  it("finds one that tells EventBridge nothing", () => {
    const message =
      `${WHERE}aws.s3.Bucket "uploads" tells EventBridge of no upload; ` +
      "add an aws.s3.BucketNotification with eventbridge: true";
    assertFinds(pipelineNeverStarts, withMore(objects(), bucket, versions("Enabled")), [message]);
    assertFinds(pipelineNeverStarts, withMore(objects(), bucket, versions("Enabled"), events(false)), [message]);
  });

  it("finds one without versions", () => {
    const message = `${WHERE}aws.s3.Bucket "uploads" keeps no versions, which an S3 source needs; add an aws.s3.BucketVersioning`;
    assertFinds(pipelineNeverStarts, withMore(objects(), bucket, events(true)), [message]);
    assertFinds(pipelineNeverStarts, withMore(objects(), bucket, events(true), versions("Suspended")), [message]);
  });
});
