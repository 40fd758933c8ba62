import { readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { deserialize, serialize } from "node:v8";
import { shelf } from "../../loading/cache.cjs";
import { sources } from "../../loading/transpile.cjs";
import { digestAt, type Looks, sha256Of, watching } from "./looks";

const ROOT = resolve(__dirname, "..", "..");

let isOn = false;

/** From here on answers are kept; else everything is worked out anew, as a test wants that has planted something. */
export function keepResults(on = true): void {
  isOn = on;
}

/** How results are kept: one that has another form is forgotten. */
const FORM = 1;

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
  /** Loads what every run takes: what that looks at while it is loaded decides nothing. */
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
  await question.load();
  const { value: answer, looks } = await watching(async () => workOut());
  if (looks.varies === undefined && isLasting(answer)) keep(file, question, answer, looks);
  return answer;
}

function keep(file: string, question: Inquiry, answer: unknown, looks: Looks): void {
  const paths = new Map(
    [...modules(question), ...looks.paths].map(([path, digest]) => [named(path, question), digest]),
  );
  const entry: Kept<unknown> = { paths, variables: looks.variables, answer };
  const data = serialize(entry);
  // A message that names a folder which is gone.
  if (question.tree === undefined || !data.includes(question.tree)) results.keep(file, data);
}

/** Everything that this process has loaded, but for packages: their lock file stands for them. */
function modules({ apart }: Inquiry): readonly (readonly [string, string])[] {
  const isMeant = (path: string) =>
    !path.includes(`${sep}node_modules${sep}`) && (apart === undefined || !path.startsWith(apart + sep));
  const others = Object.keys(require.cache).filter((path) => isMeant(path) && !sources.has(path));
  return [...[...sources].filter(([path]) => isMeant(path)), ...others.map((path) => [path, digestAt(path)] as const)];
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

/** The file of a question; none where nothing says which packages there are. */
function fileOf({ about, folder, tree, given }: Inquiry): string | undefined {
  try {
    const packages = sha256Of(readFileSync(join(ROOT, "node_modules", ".package-lock.json")));
    const place = tree === undefined ? [folder] : [THERE, relative(tree, folder)];
    return sha256Of(JSON.stringify([FORM, process.version, ROOT, packages, place, about, given]));
  } catch {
    return undefined;
  }
}

function keptIn<T>(path: string): Kept<T> | undefined {
  try {
    return deserialize(readFileSync(path)) as Kept<T>;
  } catch {
    return undefined;
  }
}
