import { structureProblems } from "../../components/pipeline/structure";
import type { Finding } from "./graph";
import type { Pipeline } from "./pipelines";
import { textOf } from "./read";
import { finding } from "./resources";

/** What the component would refuse of a pipeline, said of a recorded one. */
export function structureFindings({ resource, stages }: Pipeline): readonly Finding[] {
  const executionMode = textOf(resource.inputs.executionMode);
  return structureProblems({ stages, executionMode }).map(({ rule, isLocated, text }) =>
    finding(rule, resource, isLocated ? `, ${text}` : text),
  );
}
