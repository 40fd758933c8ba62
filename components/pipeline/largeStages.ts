import type { PipelineAction, PipelineStage } from "./action";

/**
 * Actions that a stage holds.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
 */
export const ACTIONS_IN_STAGE = 50;

/**
 * Stages with more actions than one holds, as several in the same order. A stage that rolls back stays whole: what fails in a
 * part would take that part back alone.
 */
export function splitLargeStages(stages: readonly PipelineStage[]): PipelineStage[] {
  return stages.flatMap((stage, index) => (index > 0 && splits(stage) ? parts(stage) : [stage]));
}

/** Whether a stage may become several. */
export function splits({ onFailure }: Pick<PipelineStage, "onFailure">): boolean {
  return onFailure !== "ROLLBACK";
}

function parts(stage: PipelineStage): PipelineStage[] {
  const { name, actions, onFailure, beforeEntry } = stage;
  if (actions.length <= ACTIONS_IN_STAGE) return [stage];
  const inOrder = [...actions].sort((a, b) => orderOf(a) - orderOf(b));
  const count = Math.ceil(actions.length / ACTIONS_IN_STAGE);
  return Array.from({ length: count }, (_, index): PipelineStage => {
    const own = inOrder.slice(index * ACTIONS_IN_STAGE, (index + 1) * ACTIONS_IN_STAGE);
    // What holds the stage back holds its first part back.
    return index === 0
      ? { name, actions: own, onFailure, beforeEntry }
      : { name: `${name}-${index + 1}`, actions: own, onFailure };
  });
}

function orderOf({ declaration }: PipelineAction): number {
  return declaration.runOrder ?? 1;
}
