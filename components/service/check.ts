import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { DeploymentStrategy } from "../deployment/strategy";
import { checkSettings, withDefaults } from "../settings/settings";
import type { EcsServiceArgs } from "./args";
import { capacityProblem, runsOnFargate } from "./capacity";
import { CONTAINER } from "./container";
import { volumesOf } from "./containerDefinitions";
import { fargateSizeProblem } from "./fargate";
import { checkScaling } from "./scaling";
import { admitProblem, destinationProblem } from "./securityGroups";
import { SERVICE } from "./settings";
import { togetherProblems } from "./together";

/** What of several containers, and of how others reach them, AWS would refuse. */
function checkContainers(args: EcsServiceArgs, problems: Problems): void {
  const { container, sidecars = [], deployment, serviceConnect, scaling, targets } = args;
  const names = [container.name, ...sidecars.map(({ name }) => name)];
  for (const { name } of sidecars) problems.text("sidecars: name", name, NAMES.container);
  for (const { path, expected } of togetherProblems(container, sidecars)) {
    problems.add(`${path.join(".")}: expected ${expected}`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) problems.add(`sidecars: expected names that differ, got "${twice}" twice`);
  if (serviceConnect && deployment?.controller === "CODE_DEPLOY") {
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
  const { container, targets, deployment } = args;
  const { cpu, memory } = withDefaults(SERVICE, args);
  const { desiredCount, healthCheckGracePeriodSeconds, logRetentionInDays } = SERVICE;
  const problems = new Problems()
    .addAll(checkSettings(CONTAINER, container, "container."))
    .addAll(checkSettings({ desiredCount, healthCheckGracePeriodSeconds, logRetentionInDays }, args));
  const volumes = volumesOf({ ...args, executeCommand: args.executeCommand !== undefined }).map(({ name }) => name);
  if (volumes.includes("") || new Set(volumes).size < volumes.length) {
    problems.add(
      "container.writablePaths: expected folders that differ, / is none: for all of it set readonlyRootFilesystem: false",
    );
  }
  const shares = capacityProblem(args);
  problems.add(shares && `${["capacityProviderStrategy", ...shares.path].join(".")}: expected ${shares.expected}`);
  if (runsOnFargate(args)) problems.add(fargateSizeProblem(cpu, memory));
  if (targets && container.port === undefined)
    problems.add("container.port: a service with targets needs one, not set");
  for (const [index, to] of (args.outbound ?? []).entries()) {
    for (const [key, expected] of [
      ["", destinationProblem({ ...to })],
      [".admit", admitProblem({ ...to })],
    ] as const) {
      if (expected !== undefined) problems.add(`outbound[${index}]${key}: expected ${expected}`);
    }
  }
  if (args.scaling) problems.addAll(checkScaling(args.scaling));
  checkContainers(args, problems);
  if (args.taskDefinitionFrom && !deployment?.takesTemplate) {
    problems.add(
      `taskDefinitionFrom: goes with a strategy that releases from a template (codeDeployBlueGreen), got ${deployment?.kind ?? "rolling"}`,
    );
  }
  if (deployment) {
    problems.addAll(deployment.problems.map((problem) => `deployment ${deployment.kind}: ${problem}`));
    problems.add(tooFewTasks(args, deployment));
    if (deployment.needsTargets && !targets) {
      problems.add(`deployment ${deployment.kind}: moves traffic between target groups; give targets, or use rolling`);
    }
  }
  return problems;
}

/** ECS says "unable to stop or start tasks during a deployment because of the service deployment configuration". */
function tooFewTasks(
  { desiredCount = 1, scaling }: EcsServiceArgs,
  { kind, leastTasks = 1 }: DeploymentStrategy,
): string | undefined {
  const [name, count] = scaling
    ? ["scaling.minCapacity", Math.max(1, scaling.minCapacity)]
    : ["desiredCount", desiredCount];
  return count === 0 || count >= leastTasks
    ? undefined
    : `${name}: with maximumPercent and minimumHealthyPercent of deployment ${kind}, none of ${count} can ever be replaced; ` +
        `use ${leastTasks} or more, or maximumPercent 200`;
}
