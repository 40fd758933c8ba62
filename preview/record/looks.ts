import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What a run has looked at, besides the modules that it loaded. */
export interface Looks {
  /** Digest of what stood there before the first look, by path; what lies in node_modules is left out. */
  readonly paths: ReadonlyMap<string, string>;
  /** Variables of the environment. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** What makes the next run another one: the clock, chance, another program, something written. @default - nothing */
  readonly varies?: string | undefined;
}

// Kept before they are watched.
const { readFileSync, readdirSync, statSync } = fs;

/** Digest of what stands at a path: a file's content, a folder's names, nothing. */
export function digestAt(path: string): string {
  try {
    if (statSync(path).isDirectory()) return `folder ${sha256Of(readdirSync(path).sort().join("\n"))}`;
    return sha256Of(readFileSync(path));
  } catch {
    return "nothing";
  }
}

export function sha256Of(data: string | NodeJS.ArrayBufferView): string {
  return crypto.createHash("sha256").update(data).digest("hex");
}

type Call = (this: unknown, ...given: unknown[]) => unknown;

/** Functions of `fs` that change nothing. */
const READS =
  /^(?:access|createReadStream|exists|glob|lstat|open|opendir|readFile|readdir|readlink|realpath|stat|statfs)(?:Sync|AsBlob)?$/;

const CHANCE = Object.keys(crypto).filter((name) => /^(?:random|getRandom|generate)/.test(name));

/**
 * Runs something, and says what it looked at. Nothing that Node.js offers says what a program reads: its functions are
 * watched meanwhile, so one run at a time.
 */
export async function watching<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly looks: Looks }> {
  const paths = new Map<string, string>();
  const variables = new Map<string, string | undefined>();
  let varies: string | undefined;
  const vary = (what: string) => {
    varies ??= what;
  };
  const read = (name: string, given: unknown) => {
    const path = name.startsWith("realpath") ? undefined : pathOf(given);
    if (path === undefined || path.includes("/node_modules/") || paths.has(path)) return;
    paths.set(path, digestAt(path));
  };
  const undo = [
    ...[fs, fs.promises].map((module) =>
      watched(module, Object.keys(module), (name, [first]) => {
        if (READS.test(name)) read(name, first);
        else if (pathOf(first) !== undefined) vary(`fs.${name}`);
      }),
    ),
    watched(childProcess, Object.keys(childProcess), vary),
    watched(crypto, CHANCE, vary),
    watched(Object.getPrototypeOf(globalThis.crypto) as object, ["getRandomValues", "randomUUID"], vary),
    watched(os, Object.keys(os), vary),
    watched(net.Socket.prototype, ["connect"], vary),
    watched(Math, ["random"], vary),
    watched(process.stdout, ["write"], vary),
    watched(process.stderr, ["write"], vary),
    replaced(
      globalThis,
      "Date",
      clock(() => vary("the clock")),
    ),
    replaced(
      process,
      "env",
      environment(variables, () => vary("the whole environment")),
    ),
  ];
  try {
    const value = await run();
    return { value, looks: { paths, variables, varies } };
  } finally {
    for (const one of undo.reverse()) one();
  }
}

function pathOf(given: unknown): string | undefined {
  if (given instanceof URL) return fileURLToPath(given);
  if (Buffer.isBuffer(given)) return resolve(given.toString());
  return typeof given === "string" ? resolve(given) : undefined;
}

/** Has functions of a module tell of each call, and gives what takes that back. */
function watched(
  module: object,
  names: readonly string[],
  tell: (name: string, given: readonly unknown[]) => void,
): () => void {
  const undo = names.flatMap((name) => {
    const call: unknown = Reflect.get(module, name);
    const isFixed = Object.getOwnPropertyDescriptor(module, name)?.configurable === false;
    // Classes are left as they are: what they read goes through functions.
    if (typeof call !== "function" || isFixed || /^[A-Z_]/.test(name)) return [];
    const telling: Call = function (...given) {
      tell(name, given);
      return Reflect.apply(call, this, given) as unknown;
    };
    return replaced(module, name, Object.assign(telling, call));
  });
  return () => {
    for (const one of undo) one();
  };
}

function replaced(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value,
    writable: true,
    enumerable: before?.enumerable ?? false,
    configurable: true,
  });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/** `Date`, which tells where somebody asks what time it is. */
function clock(tell: () => void): DateConstructor {
  return new Proxy(Date, {
    construct: (target, given, made) => {
      if (given.length === 0) tell();
      return Reflect.construct(target, given, made) as Date;
    },
    apply: (target, self, given) => {
      tell();
      return Reflect.apply(target, self, given) as string;
    },
    get: (target, key) => {
      if (key === "now") tell();
      return Reflect.get(target, key) as unknown;
    },
  });
}

/** `process.env`, which notes what is asked for. */
function environment(asked: Map<string, string | undefined>, tellAll: () => void): NodeJS.ProcessEnv {
  const note = (target: NodeJS.ProcessEnv, key: string | symbol) => {
    if (typeof key === "string" && !asked.has(key)) asked.set(key, target[key]);
  };
  return new Proxy(process.env, {
    get: (target, key) => {
      note(target, key);
      return Reflect.get(target, key) as unknown;
    },
    has: (target, key) => {
      note(target, key);
      return Reflect.has(target, key);
    },
    set: (target, key, value) => Reflect.set(target, key, value),
    ownKeys: (target) => {
      tellAll();
      return Reflect.ownKeys(target);
    },
  });
}
