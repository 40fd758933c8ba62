import { NAMES, type NameRule } from "../checks/names";
import { ACTIONS_IN_STAGE } from "./largeStages";

/** An action, as far as the structure of its pipeline goes. */
export interface ActionShape {
  readonly name: string;
  readonly category: string;
  readonly runOrder: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly namespace?: string;
  readonly timeoutInMinutes?: number;
}

/** Rules that must hold before or after a stage, and what happens if they do not. */
export interface ConditionShape {
  readonly place: "beforeEntry" | "onSuccess" | "onFailure";
  readonly result?: string;
  readonly rules: readonly { readonly name: string; readonly provider: string }[];
}

/** A stage. */
export interface StageShape {
  readonly name: string;
  readonly actions: readonly ActionShape[];
  readonly conditions: readonly ConditionShape[];
  readonly onFailure?: string;
  readonly retryMode?: string;
}

/** A pipeline: one that a program declares, or one that a recorded graph has. */
interface PipelineShape {
  readonly stages: readonly StageShape[];
  readonly executionMode?: string;
}

/** What AWS would refuse of a pipeline. */
interface StructureProblem {
  readonly rule:
    | "pipeline-structure"
    | "artifact-not-made"
    | "artifact-made-twice"
    | "artifact-name"
    | "stage-conditions";
  readonly text: string;
  /** Whether the text begins with where it is: `stage Build, action api-image: `. */
  readonly isLocated: boolean;
}

/** Namespace of an action's variables: no dot. */
const NAMESPACE = { pattern: /^[A-Za-z0-9@_-]+$/, max: 100, expected: "1 to 100 letters, digits and @ - _" };
/** Name of an artifact: stricter than the name of an action. */
const ARTIFACT = { pattern: /^[A-Za-z0-9_-]+$/, max: 100, expected: "1 to 100 letters, digits, - and _" };

/** What a condition may come to, by where it stands. */
const RESULTS: Readonly<Record<ConditionShape["place"], readonly string[]>> = {
  beforeEntry: ["FAIL", "SKIP"],
  onSuccess: ["ROLLBACK", "FAIL"],
  onFailure: ["ROLLBACK"],
};

/** The rules that can have a stage skipped. */
const SKIPPING = ["LambdaInvoke", "VariableCheck"];

/**
 * What CodePipeline would refuse of a pipeline's structure. The component asks before anything is created, the preview of
 * every pipeline in a graph, whoever wrote it.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
 */
export function structureProblems(pipeline: PipelineShape): readonly StructureProblem[] {
  const { stages } = pipeline;
  const placed = stages.flatMap(({ name: stage, actions }, stageIndex) =>
    actions.map((action): PlacedAction => ({ ...action, stage, stageIndex })),
  );
  return [
    ...numberProblems(stages),
    ...placed.flatMap((action) => [...actionProblems(action), ...artifactProblems(action, placed)]),
    ...namespaceProblems(placed),
    ...stages.flatMap((stage, index) => conditionProblems(pipeline, stage, index)),
  ];
}

interface PlacedAction extends ActionShape {
  readonly stage: string;
  readonly stageIndex: number;
}

/** Whether `first` has ended when `second` starts: an earlier stage, or a lower run order in the same one. */
export function isBefore(first: Order, second: Order): boolean {
  if (first.stageIndex !== second.stageIndex) return first.stageIndex < second.stageIndex;
  return first.runOrder < second.runOrder;
}

/** When an action runs. */
type Order = Pick<PlacedAction, "stageIndex" | "runOrder">;

function numberProblems(stages: readonly StageShape[]): readonly StructureProblem[] {
  const [first] = stages;
  return inside("pipeline-structure", "", [
    ...(stages.length >= 2 && stages.length <= 50 ? [] : [`expected 2 to 50 stages, got ${stages.length}`]),
    ...repeated(stages.map(({ name }) => name)).map((name) => `two stages are named "${name}"; rename one`),
    ...(first && first.actions.length === 0 ? [`stage ${first.name}: the first stage needs a source action`] : []),
    ...stages.flatMap(({ name }) => unlike("stage", name, NAMES.pipeline)),
    ...stages.flatMap(({ name, actions }) => [
      ...(actions.length <= ACTIONS_IN_STAGE
        ? []
        : [`stage ${name}: at most ${ACTIONS_IN_STAGE} actions, got ${actions.length}`]),
      ...repeated(actions.map((action) => action.name)).map(
        (action) => `stage ${name}: two actions are named "${action}"; rename one`,
      ),
    ]),
  ]);
}

function actionProblems(action: PlacedAction): readonly StructureProblem[] {
  const { name, category, stageIndex, runOrder, timeoutInMinutes } = action;
  const problems = [...unlike("name", name, NAMES.pipeline)];
  if (category === "Source" && stageIndex > 0) {
    problems.push("a source action stands in the first stage; move it there");
  }
  if (category !== "Source" && stageIndex === 0) {
    problems.push(`the first stage takes source actions only, this one is of category ${category}; move it on`);
  }
  if (!Number.isInteger(runOrder) || runOrder < 1 || runOrder > 999) {
    problems.push(`runOrder: expected a whole number from 1 to 999, got ${runOrder}`);
  }
  if (timeoutInMinutes !== undefined && category !== "Approval") {
    problems.push(`timeoutInMinutes: works for approvals only, got ${timeoutInMinutes}; leave it out`);
  }
  return inside("pipeline-structure", at(action), problems);
}

function at({ stage, name }: PlacedAction): string {
  return `stage ${stage}, action ${name}: `;
}

function artifactProblems(action: PlacedAction, all: readonly PlacedAction[]): readonly StructureProblem[] {
  const { inputs, outputs } = action;
  const before = all.filter((other) => isBefore(other, action)).flatMap((other) => other.outputs);
  const earlier = all.slice(0, all.indexOf(action));
  return [
    ...inside(
      "artifact-not-made",
      at(action),
      inputs.filter((input) => !before.includes(input)).map((input) => notMade(input, action, { all, before })),
    ),
    ...inside(
      "artifact-made-twice",
      at(action),
      outputs.flatMap((output) => {
        const first = earlier.find((other) => other.outputs.includes(output));
        if (!first) return [];
        return [`makes artifact "${output}", which action ${first.name} makes already; give it a name of its own`];
      }),
    ),
    ...inside(
      "artifact-name",
      at(action),
      [...new Set([...inputs, ...outputs])].flatMap((name) =>
        unlike("artifact", name, ARTIFACT).map((text) => `${text}; rename it`),
      ),
    ),
  ];
}

function notMade(
  input: string,
  action: PlacedAction,
  { all, before }: { readonly all: readonly PlacedAction[]; readonly before: readonly string[] },
): string {
  const maker = all.find(({ outputs }) => outputs.includes(input));
  if (maker) {
    const mend =
      maker.stageIndex === action.stageIndex
        ? `give ${action.name} a run order above ${maker.runOrder}`
        : `move ${maker.name} to a stage before ${action.stage}`;
    return (
      `reads artifact "${input}", which action ${maker.name} (stage ${maker.stage}, run order ${maker.runOrder}) ` +
      `has not made by then; ${mend}`
    );
  }
  const choices = before.length > 0 ? `expected one of ${before.join(", ")}` : "no action before it makes any";
  return `reads artifact "${input}", which no action makes; ${choices}: correct the name, or let an earlier action make it`;
}

function namespaceProblems(actions: readonly PlacedAction[]): readonly StructureProblem[] {
  const given = actions.flatMap(({ namespace }) => namespace ?? []);
  const artifacts = new Set(actions.flatMap(({ outputs }) => outputs));
  return inside("pipeline-structure", "", [
    ...repeated(given).map((name) => `two actions have the namespace "${name}"; give each its own`),
    ...given.flatMap((name) => {
      const unusable = unlike("namespace", name, NAMESPACE);
      if (unusable.length > 0) return unusable;
      if (artifacts.has(name)) return [`namespace "${name}": an artifact has that name; rename one of the two`];
      return name === "codepipeline" || name === "variables"
        ? [`namespace "${name}": CodePipeline uses it itself`]
        : [];
    }),
  ]);
}

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html */
function conditionProblems(
  { executionMode }: PipelineShape,
  { name, onFailure, retryMode, conditions }: StageShape,
  index: number,
): readonly StructureProblem[] {
  const both = onFailure === "RETRY" && conditions.some(({ place }) => place === "onFailure");
  const rollsBack = onFailure === "ROLLBACK" || conditions.some(({ result }) => result === "ROLLBACK");
  const onStage = [
    ...unexpected("onFailure", onFailure, ["ROLLBACK", "RETRY"]),
    ...unexpected("onFailure: retryMode", retryMode, ["FAILED_ACTIONS", "ALL_ACTIONS"]),
    ...(both ? ["onFailure: RETRY does not go with a condition; take one of the two away"] : []),
    ...(rollsBack && index === 0 ? ["ROLLBACK: the first stage cannot roll back; take it away"] : []),
    ...(rollsBack && executionMode === "PARALLEL"
      ? ["ROLLBACK: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED"]
      : []),
  ];
  return inside("stage-conditions", `stage ${name}, `, [
    ...onStage,
    ...conditions.flatMap((condition) => [
      ...ruleProblems(condition).map((text) => `${condition.place}: ${text}`),
      ...condition.rules.flatMap((rule) =>
        unlike("name", rule.name, NAMES.pipeline).map((text) => `rule ${rule.name}: ${text}`),
      ),
    ]),
  ]);
}

function ruleProblems({ place, result, rules }: ConditionShape): readonly string[] {
  const cannotSkip = result === "SKIP" ? rules.filter(({ provider }) => !SKIPPING.includes(provider)) : [];
  return [
    ...unexpected("result", result ?? "none", RESULTS[place]),
    ...(rules.length >= 1 && rules.length <= 5 ? [] : [`expected 1 to 5 rules, got ${rules.length}`]),
    ...repeated(rules.map(({ name }) => name)).map((name) => `two rules are named "${name}"; rename one`),
    ...cannotSkip.map(({ name }) => `result SKIP: expected rules of ${SKIPPING.join(" or ")}, ${name} is none`),
  ];
}

function inside(rule: StructureProblem["rule"], where: string, texts: readonly string[]): readonly StructureProblem[] {
  return texts.map((text) => ({ rule, text: where + text, isLocated: where !== "" }));
}

function unlike(what: string, name: string, { pattern, max, expected }: NameRule): readonly string[] {
  return name.length <= max && pattern.test(name) ? [] : [`${what} "${name}": expected ${expected}`];
}

function unexpected(what: string, value: string | undefined, allowed: readonly string[]): readonly string[] {
  if (value === undefined || allowed.includes(value)) return [];
  return [`${what}: expected ${allowed.join(" or ")}, got ${value}`];
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
