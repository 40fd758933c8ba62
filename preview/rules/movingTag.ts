import type { Finding, RecordedResource, Rule } from "../../model/graph/graph";
import { textOf } from "../../model/graph/read";
import { finding, ofType, TYPES } from "../../model/graph/resources";
import { containersOf } from "../../model/graph/services";

/** What runs is a fixed image: no tag that moves, in no repository that lets tags move. */
export const movingTag: Rule = (graph) => [
  ...ofType(graph, TYPES.taskDefinition).flatMap(imageFindings),
  ...ofType(graph, TYPES.repository).flatMap(repositoryFindings),
];

function imageFindings(definition: RecordedResource): readonly Finding[] {
  return containersOf(definition).flatMap(({ name, image }) => {
    const problem = problemOf(image);
    if (!problem) return [];
    const text = `container ${name}, image "${image}": ${problem}; name a tag that never moves (the commit) or a digest`;
    return [finding("moving-tag", definition, text)];
  });
}

function problemOf(image: string): string | undefined {
  if (image.includes("@sha256:")) return undefined;
  const last = image.split("/").at(-1) ?? "";
  if (!last.includes(":")) return "it has no tag, which means latest";
  return last.endsWith(":latest") ? "latest moves with every push" : undefined;
}

function repositoryFindings(repository: RecordedResource): readonly Finding[] {
  const mutability = textOf(repository.inputs.imageTagMutability) ?? "MUTABLE, the default";
  if (mutability === "IMMUTABLE") return [];
  const excluded = mutability === "IMMUTABLE_WITH_EXCLUSION";
  const text = excluded
    ? "imageTagMutability IMMUTABLE_WITH_EXCLUSION: the excluded tags can move; see that nothing is deployed by them"
    : `imageTagMutability: expected IMMUTABLE, got ${mutability}; a pushed tag could replace what runs`;
  return [finding("moving-tag", repository, text, excluded ? "notice" : "error")];
}
