import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { harmless } from "./commentText";
import { GitHub } from "./gitHub";
import { job, needed, run, type Surroundings } from "./run";

/** First line of the comment: how the next one finds it. */
export const HEADING = "<!-- ecs-delivery: offline preview -->";

/** Bytes that are read of a file that somebody else wrote. */
const READ_MAX = 1024 * 1024;

/** The event that starts this workflow; GitHub wrote it. */
const event = z.object({
  workflow_run: z.object({
    head_sha: z.string(),
    html_url: z.string(),
    head_repository: z.object({ full_name: z.string() }),
  }),
});

const pullRequest = z.object({
  state: z.string(),
  head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
});

/**
 * Posts what the preview of a pull request left in a folder: `number` and `body.md`. Both come from code that nobody has
 * looked at, perhaps a fork's. So neither is run, links are not followed, the text calls nobody and has an end, and the
 * number counts only if that pull request is at the very commit that was previewed.
 */
export function main(argv: readonly string[], surroundings = job()): Promise<number> {
  return run(async () => {
    const [folder = "."] = argv;
    const { workflow_run: of } = event.parse(
      JSON.parse(readFileSync(needed(surroundings, "GITHUB_EVENT_PATH"), "utf8")),
    );
    const [number, body] = [read(folder, "number"), read(folder, "body.md")];
    if (number === undefined || body === undefined) return nothing("the run left no preview", surroundings);
    if (!/^[1-9]\d{0,8}$/.test(number.trim())) return nothing("the run left no number", surroundings);
    const gitHub = new GitHub(surroundings);
    const { state, head } = await gitHub.get(`/pulls/${number.trim()}`, pullRequest);
    const same = head.sha === of.head_sha && head.repo?.full_name === of.head_repository.full_name;
    if (state !== "open" || !same) {
      return nothing(`pull request ${number.trim()} is not open at ${of.head_sha} of that repository`, surroundings);
    }
    const about = `Offline preview of ${of.head_sha.slice(0, 7)}, written by the code of this pull request ([run](${of.html_url}))`;
    const text = harmless(body).trim() || "The preview wrote nothing: see the run.";
    await gitHub.comment(Number(number), HEADING, `<sub>${about}</sub>\n\n${text}`);
    return 0;
  }, surroundings);
}

function nothing(why: string, { out }: Surroundings): number {
  out(`Nothing posted: ${why}.`);
  return 0;
}

/** The beginning of a plain file. A link could lead to what only this job may read. */
function read(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (!fstatSync(file).isFile()) return undefined;
    const bytes = Buffer.alloc(READ_MAX);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, READ_MAX, 0));
  } finally {
    closeSync(file);
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
