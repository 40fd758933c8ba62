import { architectureOf } from "../../environment/service";
import { canRun } from "../../environment/traffic";
import type { Finding, RecordedGraph, RecordedResource } from "../../graph/graph";
import { hasUnknownPolicy, mayDo, policiesOf, roleOf, statementsIn } from "../../graph/iam";
import { label, ofType, physicalName, TYPES } from "../../graph/resources";
import { taskDefinitionOf } from "../../graph/services";
import type { UpdateContext, UpdateRun } from "../updateRun";
import { perRun } from "./perRun";

/** What becomes of the images that run: an architecture they were not built for, or a repository that goes with them. */
export function imageFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, (run) => [
    ...otherArchitecture(run),
    ...lostImages(run, context),
    ...unreadableImages(run, context.before),
  ]);
}

function otherArchitecture({ played, wanted }: UpdateRun): readonly Finding[] {
  return played.end.failed
    .filter(({ starts }) => !canRun(starts))
    .map(({ service: urn, starts }) => {
      const service = wanted.resources.find((one) => one.urn === urn);
      return {
        level: "error",
        rule: "image-of-another-architecture",
        urn,
        message:
          `${service?.name ?? urn}: the delivered image was built for ${starts.imageArchitecture}, and its tasks would be started ` +
          `on ${service ? architectureOf(wanted, service) : starts.architecture} at once: none of them comes up, and the deployment is taken back`,
        steps: [
          `let the build make images for both (build.platforms: [linux/amd64, linux/arm64]), pulumi up, and deliver one`,
          `then set cpuArchitecture: ${starts.architecture}, and pulumi up`,
        ],
      };
    });
}

/** A repository goes with its images, also with those that run: no task could be started any more. */
function lostImages({ played }: UpdateRun, { adopted }: UpdateContext): readonly Finding[] {
  const gone = played.steps.filter(
    ({ kind, before }) => kind === "delete" && before?.type === TYPES.repository && !before.retainOnDelete,
  );
  return gone.flatMap(({ before, key }) => {
    if (!before || adopted.some(({ resource }) => resource.urn === before.urn)) return [];
    if (played.refusals.some(({ step }) => step.key === key)) return [];
    const users = ofType(played.end, TYPES.service).filter(({ urn }) =>
      played.end.images.some((image) => image.service === urn && image.repository.endsWith(`/${physicalName(before)}`)),
    );
    return users.map(
      (service): Finding => ({
        level: "error",
        rule: "running-image-lost",
        urn: before.urn,
        message: `${label(before)}: it is deleted with the image that ${service.name} runs: a task that stops could not be started again`,
        steps: [
          `copy what runs into the other repository: docker buildx imagetools create --tag <the other repository>:<commit> <the running image, by digest>`,
          "deliver from there, so that the record names it",
          "then remove the repository",
        ],
      }),
    );
  });
}

/** The role that pulls may be allowed another repository alone, while what runs is still in the former one. */
function unreadableImages({ played, wanted }: UpdateRun, before: RecordedGraph): readonly Finding[] {
  return ofType(wanted, TYPES.service).flatMap((service): readonly Finding[] => {
    const image = played.end.images.find((one) => one.service === service.urn);
    const [, registry = "", name = ""] = /^([^/]+)\/(.+)$/.exec(image?.repository ?? "") ?? [];
    const [account = "", , , region = ""] = registry.split(".");
    const role = roleOf(wanted, taskDefinitionOf(wanted, service)?.inputs.executionRoleArn);
    if (name === "" || !role || !registry.includes(".dkr.ecr.") || hasUnknownPolicy(wanted, role)) return [];
    const arn = `arn:aws:ecr:${region}:${account}:repository/${name}`;
    const may = (graph: RecordedGraph, one: RecordedResource) =>
      mayDo(
        policiesOf(graph, one).flatMap(({ text }) => statementsIn(text)),
        "ecr:BatchGetImage",
        arn,
      );
    const former = before.resources.find(({ urn }) => urn === role.urn);
    if (may(wanted, role) || !former || !may(before, former)) return [];
    return [
      {
        level: "error",
        rule: "running-image-unreadable",
        urn: role.urn,
        message: `${label(role)}: it may no longer pull from ${name}, where the image is that ${service.name} runs: a task that stops could not be started again before the next delivery`,
        steps: [
          "copy what runs into the other repository, or let the role pull from both (executionRole of your own)",
          "make the change, and deliver at once",
        ],
      },
    ];
  });
}
