import type { Rule } from "../../model/graph/graph";
import { mapOf, textOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";

/** Says what AWS lets nobody change on a service that CodeDeploy deploys to: neither its settings nor its controller. */
export const deploymentController: Rule = (graph) =>
  ofType(graph, TYPES.service)
    .filter(({ inputs }) => textOf(mapOf(inputs.deploymentController).type) === "CODE_DEPLOY")
    .map((service) =>
      finding(
        "deployment-controller",
        service,
        "CodeDeploy deploys to it: changed settings (CPU, memory, variables, secrets) go live with the next release, and " +
          "switching this stack to or from codeDeployBlueGreen replaces the service; docs/strategies.md says how to do that without a gap",
        "notice",
      ),
    );
