import { spawnSync } from "node:child_process";

/** What a git command said. */
interface Said {
  readonly ok: boolean;
  readonly out: string;
  readonly err: string;
  /** Whether there is no git to ask. */
  readonly missing: boolean;
}

/** What a hook or another git command sets for a repository of its own. */
const OF_ANOTHER = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/** Runs git in a folder. */
export function git(folder: string, ...args: readonly string[]): Said {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_ANOTHER.includes(name)));
  const options = { cwd: folder, env, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr, error } = spawnSync("git", args, options);
  if (error) return { ok: false, out: "", err: error.message, missing: "code" in error && error.code === "ENOENT" };
  return { ok: status === 0, out: stdout.trim(), err: stderr.trim(), missing: false };
}
