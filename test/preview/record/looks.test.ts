import assert from "node:assert/strict";
import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Looks, sha256Of, watching } from "../../../preview/record/looks";

describe("what a run looks at", () => {
  it("is read once to tell what it is, and not for what telling it reads", async () => {
    const folder = mkdtempSync(join(tmpdir(), "looks-"));
    const file = join(folder, "values.txt");
    writeFileSync(file, "one");
    const { openSync } = fs;
    let opened = 0;
    fs.openSync = (path, ...how) => {
      if (path === file) opened += 1;
      return openSync(path, ...how);
    };
    try {
      const looks = new Looks();
      const read = await watching(() => Promise.resolve(fs.readFileSync(file)), { looks });
      assert.equal(read.toString(), "one");
      assert.deepEqual([...looks.paths], [[file, sha256Of("one")]]);
      // Where Node.js opens files by itself, none are counted.
      assert.ok(opened <= 2, String(opened));
    } finally {
      fs.openSync = openSync;
      rmSync(folder, { recursive: true });
    }
  });
});
