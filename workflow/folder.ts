import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { shellWord } from "../components/shellWord";
import { UsageError } from "../preview/arguments";

/** The folder of an option, which may not be there yet. Throws a `UsageError` at what is none. */
export function folderGiven(option: string, folder: string): string {
  const there = asked(option, folder, () => statSync(folder));
  if (there && !there.isDirectory()) {
    const other = /\.ya?ml$/.test(basename(folder)) ? `; for example ${option} ${shellWord(dirname(folder))}` : "";
    throw new UsageError(`${option} ${folder} is a file; it takes the folder that workflows are in${other}`);
  }
  return folder;
}

/** Writes a file of a folder, which is made where it is not there. */
export function writeInto(folder: string, file: string, text: string): void {
  inWords("--write", folder, () => mkdirSync(folder, { recursive: true }));
  const path = join(folder, file);
  inWords("--write", path, () => writeFileSync(path, text));
}

/** Text of a file, with the ends of lines that workflows are written with: git may check them out with others. */
export function textIn(option: string, folder: string, file: string): string | undefined {
  const path = join(folder, file);
  return asked(option, path, () => readFileSync(path, "utf8"))?.replaceAll("\r\n", "\n");
}

/** Workflows of a folder, by the names of their files. */
export function workflowFiles(option: string, folder: string): readonly string[] {
  const entries = asked(option, folder, () => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** What the system says no to, in words. */
const REFUSED: Readonly<Record<string, string>> = {
  ENOENT: "a part of its path is not there",
  EACCES: "it may not be opened by who runs this",
  EPERM: "it may not be opened by who runs this",
  EROFS: "it is on a file system that cannot be written",
  ENOTDIR: "a part of its path is a file",
  EEXIST: "a part of its path is a file",
  EISDIR: "it is a folder, in the place of a file",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "there is no room left",
  ELOOP: "its links go in a circle",
};

/** What is there: undefined where nothing is. */
function asked<T>(option: string, path: string, ask: () => T): T | undefined {
  return inWords(option, path, () => {
    try {
      return ask();
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

/** Throws a `UsageError` where the system refuses. */
function inWords<T>(option: string, path: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    const code = codeOf(error);
    const why = REFUSED[code];
    if (why === undefined) throw error;
    throw new UsageError(`${option} ${path}: ${why} (${code})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
