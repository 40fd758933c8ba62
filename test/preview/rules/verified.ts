import type { RecordedGraph } from "../../../model/graph/graph";
import { changed } from "./handMade";
import { healthy, stages } from "./healthy";

/** The action that sees to the deployment of the healthy graph. */
export const CONFIRM: Readonly<Record<string, unknown>> = {
  name: "api-confirm",
  category: "Test",
  provider: "CodeBuild",
  owner: "AWS",
  version: "1",
  runOrder: 2,
  inputArtifacts: ["image"],
  configuration: {
    ProjectName: "dev-api-image",
    EnvironmentVariables: JSON.stringify([{ name: "SERVICE_NAME", value: "api", type: "PLAINTEXT" }]),
  },
};

/** The healthy graph with a look at every deployment: no rule has anything to say of it. */
export const verified: RecordedGraph = changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", {
  stages: stages().map((stage) =>
    stage.name === "Deploy" ? { ...stage, actions: [...stage.actions, CONFIRM] } : stage,
  ),
});
