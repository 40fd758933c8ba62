import { arnIn } from "../graph/resources";
import { type ActionProvider, call } from "./provider";
import { registering } from "./registering";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECS.html */
export const ecs: ActionProvider = {
  categories: ["Deploy"],
  required: ["ClusterName", "ServiceName"],
  optional: ["FileName", "DeploymentTimeout"],
  inputs: [1, 1],
  outputs: [0, 0],
  target: (given) => `${given.ClusterName ?? ""} / ${given.ServiceName ?? ""}`,
  calls: (graph, action, place) => {
    const { ClusterName: cluster = "", ServiceName: name = "" } = action.configuration;
    return [
      call(["ecs:DescribeServices", "ecs:UpdateService"], arnIn(place, "ecs", `service/${cluster}/${name}`)),
      // Has no resource level: only a statement on everything allows it.
      call(["ecs:DescribeTaskDefinition"], "*"),
      ...registering(graph, action, place),
    ];
  },
};
