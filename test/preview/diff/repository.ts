import assert from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../../preview/main";

/** A git repository in a temporary folder. */
export class Repository {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "repository-")));

  constructor() {
    this.git("init", "--quiet", "--initial-branch", "main");
  }

  /** Runs git there, as somebody with a name; nothing of who runs the test matters. */
  git(...args: readonly string[]): string {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
    const { status, stdout, stderr } = spawnSync("git", [...who, ...args], { cwd: this.folder, encoding: "utf8" });
    assert.strictEqual(status, 0, stderr);
    return stdout.trim();
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Commits everything, and gives the first digits of the commit. */
  commit(): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "Change");
    return this.git("rev-parse", "HEAD").slice(0, 7);
  }

  /** Folders in which a commit is checked out. */
  worktrees(): readonly string[] {
    return this.git("worktree", "list").split("\n");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What the preview of a project writes, and its exit code. */
export async function runGit(root: string, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = {
    coloured: false,
    width: 400,
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
  };
  const code = await main(argv, streams, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}
