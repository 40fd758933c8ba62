import { NAMES } from "../../components/checks/names";
import { mapOf, textOf } from "../graph/read";
import { arnIn } from "../graph/resources";
import { call, source } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECR.html */
export const ecr = source({
  required: ["RepositoryName"],
  optional: ["ImageTag"],
  values: { ImageTag: NAMES.imageTag },
  target: (given) => `${given.RepositoryName ?? ""}:${given.ImageTag ?? "latest"}`,
  calls: (_graph, { configuration: given }, place) => [
    call(["ecr:DescribeImages"], arnIn(place, "ecr", `repository/${given.RepositoryName ?? ""}`)),
  ],
  starts: {
    watched: (given) => `image ${given.RepositoryName}:${given.ImageTag ?? "latest"}`,
    revisionType: "IMAGE_DIGEST",
    event: (given) => ({
      // It names no ARN.
      source: "aws.ecr",
      "detail-type": "ECR Image Action",
      resources: [],
      detail: {
        "action-type": "PUSH",
        result: "SUCCESS",
        "repository-name": given.RepositoryName,
        "image-tag": given.ImageTag ?? "latest",
        "image-digest": "sha256:0a1b2c3",
      },
    }),
    // A run that is told nothing takes the tag of the configuration, whichever tag was pushed.
    lookalike: (event) => {
      const detail = mapOf(event.detail);
      return { ...event, detail: { ...detail, "image-tag": `${textOf(detail["image-tag"]) ?? ""}0` } };
    },
  },
});
