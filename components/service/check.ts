import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { EcsServiceArgs } from "./args";
import { isFargate } from "./capacity";
import { volumesOf } from "./containerDefinitions";
import { fargateSizeProblem } from "./fargate";
import { checkScaling } from "./scaling";

/**
 * Days that CloudWatch Logs can keep a log group.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What of several containers, and of how others reach them, AWS would refuse. */
function checkContainers(args: EcsServiceArgs, problems: Problems): void {
  const { container, sidecars = [], deployment, serviceConnect, scaling, targets } = args;
  const names = [container.name, ...sidecars.map(({ name }) => name)];
  for (const { name } of sidecars) problems.text("sidecars: name", name, NAMES.container);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.add(`sidecars: expected names that differ, got "${twice}" twice`);
  if (serviceConnect && deployment?.kind === "codeDeployBlueGreen") {
    problems.add("serviceConnect: AWS does not have it where CodeDeploy deploys; use ecsBlueGreen");
  }
  if (scaling?.targetRequestsPerMinute === undefined) return;
  if (!targets) problems.add("scaling.targetRequestsPerMinute: a service without targets gets no requests");
  // The metric is of one target group, and traffic would be on the other half of the time.
  if (deployment?.needsTargets) {
    problems.add(`scaling.targetRequestsPerMinute: goes with rolling; use CPU or memory with ${deployment.kind}`);
  }
}

/** What of an `EcsService`'s arguments AWS would refuse. */
export function checkService(args: EcsServiceArgs): Problems {
  const { cpu = 256, memory = 512, container, targets, deployment, logRetentionInDays: days } = args;
  const problems = new Problems()
    .text("container.name", container.name, NAMES.container)
    .range("container.port", container.port, 1, 65_535)
    .range("container.stopTimeoutSeconds", container.stopTimeoutSeconds, 2, 120, "seconds")
    .range("desiredCount", args.desiredCount, 0, 5000)
    .range("healthCheckGracePeriodSeconds", args.healthCheckGracePeriodSeconds, 0, 2_147_483_647, "seconds");
  const volumes = volumesOf({ ...args, executeCommand: args.executeCommand !== undefined }).map(({ name }) => name);
  if (volumes.includes("") || new Set(volumes).size < volumes.length) {
    problems.add(
      "container.writablePaths: expected folders that differ, / is none: for all of it set readonlyRootFilesystem: false",
    );
  }
  if (isFargate(args.capacityProvider)) problems.add(fargateSizeProblem(cpu, memory));
  if (targets && container.port === undefined)
    problems.add("container.port: a service with targets needs one, not set");
  if (args.scaling) problems.addAll(checkScaling(args.scaling));
  checkContainers(args, problems);
  if (deployment) {
    problems.addAll(deployment.problems.map((problem) => `deployment ${deployment.kind}: ${problem}`));
    if (deployment.needsTargets && !targets) {
      problems.add(`deployment ${deployment.kind}: moves traffic between target groups; give targets, or use rolling`);
    }
  }
  if (days !== undefined && !LOG_RETENTION_DAYS.some((allowed) => allowed === days)) {
    problems.add(`logRetentionInDays: expected one of ${LOG_RETENTION_DAYS.join(", ")}, got ${days}`);
  }
  return problems;
}
