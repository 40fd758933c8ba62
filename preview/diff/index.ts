import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { worstFirst } from "../../model/graph/graph";
import { chooseStacks } from "../arguments";
import { runStacks, type StackResult } from "../record/runStack";
import { listStacks, readProject } from "../record/stackFile";
import type { RuleSettings } from "../rules/ruleSettings";
import { checkOut } from "./checkout";
import { compareStacks } from "./compare";

/** What to compare with what. */
interface Comparison {
  /** Branch, tag or commit. */
  readonly ref: string;
  /** Folder of the project. */
  readonly root: string;
  /** Folder of the program: the project's, or an example's. */
  readonly folder: string;
  /** Stacks that are named. @default - all of both sides */
  readonly stacks: readonly string[];
  /** How strictly rules are meant. @default - as each rule says */
  readonly settings?: RuleSettings;
}

/**
 * Runs the program as it is and as it is at another commit, and says of each stack what is not as it was. Both run under
 * this preview: what another version of it makes up would look like changes of the program.
 */
export async function runAgainst(
  { ref, root, folder, stacks, settings }: Comparison,
  note: (text: string) => void,
): Promise<readonly StackResult[]> {
  const there = checkOut(ref, root);
  try {
    for (const text of there.notes) note(text);
    const former = join(there.folder, relative(root, folder));
    const [here, then] = [listStacks(folder), existsSync(join(former, "Pulumi.yaml")) ? listStacks(former) : []];
    const all = chooseStacks(stacks, [...here, ...then.filter((stack) => !here.includes(stack))], folder);
    const before = await runStacks(former, withNames(then, all), {
      settings,
      tree: there.folder,
    });
    const after = await runStacks(folder, withNames(here, all), {
      live: before,
      settings,
      apart: there.folder,
    });
    const { name: project } = readProject(folder);
    return all.map((stack) => {
      const now = after.find((one) => one.stack === stack);
      const absent = { stack, project, findings: [] };
      const past = before.find((one) => one.stack === stack);
      const change = compareStacks(there.against, past, now);
      const result: StackResult = now ?? absent;
      const more = change?.findings.new.filter((one) => !result.findings.includes(one)) ?? [];
      return { ...result, findings: worstFirst([...result.findings, ...more]), change, former: past?.graph };
    });
  } finally {
    there.remove();
  }
}

function withNames(there: readonly string[], names: readonly string[]): readonly string[] {
  return names.filter((name) => there.includes(name));
}
