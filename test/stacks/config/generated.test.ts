import assert from "node:assert/strict";
import fc from "fast-check";
import { stackConfigKeys } from "../../../stacks/config/keys";
import { loadStackConfig } from "../../../stacks/config/load";
import { recordGraph } from "../../support/graph";
import { applyCommand, asksForValue, type ConfigValues, commandsIn } from "../../support/pulumiConfig";
import { type SettingPath, settingPaths, withValue } from "../../support/samples";
import { engineConfig, stackValues } from "../../support/stack";

/** The same cases at every run; others with FC_SEED=<number>. */
const SEED = Number(process.env.FC_SEED ?? 20_261_126);

/** What stands where a setting belongs: nothing, something of every other kind, what no shell and no line should see. */
const STRANGE: readonly unknown[] = [
  null,
  "",
  " ",
  true,
  false,
  0,
  1,
  -1,
  1.5,
  5000,
  70_000,
  1e12,
  1e21,
  [],
  {},
  [[]],
  [null],
  ["a"],
  ["a", "a"],
  { a: 1 },
  { existing: 1 },
  { name: "x" },
  "x",
  "true",
  "0",
  "-5",
  "--force",
  "a b",
  "A",
  "x".repeat(300),
  "'; touch x; echo '",
  "$(touch x)`touch x`",
  'a"b',
  "a\\",
  "a\nb: c",
  "#{Source.CommitId}",
  "../..",
  "*",
  "arn:aws:iam::111122223333:role/*",
  "arn:aws:s3:::*",
  "arn:aws:sns:us-east-1:111122223333:topic",
  "10.0.0.1/8",
  "0 3 * * *",
  "ä€𝄞",
];

/** Keys that nobody knows. */
const KEYS = [
  "x",
  "name ",
  "Name",
  "a.b",
  "a[0]",
  'a"b',
  "'; touch x; '",
  "a\\",
  "a:b",
  "a\nb",
  "__proto__",
  "constructor",
  "é",
];

async function refusalOf(values: ConfigValues): Promise<string | undefined> {
  const config = engineConfig(values);
  try {
    await recordGraph(() => void loadStackConfig(), { stack: "dev", config });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.match(
      error.message,
      /^Pulumi\.dev\.yaml has \d+ problem\(s\):\n {2}/,
      `${String(error.stack)}\n${JSON.stringify(values)}`,
    );
    return error.message;
  }
}

function placed(path: SettingPath, value: unknown): ConfigValues {
  const base = stackValues("dev");
  const own = Object.entries(base).filter(([key]) => key.startsWith("ecs-delivery:"));
  const inner: ConfigValues = Object.fromEntries<unknown>(
    own.map(([key, one]) => [key.slice("ecs-delivery:".length), one]),
  );
  const changed = withValue(inner, stackConfigKeys, path, value) as ConfigValues;
  const others = Object.entries(base).filter(([key]) => !key.startsWith("ecs-delivery:"));
  return Object.fromEntries([
    ...others,
    ...Object.entries(changed).map(([key, one]) => [`ecs-delivery:${key}`, one]),
  ]) as ConfigValues;
}

/** The problems of a message that a command without a placeholder mends. */
function mendable(message: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let problem = "";
  for (const line of message.split("\n").slice(1)) {
    if (/^ {2}\S/.test(line)) problem = line;
    else found.set(problem, [...(found.get(problem) ?? []), line.trim()]);
  }
  return found;
}

/** Every command reads as one, and what it mends is gone. */
async function mends(values: ConfigValues): Promise<void> {
  const message = await refusalOf(values);
  if (message === undefined) return;
  const after = commandsIn(message).reduce((all, command) => applyCommand(command, all), values);
  const left = (await refusalOf(after)) ?? "";
  for (const [problem, commands] of mendable(message)) {
    if (commands.some(asksForValue)) continue;
    assert.ok(
      !left.split("\n").includes(problem),
      `still there: ${problem}\nafter\n${commands.join("\n")}\nof\n${JSON.stringify(values)}\nnow\n${left}`,
    );
  }
}

describe("any stack file", () => {
  const paths = settingPaths(stackConfigKeys);

  it("has settings to try", () => assert.ok(paths.length > 150, String(paths.length)));

  it("is taken or refused in the program's own words, whatever stands at any setting", async function () {
    this.timeout(300_000);
    for (const path of paths) {
      for (const value of [null, "", true, [], {}, "x"]) await refusalOf(placed(path, value));
    }
    const cases = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...STRANGE));
    const run = async ([path, value]: [SettingPath, unknown]) => void (await refusalOf(placed(path, value)));
    await fc.assert(fc.asyncProperty(cases, run), { numRuns: 300, seed: SEED });
  });

  it("gets commands that a shell and the CLI take, and that mend", async function () {
    this.timeout(300_000);
    const cases = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...STRANGE));
    await fc.assert(
      fc.asyncProperty(cases, ([path, value]) => mends(placed(path, value))),
      { numRuns: 100, seed: SEED },
    );
  });

  it("gets one command for a list that is a map, and none for what stands in it", async () => {
    await mends(placed(["network", "availabilityZones", "x"], "arn:aws:sns:us-east-1:111122223333:topic"));
  });

  it("gets them for keys that nobody knows, too", async function () {
    this.timeout(300_000);
    const cases = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...KEYS), fc.constantFrom(...STRANGE));
    const run = ([path, key, value]: [SettingPath, string, unknown]) =>
      mends(placed([...path.slice(0, -1), key], value));
    await fc.assert(fc.asyncProperty(cases, run), { numRuns: 60, seed: SEED });
  });
});
