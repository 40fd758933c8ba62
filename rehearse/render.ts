import type { Start } from "../model/delivery/pipeline/push";
import type { Rehearsal } from "../model/delivery/rehearsal";
import { placeInWords, type TimelineMoment } from "../model/delivery/timeline";
import { styleFor } from "../preview/render/style";
import { clockText } from "../preview/render/timeText";

/** How text is coloured; not at all where nobody sees it. */
export interface Look {
  readonly coloured: boolean;
  readonly width: number;
}

const SIGNS = { good: "✓", bad: "✗", waiting: "…", note: "·" } as const;
const COLOURS = { good: "green", bad: "red", waiting: "yellow", note: "cyan" } as const;

/** A moment as lines of a terminal: when, what, where and in which role; a bar for the traffic. */
export function momentLines(moment: TimelineMoment, { coloured }: Look): readonly string[] {
  const { at, where, what, result, role, traffic, detail = [] } = moment;
  const style = styleFor(coloured);
  const when = clockText(at, true).padStart(9);
  const bar = traffic ? ` ${barOf(traffic.fresh, traffic.old)}` : "";
  const by = role === undefined ? "" : style.dim(`  as ${role.split("/").at(-1) ?? role}`);
  const head = `${when}  ${style[COLOURS[result]](SIGNS[result])} ${style.bold(placeInWords(where))}: ${what}${bar}${by}`;
  return [head, ...detail.map((line) => `             ${line}`)];
}

/** Ten characters: full for the new version, half for the old one, empty for nobody. */
function barOf(fresh: number, old: number): string {
  const cells = Math.round(fresh * 10);
  const rest = Math.min(10 - cells, Math.round(old * 10));
  return `[${"█".repeat(cells)}${"▒".repeat(rest)}${" ".repeat(10 - cells - rest)}]`;
}

/** The verdict: what became of the commit, what broke, and what took the time. */
export function verdictLines(rehearsal: Rehearsal, { coloured }: Look): readonly string[] {
  const { pipelines, broken, reached, cloud } = rehearsal;
  const style = styleFor(coloured);
  const lines = pipelines.flatMap(({ pipeline, runs }) =>
    runs.map(
      ({ number, status, why }) =>
        `${pipeline.name}${number > 1 ? ` (run ${number})` : ""}: ${status}${why === undefined ? "" : `: ${why}`}`,
    ),
  );
  const untold = [...cloud.untold].filter((arn) => arn.startsWith("arn:"));
  return [
    "",
    ...lines,
    ...broken.map(({ promise, text }) => style.red(`✗ broken promise (${promise}): ${text}`)),
    ...cloud.refused.map((why) => style.red(`✗ AWS would refuse: ${why}`)),
    ...cloud.faults.missed.map(({ step, how }) =>
      style.yellow(`· ${step}=${how} did not happen: the run never got there`),
    ),
    ...(untold.length > 0 ? [`· not told, because their policies are not in these stacks: ${untold.join(", ")}`] : []),
    `${cloud.demanded.length} calls were held against the policies that decide them`,
    style[reached ? "green" : "red"](lastWord(rehearsal)),
  ];
}

/** What became of the commit, in one sentence. */
function lastWord(rehearsal: Rehearsal): string {
  const { cloud, pipelines, broken, reached, seconds } = rehearsal;
  if (pipelines.length === 0) return "The commit reached nobody: it starts no pipeline";
  const idle = cloud.services.length > 0 && cloud.services.every(({ desired }) => desired === 0);
  if (reached && idle) return "The commit is deployed, but no task runs: the services are told to run none";
  if (reached) {
    const served = servedAfter(rehearsal);
    if (served === undefined)
      return `The commit reached users after ${clockText(seconds, true)}${longest(rehearsal, seconds)}`;
    return `The commit reached all users after ${clockText(served, true)}${longest(rehearsal, served)}; the run ended after ${clockText(seconds, true)}`;
  }
  const ended = pipelines.every(({ runs }) => runs.at(-1)?.status === "Succeeded");
  return ended && broken.length > 0
    ? "The pipeline ended well, but a promise was broken"
    : "The commit did not reach users";
}

/** Seconds until all traffic was on the new version, of every service; undefined where none is played. */
export function servedAfter({ cloud, seconds }: Rehearsal): number | undefined {
  const whole = cloud.timeline.moments.filter(({ at, traffic }) => at <= seconds && traffic?.fresh === 1);
  return whole.at(-1)?.at;
}

/** What took most of so many seconds: the longest stretch between two moments, and whose it was. */
function longest({ cloud }: Rehearsal, seconds: number): string {
  const spans = spansOf(cloud.timeline.moments.filter(({ at }) => at <= seconds));
  const [most] = [...spans].sort((one, other) => other[1] - one[1]);
  if (!most || seconds === 0) return "";
  return `; most of it, ${clockText(most[1], true)}, is ${most[0]}`;
}

/** Seconds by what was waited for. */
export function spansOf(moments: readonly TimelineMoment[]): ReadonlyMap<string, number> {
  const spans = new Map<string, number>();
  moments.forEach((moment, index) => {
    const before = moments[index - 1];
    if (before === undefined || moment.at <= before.at) return;
    // Who waits says so before; what works tells when it is done.
    const what = placeInWords((before.result === "waiting" ? before : moment).where);
    spans.set(what, (spans.get(what) ?? 0) + moment.at - before.at);
  });
  return spans;
}

/** Which pipelines a push starts, and why not the others. */
export function whichLines(starts: readonly Start[], { coloured }: Look): readonly string[] {
  const style = styleFor(coloured);
  if (starts.length === 0) return ["No stack here has a pipeline"];
  return starts.map(({ graph, pipeline, source, starts: yes, why }) => {
    const sign = yes ? style.green("✓ starts") : style.red("✗ does not start");
    return `${graph.stack}: ${pipeline.name} ${sign} by ${source.name}: ${why}`;
  });
}

/** Everything that happened, as plain values. */
export function plainOf(rehearsal: Rehearsal) {
  const { pipelines, broken, reached, seconds, cloud, starts } = rehearsal;
  return {
    reached,
    seconds,
    secondsToAllUsers: reached ? servedAfter(rehearsal) : undefined,
    starts: starts.map(plainStart),
    pipelines: pipelines.map(({ graph, pipeline, runs }) => ({ stack: graph.stack, pipeline: pipeline.name, runs })),
    broken,
    refused: cloud.refused,
    notTold: [...cloud.untold],
    didNotHappen: cloud.faults.missed,
    timeline: cloud.timeline.moments,
  };
}

/** What a push means for a pipeline, as plain values. */
export function plainStart({ graph, pipeline, source, starts, why }: Start) {
  return { stack: graph.stack, pipeline: pipeline.name, source: source.name, starts, why };
}
