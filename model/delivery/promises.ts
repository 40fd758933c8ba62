import { imageName } from "../graph/ecr";
import { jsonOf, mapOf, textOf } from "../graph/read";
import { arnOf } from "../graph/resources";
import { deployedService } from "../graph/services";
import type { PlayedCloud } from "./cloud";
import type { Rehearsed } from "./rehearsal";
import { imageIn } from "./revisions";
import type { PlayedService } from "./runningService";

/** A promise that was broken: what must hold whatever goes wrong. */
export interface Broken {
  readonly promise:
    | "served"
    | "recorded"
    | "no rollback told as success"
    | "scaling pauses"
    | "scaling resumes"
    | "tested is what runs"
    | "vouched for is what runs";
  readonly text: string;
}

/**
 * What must hold once everything is over: users are served, what is recorded is what runs, no rollback was told as a
 * success, scaling is not left suspended, production runs what was tested, and nothing was recorded as tested that did not run then.
 */
export function brokenPromises(cloud: PlayedCloud, pipelines: readonly Rehearsed[]): readonly Broken[] {
  return [
    ...cloud.gaps.flatMap((gap) => served(cloud, gap)),
    ...cloud.services.flatMap((service) => recorded(cloud, service)),
    ...pipelines.flatMap((rehearsed) => toldAsSuccess(cloud, rehearsed)),
    ...[...cloud.suspended].map(
      (id): Broken => ({ promise: "scaling resumes", text: `scaling of ${id} is still suspended` }),
    ),
    ...[...cloud.scalesMeanwhile].map(
      (id): Broken => ({
        promise: "scaling pauses",
        text: `${id} scaled while CodeDeploy deployed, which can fail a deployment`,
      }),
    ),
    ...pipelines.flatMap((rehearsed) => tested(cloud, rehearsed)),
    ...cloud.unfounded.map((text): Broken => ({ promise: "vouched for is what runs", text })),
  ];
}

function served(cloud: PlayedCloud, { service, from, to, least }: PlayedCloud["gaps"][number]): readonly Broken[] {
  // A version that dies while it serves costs answers, whatever takes it back; that it is taken back is the promise.
  if (cloud.dying.has(service) && Number.isFinite(to)) return [];
  const share = `${Math.round((1 - least) * 100)} % of production's requests to ${service} were not answered`;
  const length = Number.isFinite(to) ? `for ${minutes(to - from)}` : "at the end, and stay so";
  return [{ promise: "served", text: `${share} from ${minutes(from)} on ${length}` }];
}

function recorded(cloud: PlayedCloud, service: PlayedService): readonly Broken[] {
  const arn = cloud.recordOf(service);
  const record = mapOf(jsonOf(arn === undefined ? undefined : cloud.parameters.value(arn)));
  const image = textOf(record.image);
  const revision = cloud.revisions.get(service.revision);
  const runs = revision && imageIn(revision, service.container);
  if (image === undefined || runs === undefined || service.desired === 0 || runs === image) return [];
  // A tag is recorded by the digest that it stands for.
  const name = imageName(runs);
  const digest = name.tag === undefined ? undefined : cloud.registry.tagged(name.repository, name.tag)?.digest;
  if (digest !== undefined && image === `${name.repository}@${digest}`) return [];
  return [
    {
      promise: "recorded",
      text: `${service.name} runs ${runs}, recorded is ${image}: the next pulumi up takes the delivery back`,
    },
  ];
}

/** A run that ended well although what it deployed was taken back. */
function toldAsSuccess(cloud: PlayedCloud, { graph, pipeline, runs }: Rehearsed): readonly Broken[] {
  if (runs.at(-1)?.status !== "Succeeded") return [];
  return servicesOf(cloud, { graph, pipeline, runs }).flatMap((service): readonly Broken[] => {
    const last = service.deployments.at(-1);
    const lost = last !== undefined && last.status !== "SUCCESSFUL";
    return lost
      ? [
          {
            promise: "no rollback told as success",
            text: `${pipeline.name} Succeeded, but the deployment of ${service.name} ended with ${last.status}`,
          },
        ]
      : [];
  });
}

/** The services that a pipeline deploys to, in whichever stack they are. */
export function servicesOf(
  cloud: PlayedCloud,
  { graph, pipeline }: Pick<Rehearsed, "graph" | "pipeline" | "runs">,
): readonly PlayedService[] {
  const found = pipeline.actions.flatMap((action) => {
    if (action.category !== "Deploy") return [];
    const own = deployedService(graph, action);
    const others = cloud.stacks.map((stack) => deployedService(stack.graph, action));
    // Another stack's service of the same name is meant where the action works in another role.
    const resource =
      action.roleArn === undefined ? own : (others.find((one) => one !== undefined && one !== own) ?? own);
    return cloud.services.filter((service) => service.arn === (resource && arnOf(resource)));
  });
  return [...new Set(found)];
}

/** In a pipeline that deploys one image to several services of a kind, the last has the digest of the first. */
function tested(cloud: PlayedCloud, rehearsed: Rehearsed): readonly Broken[] {
  if (rehearsed.runs.at(-1)?.status !== "Succeeded") return [];
  const byContainer = new Map<string, PlayedService[]>();
  for (const service of servicesOf(cloud, rehearsed)) {
    const others = byContainer.get(service.container) ?? [];
    byContainer.set(service.container, [...others, service]);
  }
  return [...byContainer.values()].flatMap((services): readonly Broken[] => {
    const digests = services.map((service) => {
      const revision = cloud.revisions.get(service.revision);
      const { repository, digest, tag } = imageName((revision && imageIn(revision, service.container)) ?? "");
      return digest ?? cloud.registry.tagged(repository, tag ?? "")?.digest ?? "";
    });
    if (services.length < 2 || new Set(digests).size === 1 || new Set(services.map(({ stack }) => stack)).size === 1)
      return [];
    return [
      {
        promise: "tested is what runs",
        text: `${services.map(({ name }) => name).join(" and ")} run different images: ${digests.join(", ")}`,
      },
    ];
  });
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")} min`;
}
