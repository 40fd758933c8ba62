import { unpacked } from "../../components/build/buildspec/packed";
import type { RecordedResource } from "./graph";
import { mapOf, textOf } from "./read";

/** Text of a project's buildspec with its scripts as they are run, or its path in the source. */
export function buildspecOf({ inputs }: Pick<RecordedResource, "inputs">): string {
  return unpacked(textOf(mapOf(inputs.source).buildspec) ?? "");
}
