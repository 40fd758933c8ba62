import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { PipelineStage } from "./action";
import type { StageRule } from "./condition";

/** Name of an artifact: stricter than the name of an action. */
const ARTIFACT = { pattern: /^[A-Za-z0-9_-]+$/, max: 100, expected: "1 to 100 letters, digits, - and _" };

/**
 * What of a pipeline's structure AWS would refuse.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export function checkPipeline(name: string, stages: readonly PipelineStage[], executionMode = "SUPERSEDED"): Problems {
  const problems = new Problems().text("pipelineName", name, NAMES.pipeline);
  if (stages.length < 2 || stages.length > 50) problems.add(`stages: expected 2 to 50, got ${stages.length}`);
  const made = new Map<string, number>();
  stages.forEach((stage, index) => {
    problems.text(`stages[${index}].name`, stage.name, NAMES.pipeline);
    if (stage.onFailure === "ROLLBACK") checkRollback(problems, stage, index, executionMode);
    checkRules(problems, stage.name, stage.beforeEntry ?? []);
    if (stage.actions.length > 50) problems.add(`stage ${stage.name}: at most 50 actions, got ${stage.actions.length}`);
    problems.addAll(repeated(stage.actions.map(nameOf)).map((twice) => `stage ${stage.name}: two actions ${twice}`));
    checkActions(problems, stage, index, made);
  });
  const namespaces = stages.flatMap(({ actions }) =>
    actions.flatMap(({ declaration }) => texts([declaration.namespace])),
  );
  return problems
    .addAll(repeated(stages.map(({ name }) => name)).map((twice) => `stages: two are named ${twice}`))
    .addAll(repeated(namespaces).map((twice) => `stages: two actions have the variable namespace ${twice}`));
}

function checkRollback(problems: Problems, { name }: PipelineStage, index: number, executionMode: string): void {
  if (index === 0) problems.add(`stage ${name}: the source stage cannot roll back`);
  if (executionMode === "PARALLEL") {
    problems.add(`stage ${name}: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED`);
  }
}

/** What must hold before a stage begins. */
function checkRules(problems: Problems, stage: string, rules: readonly StageRule[]): void {
  if (rules.length > 5) problems.add(`stage ${stage}: at most 5 rules before it, got ${rules.length}`);
  const names = rules.map(({ declaration }) => declaration.name);
  problems.addAll(
    repeated(names).map((twice) => `stage ${stage}: two rules are named ${twice}; give each its own name`),
  );
  rules.forEach((rule) => {
    const where = `stage ${stage}, rule ${rule.declaration.name}: `;
    problems.text(`${where}name`, rule.declaration.name, NAMES.pipeline);
    problems.addAll(rule.problems.map((problem) => where + problem));
  });
}

/** `made` says when each artifact is ready: stage by stage, and within a stage by run order. */
function checkActions(problems: Problems, stage: PipelineStage, index: number, made: Map<string, number>): void {
  const orderOf = ({ declaration }: Declared) => index * 1000 + Number(declaration.runOrder ?? 1);
  for (const action of [...stage.actions].sort((a, b) => orderOf(a) - orderOf(b))) {
    const { declaration } = action;
    const where = `stage ${stage.name}, action ${nameOf(action)}`;
    problems.text(`${where}: name`, nameOf(action), NAMES.pipeline);
    if ((declaration.category === "Source") !== (index === 0)) {
      problems.add(`${where}: source actions stand in the first stage, and nothing else does`);
    }
    for (const input of texts(declaration.inputArtifacts)) {
      if ((made.get(input) ?? Number.POSITIVE_INFINITY) >= orderOf(action)) {
        problems.add(`${where}: reads artifact ${input}, which no action before it makes`);
      }
    }
    for (const artifact of texts(declaration.outputArtifacts)) {
      problems.text(`${where}: artifact`, artifact, ARTIFACT);
      if (made.has(artifact)) problems.add(`${where}: artifact ${artifact} is made twice`);
      made.set(artifact, orderOf(action));
    }
  }
}

type Declared = Pick<PipelineStage["actions"][number], "declaration">;

function nameOf({ declaration }: Declared): string {
  return declaration.name;
}

/** Names of artifacts and namespaces are always plain text here; an Output would be a mistake of ours. */
function texts(names: unknown): string[] {
  return Array.isArray(names) ? names.filter((name) => name !== undefined).map(String) : [];
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
