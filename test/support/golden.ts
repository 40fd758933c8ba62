import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares with the golden file; `UPDATE_GOLDEN=1` accepts what is there now. A missing file is a failure. */
export function expectGolden(name: string, actual: string): void {
  const path = join(__dirname, "..", "golden", name);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(path, actual);
  assert.ok(existsSync(path), `${name} is missing; UPDATE_GOLDEN=1 npm test writes it`);
  assert.equal(
    actual,
    readFileSync(path, "utf8"),
    `${name}: names, parents and type tokens are identity (see CONTRIBUTING.md)`,
  );
}
