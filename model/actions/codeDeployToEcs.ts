import { arnIn } from "../graph/resources";
import { type ActionProvider, callsTo } from "./provider";
import { registering } from "./registering";

const IMAGES = [1, 2, 3, 4].flatMap((n) => [`Image${n}ArtifactName`, `Image${n}ContainerName`]);

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html */
export const codeDeployToEcs: ActionProvider = {
  categories: ["Deploy"],
  required: ["ApplicationName", "DeploymentGroupName", "TaskDefinitionTemplateArtifact", "AppSpecTemplateArtifact"],
  optional: ["TaskDefinitionTemplatePath", "AppSpecTemplatePath", ...IMAGES],
  inputs: [1, 5],
  outputs: [0, 0],
  target: (given) => `${given.ApplicationName ?? ""} / ${given.DeploymentGroupName ?? ""}`,
  calls: (graph, action, place) => {
    const { ApplicationName: application = "", DeploymentGroupName: group = "" } = action.configuration;
    const onApplication = ["GetApplication", "GetApplicationRevision", "RegisterApplicationRevision"];
    const deploymentGroup = arnIn(place, "codedeploy", `deploymentgroup:${application}/${group}`);
    return [
      callsTo("codedeploy", ["CreateDeployment", "GetDeployment"], deploymentGroup),
      callsTo("codedeploy", onApplication, arnIn(place, "codedeploy", `application:${application}`)),
      ...registering(graph, action),
    ];
  },
};
