import type { PipelineExecutionSummary } from "@aws-sdk/client-codepipeline";
import { type RunNow, runOf } from "../status/pipelineNow";
import { runNamed } from "../status/verdict";

/** Where a stage goes back from, and to; or why it cannot. */
export type Target = { readonly from: RunNow | undefined; readonly to: RunNow } | { readonly wrong: string };

/** Runs that are named where none fits. */
const NAMED = 10;

/**
 * The run that a stage goes back to: of the commit that is asked for, else the newest before what is in the stage that brought
 * something else. AWS takes no run that went back itself.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
 */
export function chooseTarget(
  succeeded: readonly PipelineExecutionSummary[],
  last: readonly RunNow[],
  current: string | undefined,
  wanted: string | undefined,
): Target {
  const all = succeeded.map(runOf);
  const from = [...last, ...all].find(({ id }) => id === current);
  // What a run brought back is what is in the stage.
  const serving = from?.backTo === undefined ? from : (all.find(({ id }) => id === from.backTo) ?? from);
  const runs = all
    .filter(({ backTo }) => backTo === undefined)
    .sort((a, b) => (b.started?.getTime() ?? 0) - (a.started?.getTime() ?? 0));
  const others = runs.filter(({ id }) => id !== serving?.id && id !== from?.id);
  if (wanted !== undefined) return named(wanted, runs, from);
  // Of a run that failed in the stage nothing is there: even the same commit is something to go back to.
  const isThere = all.some(({ id }) => id === serving?.id);
  const older = others.filter(
    (one) =>
      (!isThere || isOther(one, serving)) && (one.started?.getTime() ?? 0) < (serving?.started?.getTime() ?? Infinity),
  );
  const [to] = older;
  if (to) return { from, to };
  return { wrong: "no delivery before this one went through the stage, so there is nothing to go back to" };
}

function isOther({ revisions }: RunNow, serving: RunNow | undefined): boolean {
  return serving === undefined || revisions === "" || revisions !== serving.revisions;
}

/** The newest run of a commit, a digest or the run itself, by its first characters. */
function named(wanted: string, runs: readonly RunNow[], from: RunNow | undefined): Target {
  const there = runs.map((run) => runNamed(run));
  const list = [...new Set(there)].slice(0, NAMED).join(", ") || "none";
  const found = /^[\w:.-]{4,}$/.test(wanted)
    ? runs.filter(({ id, commit }) =>
        [id, commit ?? "", (commit ?? "").replace(/^sha256:/, "")].some((one) => one.startsWith(wanted)),
      )
    : [];
  const commits = new Set(found.map(({ commit, id }) => commit ?? id));
  if (commits.size > 1) return { wrong: `--to: several deliveries begin with "${wanted}": ${[...commits].join(", ")}` };
  const [to] = found;
  if (!to) return { wrong: `--to: no delivery of "${wanted}" went through the stage; there are ${list}` };
  return { from, to };
}
