import assert from "node:assert/strict";
import { SECTIONS, type Variant } from "../../scripts/changes/variants";

/** Whether an update ends well under the engine. */
export type CellOutcome = "done" | "refused";

/** Cells of the matrix, by strategy and change: some in place, some refused, some with a gap. */
export const CELLS: readonly (readonly [strategy: string, change: string, outcome: CellOutcome])[] = [
  ["rolling", "more `cpu` and `memory`", "done"],
  ["rolling", "`container.port` 8080 to 3000", "done"],
  ["rolling", "`certificateArn` added", "done"],
  ["rolling", "`capacityProvider` FARGATE to FARGATE_SPOT", "done"],
  ["rolling", "own cluster to an existing one", "done"],
  ["rolling", "`type: network`", "done"],
  ["rolling", "own load balancer to that of another service (`loadBalancerOf`)", "done"],
  ["ecsCanary", "another service shares the load balancer (`loadBalancerOf`)", "done"],
  ["codeDeployBlueGreen", "a variable added", "done"],
  ["codeDeployBlueGreen", "ECS Exec on", "refused"],
  ["codeDeployBlueGreen", "`container.port` 8080 to 3000", "done"],
  ["ecsCanary", "another health check", "done"],
  ["ecsCanary", "`internal` on", "refused"],
];

/** The stack file of a change. */
export function variantNamed(change: string): Variant {
  const found = SECTIONS.flatMap(({ variants }) => variants).find(({ there }) => there === change);
  assert(found, change);
  return found;
}
