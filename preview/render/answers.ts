import type { Finding } from "../../model/graph/graph";
import { className } from "../../model/graph/resources";
import { count } from "../count";
import { baseOf, isUnchanged, type PermissionChange, type StackChange } from "../diff/change";
import type { StackResult } from "../record/runStack";
import { type Style, widest, wrap } from "./style";

/** What a reviewer asks first of a change, and the answer over all stacks in one line. */
export interface ReviewAnswer {
  readonly question: string;
  readonly answer: string;
  /** Whether a reader should stop at it. */
  readonly isBad: boolean;
}

/** What is said of some stacks: they are named where not all of several are meant. */
interface SaidOf {
  readonly text: string;
  readonly stack: string;
}

/** How many roles, openings or losses one line names; of more it says how many. */
const NAMED = 3;

/** Characters of a statement: an ARN and two actions, no more. */
const STATEMENT = 110;

/** Whether every stack is just what it was. */
export function nothingChanges(results: readonly StackResult[]): boolean {
  return results.length > 0 && results.every(({ change }) => change !== undefined && isUnchanged(change));
}

/** `No change against main (0a1b2c3) in any of 3 stacks`. */
export function noChangeInWords(results: readonly StackResult[]): string {
  const [against] = results.flatMap(({ change }) => (change ? [change.against] : []));
  const at = against ? ` against ${baseOf(against)}` : "";
  return `No change${at}${results.length > 1 ? ` in any of ${results.length} stacks` : ""}`;
}

/** Answers before anything else: what AWS refuses, what is lost, who may do more, what is let in. */
export function answersOf(results: readonly StackResult[]): readonly ReviewAnswer[] {
  const compared = results.flatMap(({ stack, graph, change }) =>
    graph && change && change.only === undefined && change.failure === undefined ? [{ stack, change }] : [],
  );
  if (!results.some(({ change }) => change) || nothingChanges(results)) return [];
  const all = results.length;
  // What is to be said of one alone that is not compared, its summary says.
  if (all === 1 && compared.length === 0) return [];
  const refused = results.flatMap(({ stack, findings }) => findings.flatMap((one) => refusal(stack, one)));
  const unknown = results.flatMap(({ stack, graph, change }) => notCompared(stack, graph !== undefined, change));
  const more = compared.flatMap(({ stack, change }) => widerRoles(stack, change.permissions));
  const open = compared.flatMap(({ stack, change }) => change.openings.widened.map((text) => ({ stack, text })));
  return [
    ...(unknown.length > 0 ? [{ question: "not compared", answer: joined(unknown, all), isBad: true }] : []),
    ...(refused.length > 0 ? [{ question: "AWS refuses", answer: joined(refused, all), isBad: true }] : []),
    ...(compared.length > 0
      ? [
          lossAnswer(compared, all),
          {
            question: "may do more",
            answer: joined(more, all) || `nobody${unknown.length > 0 ? ", of what is compared" : ""}`,
            isBad: more.length > 0,
          },
        ]
      : []),
    ...(open.length > 0 ? [{ question: "let through", answer: joined(open, all), isBad: true }] : []),
  ];
}

/** The answers below one another, beside what is asked. */
export function renderAnswers(answers: readonly ReviewAnswer[], style: Style, width: number): readonly string[] {
  const questions = widest(answers.map(({ question }) => question));
  return answers.flatMap(({ question, answer, isBad }) => {
    const [first = "", ...rest] = wrap(answer.split(" "), " ", Math.max(40, width - questions - 3));
    const paint = isBad ? style.yellow : style.green;
    return [
      `${style.bold(question.padEnd(questions))}   ${paint(first)}`,
      ...rest.map((line) => `${" ".repeat(questions + 3)}${paint(line)}`),
    ];
  });
}

type Compared = readonly { readonly stack: string; readonly change: StackChange }[];

function lossAnswer(compared: Compared, all: number): ReviewAnswer {
  const lost = compared.flatMap(({ stack, change }) => lossesOf(stack, change));
  if (lost.length > 0) return { question: "is lost", answer: joined(lost, all), isBad: true };
  const removed = compared.flatMap(({ change }) => change.resources.filter(({ fate }) => fate === "removed"));
  const also = removed.length > 0 ? ` that cannot be made again; ${count(removed.length, "resource")} removed` : "";
  return { question: "is lost", answer: `nothing${also}`, isBad: false };
}

/** What goes with resources: of a type whose loss is one and the same, the names together. */
function lossesOf(stack: string, { resources }: StackChange): readonly SaidOf[] {
  const names = new Map<string, string[]>();
  for (const { type, name, lost } of resources) {
    if (lost === undefined) continue;
    const what = `${lost} (${className(type)}`;
    names.set(what, [...(names.get(what) ?? []), name]);
  }
  // Whoever has to choose misses a log least.
  const byWorth = [...names].sort(([one], [other]) => Number(isLog(one)) - Number(isLog(other)));
  return byWorth.map(([what, all]) => ({ stack, text: `${what} ${all.map((name) => `"${name}"`).join(", ")})` }));
}

function isLog(what: string): boolean {
  return what.startsWith("its log ");
}

function notCompared(stack: string, isMade: boolean, change: StackChange | undefined): readonly SaidOf[] {
  if (change?.only === "there") return [{ stack, text: "gone here, what it made stays in AWS until pulumi destroy" }];
  if (!isMade) return [{ stack, text: "cannot be previewed" }];
  if (change?.only === "here") return [{ stack, text: "new, so all that it may do is new" }];
  return change?.failure === undefined ? [] : [{ stack, text: `cannot be made at ${baseOf(change.against)}` }];
}

/** The first line says what is refused; where to read about it stands with the finding. */
function refusal(stack: string, { rule, message }: Finding): readonly SaidOf[] {
  if (!rule.startsWith("update-refused")) return [];
  const [first = ""] = message.split("\n");
  return [{ stack, text: first.replace(/ \(https:[^)]*\)/, "") }];
}

/** Roles and resources whose policies admit more, each once, with what is widest of it. */
function widerRoles(stack: string, permissions: readonly PermissionChange[]): readonly SaidOf[] {
  const widened = new Map<string, string[]>();
  for (const { subject, widened: texts } of permissions) {
    if (texts.length > 0) widened.set(subject, [...(widened.get(subject) ?? []), ...texts]);
  }
  return [...widened].map(([subject, texts]) => {
    const [first = ""] = [...texts].sort((one, other) => reach(other) - reach(one));
    return { stack, text: `${subject}: ${shortened(first)}${texts.length > 1 ? ` and ${texts.length - 1} more` : ""}` };
  });
}

/** Every call goes further than every resource, and both further than anything that is named. */
function reach(statement: string): number {
  const [actions = "", resources = ""] = statement.split(" on ");
  return (actions.includes("*") ? 2 : 0) + (resources.trim() === "*" ? 1 : 0);
}

function shortened(text: string): string {
  if (text.length <= STATEMENT) return text;
  return `${text.slice(0, text.lastIndexOf(" ", STATEMENT)).replace(/[,:]$/, "")} ...`;
}

/** Alike in several stacks is said once; names that AWS makes up for each do not make it different. */
function joined(said: readonly SaidOf[], all: number): string {
  const groups = new Map<string, { readonly text: string; readonly stacks: string[] }>();
  for (const { stack, text } of said) {
    const key = text.replace(/arn:\S+/g, "");
    const group = groups.get(key) ?? { text, stacks: [] };
    if (!group.stacks.includes(stack)) group.stacks.push(stack);
    groups.set(key, group);
  }
  const texts = [...groups.values()].map(({ text, stacks }) => (all > 1 ? `${stacks.join(", ")}: ${text}` : text));
  const left = texts.length - NAMED;
  return [...texts.slice(0, NAMED), ...(left > 0 ? [`and ${left} more, below`] : [])].join("; ");
}
