import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parsedVariables } from "../support/pipelineActions";
import { at, list, textAt } from "../support/read";
import { ROOT } from "../support/stack";
import type { Workflow } from "../support/workflows";
import { register } from "./standIn/awsProvider";
import type { Cloud, CloudValues } from "./standIn/cloud";

type Variables = Readonly<Record<string, string>>;

const COMMIT = "a".repeat(40);

/** The digest of every image that is delivered. */
export const DIGEST = `sha256:${"a".repeat(64)}`;

/** What exists of a type. */
export function all(cloud: Cloud, type: string): CloudValues[] {
  return Object.entries(cloud.resources).flatMap(([key, resource]) => (key.startsWith(`${type} `) ? [resource] : []));
}

/** What the steps of an example's committed workflows that confirm are told. */
export function workflowConfirmations(folder: string): readonly Variables[] {
  const place = join(ROOT, folder, ".github", "workflows");
  const files = existsSync(place) ? readdirSync(place) : [];
  const told = files
    .map((file) => parse(readFileSync(join(place, file), "utf8")) as Pick<Workflow, "jobs">)
    .flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps))
    .flatMap(({ env = {} }) => (env.SERVICE_NAME && env.CONTAINER_NAME ? [env] : []));
  // A service is confirmed again where something is taken back.
  return [...new Map(told.map((env) => [env.SERVICE_NAME, env])).values()];
}

/**
 * Deliveries behind Pulumi's back, to every service here that a pipeline here or one of these workflows confirms: a revision with another image,
 * the service on it and at its tasks, the records, and (as every blue/green deployment does) all traffic on the other
 * target group. Says to how many.
 */
export function deliverOutside(cloud: Cloud, byWorkflow: readonly Variables[] = []): number {
  const services = all(cloud, "aws:ecs/service:Service");
  const deliveries = [...confirmations(cloud), ...byWorkflow].flatMap((variables) =>
    services.filter(({ name }) => name === variables.SERVICE_NAME).map((service) => ({ service, variables })),
  );
  for (const { service, variables } of deliveries) deliverTo(service, variables, cloud);
  for (const name of Object.keys(cloud.parameters).filter((one) => one.endsWith("/passed-image"))) {
    cloud.parameters[name] = JSON.stringify({
      image: `image@${DIGEST}`,
      commit: COMMIT,
      passedAt: "2026-01-01T00:00:00Z",
    });
  }
  return deliveries.length;
}

/** What pipelines tell the builds that confirm: in each stack, and in the one that it goes on to. */
function confirmations(cloud: Cloud): Variables[] {
  return all(cloud, "aws:codepipeline/pipeline:Pipeline")
    .flatMap(({ stages }) => list(stages))
    .flatMap((stage) => list(at(stage, "actions")))
    .map((action) => parsedVariables(JSON.parse(textAt(at(action, "configuration", "EnvironmentVariables")) || "[]")))
    .map((variables) => Object.fromEntries(variables.map(({ name, value }) => [name, value])))
    .filter(({ SERVICE_NAME }) => SERVICE_NAME !== undefined);
}

function deliverTo(service: CloudValues, variables: Variables, cloud: Cloud): void {
  const family = textAt(service.taskDefinition).replace(/^.*\/|:\d+$/g, "");
  const inUse = cloud.revisions[family]?.at(-1) ?? {};
  const containers = JSON.parse(textAt(inUse.containerDefinitions)) as CloudValues[];
  const before = textAt(containers.find(({ name }) => name === variables.CONTAINER_NAME)?.image);
  const image = `${before.replace(/[:@][^/]*$/, "")}@${DIGEST}`;
  const delivered = containers.map((one) => (one.name === variables.CONTAINER_NAME ? { ...one, image } : one));
  const revision = register(cloud, { ...inUse, family, containerDefinitions: JSON.stringify(delivered) });
  service.taskDefinition = revision.arn;
  if (service.desiredCount === 0) service.desiredCount = Number(variables.DESIRED_COUNT);
  const scaling = all(cloud, "aws:appautoscaling/target:Target");
  const scaled = scaling.find(({ resourceId }) => textAt(resourceId).endsWith(`/${textAt(service.name)}`));
  if (scaled) service.desiredCount = scaled.maxCapacity;
  const record = { image, commit: COMMIT, deliveredAt: "2026-01-01T00:00:00Z" };
  cloud.parameters[variables.DELIVERED_IMAGE_PARAMETER ?? ""] = JSON.stringify(record);
  swapTargetGroups(service, cloud);
}

/**
 * What a blue/green deployment leaves: all traffic on the other group, and the service registered there. CodeDeploy moves
 * the listeners, ECS the rules that the service names.
 */
function swapTargetGroups(service: CloudValues, cloud: Cloud): void {
  const byCodeDeploy = at(service.deploymentController, "type") === "CODE_DEPLOY";
  const strategy = textAt(at(service.deploymentConfiguration, "strategy")) || "ROLLING";
  if (!byCodeDeploy && strategy === "ROLLING") return;
  const [balancer, ...more] = list(service.loadBalancers) as CloudValues[];
  const before = textAt(balancer?.targetGroupArn);
  const routes = all(cloud, byCodeDeploy ? "aws:lb/listener:Listener" : "aws:lb/listenerRule:ListenerRule");
  const actions = routes.flatMap((route) => list(route.actions ?? route.defaultActions));
  const pairs = actions.map(groupsIn).filter((groups) => groups.some(({ arn }) => arn === before));
  const advanced = balancer?.advancedConfiguration as CloudValues | undefined;
  const now =
    textAt(pairs.flat().find(({ arn }) => arn !== before)?.arn ?? advanced?.alternateTargetGroupArn) || before;
  for (const group of pairs.flat()) group.weight = group.arn === now ? 100 : 0;
  const swapped = { ...balancer, targetGroupArn: now };
  if (advanced) Object.assign(swapped, { advancedConfiguration: { ...advanced, alternateTargetGroupArn: before } });
  if (balancer) service.loadBalancers = [swapped, ...more];
}

function groupsIn(action: unknown): CloudValues[] {
  return list(at(action, "forward", "targetGroups")) as CloudValues[];
}
