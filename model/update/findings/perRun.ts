import type { Finding } from "../../graph/graph";
import type { UpdateContext, UpdateRun } from "../updateRun";

/** Findings of every run, each once; one that not every run has says when it holds. */
export function perRun({ runs }: UpdateContext, find: (run: UpdateRun) => readonly Finding[]): readonly Finding[] {
  const found = runs.map((run) => ({ told: run.told, findings: find(run) }));
  const all = new Map(found.flatMap(({ findings }) => findings.map((one) => [keyOf(one), one] as const)));
  return [...all].map(([key, finding]) => {
    const where = found.filter(({ findings }) => findings.some((one) => keyOf(one) === key));
    if (where.length === runs.length) return finding;
    return { ...finding, message: `${finding.message} (${where.map(({ told }) => told).join(", ")})` };
  });
}

function keyOf({ rule, message }: Finding): string {
  return `${rule} ${message}`;
}
