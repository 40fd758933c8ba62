import type { BuildKind } from "../../components/build/kind";
import { buildspecOf } from "./buildspec";
import type { RecordedResource } from "./graph";
import { mapOf } from "./read";

/** What runs in a generated buildspec: the function that its script calls last. */
const SCRIPTS: readonly (readonly [string, BuildKind])[] = [
  ["confirm_delivery", "confirm"],
  ["run_before_deployment", "confirm"],
  ["record_passed", "confirm"],
  ["scan_gate", "confirm"],
  ["promote_image", "release"],
  ["take_image", "build"],
  ["resolve_image", "build"],
  ["provide_image", "build"],
];

/** What a project is there for. What someone's own commands do is a test, unless they build images: that takes a Docker daemon. */
export function buildKindOf({ inputs }: RecordedResource): BuildKind {
  const text = buildspecOf({ inputs });
  const [, kind] = SCRIPTS.find(([script]) => text.includes(`\\n${script}`)) ?? [];
  return kind ?? (mapOf(inputs.environment).privilegedMode === true ? "build" : "test");
}
