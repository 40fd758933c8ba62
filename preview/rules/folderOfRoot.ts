import type { Rule } from "../../model/graph/graph";
import { mapOf, mapsOf, textOf, textsOf } from "../../model/graph/read";
import { notice, ofType, TYPES } from "../../model/graph/resources";
import { containersOf } from "../../model/graph/services";

/** Where ECS Exec's agent writes, which runs as root whoever the container's user is. */
const OF_EXECS_AGENT = ["/var/lib/amazon", "/var/log/amazon"];

/**
 * An empty volume on Fargate belongs to root, unless the image declares its folder: another user cannot write there.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
export const folderOfRoot: Rule = (graph) =>
  ofType(graph, TYPES.taskDefinition)
    .filter(({ inputs }) => textsOf(inputs.requiresCompatibilities).includes("FARGATE"))
    .flatMap((definition) => {
      const empty = mapsOf(definition.inputs.volumes)
        .filter(({ efsVolumeConfiguration }) => Object.keys(mapOf(efsVolumeConfiguration)).length === 0)
        .map(({ name }) => name);
      return containersOf(definition).flatMap(({ name, definition: container }) => {
        const user = textOf(container.user) ?? "";
        if (/^(?:|0|root)(?::.*)?$/.test(user)) return [];
        const folders = mapsOf(container.mountPoints)
          .filter(({ sourceVolume, readOnly }) => empty.includes(sourceVolume) && readOnly !== true)
          .flatMap(({ containerPath }) => textOf(containerPath) ?? [])
          .filter((path) => !OF_EXECS_AGENT.includes(path));
        if (folders.length === 0) return [];
        const all = folders.join(" ");
        const belong = folders.length === 1 ? "belongs" : "belong";
        return [
          notice(
            "folder-of-root",
            definition,
            `container ${name} runs as user ${user}, and ${folders.join(", ")} ${belong} to root on Fargate: it can write there only if its ` +
              `Dockerfile says RUN mkdir -p ${all} && chown ${user} ${all} and VOLUME ${all}; or use tmpfs in the place of writablePaths`,
          ),
        ];
      });
    });
