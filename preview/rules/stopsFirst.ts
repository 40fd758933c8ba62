import { strategyOf } from "../../model/environment/service";
import { mayStopFirst } from "../../model/environment/tasks";
import { about, secondsToHealthy } from "../../model/environment/times";
import type { Rule } from "../../model/graph/graph";
import { finding, ofType, TYPES } from "../../model/graph/resources";
import { targetGroupsOf } from "../../model/graph/services";

/** A deployment may stop every task before a new one runs: each delivery is then a time in which nobody serves. */
export const stopsFirst: Rule = (graph) =>
  ofType(graph, TYPES.service)
    .filter((service) => strategyOf(service) === "ROLLING" && mayStopFirst(service))
    .map((service) => {
      const length = about(secondsToHealthy(targetGroupsOf(graph, service)[0]));
      const text =
        `deploymentMinimumHealthyPercent 0: each deployment may stop all tasks before a new one runs, for ${length}; ` +
        "with deployment.minimumHealthyPercent: 100 and maximumPercent: 200 new ones run first";
      return finding("stops-first", service, text, "warning");
    });
