import assert from "node:assert/strict";
import { BuildProject } from "../../../components/build/buildProject";
import { stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { codeBuildAction } from "../../../components/pipeline/build/codeBuild";
import { DeliveryPipeline } from "../../../components/pipeline/deliveryPipeline";
import {
  type CodeStarSourceConnectionArgs,
  codeStarSourceConnection,
} from "../../../components/pipeline/source/codeStarSourceConnection";
import { ecrSource } from "../../../components/pipeline/source/ecr";
import { s3Source } from "../../../components/pipeline/source/s3";
import { SourceBucket } from "../../../components/storage/sourceBucket";
import { findingsOf } from "../../../preview/rules";
import { changed, without } from "../../preview/rules/handMade";
import { type Graph, recordGraph } from "../../support/graph";
import { arn, STORE, serviceGraph } from "../../support/service";

const messages = ({ recorded }: Graph) => findingsOf(recorded).map(({ message }) => message);
const pipeline = (
  source: () => Parameters<typeof stage>[1][number],
  more: () => Parameters<typeof stage>[1] = () => [],
) =>
  recordGraph(() => {
    const stages = [stage("Source", [source()]), stage("Ask", [manualApproval(), ...more()])];
    new DeliveryPipeline("dev", { artifactStore: STORE, stages });
  });

const image = (imageTag: string) =>
  ecrSource({ name: "Image", imageTag, repositoryName: "api", repositoryArn: arn("ecr", "repository/api") });
const zip = () => {
  const { bucket, arn: bucketArn, kmsKeyArn } = new SourceBucket("uploads", { kmsKeyArn: arn("kms", "key/0a1b") });
  return s3Source({ name: "Zip", objectKey: "app.zip", bucket, bucketArn, kmsKeyArn });
};
const connection = (changes: Partial<CodeStarSourceConnectionArgs>) =>
  codeStarSourceConnection({
    name: "App",
    connectionArn: arn("codeconnections", "connection/0a1b"),
    branch: "main",
    fullRepositoryId: "acme/shop",
    ...changes,
  });

describe("the rules, on what the components make", () => {
  it("find nothing in pipelines that start from an image, an object or a filtered push", async () => {
    const starts = [
      () => image("release-*"),
      () => image("live"),
      zip,
      ...[{ tags: ["v*"] }, { filePaths: ["a/**"], excludedFilePaths: ["**/*.md"] }].map(
        (filter) => () => connection(filter),
      ),
    ];
    for (const start of starts) assert.deepEqual(messages(await pipeline(start)), []);
  });

  it("find each setting of the bucket that an upload needs", async () => {
    const { recorded } = await pipeline(zip);
    for (const type of ["bucketNotification:BucketNotification", "bucketVersioning:BucketVersioning"]) {
      const found = findingsOf(without(recorded, `aws:s3/${type}`, "uploads"));
      assert.deepEqual(
        found.map(({ rule }) => rule),
        ["pipeline-never-starts"],
        type,
      );
    }
  });

  it("find what the pipeline's role lacks of the object, its tags and its key", async () => {
    const { recorded } = await pipeline(zip);
    const policy = JSON.stringify({
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetBucket*", "s3:GetObject", "s3:GetObjectVersion"],
          Resource: "arn:aws:s3:::uploads-*",
        },
      ],
    });
    const found = findingsOf(changed(recorded, "aws:iam/rolePolicy:RolePolicy", "dev-pipeline", { policy }));
    const text = found
      .filter(({ rule }) => rule === "role-cannot")
      .map(({ message }) => message)
      .join("\n");
    assert.match(
      text,
      /may not s3:GetObjectTagging, s3:GetObjectVersionTagging on arn:aws:s3:::uploads-\w+\/app\.zip, .* action Zip/,
    );
    assert.match(text, /may not kms:Decrypt on arn:aws:kms:[^,]*key\/0a1b when kms:ViaService is [^,]*, .* action Zip/);
  });

  const build = () => {
    const project = new BuildProject("tests", {
      projectName: "tests",
      description: "Tests",
      buildspec: "b.yml",
      artifactStores: [STORE],
      reads: [{ pipelineName: "dev", name: "Image" }],
      writes: [{ pipelineName: "dev", name: "tests" }],
      image: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tools:1",
      environment: { STAGE: "dev" },
      vpc: { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
    });
    return [codeBuildAction({ name: "tests", project, input: { name: "Image" } })];
  };

  it("find nothing in a build with an image of its own in a network, and what its role lacks without them", async () => {
    const { recorded } = await pipeline(() => image("live"), build);
    assert.deepEqual(findingsOf(recorded), []);
    const policy = JSON.stringify({
      Statement: [{ Effect: "Allow", Action: ["logs:*", "s3:*", "kms:*"], Resource: "*" }],
    });
    const found = findingsOf(changed(recorded, "aws:iam/rolePolicy:RolePolicy", "tests", { policy }));
    const lacks = found.filter(({ rule }) => rule === "role-cannot").map(({ message }) => message);
    assert.equal(lacks.length, 4);
    assert.match(lacks[0] ?? "", /may not ecr:GetAuthorizationToken on \*, .* its build image;/);
    assert.match(
      lacks[1] ?? "",
      /may not ecr:BatchGetImage, .* on arn:aws:ecr:eu-west-1:111122223333:repository\/tools, .* its build image;/,
    );
    assert.match(lacks[2] ?? "", /may not ec2:CreateNetworkInterface, .* on \*, .* its network;/);
    assert.match(
      lacks[3] ?? "",
      /may not ec2:CreateNetworkInterfacePermission on .*:network-interface\/\* when ec2:.* its network;/,
    );
  });

  it("find an execution role that may not read the secret of another registry", async () => {
    const pullSecretArn = arn("secretsmanager", "secret:docker-AbCdEf");
    const graph = await serviceGraph({ repository: { repositoryUrl: "docker.io/acme/api", pullSecretArn } });
    assert.deepEqual(messages(graph), []);
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "logs:Put*", Resource: "*" }] });
    const found = findingsOf(changed(graph.recorded, "aws:iam/rolePolicy:RolePolicy", "api-execution", { policy }));
    assert.ok(
      found.some(({ message }) => message.includes(`may not secretsmanager:GetSecretValue on ${pullSecretArn}, `)),
    );
  });
});
