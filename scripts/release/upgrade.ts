import { idleEntries, LOSS_ENTRY_FORM, type LossEntry, unsaid } from "./entries";
import { type Loss, lossesOf } from "./losses";
import { type ReleasedStack, recordReleased } from "./released";

/** A loss, and the stack in which it is. */
export interface LossIn extends Loss {
  readonly stack: string;
}

/** What an upgrade of the stacks of a release takes away, each made anew of the settings that it had. */
export async function lossesOfUpgrade(stacks: readonly ReleasedStack[]): Promise<readonly LossIn[]> {
  const losses: LossIn[] = [];
  for (const { name, config, graph } of stacks) {
    const found = await recordReleased(graph, config).then(
      (now) => lossesOf(graph, now),
      (error: unknown): readonly Loss[] => [{ what: `refused: ${error instanceof Error ? error.message : "?"}` }],
    );
    losses.push(...found.map((loss) => ({ ...loss, stack: name })));
  }
  return losses;
}

/** What is wrong with an upgrade, or with what the changelog says of it; nothing where all is well. */
export function upgradeProblems(losses: readonly LossIn[], entries: readonly LossEntry[]): readonly string[] {
  return [
    ...unsaid(losses, entries).map(({ stack, of, what }) => {
      const subject = of ? `${of.type} "${of.name}"` : "the stack";
      const mend = of
        ? `; give it back its name, parent or value, add an alias, or say in CHANGELOG.md: ${LOSS_ENTRY_FORM}`
        : "";
      return `${stack}: ${subject} ${what}${mend}`;
    }),
    ...idleEntries(losses, entries).map(({ line }) => `CHANGELOG.md: nothing that this names is taken away: ${line}`),
  ];
}

/** Why a version cannot be recorded after the last one: what a release made is not recorded anew with what was changed since. */
export function versionProblem(last: string, version: string): string | undefined {
  return version === last
    ? `package.json: ${version} is recorded already: npm version <newer> --no-git-tag-version`
    : undefined;
}
