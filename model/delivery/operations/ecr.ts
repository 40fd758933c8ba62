import { mapsOf, textOf, type Values } from "../../graph/read";
import { AwsError } from "../awsError";
import type { Image } from "../registry";
import { type GivenCall, given, type Operation } from "./operation";

function repositoryOf({ input, place }: GivenCall): string {
  const account = given(input, "registryId") || place.account;
  const suffix = place.partition === "aws-cn" ? ".cn" : "";
  return `${account}.dkr.ecr.${place.region}.amazonaws.com${suffix}/${given(input, "repositoryName")}`;
}

function arnOfRepository({ input, place }: GivenCall): readonly string[] {
  const account = given(input, "registryId") || place.account;
  return [`arn:${place.partition}:ecr:${place.region}:${account}:repository/${given(input, "repositoryName")}`];
}

/** The image that an image id names, by digest or tag. */
function imageOfId(call: GivenCall, id: Values): Image | undefined {
  const { registry } = call.cloud;
  const repository = repositoryOf(call);
  const [digest, tag] = [textOf(id.imageDigest), textOf(id.imageTag)];
  return digest === undefined ? registry.tagged(repository, tag ?? "") : registry.image(repository, digest);
}

function detail({ digest, tags, pushedAt, mediaType }: Image): Values {
  return { imageDigest: digest, imageTags: [...tags], imagePushedAt: pushedAt, imageManifestMediaType: mediaType };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html */
export const ECR: Readonly<Record<string, Operation>> = {
  GetAuthorizationToken: { act: () => ({ authorizationData: [{ authorizationToken: "QVdTOnBhc3N3b3Jk" }] }) },
  DescribeImages: {
    resources: arnOfRepository,
    act: (call) => {
      const ids = mapsOf(call.input.imageIds);
      if (ids.length === 0) return { imageDetails: call.cloud.registry.images(repositoryOf(call)).map(detail) };
      const found = ids.map((id) => imageOfId(call, id));
      if (found.includes(undefined)) {
        throw new AwsError(
          "ImageNotFoundException",
          `The image with imageId ${JSON.stringify(ids[0])} does not exist within the repository with name '${given(call.input, "repositoryName")}'`,
        );
      }
      return { imageDetails: found.flatMap((image) => (image ? [detail(image)] : [])) };
    },
  },
  BatchGetImage: {
    resources: arnOfRepository,
    act: (call) => {
      const ids = mapsOf(call.input.imageIds);
      const images = ids.flatMap((id) => imageOfId(call, id) ?? []);
      return {
        images: images.map(({ digest, tags, mediaType }) => ({
          imageId: { imageDigest: digest, imageTag: tags[0] },
          imageManifest: JSON.stringify({ schemaVersion: 2, mediaType, digest }),
          imageManifestMediaType: mediaType,
        })),
        failures: ids
          .filter((id) => !imageOfId(call, id))
          .map((imageId) => ({ imageId, failureCode: "ImageNotFound" })),
      };
    },
  },
  PutImage: {
    resources: arnOfRepository,
    act: (call) => {
      const { cloud, input } = call;
      const repository = repositoryOf(call);
      const [tag, digest] = [given(input, "imageTag"), given(input, "imageDigest")];
      const image = cloud.registry.image(repository, digest);
      if (!image) throw new AwsError("ImageNotFoundException", `${repository} has no image ${digest}`);
      const present = cloud.registry.tagged(repository, tag);
      if (present?.digest === digest) {
        throw new AwsError(
          "ImageAlreadyExistsException",
          `Image with digest '${digest}' and tag '${tag}' already exists`,
        );
      }
      if (present)
        throw new AwsError(
          "ImageTagAlreadyExistsException",
          `The image tag '${tag}' already exists and cannot be overwritten because the repository is immutable`,
        );
      cloud.registry.put(repository, image, tag, cloud.clock.now);
      return { image: { imageId: { imageDigest: digest, imageTag: tag } } };
    },
  },
  StartImageScan: {
    resources: arnOfRepository,
    act: () => ({ imageScanStatus: { status: "IN_PROGRESS" } }),
  },
  DescribeImageScanFindings: {
    resources: arnOfRepository,
    act: (call) => {
      const found = call.cloud.faults.takeWhere(
        call.call.where.split(", action ").at(-1) ?? "",
        (how) => how === "findings",
      );
      return {
        imageScanStatus: { status: "COMPLETE", description: "The scan was completed successfully." },
        imageScanFindings: {
          imageScanCompletedAt: "2026-01-01T00:00:00+00:00",
          findingSeverityCounts: found === undefined ? {} : { CRITICAL: 1 },
        },
      };
    },
  },
  ListImages: {
    resources: arnOfRepository,
    act: (call) => ({
      imageIds: call.cloud.registry
        .images(repositoryOf(call))
        .flatMap(({ digest, tags }) => tags.map((imageTag) => ({ imageDigest: digest, imageTag }))),
    }),
  },
};
