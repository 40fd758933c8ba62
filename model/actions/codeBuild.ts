import { arnIn, arnOf, referredBy, TYPES } from "../graph/resources";
import { type ActionProvider, callsTo } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html */
export const codeBuild: ActionProvider = {
  categories: ["Build", "Test"],
  required: ["ProjectName"],
  optional: ["PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts", "BuildspecOverride"],
  inputs: [1, 5],
  outputs: [0, 5],
  target: (given) => given.ProjectName ?? "",
  calls: (graph, { configuration: given }, place) => {
    const name = given.ProjectName ?? "";
    const project = referredBy(graph, TYPES.project, name);
    const arn = (project && arnOf(project)) ?? arnIn(place, "codebuild", `project/${name}`);
    const batch = given.BatchEnabled === "true";
    const verbs = batch ? ["StartBuildBatch", "BatchGetBuildBatches"] : ["StartBuild", "BatchGetBuilds"];
    return [
      callsTo("codebuild", verbs, arn),
      // A run that is stopped stops its build; without this it goes on.
      { ...callsTo("codebuild", [batch ? "StopBuildBatch" : "StopBuild"], arn), isAdvised: true },
    ];
  },
};
