import type { Rule } from "../../model/graph/graph";
import { pipelinesOf, variableGiven } from "../../model/graph/pipelines";
import { notice } from "../../model/graph/resources";
import { deployedBy } from "../../model/graph/services";

/** A service of the stack whose releases take their task definition from its own repository: which settings have no effect. */
export const templateInSource: Rule = (graph) =>
  pipelinesOf(graph).flatMap((pipeline) =>
    deployedBy(graph, pipeline).flatMap(({ action, service }) => {
      if (action.provider !== "CodeDeployToECS") return [];
      const makers = pipeline.actions.filter(({ outputs }) => outputs.some((output) => action.inputs.includes(output)));
      if (makers.some((maker) => variableGiven(maker, "TASK_DEFINITION_PARAMETER") !== undefined)) return [];
      return [
        notice(
          "template-in-source",
          service,
          `releases take taskdef.json and appspec.yaml from the source, by action ${action.name}: what the stack file says of ` +
            "containers, sidecars, CPU, memory, variables, secrets and hooks has no effect on them, but that roles of the stack " +
            `may read those secrets and call those functions; write them in the two files`,
        ),
      ];
    }),
  );
