import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lossEntries } from "./entries";
import { readRelease, recordStacks, writeRelease } from "./released";
import { lossesOfUpgrade, upgradeProblems, versionProblem } from "./upgrade";

const ROOT = join(__dirname, "..", "..");

/**
 * Records what the program makes of its stack files as the release that package.json names. Ends with 1, and records
 * nothing, where that one is recorded, or the changelog does not say what an upgrade from the last one takes away.
 */
async function recordRelease(): Promise<number> {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const last = readRelease();
  const again = versionProblem(last.version, version);
  if (again) {
    console.error(again);
    return 1;
  }
  const changelog = readFileSync(join(ROOT, "CHANGELOG.md"), "utf8");
  const problems = upgradeProblems(await lossesOfUpgrade(last.stacks), lossEntries(changelog, [version, "Unreleased"]));
  if (problems.length > 0) {
    console.error([`from ${last.version} to ${version}:`, ...problems].join("\n"));
    return 1;
  }
  const stacks = await recordStacks();
  console.log(
    `recorded ${stacks.length} stacks as ${version}, in ${Math.round(writeRelease({ version, stacks }) / 1024)} KiB`,
  );
  return 0;
}

void recordRelease().then((code) => {
  process.exitCode = code;
});
