import { useConnection } from "./clone";
import { source } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html */
export const onConnection = source({
  required: ["ConnectionArn", "FullRepositoryId", "BranchName"],
  optional: ["DetectChanges", "OutputArtifactFormat"],
  values: { FullRepositoryId: { pattern: /^[^/\s]+(?:\/[^/\s]+)+$/, max: 1000, expected: "owner/name" } },
  target: (given) => `${given.FullRepositoryId ?? ""} @ ${given.BranchName ?? ""}`,
  calls: (_graph, { configuration: { ConnectionArn: arn = "" } }) => [useConnection(arn)],
  starts: "connection",
});
