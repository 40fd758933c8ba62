import { inQuotes } from "../../components/shellWord";
import { serviceOfFiles, variableForFiles } from "../../model/actions/deploymentFiles";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import {
  type Action,
  actionPlace,
  ofAction,
  type Pipeline,
  pipelinesOf,
  variableFor,
  variableGiven,
} from "../../model/graph/pipelines";
import { textOf } from "../../model/graph/read";
import { type ArnPlace, arnPlace, finding, label, physicalName } from "../../model/graph/resources";
import { containersOf, serviceNamed, taskDefinitionOf } from "../../model/graph/services";
import type { Disagreement } from "./disagreement";
import { RULE } from "./disagreement";

/** A pipeline that deploys to a service of another stack. */
interface Deployment {
  readonly graph: RecordedGraph;
  readonly pipeline: Pipeline;
  readonly action: Action;
  readonly owner: RecordedGraph;
  readonly service: RecordedResource;
}

/** What is released to another stack's service names its container, and is in the repository that it pulls from. */
export function deployedServiceFindings(graphs: readonly RecordedGraph[]): readonly Disagreement[] {
  return graphs.flatMap((graph) =>
    pipelinesOf(graph).flatMap((pipeline) =>
      pipeline.actions.flatMap((action) =>
        deploymentsOf(graphs, { graph, pipeline, action }).flatMap((one) => [
          ...nameFindings(one),
          ...imageFindings(one),
        ]),
      ),
    ),
  );
}

function deploymentsOf(
  graphs: readonly RecordedGraph[],
  from: Pick<Deployment, "graph" | "pipeline" | "action">,
): readonly Deployment[] {
  const { action, pipeline } = from;
  if (action.provider !== "ECS") return [];
  const { ClusterName, ServiceName } = action.configuration;
  const place = actionPlace(pipeline, action);
  return graphs
    .filter((owner) => owner !== from.graph)
    .flatMap((owner) => {
      const service = serviceNamed(owner, ClusterName, ServiceName);
      return service && isIn(service, place) ? [{ ...from, owner, service }] : [];
    });
}

function isIn(service: RecordedResource, place: ArnPlace | undefined): boolean {
  const there = arnPlace(textOf(service.inputs.cluster));
  return !place || !there || (place.account === there.account && place.region === there.region);
}

/** Actions that write or read the file which names the container: the maker of what is deployed, and the confirming build. */
function nameFindings({ graph, pipeline, action, owner, service }: Deployment): readonly Disagreement[] {
  const names = containersIn(owner, service).map(({ name }) => name);
  if (names.length === 0) return [];
  const concerned = pipeline.actions.filter(
    (other) =>
      other.outputs.some((output) => action.inputs.includes(output)) ||
      (variableGiven(other, "SERVICE_NAME") === physicalName(service) &&
        other.inputs.some((input) => action.inputs.includes(input))),
  );
  // The maker and the confirming build have the name from one setting: it is said once.
  const variable = (other: Action) =>
    other.outputs.some((output) => action.inputs.includes(output))
      ? variableForFiles("CONTAINER_NAME", action)
      : "CONTAINER_NAME";
  const given = (other: Action) => variableFor(graph, other, variable(other));
  const wrong = concerned.find((other) => {
    const name = given(other);
    return name !== undefined && !names.includes(name);
  });
  if (!wrong) return [];
  const text =
    `${ofAction(wrong)}hands out ${variable(wrong)} "${given(wrong) ?? ""}", but ${label(service)} of ` +
    `stack ${owner.stack} runs ${names.join(", ")}; ${naming(graph, action, concerned, names[0] ?? "")}`;
  return [{ graph, finding: finding(RULE, pipeline.resource, text) }];
}

/** The command that tells the delivering stack how the other one calls the container. */
function naming(graph: RecordedGraph, deploy: Action, actions: readonly Action[], value: string): string {
  const [builder] = actions.flatMap(({ name }) => /^(.+)-release$/.exec(name)?.[1] ?? []);
  const service = serviceOfFiles(deploy) ?? builder;
  // A pipeline that was put together in another way.
  if (service === undefined) return "name it in releaseTo.services";
  const path = shellWord(`ecs-delivery:releaseTo.services.${service}.container`);
  return `pulumi config set --stack ${shellWord(graph.stack)} --path ${path} ${shellWord(value)}`;
}

/** A word for a shell, as it is. */
function shellWord(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : inQuotes(text);
}

function imageFindings({ graph, pipeline, action, owner, service }: Deployment): readonly Disagreement[] {
  const pulled = containersIn(owner, service).map(({ image }) => image.replace(/(?:@|:(?=[^/]*$)).*$/, ""));
  const makers = pipeline.actions.filter(({ outputs }) => outputs.some((output) => action.inputs.includes(output)));
  return makers.flatMap((maker) => {
    const pushed =
      variableFor(graph, maker, "TARGET_REPOSITORY_URI") ?? variableFor(graph, maker, "IMAGE_REPOSITORY_URI");
    if (pushed === undefined || pulled.length === 0 || pulled.includes(pushed)) return [];
    const text =
      `${ofAction(maker)}puts the image into ${pushed}, but ${label(service)} of stack ${owner.stack} pulls from ` +
      `${pulled[0] ?? ""}; name its repository in releaseTo.services, or set releaseTo.images`;
    return [{ graph, finding: finding(RULE, pipeline.resource, text) }];
  });
}

function containersIn(graph: RecordedGraph, service: RecordedResource) {
  const definition = taskDefinitionOf(graph, service);
  return definition ? containersOf(definition) : [];
}
