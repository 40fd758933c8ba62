import assert from "node:assert/strict";
import { SECTIONS, type Variant } from "../../scripts/changes/variants";

/** Ten cells of the matrix, by strategy and change: some in place, some refused, some with a gap. */
export const CELLS: readonly (readonly [strategy: string, change: string])[] = [
  ["rolling", "more `cpu` and `memory`"],
  ["rolling", "`container.port` 8080 to 3000"],
  ["rolling", "`certificateArn` added"],
  ["rolling", "`capacityProvider` FARGATE to FARGATE_SPOT"],
  ["rolling", "own cluster to an existing one"],
  ["codeDeployBlueGreen", "a variable added"],
  ["codeDeployBlueGreen", "ECS Exec on"],
  ["codeDeployBlueGreen", "`container.port` 8080 to 3000"],
  ["ecsCanary", "another health check"],
  ["ecsCanary", "`internal` on"],
];

/** The stack file of a change. */
export function variantNamed(change: string): Variant {
  const found = SECTIONS.flatMap(({ variants }) => variants).find(({ there }) => there === change);
  assert(found, change);
  return found;
}
