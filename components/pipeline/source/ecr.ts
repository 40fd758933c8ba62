import * as pulumi from "@pulumi/pulumi";
import { NAMES } from "../../checks/names";
import { allow } from "../../iam/policyDocument";
import { RELEASED_TAG_PREFIX } from "../../images/lifecyclePolicy/policy";
import { artifactOf, declare, type SourceAction } from "../action";

/** Arguments of `ecrSource`. */
export interface EcrSourceArgs {
  /** Action name; its artifact and variable namespace are named after it. */
  readonly name: string;
  /** Repository name. */
  readonly repositoryName: pulumi.Input<string>;
  /** Repository ARN; account and region are the pipeline's. */
  readonly repositoryArn: pulumi.Input<string>;
  /** Tag whose push is delivered, or the beginning of such tags and `*`, for example `release-*`. */
  readonly imageTag: string;
}

/** A source that brings in an image. */
export interface EcrSource extends SourceAction {
  /** The image by digest, as a pipeline variable: `#{namespace.ImageURI}`. */
  readonly imageUri: string;
}

/**
 * ECR source, started by an EventBridge rule on pushes of the tag. The event's digest goes along: the run delivers what
 * was pushed, wherever the tag points by then. Its `commitId` is that digest, for CodePipeline gives such a run no
 * `ImageTag`.
 *
 * A person who starts a run names the digest (`--source-revisions`); else the run takes the image tagged `imageTag`, with
 * `*` the one tagged with the bare beginning, which is there only if somebody pushed it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html
 */
export function ecrSource(args: EcrSourceArgs): EcrSource {
  const { name, repositoryName, repositoryArn } = args;
  const tag = readTag(args);
  const output = artifactOf(name);
  const namespace = `${name}Variables`;
  return {
    declaration: declare("Source", "ECR", {
      name,
      namespace,
      outputArtifacts: [output.name],
      configuration: { RepositoryName: repositoryName, ImageTag: tag.text },
    }),
    permissions: [allow(["ecr:DescribeImages"], [repositoryArn])],
    output,
    commitId: `#{${namespace}.ImageDigest}`,
    imageUri: `#{${namespace}.ImageURI}`,
    trigger: {
      kind: "event",
      pattern: pushPattern(args, tag),
      revision: { type: "IMAGE_DIGEST", path: "$.detail.image-digest" },
    },
  };
}

/** A tag, or what tags begin with. */
interface Tag {
  readonly text: string;
  readonly isBeginning: boolean;
}

/** Throws for what is no tag, and for tags that a delivery pushes: the pipeline would start itself for ever. */
function readTag({ name, imageTag }: EcrSourceArgs): Tag {
  const isBeginning = imageTag.endsWith("*");
  const text = isBeginning ? imageTag.slice(0, -1) : imageTag;
  const { pattern, max, expected } = NAMES.imageTag;
  const where = `pipeline action "${name}": imageTag:`;
  if (text.startsWith(RELEASED_TAG_PREFIX) || (isBeginning && RELEASED_TAG_PREFIX.startsWith(text))) {
    throw new pulumi.RunError(
      `${where} expected no tag that begins with ${RELEASED_TAG_PREFIX}, got "${imageTag}"; every delivery pushes such a ` +
        "tag, and the pipeline would start itself without end; name another beginning, for example release-*",
    );
  }
  if (text.length > max || !pattern.test(text)) {
    throw new pulumi.RunError(
      `${where} expected ${expected}, with one * at the end for any that begin so, got "${imageTag}"`,
    );
  }
  return { text, isBeginning };
}

/** The event names no ARN: account and region tell the repository from others of its name. */
function pushPattern(args: EcrSourceArgs, { text, isBeginning }: Tag): pulumi.Output<string> {
  const [region, account] = [3, 4].map((part) =>
    pulumi.output(args.repositoryArn).apply((arn) => arn.split(":")[part] ?? ""),
  );
  return pulumi.jsonStringify({
    source: ["aws.ecr"],
    "detail-type": ["ECR Image Action"],
    account: [account],
    region: [region],
    detail: {
      "action-type": ["PUSH"],
      result: ["SUCCESS"],
      "repository-name": [args.repositoryName],
      "image-tag": [isBeginning ? { prefix: text } : text],
    },
  });
}
