import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { deserialize, serialize } from "node:v8";
import { folder as own, shelf } from "../../loading/cache.cjs";
import { sources } from "../../loading/transpile.cjs";
import { digestAt, Looks, sha256Of, watching } from "./looks";

const ROOT = resolve(__dirname, "..", "..");

let isOn = false;

/** What all runs of this process have looked at: modules stay loaded, and remember what they read for an earlier stack. */
const looks = new Looks();

/** From here on answers are kept; else everything is worked out anew, as a test wants that has planted something. */
export function keepResults(on = true): void {
  isOn = on;
}

/** How results are kept: one that has another form is forgotten. */
const FORM = 2;

/** Characters of a digest, which a kept file begins with. */
const DIGEST_LENGTH = 64;

/** Answers about the stacks of some programs, each as it was the last time. */
const results = shelf("recorded", 400);

/** What is asked of a program. */
export interface Inquiry {
  /** Which of its stacks, or what of them. */
  readonly about: string;
  /** Folder of the program. */
  readonly folder: string;
  /** Folder of another commit's files, which stands elsewhere each time. @default - the program is this project's own */
  readonly tree?: string | undefined;
  /** Folder of another commit's files that are in this process for another question. @default - none are */
  readonly apart?: string | undefined;
  /** What else decides the answer; as JSON. */
  readonly given: readonly unknown[];
  /** Loads the packages that every run takes: what they look at while they are loaded decides nothing. */
  readonly load: () => Promise<unknown>;
}

/** What lies in a file. */
interface Kept<T> {
  readonly paths: ReadonlyMap<string, string>;
  readonly variables: ReadonlyMap<string, string | undefined>;
  readonly answer: T;
}

/**
 * The answer of the last time, where everything that was loaded, read and asked of the environment for it is as it was; else
 * works it out, and keeps it where it `isLasting`. Nothing is kept of a run that printed or wrote something, or that took the
 * clock, chance, another program or the network for an answer.
 */
export async function kept<T>(
  question: Inquiry,
  workOut: () => Promise<T> | T,
  isLasting: (answer: T) => boolean = () => true,
): Promise<T> {
  const file = isOn ? fileOf(question) : undefined;
  if (file === undefined || results.folder === undefined) return workOut();
  const known = keptIn<T>(join(results.folder, file));
  if (known && isAsItWas(known, question)) return known.answer;
  // Watched as well, so that a package which takes Node.js's functions for itself takes those that tell.
  await watching(question.load, { looks: new Looks(), own });
  const answer = await watching(async () => workOut(), { looks, own });
  if (looks.varies === undefined && isLasting(answer)) keep(file, question, answer);
  return answer;
}

function keep(file: string, question: Inquiry, answer: unknown): void {
  const paths = new Map(lookedAt(question).map(([path, digest]) => [named(path, question), digest]));
  const entry: Kept<unknown> = { paths, variables: looks.variables, answer };
  const data = serialize(entry);
  const { tree } = question;
  // A message that names a folder which is gone; text beyond Latin-1 is kept in two bytes a character.
  const namesTree = tree !== undefined && (data.includes(tree) || data.includes(tree, 0, "utf16le"));
  if (!namesTree) results.keep(file, Buffer.concat([Buffer.from(sha256Of(data)), data]));
}

/** Everything that this process has loaded and read, but for packages: their lock file stands for them. */
function lookedAt({ apart }: Inquiry): readonly (readonly [string, string])[] {
  const isMeant = (path: string) =>
    !path.includes(`${sep}node_modules${sep}`) && (apart === undefined || !path.startsWith(apart + sep));
  const loaded = Object.keys(require.cache).filter((path) => isMeant(path) && !sources.has(path));
  const all = [...sources, ...loaded.map((path) => [path, digestAt(path)] as const), ...looks.paths];
  return all.filter(([path]) => isMeant(path));
}

function isAsItWas({ paths, variables }: Kept<unknown>, question: Inquiry): boolean {
  for (const [name, value] of variables) if (process.env[name] !== value) return false;
  for (const [name, digest] of paths) if (digestAt(placeOf(name, question)) !== digest) return false;
  return true;
}

/** Begins the path of what lies in another commit's folder. */
const THERE = "there:";

function named(path: string, { tree }: Inquiry): string {
  return tree !== undefined && path.startsWith(tree + sep) ? `${THERE}${relative(tree, path)}` : path;
}

function placeOf(name: string, { tree = "" }: Inquiry): string {
  return name.startsWith(THERE) ? join(tree, name.slice(THERE.length)) : name;
}

/** Variables that Node.js itself asks for, which nothing that is watched tells. */
const NODE = ["TZ", "LANG", "LANGUAGE", "LC_ALL", "LC_TIME", "LC_NUMERIC", "NODE_OPTIONS", "NODE_PATH"];

/** The file of a question; none where nothing says which packages there are. */
function fileOf({ about, folder, tree, given }: Inquiry): string | undefined {
  try {
    const packages = [sha256Of(readFileSync(lockIn(ROOT)))];
    // Another program has packages of its own; another commit's has this project's.
    for (let at = folder; tree === undefined && at !== ROOT && at !== dirname(at); at = dirname(at)) {
      packages.push(digestAt(lockIn(at)));
    }
    const place = tree === undefined ? [folder] : [THERE, relative(tree, folder)];
    const node = [process.version, process.platform, ...NODE.map((name) => process.env[name] ?? null)];
    return sha256Of(JSON.stringify([FORM, node, ROOT, packages, place, about, given]));
  } catch {
    return undefined;
  }
}

/** What npm writes of the packages that it has installed. */
function lockIn(folder: string): string {
  return join(folder, "node_modules", ".package-lock.json");
}

function keptIn<T>(path: string): Kept<T> | undefined {
  try {
    const file = readFileSync(path);
    const data = file.subarray(DIGEST_LENGTH);
    // A disk that was full, or another hand.
    if (file.toString("latin1", 0, DIGEST_LENGTH) !== sha256Of(data)) return undefined;
    return deserialize(data) as Kept<T>;
  } catch {
    return undefined;
  }
}
