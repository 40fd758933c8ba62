import { GUESSES, type Guess, type Guesses } from "../../model/environment/guesses";
import { physicalName } from "../../model/graph/resources";
import type { LeadTime } from "../../model/pace/leadTime";
import { type Gain, gainsOf, mostOf } from "../../model/pace/shorter";
import { beginsWith, type PaceStep, secondsOf } from "../../model/pace/step";
import type { StackFigures } from "../figures";
import { hanging } from "./hanging";
import { type Style, widest } from "./style";

/** `6:50`, `1:04:00`; `0:06:50` where hours are asked for, so that times stand in a column. */
export function clockText(seconds: number, withHours = Math.round(seconds) >= 3600): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return (withHours ? parts : parts.slice(1))
    .map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0")))
    .join(":");
}

/** `10 s`, `4 min 30 s`. */
export function lengthInWords(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round(seconds % 60)];
  const parts = [...(minutes > 0 ? [`${minutes} min`] : []), ...(rest > 0 || minutes === 0 ? [`${rest} s`] : [])];
  return parts.join(" ");
}

/** `about 7 min`; of less than two minutes the seconds. */
function roughly(seconds: number): string {
  return seconds < 120 ? `about ${Math.round(seconds / 5) * 5} s` : `about ${Math.round(seconds / 60)} min`;
}

/** The slowest way to users of a stack; undefined where no pipeline leads to any. */
export function slowestOf(times: readonly LeadTime[] | undefined): LeadTime | undefined {
  const leading = (times ?? []).filter(({ toUsers }) => toUsers.length > 0);
  const [slowest] = [...leading].sort((one, other) => secondsOf(other.toUsers) - secondsOf(one.toUsers));
  return slowest;
}

/** `a commit reaches all users in about 7 min, most of it building the image (3 min)`. */
export function timeInWords({ now, before }: StackFigures): string | undefined {
  const slowest = slowestOf(now?.times);
  if (!slowest) return undefined;
  const seconds = secondsOf(slowest.toUsers);
  const most = mostOf(slowest.toUsers);
  const was = slowestOf(before?.times);
  const people = slowest.waits.length > 0 ? ", waiting aside" : "";
  const unknown = slowest.unknown.length > 0 ? `, without ${slowest.unknown.length} that nobody here knows` : "";
  return [
    `a commit reaches all users in ${roughly(seconds)}${people}${unknown}`,
    ...(most ? [`most of it ${most.what} (${lengthInWords(most.seconds)})`] : []),
    ...(was ? compared(seconds, secondsOf(was.toUsers)) : []),
  ].join(", ");
}

function compared(now: number, before: number): readonly string[] {
  if (now === before) return [];
  return [`${lengthInWords(Math.abs(now - before))} ${now < before ? "sooner" : "later"} than before`];
}

/** `pipeline`, or `workflow` of GitHub Actions. */
export function delivererOf({ pipeline }: LeadTime): string {
  return pipeline.workflow ? "workflow" : "pipeline";
}

/** The moment at which nothing is left to do. */
export function runEnds(time: LeadTime): string {
  return `the run of the ${delivererOf(time)} ends`;
}

/** What the run goes on with once the old version is gone; nothing where another deployment ends it. */
export function stepsAfter({ toGone, toEnd }: LeadTime): readonly PaceStep[] {
  return toGone.length > 0 && beginsWith(toEnd, toGone) ? toEnd.slice(toGone.length) : [];
}

/** What each guess is of. */
const GUESSED: Readonly<Record<Guess, string>> = {
  trigger: "from the push to the pipeline's start",
  source: "fetching the source",
  machine: "a machine for a build",
  tests: "tests and other commands of yours",
  build: "building an image",
  push: "pushing or copying one",
  task: "a task before the deployment",
  start: "placing, pulling and starting tasks",
  function: "a function that decides",
  alarms: "watching alarms after a rolling update",
};

/** What no setting says, and how long it is taken to be. */
export function guessesInWords(guesses: Guesses): string {
  const all = Object.entries(GUESSED).map(([guess, what]) => {
    const seconds = Object.entries(guesses).find(([name]) => name === guess)?.[1] ?? 0;
    return `${guess} ${seconds} s (${what})`;
  });
  return `Guesses, which --assume build=300,tests=60 replaces: ${all.join(", ")}`;
}

/** What would make it shorter: `healthCheck.intervalSeconds 10 to 5: users have it 10 s sooner`. */
export function gainInWords({ key, from, to, users, gone, mind }: Gain): string {
  const said = [
    ...(users > 0 ? [`users have it ${lengthInWords(users)} sooner`] : []),
    ...(gone > users ? [`the old version is gone ${lengthInWords(gone)} sooner`] : []),
  ];
  return `${key} ${from} to ${to}: ${said.join(", ")} (${mind})`;
}

/** What would make a commit quicker, a sentence each: of builds nobody knows by how much. */
export function shorterInWords(time: LeadTime): readonly string[] {
  const builds = mostOf(time.toUsers)?.what === "building the image" && !time.pipeline.workflow;
  return [
    ...gainsOf(time).map(gainInWords),
    ...(builds
      ? [
          "building the image: a larger machine (services[].computeType), or layers that stay where it is built (services[].build.cache: dockerServer); by how much, a run shows",
        ]
      : []),
  ];
}

/** What a commit waits for, by each pipeline of a stack, step by step. */
export function renderTimes(
  { stack, now }: StackFigures,
  style: Style,
  width: number,
  guesses: Guesses = GUESSES,
): readonly string[] {
  const times = (now?.times ?? []).filter(({ actions }) => actions.length > 0);
  if (times.length === 0) return [];
  const title = `${stack}: what a commit waits for`;
  return [
    `${style.bold(title)} ${style.dim("━".repeat(Math.max(3, width - title.length - 1)))}`,
    "",
    ...times.flatMap((time) => renderTime(time, style, width)),
    style.dim("taken for granted"),
    ...hanging(guessesInWords(guesses), width),
    ...hanging("Nothing fails, nobody is waited for, and an older version serves until the new one does", width),
  ];
}

/** What a step is made of, and of which service. */
export function detailOf({ detail, service }: PaceStep): string {
  return service ? `${physicalName(service)}: ${detail}` : detail;
}

interface TimeRow {
  readonly what: string;
  readonly detail: string;
  readonly length: string;
  readonly at: string;
  readonly whole: boolean;
}

function renderTime(time: LeadTime, style: Style, width: number): readonly string[] {
  const { pipeline, toUsers, toGone, seconds, waits, unknown } = time;
  let at = 0;
  const rowOf = (step: PaceStep): TimeRow => {
    const { what, seconds: length } = step;
    at += length;
    return { what: `  ${what}`, detail: detailOf(step), length: clockText(length), at: clockText(at), whole: false };
  };
  const whole = (what: string, when: number): TimeRow => ({
    what,
    detail: "",
    length: "",
    at: clockText(when),
    whole: true,
  });
  const served = secondsOf(toUsers);
  const isSameWay = beginsWith(toGone, toUsers);
  const first = toUsers.map(rowOf);
  if (!isSameWay) at = 0;
  const rest = (isSameWay ? toGone.slice(toUsers.length) : toGone).map(rowOf);
  const last = stepsAfter(time).map(rowOf);
  const rows = [
    ...first,
    ...(toUsers.length > 0 ? [whole("all of production's traffic is on the new version", served)] : []),
    ...(isSameWay || toGone.length === 0
      ? []
      : [{ what: "the way on which the last old task goes", detail: "", length: "", at: "", whole: true }]),
    ...rest,
    ...(toGone.length > 0 ? [whole("the old version is gone", secondsOf(toGone))] : []),
    ...last,
    whole(runEnds(time), seconds),
  ];
  const [whats, details, lengths, ats] = [
    widest(rows.map(({ what }) => what)),
    widest(rows.map(({ detail }) => detail)),
    widest(rows.map(({ length }) => length)),
    widest(rows.map((row) => row.at)),
  ];
  const shorter = shorterInWords(time);
  return [
    `${style.bold(`${delivererOf(time)} ${pipeline.name}`)}${style.dim(", minutes and seconds since the push")}`,
    ...rows.map((row) => {
      const line = `${row.what.padEnd(whats)}  ${row.detail.padEnd(details)}  ${row.length.padStart(lengths)}  ${row.at.padStart(ats)}`;
      return row.whole ? style.bold(line) : style.dim(line);
    }),
    ...(waits.length > 0 ? [style.dim("waits, which is not counted"), ...waits.map((text) => `  ${text}`)] : []),
    ...(unknown.length > 0
      ? [style.dim("not counted, because nobody here knows"), ...unknown.map((text) => `  ${text}`)]
      : []),
    ...(shorter.length > 0
      ? [style.dim("what would make it shorter"), ...shorter.flatMap((text) => hanging(text, width))]
      : []),
    "",
  ];
}
