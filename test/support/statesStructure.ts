import jsonata from "jsonata";
import type { State, StateMachine } from "../../model/delivery/states";

type Fields = Readonly<Record<State["Type"], readonly [needed: readonly string[], allowed: readonly string[]]>>;

/** Fields of each kind of state that this project uses: those it needs, those it may have. */
const FIELDS: Readonly<Record<"JSONPath" | "JSONata", Fields>> = {
  JSONPath: {
    Choice: [["Choices"], ["Default"]],
    Pass: [[], ["Next", "End"]],
    Wait: [["Seconds"], ["Next", "End"]],
    Task: [["Resource"], ["Parameters", "ResultSelector", "ResultPath", "Retry", "Catch", "Next", "End"]],
    Succeed: [[], []],
  },
  JSONata: {
    Choice: [["Choices"], ["Default"]],
    Pass: [[], ["Assign", "Next", "End"]],
    Wait: [["Seconds"], ["Next", "End"]],
    Task: [["Resource"], ["Arguments", "Assign", "Retry", "Catch", "Next", "End"]],
    Succeed: [[], []],
  },
};

/** What AWS would refuse in a definition, and states that no way leads to. */
export function statesProblems(definition: object): string[] {
  const machine = definition as StateMachine;
  const problems = fieldProblems("definition", definition, ["StartAt", "States"], ["Comment", "QueryLanguage"]);
  const names = Object.keys(machine.States);
  const language = machine.QueryLanguage ?? "JSONPath";
  for (const [name, state] of Object.entries(machine.States)) {
    problems.push(...stateProblems(name, state, language));
    if (language === "JSONata") problems.push(...queryProblems(name, state));
    for (const target of targets(state)) if (!names.includes(target)) problems.push(`${name}: no state ${target}`);
  }
  const reached = reachable(machine);
  problems.push(...names.filter((name) => !reached.has(name)).map((name) => `${name}: no way leads there`));
  if (!names.includes(machine.StartAt)) problems.push(`definition: no state ${machine.StartAt}`);
  return problems;
}

/** Expressions that JSONata cannot read; fields that only JSONPath has are found by their names. */
function queryProblems(where: string, value: unknown): string[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, one]: [string, unknown]) => queryProblems(`${where}.${key}`, one));
  }
  const [, expression] = typeof value === "string" ? (/^{%([\s\S]*)%}$/.exec(value) ?? []) : [];
  if (expression === undefined) return [];
  try {
    jsonata(expression);
    return [];
  } catch (error) {
    return [`${where}: ${JSON.stringify(error)}`];
  }
}

function stateProblems(name: string, state: State, language: "JSONPath" | "JSONata"): string[] {
  if (!(state.Type in FIELDS[language])) return [`${name}: unknown Type ${String(state.Type)}`];
  const [needed, allowed] = FIELDS[language][state.Type];
  const problems = fieldProblems(name, state, ["Type", ...needed], ["Comment", ...allowed]);
  if (allowed.includes("End") && "Next" in state === "End" in state) problems.push(`${name}: Next or End`);
  if (state.Type === "Choice") {
    for (const rule of state.Choices) {
      const comparison = "StringEquals" in rule ? "StringEquals" : "IsPresent";
      const fields = language === "JSONata" ? ["Condition", "Next"] : ["Variable", comparison, "Next"];
      problems.push(...fieldProblems(`${name}.Choices`, rule, fields, []));
    }
  }
  if (state.Type === "Task") {
    const retry = ["IntervalSeconds", "MaxAttempts", "BackoffRate"];
    for (const rule of state.Retry ?? []) {
      problems.push(...fieldProblems(`${name}.Retry`, rule, ["ErrorEquals"], retry));
    }
    const caught = language === "JSONata" ? ["Assign"] : ["ResultPath"];
    for (const rule of state.Catch ?? []) {
      problems.push(...fieldProblems(`${name}.Catch`, rule, ["ErrorEquals", "Next"], caught));
    }
  }
  return problems;
}

function fieldProblems(where: string, value: object, needed: readonly string[], allowed: readonly string[]): string[] {
  const fields = Object.keys(value);
  return [
    ...needed.filter((field) => !fields.includes(field)).map((field) => `${where}: ${field} is missing`),
    ...fields
      .filter((field) => ![...needed, ...allowed].includes(field))
      .map((field) => `${where}: ${field} is unknown`),
  ];
}

function targets(state: State): string[] {
  switch (state.Type) {
    case "Choice":
      return [...state.Choices.map((rule) => rule.Next), ...(state.Default === undefined ? [] : [state.Default])];
    case "Task":
      return [...(state.Catch ?? []).map((rule) => rule.Next), ...(state.Next === undefined ? [] : [state.Next])];
    case "Pass":
    case "Wait":
      return state.Next === undefined ? [] : [state.Next];
    case "Succeed":
      return [];
    default: {
      const never: never = state;
      return never;
    }
  }
}

function reachable({ StartAt, States }: StateMachine): Set<string> {
  const reached = new Set([StartAt]);
  // A set that grows while it is walked is walked to its new end.
  for (const name of reached) {
    const state = States[name];
    for (const target of state ? targets(state) : []) reached.add(target);
  }
  return reached;
}
