import { type Environment, withInputs, withoutResource, withResource } from "../environment/environment";
import { startDeployment, stopTasks, tasksOf } from "../environment/tasks";
import type { RecordedResource } from "../graph/graph";
import { numberOf, type Values } from "../graph/read";
import { TYPES } from "../graph/resources";
import { segmentsOf, valueAt, withValueAt } from "./paths";
import type { Step } from "./plan";
import { changedKeys } from "./rules/rule";

/**
 * Properties of a service whose change starts a deployment.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
const DEPLOYED_BY: readonly string[] = [
  "capacityProviderStrategies",
  "loadBalancers",
  "networkConfiguration",
  "platformVersion",
  "serviceConnectConfiguration",
  "serviceRegistries",
  "taskDefinition",
  "volumeConfiguration",
];

/** What a resource is once a step is over: what the program says, but for what is left alone. */
export function resultOf({ after, before, properties }: Step, environment: Environment): RecordedResource | undefined {
  if (!after) return undefined;
  const present = before && environment.resources.find(({ urn, id }) => urn === before.urn && id === before.id);
  if (!present) return after;
  const kept = properties.flatMap((one) => (one.kept ? [one.path] : []));
  const inputs = [...after.ignoreChanges, ...kept].reduce<Values>((now, path) => {
    const segments = segmentsOf(path);
    return withValueAt(now, segments, valueAt(present.inputs, segments));
  }, after.inputs);
  return { ...after, inputs, outputs: present.outputs, id: present.id };
}

/** Whether a step starts a deployment of a service. */
export function deploys(step: Step): boolean {
  if (step.after?.type !== TYPES.service || step.kind === "delete") return false;
  if (step.kind === "create") return true;
  const keys = changedKeys(step);
  return (
    keys.length > 0 && (step.after.inputs.forceNewDeployment === true || keys.some((key) => DEPLOYED_BY.includes(key)))
  );
}

/** The environment as a step leaves it. */
export function applied(step: Step, environment: Environment): Environment {
  const result = resultOf(step, environment);
  if (step.kind === "delete" || !result) return step.before ? withoutResource(environment, step.before) : environment;
  const changed = withResource(environment, result);
  if (result.type !== TYPES.service) return changed;
  if (step.kind === "create") return created(changed, result);
  if (deploys(step)) return startDeployment(changed, result);
  const count = numberOf(result.inputs.desiredCount) ?? 1;
  return { ...changed, tasks: changed.tasks.map((set) => (set.service === result.urn ? { ...set, count } : set)) };
}

/** A service starts its tasks in the target group that it names; one that nothing was delivered to waits at 0. */
function created(environment: Environment, service: RecordedResource): Environment {
  const delivered = environment.images.some((image) => image.service === service.urn);
  if (!delivered) return withInputs(environment, service, { desiredCount: 0 });
  const starts = tasksOf(environment, service);
  if (starts.count === 0) return environment;
  return {
    ...environment,
    deployments: [...environment.deployments, { service: service.urn, starts, shifts: false }],
  };
}

/** What happens at the very start of a step: a service that is deleted stops its tasks first. */
export function begun({ kind, before }: Step, environment: Environment): Environment {
  return kind === "delete" && before?.type === TYPES.service ? stopTasks(environment, before) : environment;
}
