import childProcess from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import { resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import threads from "node:worker_threads";

/** What runs have looked at, besides the modules that they loaded. */
export class Looks {
  /** Digest of what stood there before the first look, by path; what lies in node_modules is left out. */
  readonly paths = new Map<string, string>();
  /** Variables of the environment. */
  readonly variables = new Map<string, string | undefined>();
  /** What makes the next run another one: the clock, chance, another program, something written. @default - nothing */
  varies: string | undefined;
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

/** Where a run's looks are noted. */
interface Watch {
  readonly looks: Looks;
  /** Folder that is looked at for other reasons: the cache's. @default - none */
  readonly own?: string | undefined;
}

type Call = (this: unknown, ...given: unknown[]) => unknown;

/** Functions of `fs` that change nothing. */
const READS =
  /^(?:access|createReadStream|exists|lstat|open|opendir|readFile|readdir|readlink|realpath|stat)(?:Sync|AsBlob)?$/;

/** What it is to look at everything below a folder, or to write: no one file or folder says whether that is as it was. */
function isMore(name: string, how: unknown): boolean {
  if (/^(?:readdir|opendir)/.test(name)) return how instanceof Object && Reflect.get(how, "recursive") === true;
  return /^open(?:Sync)?$/.test(name) && how !== undefined && how !== "r" && how !== fs.constants.O_RDONLY;
}

const CHANCE = Object.keys(crypto).filter((name) => /^(?:random|getRandom|generate)/.test(name));

/** Who is told at the moment. */
let watch: Watch | undefined;

function vary(what: string): void {
  if (watch) watch.looks.varies ??= what;
}

function look(name: string, [first, how]: readonly unknown[]): void {
  const path = pathOf(first);
  if (!watch || path === undefined || (watch.own !== undefined && path.startsWith(watch.own + sep))) return;
  const { paths } = watch.looks;
  if (!READS.test(name) || isMore(name, how)) vary(`fs.${name}`);
  else if (!name.startsWith("realpath") && !path.includes("/node_modules/") && !paths.has(path)) {
    // What it takes to tell is looked at as well: by functions that are watched.
    paths.set(path, "");
    paths.set(path, digestAt(path));
  }
}

/**
 * Runs something, and notes what it looks at. Nothing that Node.js offers says what a program reads: its functions are
 * watched meanwhile, so one run at a time. A module that took such a function goes on to tell of it in later runs.
 */
export async function watching<T>(run: () => Promise<T>, where: Watch): Promise<T> {
  watch = where;
  const undo = [
    ...[fs, fs.promises].map((module) => watched(module, Object.keys(module), look)),
    watched(childProcess, Object.keys(childProcess), vary),
    watched(crypto, CHANCE, vary),
    watched(Object.getPrototypeOf(globalThis.crypto) as object, ["getRandomValues", "randomUUID"], vary),
    watched(os, Object.keys(os), vary),
    watched(net.Socket.prototype, ["connect"], vary),
    ...[dns, dns.promises, dgram].map((module) => watched(module, Object.keys(module), vary)),
    replaced(
      threads,
      "Worker",
      whereMade(threads.Worker, () => vary("another thread")),
    ),
    watched(Math, ["random"], vary),
    watched(process.stdout, ["write"], vary),
    watched(process.stderr, ["write"], vary),
    replaced(
      globalThis,
      "Date",
      clock(() => vary("the clock")),
    ),
    watched(
      Intl.DateTimeFormat.prototype,
      ["formatToParts"],
      (_, [moment]) => moment === undefined && vary("the clock"),
    ),
    formatting(() => vary("the clock")),
    replaced(
      process,
      "env",
      environment(() => vary("the whole environment")),
    ),
  ];
  try {
    return await run();
  } finally {
    watch = undefined;
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
  tell: (name: string, given: readonly unknown[]) => unknown,
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
  return redefined(target, name, { value, writable: true });
}

function redefined(target: object, name: string, as: PropertyDescriptor): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { ...as, enumerable: before?.enumerable ?? false, configurable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/** A class, which tells where one is made. */
function whereMade(of: new (...given: never[]) => object, tell: () => void): object {
  return new Proxy(of, {
    construct: (target, given: never[], made) => {
      tell();
      return Reflect.construct(target, given, made) as object;
    },
  });
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

/** A format of dates, which tells where it is given none: it takes what time it is. */
function formatting(tell: () => void): () => void {
  const { prototype } = Intl.DateTimeFormat;
  const own = Object.getOwnPropertyDescriptor(prototype, "format");
  return redefined(prototype, "format", {
    get(this: Intl.DateTimeFormat) {
      const format = own?.get?.call(this) as Intl.DateTimeFormat["format"];
      return (moment?: Date | number) => {
        if (moment === undefined) tell();
        return format(moment);
      };
    },
  });
}

/** `process.env`, which notes what is asked for. */
function environment(tellAll: () => void): NodeJS.ProcessEnv {
  const note = (target: NodeJS.ProcessEnv, key: string | symbol) => {
    const asked = watch?.looks.variables;
    if (asked && typeof key === "string" && !asked.has(key)) asked.set(key, target[key]);
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
    getOwnPropertyDescriptor: (target, key) => {
      note(target, key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    set: (target, key, value) => Reflect.set(target, key, value),
    ownKeys: (target) => {
      tellAll();
      return Reflect.ownKeys(target);
    },
  });
}
