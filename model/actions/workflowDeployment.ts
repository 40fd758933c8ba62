import type { RecordedGraph } from "../graph/graph";
import type { Action } from "../graph/pipelines";
import { type ArnPlace, arnIn } from "../graph/resources";
import type { Calls } from "../permissions/need";
import { deploymentConfiguration } from "./codeDeployToEcs";
import { call, callsTo } from "./provider";
import { registering } from "./registering";

/** Whom the official action passes the roles of a task to. */
const PASSED_TO = [["ecs-tasks.amazonaws.com", false]] as const;

/**
 * What a deployment by GitHub's official actions calls.
 * https://github.com/aws-actions/amazon-ecs-deploy-task-definition#permissions
 * https://github.com/aws-actions/amazon-ecs-deploy-task-definition#aws-codedeploy-support
 */
export function workflowDeployCalls(graph: RecordedGraph, action: Action, place: ArnPlace): readonly Calls[] {
  const { cluster = "", service = "" } = action.deploysTo ?? {};
  const arn = arnIn(place, "ecs", `service/${cluster}/${service}`);
  const registered = registering(graph, action, place, PASSED_TO);
  if (action.provider !== "CodeDeployToECS") {
    return [
      call(["ecs:DescribeServices", "ecs:UpdateService"], arn),
      // The revision that the service uses; it has no resource level.
      call(["ecs:DescribeTaskDefinition"], "*"),
      ...registered,
    ];
  }
  const { ApplicationName: application = "", DeploymentGroupName: group = "" } = action.configuration;
  return [
    call(["ecs:DescribeServices"], arn),
    callsTo(
      "codedeploy",
      ["CreateDeployment", "GetDeployment", "GetDeploymentGroup"],
      arnIn(place, "codedeploy", `deploymentgroup:${application}/${group}`),
    ),
    callsTo("codedeploy", ["RegisterApplicationRevision"], arnIn(place, "codedeploy", `application:${application}`)),
    ...deploymentConfiguration(graph, action, place),
    ...registered,
  ];
}
