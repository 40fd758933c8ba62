import { UsageError } from "../preview/arguments";
import { git } from "../preview/diff/git";

/** A commit as a checkout's history has it. */
export interface Commit {
  readonly id: string;
  /** @default - no branch has it at its end */
  readonly branch?: string;
  readonly files: readonly string[];
}

/** Id, branch and changed files of a commit of a checkout. */
export function commitNamed(folder: string, ref: string): Commit {
  const id = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (id.missing) throw new UsageError("--commit needs git, and there is none here");
  if (!id.ok) {
    const known = git(folder, "log", "-5", "--format=%h %s").out;
    throw new UsageError(
      `--commit: this checkout has no commit "${ref}"; the last ones are\n${known || "none: it is no checkout of git"}`,
    );
  }
  const files = git(
    folder,
    "diff-tree",
    "--root",
    "--no-commit-id",
    "--name-only",
    "-r",
    "-m",
    "--first-parent",
    "-z",
    id.out,
  );
  const branches = git(folder, "branch", "--all", "--format=%(refname:short)", "--contains", id.out).out.split("\n");
  const current = git(folder, "rev-parse", "--abbrev-ref", "HEAD").out;
  const branch =
    branches.includes(current) && current !== "HEAD"
      ? current
      : branches.find((one) => one !== "" && !one.startsWith("("));
  return {
    id: id.out,
    branch: branch?.replace(/^origin\//, ""),
    files: files.out.split("\0").filter((file) => file !== ""),
  };
}
