import { arnIn } from "../graph/resources";
import { callsTo, source } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html */
export const codeCommit = source({
  required: ["RepositoryName", "BranchName"],
  optional: ["PollForSourceChanges", "OutputArtifactFormat"],
  target: (given) => `${given.RepositoryName ?? ""} @ ${given.BranchName ?? ""}`,
  calls: (_graph, { configuration: given }, place) => {
    const verbs = ["GetBranch", "GetCommit", "UploadArchive", "GetUploadArchiveStatus", "CancelUploadArchive"];
    const clone = given.OutputArtifactFormat === "CODEBUILD_CLONE_REF" ? ["GetRepository"] : [];
    return [callsTo("codecommit", [...verbs, ...clone], arnIn(place, "codecommit", given.RepositoryName ?? ""))];
  },
  starts: {
    watched: (given) => `repository ${given.RepositoryName}, branch ${given.BranchName}`,
    revisionType: "COMMIT_ID",
    event: ({ RepositoryName: repositoryName = "", BranchName: branch = "" }, place) => ({
      source: "aws.codecommit",
      resources: [arnIn(place, "codecommit", repositoryName)],
      "detail-type": "CodeCommit Repository State Change",
      detail: {
        event: "referenceUpdated",
        referenceType: "branch",
        repositoryName,
        commitId: "0a1b2c3",
        referenceName: branch,
        referenceFullName: `refs/heads/${branch}`,
      },
    }),
  },
});
