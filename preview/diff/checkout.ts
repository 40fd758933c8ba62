import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "../arguments";
import { count } from "../count";
import type { Against } from "./change";
import { git } from "./git";
import { unknownRef } from "./unknownRef";

/** The files of another commit, in a folder of their own. */
interface Checkout {
  readonly against: Against;
  /** What is the project's folder there; perhaps it does not exist. */
  readonly folder: string;
  /** What a reader of the comparison should know. */
  readonly notes: readonly string[];
  /** Takes the folder away again. So does the end of the process, also by Ctrl-C. */
  readonly remove: () => void;
}

/** Checks another commit out, outside the repository, with the packages that are installed here. */
export function checkOut(ref: string, root: string): Checkout {
  const prefix = git(root, "rev-parse", "--show-prefix");
  if (prefix.missing) throw new UsageError("--against needs git, which is not installed");
  if (!prefix.ok) throw new UsageError(`--against needs the repository's history: ${prefix.err}`);
  const commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
  if (!commit.ok) throw new UsageError(unknownRef(ref, root));
  const place = mkdtempSync(join(realpathSync(tmpdir()), "preview-against-"));
  const remove = removedAtTheEnd(() => {
    git(root, "worktree", "remove", "--force", place);
    rmSync(place, { recursive: true, force: true });
    git(root, "worktree", "prune");
  });
  try {
    const added = git(root, "-c", "core.hooksPath=/dev/null", "worktree", "add", "--detach", place, commit.out);
    if (!added.ok) throw new UsageError(`${ref} cannot be checked out: ${added.err}`);
    const folder = join(place, prefix.out);
    linkPackages(folder);
    const against = { ref, commit: commit.out.slice(0, 7) };
    return { against, folder, notes: notesOn(ref, commit.out, root, folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The packages the preview itself runs with. */
function linkPackages(folder: string): void {
  const packages = dirname(dirname(dirname(require.resolve("@pulumi/pulumi/package.json"))));
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "node_modules"))) symlinkSync(packages, join(folder, "node_modules"), "junction");
}

function notesOn(ref: string, commit: string, root: string, folder: string): readonly string[] {
  const changed = git(root, "status", "--porcelain", "--", ".").out;
  const files = changed === "" ? 0 : changed.split("\n").length;
  const newer = isShallow(root) ? 0 : Number(git(root, "rev-list", "--count", `HEAD..${commit}`).out);
  const locks = [root, folder].map((one) => textIn(join(one, "package-lock.json")));
  return [
    ...(files > 0
      ? [`${count(files, "uncommitted file")} compared as found; to leave out what is not committed: git stash -u`]
      : []),
    ...(newer > 0
      ? [
          `${ref} has ${count(newer, "commit")} that this branch has not, shown as undone; to take them in: git merge ${ref}`,
        ]
      : []),
    ...(locks[0] !== locks[1]
      ? [`package-lock.json is another one at ${ref}; its program runs with the packages installed here`]
      : []),
  ];
}

function isShallow(root: string): boolean {
  return git(root, "rev-parse", "--is-shallow-repository").out === "true";
}

function textIn(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something once: when it is called, else when the process ends, by itself or by a signal. */
function removedAtTheEnd(remove: () => void): () => void {
  const end = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal]);
  const once = () => {
    process.removeListener("exit", once);
    for (const signal of SIGNALS) process.removeListener(signal, end);
    remove();
  };
  process.once("exit", once);
  for (const signal of SIGNALS) process.once(signal, end);
  return once;
}
