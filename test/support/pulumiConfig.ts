import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Values of a stack file, by their keys with the namespace. */
export type ConfigValues = Record<string, unknown>;

/** The commands in a message, each a line of its own. */
export function commandsIn(message: string): string[] {
  return message.split("\n").flatMap((line) => (/^ +(pulumi .*)$/.exec(line)?.[1] ?? "").split("\n").filter(Boolean));
}

/** A command's words, as bash reads them. Nothing else may come of running it: no file, no other command. */
export function wordsIn(command: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "mend-"));
  const script = `pulumi() { printf '%s\\0' "$@"; }\n${command}\n`;
  const out = execFileSync("/bin/bash", ["-euc", script], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: "/nothing" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  assert.deepEqual(readdirSync(folder), [], command);
  rmSync(folder, { recursive: true });
  return out.split("\0").slice(0, -1);
}

/** Whether a command asks for a value that only a person knows. */
export function asksForValue(command: string): boolean {
  return wordsIn(command).some((word) => /<[\s\S]+>/.test(word));
}

/**
 * What `pulumi config set` and `pulumi config rm` make of a stack file.
 * https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/
 */
export function applyCommand(command: string, values: ConfigValues): ConfigValues {
  const words = wordsIn(command);
  const [config, verb, ...rest] = words;
  assert.equal(config, "config", command);
  const dashes = rest.indexOf("--");
  const given = rest.filter((word, index) => index !== dashes && word !== "--path" && word !== "--stack");
  const [stack, key = "", value] = given;
  assert.ok(stack, command);
  const option = rest.find(
    (word, index) =>
      word.startsWith("-") && !["--path", "--stack", "--"].includes(word) && !(dashes >= 0 && index > dashes),
  );
  assert.equal(option, undefined, `${command}: ${String(option)} would be read as an option`);
  const [namespace = "", ...names] = key.split(":");
  assert.equal(names.length, 1, `${command}: a key has one colon`);
  const [first, ...path] = rest.includes("--path") ? propertyPath(names.join(":")) : names;
  assert.ok(typeof first === "string" && first !== "", command);
  const name = `${namespace}:${first}`;
  const copy = structuredClone(values);
  if (verb === "rm") {
    if (path.length === 0) delete copy[name];
    else if (copy[name] !== undefined) removeAt(copy[name], path);
    return copy;
  }
  assert.equal(verb, "set", command);
  assert.ok(value !== undefined, command);
  copy[name] = path.length === 0 ? value : setAt(copy[name], path, adjusted(value), command);
  return copy;
}

/** The CLI takes true, false and whole numbers for what they are; everything else is text. */
function adjusted(value: string): unknown {
  if (value === "true" || value === "false") return value === "true";
  return /^(?:0|-?[1-9]\d*)$/.test(value) && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A path as Pulumi reads it: `a.b[0]["c d"]`; in quotes, `\"` is a quote and every other backslash itself. */
export function propertyPath(text: string): (string | number)[] {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== "") {
    if (rest.startsWith('["')) {
      let key = "";
      let at = 2;
      for (; rest[at] !== '"'; at += 1) {
        assert.ok(at < rest.length, `${text}: missing closing quote in property name`);
        if (rest[at] === "\\" && rest[at + 1] === '"') at += 1;
        key += rest[at] ?? "";
      }
      assert.equal(rest[at + 1], "]", `${text}: missing closing bracket in property access`);
      path.push(key);
      rest = rest.slice(at + 2);
    } else if (rest.startsWith("[")) {
      const [whole = "", index = ""] = /^\[(\d+)\]/.exec(rest) ?? [];
      assert.ok(whole, `${text}: invalid array index`);
      path.push(Number(index));
      rest = rest.slice(whole.length);
    } else {
      const [whole = "", name = ""] = /^\.?([^.[]+)/.exec(rest) ?? [];
      assert.ok(whole, `${text}: expected a property name`);
      path.push(name);
      rest = rest.slice(whole.length);
    }
  }
  return path;
}

function setAt(
  within: unknown,
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
  command: string,
): unknown {
  if (key === undefined) return value;
  if (typeof key === "number") {
    const list: unknown[] = within === undefined ? [] : (within as unknown[]);
    assert.ok(Array.isArray(list), `${command}: expected an array`);
    assert.ok(key <= list.length, `${command}: array index out of range`);
    list[key] = setAt(list[key], rest, value, command);
    return list;
  }
  const map = (within === undefined ? {} : within) as ConfigValues;
  assert.ok(typeof map === "object" && map !== null && !Array.isArray(map), `${command}: expected an object`);
  map[key] = setAt(map[key], rest, value, command);
  return map;
}

function removeAt(within: unknown, [key, ...rest]: readonly (string | number)[]): void {
  if (typeof within !== "object" || within === null || key === undefined) return;
  const map = within as Record<string | number, unknown>;
  if (rest.length > 0) removeAt(map[key], rest);
  else if (Array.isArray(within)) within.splice(Number(key), 1);
  else delete map[key];
}
