import { call, source } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html */
export const onConnection = source({
  required: ["ConnectionArn", "FullRepositoryId", "BranchName"],
  optional: ["DetectChanges", "OutputArtifactFormat"],
  values: { FullRepositoryId: { pattern: /^[^/\s]+(?:\/[^/\s]+)+$/, max: 1000, expected: "owner/name" } },
  target: (given) => `${given.FullRepositoryId ?? ""} @ ${given.BranchName ?? ""}`,
  // AWS renamed the service, and checks under either name.
  calls: (_graph, { configuration: { ConnectionArn: arn = "" } }) => [
    {
      ...call(["codeconnections:UseConnection", "codestar-connections:UseConnection"], arn),
      within: ["codeconnections", "codestar-connections"].map((name) =>
        arn.replace(/^(arn:[^:]*):[^:]*/, `$1:${name}`),
      ),
    },
  ],
  starts: "connection",
});
