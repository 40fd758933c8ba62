import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RecordedGraph } from "../../model/graph/graph";
import { type PlannedPipeline, plannedPipelines } from "../../model/scale/plan";
import type { QuotaName } from "../../model/scale/quotas";
import { SIZE_LIMITS } from "../../model/scale/sizes";
import { usesOf } from "../../model/scale/uses";
import { readPacked, writePacked } from "../packed";
import {
  behindOne,
  inSharedNetworks,
  type MadeUpStack,
  madeUpServices,
  ORGANISATION,
  recordMadeUp,
} from "./organisation";

/** What one stack takes, in numbers. */
export interface StackSurvey {
  readonly stack: string;
  readonly kind: string;
  readonly account: string;
  readonly resources: number;
  /** Characters of inputs and outputs, as the state has both. */
  readonly state: number;
  /** So much of a quota, in its account or region, or of one thing that has the room. */
  readonly uses: readonly { readonly quota: QuotaName; readonly of: string; readonly amount: number }[];
  /** The largest of each kind that has a limit, in the order of the limits. */
  readonly sizes: readonly number[];
}

/** What was recorded of all made-up stacks. */
export interface ScaleSurvey {
  /** Stacks of more and more services. */
  readonly growing: readonly StackSurvey[];
  readonly organisation: readonly StackSurvey[];
  /** The same organisation where each account has one network. */
  readonly shared: readonly StackSurvey[];
  readonly pipelines: readonly PlannedPipeline[];
}

const SURVEY_FILE = join(__dirname, "..", "..", "test/golden/scale.json.br");

const GROWING: readonly (readonly [name: string, count: number, isOne: boolean])[] = [
  ["1 service", 1, false],
  ["10 services", 10, false],
  ["50 services", 50, false],
  ["50 services behind one load balancer", 50, true],
];

/** A stack of so many services, each with a pipeline. */
export function growingStack(count: number, isOne: boolean): Omit<MadeUpStack, "kind"> {
  return {
    stack: "shop",
    account: "111122223333",
    settings: {
      environment: "prod",
      branch: "main",
      source: { provider: "CodeCommit", repository: "shop" },
      pipelines: "perService",
      services: madeUpServices(count, isOne ? behindOne : undefined),
    },
  };
}

/** What one recorded stack takes. */
export function surveyOf(graph: RecordedGraph, { kind, account }: Pick<StackSurvey, "kind" | "account">): StackSurvey {
  const sums = new Map<string, StackSurvey["uses"][number]>();
  for (const { quota, of = "", amount } of usesOf(graph)) {
    const key = `${quota} ${of}`;
    sums.set(key, { quota, of, amount: (sums.get(key)?.amount ?? 0) + amount });
  }
  return {
    stack: graph.stack,
    kind,
    account,
    resources: graph.resources.length,
    state: JSON.stringify(graph.resources.map(({ inputs, outputs }) => [inputs, outputs])).length,
    uses: [...sums.values()],
    sizes: SIZE_LIMITS.map(({ largest }) => largest(graph)),
  };
}

/** Records every made-up stack: minutes of work. */
export async function takeSurvey(say: (text: string) => void): Promise<ScaleSurvey> {
  const growing: StackSurvey[] = [];
  for (const [name, count, isOne] of GROWING) {
    say(`recording ${name}`);
    const made = growingStack(count, isOne);
    growing.push({ ...surveyOf(await recordMadeUp(made), { kind: "prod", account: made.account }), stack: name });
  }
  const [organisation, shared]: [StackSurvey[], StackSurvey[]] = [[], []];
  const pipelines: PlannedPipeline[] = [];
  for (const one of ORGANISATION) {
    say(`recording ${one.stack}`);
    const graph = await recordMadeUp(one);
    organisation.push(surveyOf(graph, one));
    pipelines.push(...plannedPipelines(graph));
  }
  for (const one of inSharedNetworks(ORGANISATION)) {
    say(`recording ${one.stack}, in a network that is there`);
    shared.push(surveyOf(await recordMadeUp(one), one));
  }
  return { growing, organisation, shared, pipelines };
}

/** What a survey has of a few stacks of each kind, recorded anew: a change of the program or the model shows in them. */
export async function isStale({ growing, organisation, shared, pipelines }: ScaleSurvey): Promise<boolean> {
  const [small] = growing;
  const made = growingStack(1, false);
  const again = { ...surveyOf(await recordMadeUp(made), { kind: "prod", account: made.account }), stack: small?.stack };
  if (!isDeepStrictEqual(again, small)) return true;
  const samples = ORGANISATION.filter(({ stack }) => /^basket-(?:qa|prod|pr-2)$|^catalogue-dev$/.test(stack));
  for (const one of samples) {
    const graph = await recordMadeUp(one);
    const known = organisation.find(({ stack }) => stack === one.stack);
    if (!isDeepStrictEqual(surveyOf(graph, one), known)) return true;
    const planned = pipelines.filter(({ stack }) => stack === one.stack);
    if (!isDeepStrictEqual(plannedPipelines(graph), planned)) return true;
  }
  return shared.length !== organisation.length;
}

/** The survey that was written last. @default - there is none */
export function readSurvey(): ScaleSurvey | undefined {
  return existsSync(SURVEY_FILE) ? (readPacked(SURVEY_FILE) as ScaleSurvey) : undefined;
}

/** Puts a survey in the place of the last one. */
export function writeSurvey(survey: ScaleSurvey): void {
  writePacked(SURVEY_FILE, survey);
}
