import type { ActionProvider } from "./provider";

/** The commit that a workflow runs for. Nothing in AWS has a part in it. */
export const gitHub: ActionProvider = {
  categories: ["Source"],
  required: ["FullRepositoryId", "BranchName"],
  optional: ["FetchDepth"],
  inputs: [0, 0],
  outputs: [1, 1],
  target: ({ FullRepositoryId = "", BranchName = "" }) => `${FullRepositoryId} @ ${BranchName}`,
  calls: () => [],
  starts: "connection",
};

/** Reviewers of an environment on GitHub. */
export const gitHubReviewers: ActionProvider = {
  categories: ["Approval"],
  required: ["Environment"],
  optional: [],
  inputs: [0, 0],
  outputs: [0, 0],
  target: ({ Environment = "" }) => `reviewers of environment ${Environment}`,
  calls: () => [],
};
