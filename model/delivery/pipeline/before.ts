import type { Action, Pipeline } from "../../graph/pipelines";
import { variableGiven } from "../../graph/pipelines";
import { COMMIT_BEFORE, type PlayedCloud } from "../cloud";
import { familyOf, imageIn } from "../revisions";
import type { PlayedService } from "../runningService";
import type { PlayedStack } from "../runningStack";
import { type PlayedArtifact, TextArtifact } from "./artifact";

/** What a stage was done with last, when it ended well. */
export interface LastGood {
  readonly commit: string;
  readonly artifacts: ReadonlyMap<string, PlayedArtifact>;
  readonly variables: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/**
 * What a stage was done with by the delivery before the rehearsal: the source, and what builds left of its services' images.
 * Nothing where nothing was delivered.
 */
export function doneBefore(
  cloud: PlayedCloud,
  stack: PlayedStack,
  { actions }: Pipeline,
  source: PlayedArtifact,
): LastGood | undefined {
  if (!stack.delivered) return undefined;
  const artifacts = actions.flatMap((action) =>
    action.outputs.map((output) => [output, leftBefore(cloud, stack, actions, action, output, source)] as const),
  );
  const variables = actions.flatMap((action) =>
    action.namespace === undefined ? [] : [[action.namespace, variablesBefore(cloud, stack, action)] as const],
  );
  return { commit: COMMIT_BEFORE, variables: new Map(variables), artifacts: new Map(artifacts) };
}

/** What an action left: the source, or the files about the image of the service that they were deployed to. */
function leftBefore(
  cloud: PlayedCloud,
  stack: PlayedStack,
  actions: readonly Action[],
  action: Action,
  output: string,
  source: PlayedArtifact,
): PlayedArtifact {
  if (action.category === "Source" && action.provider !== "ECR") return source;
  const deploys = actions.filter(({ category, inputs }) => category === "Deploy" && inputs.includes(output));
  const own = cloud.services.filter((service) => service.stack === stack);
  const byContainer = own.find(({ container }) => container === variableGiven(action, "CONTAINER_NAME"));
  const service = byContainer ?? own[0];
  const deployed = deploys.flatMap((deploy) => {
    const to = deployedTo(cloud, deploy) ?? service;
    return to ? Object.entries(filesBefore(cloud, to, deploy.configuration)) : [];
  });
  const files = deploys.length > 0 ? Object.fromEntries(deployed) : service ? filesBefore(cloud, service, {}) : {};
  return new TextArtifact(files);
}

function deployedTo({ services }: PlayedCloud, { configuration }: Action): PlayedService | undefined {
  const { ClusterName, ServiceName, ApplicationName, DeploymentGroupName } = configuration;
  return services.find(({ cluster, name, deploymentGroup }) => {
    if (ServiceName !== undefined) return cluster === ClusterName && name === ServiceName;
    const inputs = deploymentGroup?.inputs;
    return inputs?.deploymentGroupName === DeploymentGroupName && inputs?.appName === ApplicationName;
  });
}

/** The image of a service's first revision, which is the one that ran before. */
function imageBefore({ revisions }: PlayedCloud, service: PlayedService): string {
  const first = revisions.active(familyOf(service.revision)).at(-1);
  return first ? (imageIn(first, service.container) ?? "") : "";
}

function filesBefore(
  cloud: PlayedCloud,
  service: PlayedService,
  { FileName, TaskDefinitionTemplatePath, AppSpecTemplatePath }: Action["configuration"],
): Readonly<Record<string, string>> {
  const image = imageBefore(cloud, service);
  const parameter = (file: string) => {
    const arn = cloud.parameters.arns.find((one) => one.endsWith(`/${service.name}/${file}`));
    return (arn === undefined ? undefined : cloud.parameters.value(arn)) ?? "";
  };
  return {
    [FileName ?? "imagedefinitions.json"]: JSON.stringify([{ name: service.container, imageUri: image }]),
    "imageDetail.json": JSON.stringify({ ImageURI: image }),
    [TaskDefinitionTemplatePath ?? "taskdef.json"]: parameter("taskdef.json"),
    [AppSpecTemplatePath ?? "appspec.yaml"]: parameter("appspec.yaml"),
  };
}

function variablesBefore(cloud: PlayedCloud, stack: PlayedStack, action: Action): Readonly<Record<string, string>> {
  if (action.category === "Source") {
    return {
      CommitId: COMMIT_BEFORE,
      VersionId: COMMIT_BEFORE,
      ImageDigest: COMMIT_BEFORE,
      BranchName: "",
      ImageURI: "",
    };
  }
  const own = cloud.services.filter((service) => service.stack === stack);
  const service = own.find(({ container }) => container === variableGiven(action, "CONTAINER_NAME")) ?? own[0];
  const image = service ? imageBefore(cloud, service) : "";
  return {
    IMAGE_URI: image,
    IMAGE_TAG: COMMIT_BEFORE,
    IMAGE_DIGEST: image.split("@")[1] ?? "",
    SCAN_RESULT: "no findings",
  };
}
