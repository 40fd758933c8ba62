import type { Rule } from "../../model/graph/graph";
import { mapOf, mapsOf, textOf, textsOf } from "../../model/graph/read";
import { notice, ofType, TYPES } from "../../model/graph/resources";
import { containersOf } from "../../model/graph/services";

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
          .flatMap(({ containerPath }) => textOf(containerPath) ?? []);
        if (folders.length === 0) return [];
        const [first = ""] = folders;
        return [
          notice(
            "folder-of-root",
            definition,
            `container ${name} runs as user ${user}, and ${folders.join(", ")} belongs to root on Fargate: it can write there only if its ` +
              `Dockerfile says RUN mkdir -p ${first} && chown ${user} ${first} and VOLUME ${first}; or use tmpfs in the place of writablePaths`,
          ),
        ];
      });
    });
