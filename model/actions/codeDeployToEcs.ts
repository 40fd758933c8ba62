import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import { textOf } from "../graph/read";
import { type ArnPlace, arnIn } from "../graph/resources";
import { deploymentGroupOf } from "../graph/services";
import type { Calls } from "../permissions/need";
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
    const applicationArn = arnIn(place, "codedeploy", `application:${application}`);
    return [
      callsTo("codedeploy", ["CreateDeployment", "GetDeployment"], deploymentGroup),
      { ...callsTo("codedeploy", onApplication, applicationArn), within: [applicationArn, `${applicationArn}/*`] },
      ...deploymentConfiguration(graph, action, place),
      ...registering(graph, action, place),
    ];
  },
};

/** What the deployment group deploys by; nothing where it is not in the graph. */
export function deploymentConfiguration(graph: RecordedGraph, action: Action, place: ArnPlace): readonly Calls[] {
  const group = deploymentGroupOf(graph, action);
  const name = group && (textOf(group.inputs.deploymentConfigName) ?? "CodeDeployDefault.ECSAllAtOnce");
  const get = ["GetDeploymentConfig"];
  const arn = (of: string) => arnIn(place, "codedeploy", `deploymentconfig:${of}`);
  return [
    name === undefined ? { ...callsTo("codedeploy", get), within: [arn("*")] } : callsTo("codedeploy", get, arn(name)),
  ];
}
