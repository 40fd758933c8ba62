import { z } from "zod";
import { environmentNameIn } from "../components/checks/names";
import { deliveredImageParameter } from "../components/images/deliveredImage";
import { jsonOf } from "../model/graph/read";
import { chooseStacks, UsageError } from "../preview/arguments";
import { listStacks, readProject, readStackConfig } from "../preview/record/stackFile";
import { pipelineNameIn, serviceNameIn } from "../stacks/names";

/** A service of a stack, as AWS knows it. */
export interface PlacedService {
  /** What the stack file calls it. */
  readonly name: string;
  /** Name or ARN of the ECS service. */
  readonly service: string;
  readonly container: string;
  /** SSM parameter that says what was delivered. @default - none: the service is someone else's */
  readonly record: string | undefined;
  /** The service whose image it runs. @default - its own */
  readonly imageOf: string | undefined;
  readonly pipeline: string | undefined;
  /** Action of the pipeline that deploys it. */
  readonly deployAction: string;
  readonly executeCommand: boolean;
}

/** Where what a stack file describes is to be found. */
export interface StackPlace {
  readonly stack: string;
  /** What everything of it is named after. */
  readonly environment: string;
  readonly region: string | undefined;
  /** Name or ARN of the cluster. */
  readonly cluster: string;
  readonly services: readonly PlacedService[];
  /** Pipelines of the stack; none where another stack delivers to it. */
  readonly pipelines: readonly string[];
  /** The stack that delivers to this one. */
  readonly deliveredBy: string | undefined;
}

const EXISTING = z.looseObject({ existing: z.string() });
const PLACED = z.array(
  z.looseObject({
    name: z.string(),
    container: z.looseObject({ name: z.string() }).optional(),
    imageOf: z.string().optional(),
    service: EXISTING.optional(),
    executeCommand: z.unknown().optional(),
  }),
);
const DELIVERED_BY = z.looseObject({ stack: z.string() });

/** Reads where a stack is, from its file alone. */
export function stackPlaceOf(stack: string, root: string): StackPlace {
  chooseStacks([stack], listStacks(root), root);
  const project = readProject(root).name;
  const config = readStackConfig(root, project, stack);
  const at = (key: string) => config[`${project}:${key}`];
  const environment = environmentNameIn(stack, at("project"));
  const services = PLACED.safeParse(jsonOf(at("services")));
  if (!services.success || services.data.length === 0) {
    const why = at("services") === undefined ? "has no services" : "has services that cannot be read";
    throw new UsageError(`Pulumi.${stack}.yaml ${why}: npm run preview -- ${stack} says what it makes`);
  }
  const deliveredBy = DELIVERED_BY.safeParse(jsonOf(at("deliveredBy"))).data?.stack;
  const perService = at("pipelines") === "perService";
  const pipelineOf = (name: string) => pipelineNameIn(environment, perService ? name : undefined);
  const placed = services.data.map(({ name, container, imageOf, service, executeCommand }): PlacedService => {
    const own = serviceNameIn(environment, name);
    return {
      name,
      service: service?.existing ?? own,
      container: container?.name ?? name,
      record: service ? undefined : deliveredImageParameter(own),
      imageOf,
      pipeline: deliveredBy === undefined ? pipelineOf(imageOf ?? name) : undefined,
      deployAction: `${name}-deploy`,
      executeCommand: executeCommand === true,
    };
  });
  return {
    stack,
    environment,
    region: config["aws:region"],
    cluster: EXISTING.safeParse(jsonOf(at("cluster"))).data?.existing ?? environment,
    services: placed,
    pipelines: [...new Set(placed.flatMap(({ pipeline }) => pipeline ?? []))],
    deliveredBy,
  };
}

/** The services that are named, or all. */
export function servicesNamed(place: StackPlace, names: readonly string[]): readonly PlacedService[] {
  const known = place.services.map(({ name }) => name);
  const missing = names.find((name) => !known.includes(name));
  if (missing !== undefined)
    throw new UsageError(`Pulumi.${place.stack}.yaml has no service "${missing}"; services are ${known.join(", ")}`);
  return names.length === 0 ? place.services : place.services.filter(({ name }) => names.includes(name));
}

/** The one service that is named, or the only one there is. */
export function oneService(place: StackPlace, names: readonly string[]): PlacedService {
  const [first, ...others] = servicesNamed(place, names);
  if (first && others.length === 0) return first;
  const all = place.services.map(({ name }) => name).join(", ");
  throw new UsageError(`name one service of Pulumi.${place.stack}.yaml: ${all}`);
}
