/** An action of GitHub's marketplace, by the commit that was looked at. */
export interface PinnedAction {
  readonly action: string;
  readonly commit: string;
  /** The release that the commit is. */
  readonly version: string;
}

/** Actions that generated workflows use: their publishers' own, each by commit, because a tag can be moved. */
export const PINNED = {
  checkout: { action: "actions/checkout", commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1" },
  uploadArtifact: {
    action: "actions/upload-artifact",
    commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
    version: "v7.0.0",
  },
  setupNode: { action: "actions/setup-node", commit: "820762786026740c76f36085b0efc47a31fe5020", version: "v7.0.0" },
  credentials: {
    action: "aws-actions/configure-aws-credentials",
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
    version: "v6.2.3",
  },
  renderTaskDefinition: {
    action: "aws-actions/amazon-ecs-render-task-definition",
    commit: "138c24f321fdbdf7edee4a685519d253cae2cdea",
    version: "v1.9.0",
  },
  deployTaskDefinition: {
    action: "aws-actions/amazon-ecs-deploy-task-definition",
    commit: "c465972ecbd160473f22e683363b422a5412a3de",
    version: "v2.6.3",
  },
} as const satisfies Readonly<Record<string, PinnedAction>>;
