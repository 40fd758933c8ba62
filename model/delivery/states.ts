import { isMap, mapOf, type Values } from "../graph/read";
import { evaluate, QueryError } from "./queries";

/** Amazon States Language as far as this project uses it, with JSONPath or JSONata. https://states-language.net/spec.html */

/** What the tasks of an execution call, and how it waits. */
export interface StatesSurroundings {
  /** Makes the call of a task: its `Resource`, its filled `Parameters`. An error is given by its name. */
  readonly call: (resource: string, parameters: unknown, state: string) => unknown;
  /** Waits: between states, and before a retry. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** How an execution ended. */
export interface Execution {
  readonly status: "SUCCEEDED" | "FAILED";
  /** Name of the error that ended it. @default - it succeeded */
  readonly error?: string;
  /** States in the order they were entered. */
  readonly path: readonly string[];
}

/** A standard workflow fails when its history would grow beyond this, whatever `Catch` says. */
const HISTORY_LIMIT = 25_000;

/** With JSONPath a rule has a variable that is compared, with JSONata a condition. */
interface ChoiceRule {
  readonly Variable?: string;
  readonly Condition?: string;
  readonly StringEquals?: string;
  readonly IsPresent?: boolean;
  readonly Next: string;
}

interface ErrorRule {
  readonly ErrorEquals: readonly string[];
}

interface Retrier extends ErrorRule {
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
}

interface Catcher extends ErrorRule {
  readonly ResultPath?: string | null;
  readonly Assign?: Values;
  readonly Next: string;
}

interface TaskState {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Parameters?: unknown;
  /** What `Parameters` are with JSONata. */
  readonly Arguments?: unknown;
  readonly Assign?: Values;
  readonly ResultSelector?: unknown;
  readonly ResultPath?: string | null;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
  readonly End?: true;
}

export type State =
  | { readonly Type: "Choice"; readonly Choices: readonly ChoiceRule[]; readonly Default?: string }
  | { readonly Type: "Pass"; readonly Assign?: Values; readonly Next?: string; readonly End?: true }
  | { readonly Type: "Wait"; readonly Seconds: number; readonly Next?: string; readonly End?: true }
  | TaskState
  | { readonly Type: "Succeed" };

export interface StateMachine {
  /** @default "JSONPath" */
  readonly QueryLanguage?: "JSONata" | "JSONPath";
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** What comes after a state; without `next` the execution ends. */
interface Step {
  readonly next?: string | undefined;
  readonly data: unknown;
}

/** An error of the language: `name` is what `ErrorEquals` compares with. */
class StatesError extends Error {
  constructor(override readonly name: string) {
    super(name);
  }
}

/** Runs a state machine on an input. */
export function execute(machine: StateMachine, input: unknown, surroundings: StatesSurroundings): Promise<Execution> {
  return new Interpreter(machine, surroundings).run(input);
}

class Interpreter {
  private readonly path: string[] = [];
  private readonly variables = new Map<string, unknown>();
  private history = 0;

  constructor(
    private readonly machine: StateMachine,
    private readonly surroundings: StatesSurroundings,
  ) {}

  async run(input: unknown): Promise<Execution> {
    const { path } = this;
    try {
      this.note(2); // ExecutionStarted, ExecutionSucceeded
      let step: Step = { next: this.machine.StartAt, data: input };
      while (step.next !== undefined) step = await this.enter(step.next, step.data);
      return { status: "SUCCEEDED", path };
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      return { status: "FAILED", error: error.name, path };
    }
  }

  private note(events: number): void {
    this.history += events;
    if (this.history > HISTORY_LIMIT) throw new StatesError("ExecutionHistoryLimit");
  }

  private async enter(name: string, data: unknown): Promise<Step> {
    const state = this.machine.States[name];
    if (!state) throw new Error(`no state ${name}`);
    this.path.push(name);
    this.note(2); // StateEntered, StateExited
    switch (state.Type) {
      case "Choice": {
        const next = (await this.chosen(state.Choices, data))?.Next ?? state.Default;
        if (next === undefined) throw new StatesError("States.NoChoiceMatched");
        return { next, data };
      }
      case "Wait":
        await this.surroundings.wait(state.Seconds);
        return { next: state.Next, data };
      case "Pass":
        await this.assign(state.Assign, { input: data });
        return { next: state.Next, data };
      case "Task":
        return this.task(name, state, data);
      case "Succeed":
        return { data };
      default: {
        const never: never = state;
        return never;
      }
    }
  }

  private async chosen(rules: readonly ChoiceRule[], data: unknown): Promise<ChoiceRule | undefined> {
    for (const rule of rules) {
      const found =
        rule.Condition === undefined ? holds(rule, data) : await this.query(rule.Condition, { input: data });
      if (found === true) return rule;
    }
    return undefined;
  }

  /** Gives variables values; all are worked out before the first is set. */
  private async assign(values: Values | undefined, states: Values): Promise<void> {
    const all = mapOf(await this.query(values ?? {}, states));
    for (const [name, value] of Object.entries(all)) this.variables.set(name, value);
  }

  private async query(template: unknown, states: Values): Promise<unknown> {
    try {
      return await evaluate(template, { ...Object.fromEntries(this.variables), states });
    } catch (error) {
      if (error instanceof QueryError) throw new StatesError("States.QueryEvaluationError");
      throw error;
    }
  }

  private async task(name: string, state: TaskState, data: unknown): Promise<Step> {
    const retried = new Map<Retrier, number>();
    for (;;) {
      try {
        const result = await this.call(name, state, data);
        await this.assign(state.Assign, { input: data, result });
        return { next: state.Next, data: place(state.ResultPath, data, select(state.ResultSelector, result)) };
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        const retrier = state.Retry?.find((rule) => matches(rule, error));
        const attempts = retrier ? (retried.get(retrier) ?? 0) : 0;
        if (retrier && attempts < (retrier.MaxAttempts ?? 3)) {
          retried.set(retrier, attempts + 1);
          await this.surroundings.wait((retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** attempts);
          continue;
        }
        const catcher = state.Catch?.find((rule) => matches(rule, error));
        if (!catcher) throw error;
        await this.assign(catcher.Assign, { input: data, errorOutput: { Error: error.name, Cause: "" } });
        return { next: catcher.Next, data: place(catcher.ResultPath, data, { Error: error.name, Cause: "" }) };
      }
    }
  }

  private async call(name: string, state: TaskState, data: unknown): Promise<unknown> {
    this.note(3); // TaskScheduled, TaskStarted, TaskSucceeded or TaskFailed
    const { Resource: resource } = state;
    const parameters = await this.parameters(state, data);
    const reply = await this.surroundings.call(resource, parameters, name);
    if (isMap(reply) && Object.keys(reply).length === 1 && typeof reply.error === "string")
      throw new StatesError(reply.error);
    return reply;
  }

  private parameters({ Parameters, Arguments }: TaskState, data: unknown): unknown {
    if (Arguments !== undefined) return this.query(Arguments, { input: data });
    return Parameters === undefined ? data : select(Parameters, data);
  }
}

/** `States.ALL` covers everything but errors of the definition itself and outgrown data. */
function matches({ ErrorEquals }: ErrorRule, { name }: StatesError): boolean {
  const fatal = ["States.Runtime", "States.DataLimitExceeded", "ExecutionHistoryLimit"].includes(name);
  return ErrorEquals.includes(name) || (!fatal && ErrorEquals.includes("States.ALL"));
}

function holds(rule: ChoiceRule, data: unknown): boolean {
  const { Variable = "" } = rule;
  if (rule.IsPresent !== undefined) return rule.IsPresent === isPresent(Variable, data);
  const value = read(Variable, data);
  if (rule.StringEquals !== undefined) return value === rule.StringEquals;
  throw new Error(`no comparison this interpreter knows: ${JSON.stringify(rule)}`);
}

/** Fills a payload template: `Parameters`, `ResultSelector`. */
function select(template: unknown, data: unknown): unknown {
  if (template === undefined) return data;
  if (Array.isArray(template)) return template.map((item: unknown) => select(item ?? null, data));
  if (typeof template !== "object" || template === null) return template;
  const entries = Object.entries(template).map(([key, value]: [string, unknown]): [string, unknown] =>
    key.endsWith(".$") ? [key.slice(0, -2), read(String(value), data)] : [key, select(value, data)],
  );
  return Object.fromEntries(entries);
}

function isPresent(path: string, data: unknown): boolean {
  try {
    read(path, data);
    return true;
  } catch (error) {
    if (error instanceof StatesError) return false;
    throw error;
  }
}

function read(path: string, data: unknown): unknown {
  if (!/^\$(\.\w+(\[\d+\])?)*$/.test(path)) throw new Error(`no path this interpreter knows: ${path}`);
  return path
    .split(/[.[\]]+/)
    .filter((key) => key !== "")
    .slice(1)
    .reduce((value, key) => {
      if (!(key in Object(value))) throw new StatesError("States.Runtime");
      return mapOf(value)[key];
    }, data);
}

/** Puts a result where `ResultPath` says; null drops it. */
function place(path: string | null | undefined, data: unknown, result: unknown): unknown {
  if (path === null) return data;
  if (path === undefined || path === "$") return result;
  const key = /^\$\.(\w+)$/.exec(path)?.[1];
  if (key === undefined) throw new Error(`no ResultPath this interpreter knows: ${path}`);
  return { ...mapOf(data), [key]: result };
}
