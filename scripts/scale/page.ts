import type { Day } from "../../model/scale/day";
import { QUOTAS, QUOTAS_OF, type Quota, type QuotaName } from "../../model/scale/quotas";
import { isFull } from "../../model/scale/room";
import { SIZE_LIMITS } from "../../model/scale/sizes";
import { ANSWERS, dayOfPushes, PUSHES, playPushes } from "./day";
import { figuresOfRuns, longestWait, machineFigures, timeText } from "./figures";
import type { ScaleSurvey, StackSurvey } from "./survey";
import { AFTERWARDS, INTRODUCTION, SPLITTING } from "./words";

/** Builds at once that the day is played with: a new account's, and up to the default of Service Quotas. */
const AT_ONCE = [1, 2, 5, 10, 20, 60] as const;

/** The number at which the day is shown by account. */
const SHOWN = 10;

/** Seconds that reading one resource again is guessed to take. */
const READ_SECONDS = 0.3;

/** Resources that Pulumi reads at the same time: four for each core, here of four. */
const READ_AT_ONCE = 16;

/** Quotas that stand at the top of the page. */
const MET = 7;

type NamedQuota = Quota & { readonly name: QuotaName };

/** docs/scale.md, of a survey of the made-up stacks. */
export async function scalePage(survey: ScaleSurvey): Promise<string> {
  const kinds = new Map(survey.organisation.map(({ stack, kind }) => [stack, kind]));
  const pushes = dayOfPushes(survey.pipelines, (stack) => kinds.get(stack) ?? "");
  const days = new Map<number, Day>();
  for (const atOnce of AT_ONCE) days.set(atOnce, await playPushes(pushes, atOnce));
  return [
    INTRODUCTION,
    "## What is met first\n",
    "With AWS's defaults, in one account and region, where nothing is shared:\n",
    ...metFirst(survey).slice(0, MET),
    "",
    "All are raised for who asks, in time. What nobody raises is 100 target groups behind one load balancer: 50 services. And how many",
    "builds run at once decides how fast a day is: [below](#a-day-of-500-deliveries).\n",
    "## One stack\n",
    "A `prod` of services with a load balancer and a pipeline each, and one whose services share the first one's load balancer. A stack",
    "has 50 services at most.\n",
    ...stackTable(survey),
    "",
    "### Sizes\n",
    "What grows with the services of a stack until AWS refuses it. The program parts it before: into several managed policies, rules",
    "and stages. The preview names what is too large, and ends with 1.\n",
    ...sizeTable(survey.growing),
    "",
    "### Pulumi's state\n",
    `Each update reads and writes all of it. \`pulumi refresh\` asks AWS for every resource: about ${READ_SECONDS} seconds each is a guess,`,
    `${READ_AT_ONCE} at a time, four for each core (\`--parallel\`); AWS's throttling makes it longer.\n`,
    ...stateTable(survey.growing),
    "",
    "## An organisation of 40 stacks\n",
    ...organisationText(survey),
    "",
    `## A day of ${PUSHES} deliveries\n`,
    ...dayText(survey, days),
    "",
    SPLITTING,
    "## The quotas, by their words\n",
    `AWS's defaults, of ${QUOTAS_OF}, once in [\`model/scale/quotas.ts\`](../model/scale/quotas.ts). *asked*: AWS gives more to who asks.`,
    "*raised*: AWS gives more by itself to who uses it. *fixed*: nobody gets more.\n",
    "| word | what | AWS allows | more | of which service |",
    "|---|---|---|---|---|",
    ...QUOTAS.map((quota: NamedQuota) => {
      const { name, most, more, service, page } = quota;
      return `| \`${name}\` | ${whatOf(quota)} | ${numberText(most)} | ${more} | [${service}](${page}) |`;
    }),
    "",
    AFTERWARDS,
  ].join("\n");
}

function whatOf({ what, note }: Quota): string {
  return note === undefined ? what : `${what}, ${note}`;
}

function numberText(number: number): string {
  return (Math.round(number * 100) / 100).toLocaleString("en-US");
}

/** What a stack takes of a quota: all of it, or of the one thing that has least room left. */
function amountIn({ uses }: StackSurvey, quota: NamedQuota): number {
  const amounts = uses.filter((use) => use.quota === quota.name).map(({ amount }) => amount);
  return perPlace(quota) ? Math.max(0, ...amounts) : amounts.reduce((sum, amount) => sum + amount, 0);
}

function stackTable({ growing }: ScaleSurvey): readonly string[] {
  const [one, ten, fifty, behindOne] = growing;
  if (!one || !ten || !fifty || !behindOne) return [];
  const rows = QUOTAS.flatMap((quota: NamedQuota) => {
    const [few, more, many, shared] = [one, ten, fifty, behindOne].map((stack) => amountIn(stack, quota));
    if (many === 0 && shared === 0) return [];
    const each = ((perPlace(quota) ? (shared ?? 0) : (many ?? 0)) - (few ?? 0)) / 49;
    const cells = [few, more, many, shared].map((amount = 0) => marked(quota, amount));
    return [
      `| ${quota.what} | ${numberText(quota.most)} | ${cells.join(" | ")} | ${fullWith(quota, few ?? 0, each)} |`,
    ];
  });
  return [
    `| | AWS allows | ${growing.map(({ stack }) => stack).join(" | ")} | full with |`,
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "**Bold** leaves no room. *Full with*: so many stacks, where a service more takes nothing of it; so many services, in one account and",
    "region; so many behind one load balancer.",
  ];
}

/** Whether not the account or the region has the room, but one thing in it. */
function perPlace({ per }: Quota): boolean {
  return per !== "account" && per !== "region";
}

function marked(quota: Quota, amount: number): string {
  const text = numberText(amount);
  return isFull(quota, amount, quota.most) ? `**${text}**` : text;
}

/** With how many services, or stacks of one, AWS has no room left. */
function fullWith(quota: Quota, one: number, each: number): string {
  const over = quota.more === "raised" ? 0.01 : 0;
  const left = Math.max(0, quota.most + over - one);
  const where = perPlace(quota) ? " behind one" : "";
  if (each > 0) return `${numberText(Math.ceil(left / each) + 1)} services${where}`;
  return perPlace(quota) ? "-" : `${numberText(Math.ceil((quota.most + over) / one))} stacks`;
}

/** What is met first, as its services or stacks grow more. */
function metFirst({ growing }: ScaleSurvey): readonly string[] {
  const [one, , fifty] = growing;
  if (!one || !fifty) return [];
  const met = QUOTAS.filter((quota) => !perPlace(quota)).flatMap((quota: NamedQuota) => {
    const [few, many] = [amountIn(one, quota), amountIn(fifty, quota)];
    if (many === 0) return [];
    const text = fullWith(quota, few, (many - few) / 49);
    return [{ text: `${text}: ${quota.what}`, count: Number(text.replace(/\D/g, "")) }];
  });
  return [...met].sort((a, b) => a.count - b.count).map(({ text }) => `- ${text}`);
}

function sizeTable(growing: readonly StackSurvey[]): readonly string[] {
  return [
    `| the largest of | AWS allows | ${growing.map(({ stack }) => stack).join(" | ")} | said by |`,
    "|---|---|---|---|---|---|---|",
    ...SIZE_LIMITS.map(({ what, most, rule }, index) => {
      const cells = growing.map(({ sizes }) => numberText(sizes[index] ?? 0));
      return `| ${what} | ${numberText(most)} | ${cells.join(" | ")} | \`${rule}\` |`;
    }),
  ];
}

function stateTable(growing: readonly StackSurvey[]): readonly string[] {
  return [
    "| | resources | inputs and outputs | `pulumi refresh` |",
    "|---|---|---|---|",
    ...growing.map(({ stack, resources, state }) => {
      const seconds = Math.ceil(resources / READ_AT_ONCE) * READ_SECONDS;
      const mebibytes = Math.round((state / 2 ** 20) * 10) / 10;
      return `| ${stack} | ${numberText(resources)} | ${mebibytes} MiB | ${timeText(seconds)} |`;
    }),
  ];
}

/** What stacks take of a quota in each place of an account: the fullest one. */
function fullest(stacks: readonly StackSurvey[], account: string, quota: NamedQuota): number {
  const places = new Map<string, number>();
  for (const stack of stacks.filter((one) => one.account === account))
    for (const { of, amount } of stack.uses.filter((use) => use.quota === quota.name))
      places.set(of, (places.get(of) ?? 0) + amount);
  return Math.max(0, ...places.values());
}

function organisationText({ organisation, shared }: ScaleSurvey): readonly string[] {
  const accounts = [...new Set(organisation.map(({ account }) => account))];
  const services = organisation.flatMap(({ uses }) => uses).filter(({ quota }) => quota === "services");
  const count = services.reduce((sum, { amount }) => sum + amount, 0);
  const rows = QUOTAS.flatMap((quota: NamedQuota) => {
    const amounts = [organisation, shared].flatMap((stacks) =>
      accounts.map((account) => fullest(stacks, account, quota)),
    );
    if (amounts.every((amount) => amount === 0)) return [];
    const cells = amounts.map((amount) => marked(quota, amount));
    return [`| ${quota.what} | ${numberText(quota.most)} | ${cells.join(" | ")} |`];
  });
  const full = QUOTAS.filter((quota: NamedQuota) =>
    accounts.some((account) => isFull(quota, fullest(organisation, account, quota), quota.most)),
  );
  return [
    `Ten teams of 1 to 8 services, each with \`dev\`, \`qa\`, \`prod\` and a stack of a pull request: ${organisation.length} stacks with`,
    `${count} services in ${accounts.length} accounts of one region, production in an account of its own, and every strategy. Where each stack makes`,
    "its own network, as it does unless its file says otherwise; and where each account has one that they share, with its endpoints, which",
    "one more stack makes.\n",
    "| | AWS allows | test, own networks | production, own networks | test, one network | production, one network |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    "`npm run preview` over these stacks warns of what follows, at the stack that takes the last room, and names the others:\n",
    ...full.map(({ name, what }) => `- ${what} (\`${name}\`)`),
  ];
}

function dayText({ pipelines, organisation }: ScaleSurvey, days: ReadonlyMap<number, Day>): readonly string[] {
  const accounts = [...new Set(organisation.map(({ account }) => account))];
  const shown = days.get(SHOWN);
  const rows = [...days].map(([atOnce, day]) => {
    const { delivered, superseded, refused, median, slow, waits, dollars } = figuresOfRuns(day.runs);
    const machines = accounts.map((account) => machineFigures(day, account));
    const queued = Math.max(...machines.map((one) => one.queued));
    const waited = waits.find(({ what }) => what === "a free machine");
    const cells = [
      delivered,
      superseded,
      refused,
      queued,
      `${timeText(waited?.mean ?? 0)}, ${timeText(waited?.slow ?? 0)}`,
      `${timeText(median)}, ${timeText(slow)}`,
      `$${dollars.toFixed(2)}`,
    ];
    return `| ${atOnce} | ${cells.join(" | ")} |`;
  });
  const names = ["test", "production"];
  const byAccount = accounts.map((account, index) => {
    if (!shown) return "";
    const figures = figuresOfRuns(shown.runs.filter((run) => run.pipeline.account === account));
    const { atOnce, queued } = machineFigures(shown, account);
    const waits = figures.waits.map(({ mean, slow }) => `${timeText(mean)}, ${timeText(slow)}`);
    const cells = [
      figures.pushes,
      figures.delivered,
      figures.superseded,
      atOnce,
      queued,
      ...waits,
      longestWait(figures) ?? "nothing",
      `$${figures.dollars.toFixed(2)}`,
    ];
    return `| ${names[index] ?? account} | ${cells.join(" | ")} |`;
  });
  return [
    `${PUSHES} pushes on a Tuesday, most of them before and after noon: half to \`dev\`, a fifth each to \`qa\` and to review stacks, a tenth to`,
    `\`prod\`; over the ${pipelines.length} pipelines above, on the virtual clock of the rehearsal, with the model's times of each action`,
    "([cost and time](cost-and-time.md), held against the rehearsal to the second). A stage takes one run at a time; in `dev` and `prod` a",
    "newer run overtakes one that waits, in `qa` they queue. People answer in " +
      `${ANSWERS[0]} to ${ANSWERS[1]} minutes, by day; every other`,
    "`prod` has a window, 9 to 17 in Paris; who is asked or arrives later waits for the morning. Nothing fails but what AWS has no room",
    "for. The pushes are the same each time.\n",
    "How many builds CodeBuild runs at once, of each kind of machine, in an account and region, decides: a new account often has 1,",
    "Service Quotas' default was 60. Five times as many wait; one more is refused, and its run fails",
    "([AWS](https://docs.aws.amazon.com/codebuild/latest/userguide/builds-working.html)). What an account has only AWS knows: no finding is",
    "about a day, the one named `builds` is about a single run that starts more builds than a new account takes.\n",
    "| builds at once | delivered | overtaken | refused | most builds in the queue | wait for a machine: mean, 95 % | push to end: median, 95 % | cost |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    `With ${SHOWN} at once, by account; waits are the mean of all runs, and what 95 % of them stay below:\n`,
    "| account | pushes | delivered | overtaken | most builds at once | most queued | a free machine | the run before | a person | the window | longest on average | cost |",
    "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ...byAccount,
  ];
}
