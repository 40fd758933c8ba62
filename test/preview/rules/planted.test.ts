import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Finding, RecordedGraph } from "../../../model/graph/graph";
import { findingsAcross } from "../../../preview/crossStack";
import { findingsOf } from "../../../preview/rules";
import { type Planted, plantedIn } from "../../support/plantedPermissions";
import { exampleGraph, ROOT, stackGraph } from "../../support/stack";

/** Every so-manieth fault is planted, of all stacks together; `PLANTED=all` plants each of them. */
const EVERY = process.env.PLANTED === "all" ? 1 : 29;

/** Of a hundred faults, those that are found at least, whatever their kind. */
const FOUND = 97;

/** The same of each kind alone; of a kind there are few. */
const LEAST = 90;

/** Rules that say something of permissions, where they say it of a stack that nobody has broken. */
const PERMISSIONS = [
  "role-cannot",
  "role-too-wide",
  "not-needed",
  "policy-refuses",
  "policy-too-wide",
  "notification-lost",
  "bucket-without-tls",
  "topic-without-tls",
  "halves-differ",
];

/** A folder's stacks: they are previewed together. */
interface Folder {
  readonly name: string;
  readonly graphs: readonly RecordedGraph[];
}

function stacksIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

/** One after another: a program is recorded alone. */
async function foldersOfStacks(): Promise<readonly Folder[]> {
  const own: RecordedGraph[] = [];
  for (const stack of stacksIn(ROOT)) own.push((await stackGraph(stack)).recorded);
  const folders: Folder[] = [{ name: ".", graphs: own }];
  for (const name of readdirSync(join(ROOT, "examples")).sort()) {
    const graphs: RecordedGraph[] = [];
    for (const stack of stacksIn(join(ROOT, "examples", name))) graphs.push((await exampleGraph(name, stack)).recorded);
    folders.push({ name, graphs });
  }
  return folders;
}

/** What a preview of a stack says, with those that are previewed together with it. */
function said(graph: RecordedGraph, mates: readonly RecordedGraph[]): readonly string[] {
  const across = mates.length > 0 ? [...findingsAcross([graph, ...mates]).values()].flat() : [];
  return [...findingsOf(graph), ...across]
    .filter(isOfPermissions)
    .map((one) => `${one.level} ${one.rule} ${one.message}`);
}

function isOfPermissions({ rule }: Finding): boolean {
  return PERMISSIONS.includes(rule);
}

describe("the preview's check of permissions", () => {
  let folders: readonly Folder[];
  before(async function () {
    this.timeout(120_000);
    folders = await foldersOfStacks();
  });

  it("finds nothing in the committed stacks and examples", () => {
    const found = folders.flatMap(({ name, graphs }) =>
      graphs.flatMap((graph) =>
        said(
          graph,
          graphs.filter((one) => one !== graph),
        ).map((text) => `${name} ${graph.stack}: ${text}`),
      ),
    );
    assert.deepEqual(found, []);
  });

  it(`finds ${FOUND} of 100 faults that are planted in them, and ${LEAST} of every kind`, function () {
    this.timeout(600_000);
    const kinds = new Map<string, { found: number; all: number }>();
    const missed: string[] = [];
    let number = 0;
    for (const { name, graphs } of folders) {
      for (const graph of graphs) {
        const mates = graphs.filter((one) => one !== graph);
        const faults: readonly Planted[] = plantedIn(graph).filter(() => number++ % EVERY === 0);
        for (const { kind, what, plant } of faults) {
          const count = kinds.get(kind) ?? { found: 0, all: 0 };
          const isFound = said(plant(), mates).length > 0;
          kinds.set(kind, { found: count.found + (isFound ? 1 : 0), all: count.all + 1 });
          if (!isFound) missed.push(`${name} ${graph.stack}: ${what}`);
        }
      }
    }
    assert.deepEqual([...kinds.keys()].sort(), [
      "action removed",
      "condition dropped",
      "condition wrong",
      "resource widened",
      "statement removed",
    ]);
    const counts = [...kinds].map(([kind, { found, all }]) => `${kind}: ${found} of ${all}`).join(", ");
    const all = [...kinds.values()].reduce((sum, one) => sum + one.all, 0);
    assert.ok(all >= 200, counts);
    for (const [kind, count] of kinds)
      assert.ok(count.found * 100 >= count.all * LEAST, `${kind}: ${missed.join("\n")}`);
    assert.ok((all - missed.length) * 100 >= all * FOUND, `${counts}\n${missed.join("\n")}`);
  });
});
