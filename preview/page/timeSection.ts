import type { Guesses } from "../../model/environment/guesses";
import type { LeadTime } from "../../model/pace/leadTime";
import { beginsWith, type PaceStep, secondsOf } from "../../model/pace/step";
import type { StackFigures } from "../figures";
import { capital } from "../render/style";
import {
  clockText,
  delivererOf,
  detailOf,
  guessesInWords,
  runEnds,
  shorterInWords,
  stepsAfter,
  timeInWords,
} from "../render/timeText";
import { block, fold, sentenceList } from "./block";
import { element, escaped, table } from "./html";

/** What a commit waits for by each pipeline of a stack: every step as a bar since the push, and what would make it shorter. */
export function timeSection(figures: StackFigures, guesses: Guesses): string {
  const times = (figures.now?.times ?? []).filter(({ actions }) => actions.length > 0);
  if (times.length === 0) return "";
  const words = timeInWords(figures);
  return block(
    "What a commit waits for",
    words === undefined ? "" : element("p", { class: "item" }, escaped(`${capital(words)}.`)),
    ...times.map((time) =>
      pipelineTimes(
        time,
        figures.before?.times.find((one) => one.pipeline.name === time.pipeline.name),
      ),
    ),
    fold(
      "What is taken for granted",
      sentenceList([
        guessesInWords(guesses),
        "Nothing fails, nobody is waited for, and an older version serves until the new one does",
      ]),
    ),
  );
}

function pipelineTimes(time: LeadTime, was: LeadTime | undefined): string {
  const { pipeline, toUsers, toGone, seconds, waits, unknown } = time;
  const after = stepsAfter(time);
  const ends = ([what, now, before]: readonly [string, number, number | undefined]) => [
    escaped(what),
    ...(was ? [escaped(before === undefined ? "nothing" : clockText(before))] : []),
    escaped(clockText(now)),
  ];
  const moments: readonly (readonly [string, number, number | undefined])[] = [
    ...(toUsers.length > 0
      ? [
          [
            "all of production's traffic is on the new version",
            secondsOf(toUsers),
            was && secondsOf(was.toUsers),
          ] as const,
        ]
      : []),
    ...(toGone.length > 0
      ? [["the old version is gone", secondsOf(toGone), was && secondsOf(was.toGone)] as const]
      : []),
    [runEnds(time), seconds, was?.seconds],
  ];
  return [
    element("h4", {}, escaped(`${capital(delivererOf(time))} ${pipeline.name}`)),
    table(
      `When, since the push, in minutes and seconds: ${pipeline.name}`,
      ["what", ...(was ? ["before"] : []), was ? "now" : "after"],
      moments.map(ends),
    ),
    beginsWith(toGone, toUsers) ? "" : steps(`Steps of a commit by ${pipeline.name}, until all users have it`, toUsers),
    toGone.length > 0
      ? steps(
          `Steps of a commit by ${pipeline.name}, until the ${after.length > 0 ? "run ends" : "old version is gone"}`,
          [...toGone, ...after],
        )
      : "",
    waits.length > 0 ? element("p", {}, "Waits, which is not counted:") + sentenceList(waits) : "",
    unknown.length > 0 ? element("p", {}, "Not counted, because nobody here knows:") + sentenceList(unknown) : "",
    fold(`What would make ${pipeline.name} quicker`, sentenceList(shorterInWords(time))),
  ].join("");
}

/** Steps one after another; the bar is only to look at. */
function steps(caption: string, all: readonly PaceStep[]): string {
  const whole = Math.max(1, secondsOf(all));
  let at = 0;
  const rows = all.map((step) => {
    const { what, seconds } = step;
    const bar = `margin-left:${percent(at, whole)};width:${percent(seconds, whole)}`;
    at += seconds;
    return [
      escaped(what),
      escaped(detailOf(step)),
      escaped(clockText(seconds)),
      escaped(clockText(at)),
      element("div", { class: "bar", style: bar, "aria-hidden": "true" }),
    ];
  });
  return table(caption, ["step", "of which", "takes", "done at", "since the push"], rows);
}

function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 1000) / 10}%`;
}
