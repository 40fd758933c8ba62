import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AWS_RULES, type AwsRule } from "../model/update/rules";
import { type CellText, cellText, reasonOf } from "../scripts/changes/cell";
import { type Cell, outlookOf, recordTables, type Table } from "../scripts/changes/matrix";
import { pageOf } from "../scripts/changes/page";
import { SECTIONS, STRATEGIES } from "../scripts/changes/variants";
import { ROOT } from "./support/stack";

/** A few hundred stacks are recorded once, for all of these. */
describe("the matrix of changes", function () {
  this.timeout(400_000);
  let tables: readonly Table[] = [];
  let cells: readonly Cell[] = [];
  before(async () => {
    tables = await recordTables();
    cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  });
  const known = new Map<Cell, CellText>();
  const textOf = (cell: Cell): CellText => {
    const text = known.get(cell) ?? cellText(outlookOf(cell));
    known.set(cell, text);
    return text;
  };
  const textUnder = (cell: Cell, rules: readonly AwsRule[]) => cellText(outlookOf(cell, rules));

  it("is on its page as the model has it (npm run docs)", () => {
    assert.strictEqual(readFileSync(join(ROOT, "docs/changes.md"), "utf8"), pageOf(tables, textOf));
  });

  it("has more than forty changes, and a cell for each strategy", () => {
    const changes = tables.flatMap(({ rows }) => rows);
    assert(changes.length >= 40, String(changes.length));
    assert.strictEqual(new Set(changes.map(({ change }) => change)).size, changes.length, "each has a name of its own");
    for (const { cells: row } of changes) {
      assert.deepStrictEqual(
        row.map(({ strategy }) => strategy),
        Object.keys(STRATEGIES),
      );
    }
    const variants = SECTIONS.flatMap((section) => section.variants).length;
    assert.strictEqual(changes.length, 2 * variants + 10, "there and back, and the strategies");
  });

  it("has every change for some strategy: none is only refused by the program", () => {
    for (const { rows } of tables) {
      for (const { change, cells: row } of rows) {
        assert(
          row.some((cell) => !("refusal" in cell.before) && !("refusal" in cell.after)),
          change,
        );
      }
    }
  });

  it("says of every refusal why, with steps", () => {
    for (const cell of cells) {
      const { kind, because = [] } = textOf(cell);
      assert.strictEqual(kind === "refused", because.length > 0);
      for (const { steps = [], message } of because) assert(steps.length > 0, message);
    }
  });

  it("says nothing where the program knows no such thing, and something everywhere else", () => {
    const silent = cells.filter((cell) => textOf(cell).kind === "none");
    for (const { before, after, change } of silent) {
      assert("refusal" in before || "refusal" in after || before === after, change);
    }
  });

  it("knows what every change does: none is not modelled", () => {
    for (const cell of cells) assert(!textOf(cell).text.includes("not modelled"), `${cell.change}, ${cell.strategy}`);
  });

  it("fails when a rule of AWS is taken out of the model", () => {
    const refused = cells.map((cell) => ({ cell, text: textOf(cell) })).filter(({ text }) => text.kind === "refused");
    let broken = 0;
    for (const { name } of AWS_RULES) {
      const hit = refused.find(({ text }) => text.because?.some((finding) => reasonOf(finding) === name));
      if (!hit) continue;
      const others = AWS_RULES.filter((rule) => rule.name !== name);
      assert.notStrictEqual(textUnder(hit.cell, others).text, hit.text.text, `${hit.cell.change} without ${name}`);
      broken += 1;
    }
    assert(broken > 0, "no rule decides any cell");
  });

  it("fails when a rule of AWS is made to refuse what it does not", () => {
    const [cell] = cells.filter((one) => textOf(one).text === "in place, tasks replaced");
    assert(cell);
    const refusing = AWS_RULES.map((rule) =>
      rule.name === "code-deploy-controls" ? { ...rule, refuses: () => "whatever it is" } : rule,
    );
    assert.strictEqual(textUnder(cell, refusing).kind, "refused");
  });
});
