import assert from "node:assert/strict";
import fc from "fast-check";
import { rawAt } from "../../../components/settings/words";
import { formProblems } from "../../../model/graph/awsForms";
import { stackConfigKeys } from "../../../stacks/config/keys";
import { deployStack } from "../../../stacks/environment";
import { recordGraph } from "../../support/graph";
import { applyCommand, asksForValue, type ConfigValues, commandsIn } from "../../support/pulumiConfig";
import { type SettingPath, sample, settingPaths, withValue } from "../../support/samples";
import { engineConfig, stackValues } from "../../support/stack";

/** The same pairs at every run; others with FC_SEED=<number>, more with FC_RUNS=<number>. */
const SEED = Number(process.env.FC_SEED ?? 20_261_126);
const RUNS = Number(process.env.FC_RUNS ?? 40);

const PREFIX = "ecs-delivery:";

/** A stack file with every one of these settings, each with its example. */
function withBoth(paths: readonly SettingPath[]): ConfigValues {
  const base = stackValues("dev");
  const own = Object.entries(base).filter(([key]) => key.startsWith(PREFIX));
  const inner = Object.fromEntries<unknown>(own.map(([key, one]) => [key.slice(PREFIX.length), one]));
  const changed = paths.reduce<unknown>((values, path) => {
    const at = rawAt(stackConfigKeys, path);
    return at ? withValue(values, stackConfigKeys, path, sample(at)) : values;
  }, inner) as ConfigValues;
  const others = Object.entries(base).filter(([key]) => !key.startsWith(PREFIX));
  return Object.fromEntries([
    ...others,
    ...Object.entries(changed).map(([key, one]) => [`${PREFIX}${key}`, one]),
  ]) as ConfigValues;
}

/** What a stack file comes to: a refusal in the program's own words, or a graph that AWS's own forms take. */
async function outcomeOf(values: ConfigValues): Promise<string | undefined> {
  try {
    const graph = await recordGraph(() => deployStack(), { stack: "dev", config: engineConfig(values) });
    assert.deepEqual(
      graph.resources.flatMap((one) => formProblems(one).map((text) => `${one.urn}: ${text}`)),
      [],
    );
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Error);
    if (error instanceof assert.AssertionError) throw error;
    assert.match(
      error.message,
      /^Pulumi\.dev\.yaml has \d+ problem\(s\):\n {2}/,
      `${String(error.stack)}\n${JSON.stringify(values)}`,
    );
    return error.message;
  }
}

/** The lines of a message that say what is wrong, and that its commands mend: of some only a person knows what is meant. */
const problemsIn = (message: string) =>
  message.split("\n").filter((line) => /^ {2}\S/.test(line) && !line.includes("; no command says what: "));

describe("any two settings", () => {
  const paths = settingPaths(stackConfigKeys).filter((path) => path.length <= 3);

  it("are taken together, or refused with commands after which none of that is said again", async function () {
    this.timeout(300_000);
    const pairs = fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...paths));
    const run = async (both: [SettingPath, SettingPath]) => {
      const values = withBoth(both);
      const message = await outcomeOf(values);
      if (message === undefined) return;
      const commands = commandsIn(message);
      if (commands.length === 0 || commands.some(asksForValue)) return;
      const after = await outcomeOf(commands.reduce((all, command) => applyCommand(command, all), values));
      const left = problemsIn(message).filter((problem) => problemsIn(after ?? "").includes(problem));
      assert.deepEqual(left, [], `${JSON.stringify(both)}\n${message}\n--- then\n${String(after)}`);
    };
    await fc.assert(fc.asyncProperty(pairs, run), { numRuns: RUNS, seed: SEED });
  });
});
