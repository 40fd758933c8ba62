import { strategyOf } from "../../environment/service";
import type { Finding } from "../../graph/graph";
import { textOf } from "../../graph/read";
import { label, ofType, referredBy, TYPES } from "../../graph/resources";
import { taskDefinitionOf } from "../../graph/services";
import type { Step } from "../plan";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";

/**
 * Roles that an update deletes while tasks run in them. ECS replaces the tasks of a service before that; those that CodeDeploy
 * started stay until the next release, and ask for credentials of a role that is gone.
 */
export function roleInUseFindings(context: UpdateContext): readonly Finding[] {
  const { before } = context;
  const used = ofType(before, TYPES.service)
    .filter((service) => strategyOf(service) === "CODE_DEPLOY")
    .flatMap((service) => {
      const { executionRoleArn, taskRoleArn } = taskDefinitionOf(before, service)?.inputs ?? {};
      return [executionRoleArn, taskRoleArn].map((role) => ({
        service,
        role: referredBy(before, TYPES.role, role)?.urn,
      }));
    });
  return perRun(context, ({ played: { steps } }) => {
    const deleted = steps.filter(({ kind }) => kind === "delete");
    return deleted.flatMap((step): readonly Finding[] => {
      const { before: role, urn } = step;
      // Tasks of a service that goes, too, go with it.
      const users = used.filter((one) => one.role === urn && !deleted.some((other) => other.urn === one.service.urn));
      if (!role) return [];
      return users.map(({ service }) => ({
        level: "error",
        rule: "role-in-use",
        urn,
        message:
          `${label(role)}: it is deleted while the tasks of ${service.name} run in it, which CodeDeploy replaces with the next ` +
          "release alone: until then their calls of AWS fail, and a task that stops is not started again",
        steps: stepsFor(step),
      }));
    });
  });
}

function stepsFor({ before, replaces }: Step): readonly string[] {
  const path = textOf(before?.inputs.path) ?? "/";
  const release = "pulumi up, and release at once: aws codepipeline start-pipeline-execution --name <the pipeline>";
  if (!replaces) return ["announce a time, and make the change in it", release];
  return [
    `leave the roles where they are: pulumi config set 'ecs-delivery:rolePath' '${path}'`,
    `or announce a time; in it ${release}`,
  ];
}
