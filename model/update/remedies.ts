import { resourceOf } from "../environment/environment";
import { shiftsTraffic, strategyOf } from "../environment/service";
import type { RecordedGraph, RecordedResource } from "../graph/graph";
import { mapsOf, numberOf, textOf } from "../graph/read";
import { label, physicalName, TYPES } from "../graph/resources";
import { clusterName } from "../graph/services";
import { ownerOf } from "./owners";
import type { Refusal } from "./play";

type Remedy = (resource: RecordedResource, stack: RecordedGraph) => readonly string[];

/** Whether it is production that comes to the port of the redirect: the certificate was taken away. */
const takesRedirectsPort = ({ inputs, type, name }: RecordedResource) =>
  type === TYPES.listener
    ? inputs.protocol === "HTTP" && inputs.port === 80
    : inputs.fromPort === 80 && name.includes("-production-from-");
const inTwo: Remedy = (resource) => (takesRedirectsPort(resource) ? withoutRedirect : inSteps);
const withoutRedirect = [
  "first loadBalancer.redirect: false, with the certificate, and pulumi up: the redirect leaves port 80",
  "then take certificateArn and redirect away, and pulumi up",
];
const inSteps = [
  "make the change in two updates: first the one that gives up what is taken, for example production on another port",
  "then the one that takes it",
];
const afterRelease: Remedy = () => [
  "make the change, and deliver once: what is still in use is left by the tasks of the next release",
  "then pulumi up again, which deletes what nobody uses any more",
];

/** What to do instead, by the rule that refuses. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  "capacity-needs-deployment": (service, graph) => forceCapacity(resourceOf(graph, service.urn) ?? service, graph),
  "strategy-needs-load-balancer-configuration": (service, graph) => configureBalancer(service, graph),
  "code-deploy-controls": () => [
    "take the change back: a service that CodeDeploy deploys to keeps these settings",
    "or move it to a strategy of ECS's own first (deployment: ecsBlueGreen), deliver, and make the change then",
  ],
  "service-connect-under-code-deploy": () => [
    "move to a strategy of ECS's own first (deployment: ecsBlueGreen)",
    "then turn Service Connect on",
  ],
  "listener-port-taken": inTwo,
  "security-group-rule-there": inTwo,
  "priority-taken": inTwo,
  "name-taken": () => [
    "let the one that has the name go first, or give the new one another name",
    "then pulumi up again",
  ],
  "service-name-in-use": (service, graph) => besideExisting(service, graph),
  "capacity-provider-not-in-cluster": (service, graph) => [
    `add the capacity provider to cluster ${clusterName(graph, service)}`,
    "then pulumi up again",
  ],
  "cluster-in-use": afterRelease,
  "capacity-provider-in-use": afterRelease,
  "namespace-in-use": afterRelease,
  "security-group-in-use": afterRelease,
};

/** Rules that keep something from being lost. */
export const KEEPING: readonly string[] = [
  "protected",
  "deletion-protection",
  "repository-not-empty",
  "bucket-not-empty",
];

/** What to do instead of an update that is refused. */
export function remedyFor(refusal: Refusal, stack: RecordedGraph): readonly string[] {
  if (KEEPING.includes(refusal.rule)) return lettingGo([refusal], stack);
  return (REMEDIES[refusal.rule] ?? anew)(refusal.resource, stack);
}

/** The way that is always open: another one beside it, and then the traffic moves. */
function anew(resource: RecordedResource, graph: RecordedGraph): readonly string[] {
  const beside =
    resource.type === "awsx:ec2:Vpc"
      ? ""
      : `, or a service beside ${ownerOf(graph, resource)} where it is a setting of the service,`;
  return [
    `add a stack with the new setting${beside} under another name, and pulumi up`,
    "deliver to it, and try it at its own address",
    "point users there (DNS)",
    "remove the old one",
  ];
}

/** A service has its name until it is gone: another one beside it, or a time without. */
function besideExisting(service: RecordedResource, graph: RecordedGraph): readonly string[] {
  const named = `--cluster ${clusterName(graph, service)}`;
  const name = physicalName(service);
  const gone =
    `aws ecs delete-service ${named} --service ${name} --force, and ` +
    `aws ecs wait services-inactive ${named} --services ${name}`;
  return [
    `keep service.existing of ${service.name}, add a service beside it under another name, and pulumi up`,
    "deliver to it, and try it at its own address",
    "point users there (DNS)",
    `then take ${service.name} out of the stack file, and pulumi up; once nothing uses it: ${gone}`,
    `or announce a time in which nothing is served: ${gone}; then pulumi up, and deliver`,
  ];
}

function forceCapacity(service: RecordedResource, graph: RecordedGraph): readonly string[] {
  const shares = mapsOf(service.inputs.capacityProviderStrategies).map(({ capacityProvider, base, weight }) =>
    [
      `capacityProvider=${textOf(capacityProvider) ?? ""}`,
      ...(numberOf(base) ? [`base=${String(base)}`] : []),
      `weight=${String(weight)}`,
    ].join(","),
  );
  // A launch type cannot be set on a service that is there.
  if (shares.length === 0) return anew(service, graph);
  return [
    `aws ecs update-service --cluster ${clusterName(graph, service)} --service ${physicalName(service)} ` +
      `--capacity-provider-strategy ${shares.join(" ")} --force-new-deployment`,
    "pulumi up, which finds it done (refresh: always)",
  ];
}

function configureBalancer(service: RecordedResource, graph: RecordedGraph): readonly string[] {
  const wanted = resourceOf(graph, service.urn);
  if (wanted && !shiftsTraffic(strategyOf(wanted))) {
    return [
      `aws ecs update-service --cluster ${clusterName(graph, service)} --service ${physicalName(service)} ` +
        "--deployment-configuration strategy=ROLLING, while no deployment is under way",
      "pulumi up; production is served from the group that the listener's default action names",
    ];
  }
  return [
    "first deployment: { strategy: rolling, advancedConfiguration: true } and pulumi up: a rolling deployment gives the service " +
      "the listener rules and the role",
    `when it has ended (aws ecs wait services-stable --cluster ${clusterName(graph, service)} --services ${physicalName(service)}), ` +
      "the strategy itself and pulumi up again",
  ];
}

/**
 * The commands that let single resources go, and leave every other one of the stack protected. What others depend on is only
 * forgotten once those are gone, and a component that is protected holds up the same update as what is in it.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_state_delete/
 */
export function lettingGo(refusals: readonly Refusal[], graph: RecordedGraph): readonly string[] {
  const { stack } = graph;
  const kept = refusals.filter(({ rule }) => rule === "protected" || rule.endsWith("-not-empty"));
  const balancers = refusals.filter(({ resource }) => resource.type === TYPES.loadBalancer);
  const own = [...new Set(kept.map(({ resource }) => resource.urn))];
  const guarded = kept.filter(({ rule }) => rule === "protected").map(({ resource }) => resource);
  const held = [...new Set(guarded.flatMap((one) => protectedWith(one, graph)))];
  const forgotten = [...dependentsFirst(own, graph), ...held.filter((urn) => !own.includes(urn))];
  return [
    ...balancers.map(
      ({ resource }) =>
        `aws elbv2 modify-load-balancer-attributes --load-balancer-arn <ARN of ${label(resource)}> ` +
        "--attributes Key=deletion_protection.enabled,Value=false",
    ),
    ...(own.length > 0
      ? [
          `to keep in AWS what is protected or not empty: pulumi up --stack ${stack} ${own.map((urn) => `--exclude '${urn}'`).join(" ")}, which lets the rest go; ` +
            `then, in this order, ${forgotten.map((urn) => `pulumi state delete --stack ${stack} --force '${urn}'`).join("; ")}`,
        ]
      : []),
    ...(held.length > 0
      ? [`or to delete it: ${held.map((urn) => `pulumi state unprotect --stack ${stack} '${urn}'`).join("; ")}`]
      : []),
    ...(refusals.some(({ rule, resource }) => rule === "repository-not-empty" || resource.type === TYPES.repository)
      ? ["a repository that is to be deleted is emptied first: aws ecr batch-delete-image"]
      : []),
    `pulumi up --stack ${stack}`,
  ];
}

/** Pulumi forgets nothing that something it knows depends on. */
function dependentsFirst(urns: readonly string[], { resources }: RecordedGraph): readonly string[] {
  const needs = (urn: string): readonly string[] =>
    (resources.find((one) => one.urn === urn)?.dependencies ?? []).flatMap((near) => [near, ...needs(near)]);
  // Whoever needs another needs all that the other needs, too.
  const needed = new Map(urns.map((urn) => [urn, new Set(needs(urn).filter((one) => urns.includes(one))).size]));
  return [...urns].sort((one, other) => (needed.get(other) ?? 0) - (needed.get(one) ?? 0));
}

/** URNs of a resource and of the components around it that are protected. */
function protectedWith({ urn, parent }: RecordedResource, graph: RecordedGraph): readonly string[] {
  const above = graph.resources.find((one) => one.urn === parent && one.protect);
  return [urn, ...(above ? protectedWith(above, graph) : [])];
}
