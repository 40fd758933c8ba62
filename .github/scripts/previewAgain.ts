import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { readProject } from "../../preview/record/stackFile";
import { tail } from "./commentText";
import { GitHub } from "./gitHub";
import { job, needed, run, type Surroundings } from "./run";

const ROOT = resolve(__dirname, "..", "..");

const event = z.object({ pull_request: z.object({ number: z.number() }) });

/**
 * Runs `pulumi preview` once more and comments with the end of what it says: pulumi/actions says nothing on the pull
 * request when a preview fails, and keeps no output. The comment looks like the action's, which so finds and replaces it.
 * https://github.com/pulumi/actions/blob/v7.0.0/src/libs/pr.ts
 */
export function main(argv: readonly string[], surroundings = job()): Promise<number> {
  return run(async () => {
    const [stack = ""] = argv;
    const { pull_request: of } = event.parse(
      JSON.parse(readFileSync(needed(surroundings, "GITHUB_EVENT_PATH"), "utf8")),
    );
    const { code, output } = await preview(stack, surroundings);
    const heading = `#### :tropical_drink: \`preview\` on ${readProject(ROOT).name}/${stack}`;
    const title = code === 0 ? "" : `**The preview failed** ([run](${runUrl(surroundings)})).\n\n`;
    const details = `<details${code === 0 ? "" : " open"}>\n<summary>Pulumi report</summary>\n\n${tail(output)}\n</details>`;
    await new GitHub(surroundings).comment(of.number, heading, `\n${title}${details}`);
    return code;
  }, surroundings);
}

function preview(stack: string, { env, out }: Surroundings): Promise<{ code: number; output: string }> {
  const args = ["preview", "--stack", stack, "--non-interactive", "--color", "never", "--suppress-progress"];
  return new Promise((done) => {
    const said: string[] = [];
    const child = spawn("pulumi", args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said.push(text);
        out(text.trimEnd());
      });
    }
    child.on("error", ({ message }) => done({ code: 1, output: message }));
    child.on("close", (code) => done({ code: code ?? 1, output: said.join("") }));
  });
}

function runUrl(surroundings: Surroundings): string {
  const [server, repository, id] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map((name) =>
    needed(surroundings, name),
  );
  return `${server}/${repository}/actions/runs/${id}`;
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
