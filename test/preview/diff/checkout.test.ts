import assert from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../preview/arguments";
import { checkOut } from "../../../preview/diff/checkout";
import { Repository } from "./repository";

const PREVIEW = join(__dirname, "../../../preview");

describe("checkOut", () => {
  let repository: Repository;
  beforeEach(() => {
    repository = new Repository();
    repository.write("shop/Pulumi.yaml", "name: shop\n");
  });
  afterEach(() => repository.remove());

  const root = () => join(repository.folder, "shop");
  const refusal = (ref: string, folder = root()) => {
    try {
      checkOut(ref, folder).remove();
    } catch (error) {
      assert(error instanceof UsageError);
      return error.message;
    }
    return assert.fail("it was not refused");
  };

  it("has the files of the commit, beside the packages of this preview, and takes them away again", () => {
    const commit = repository.commit();
    repository.write("shop/Pulumi.yaml", "name: other\n");
    repository.commit();
    const { against, folder, notes, remove } = checkOut("HEAD~1", root());
    assert.deepStrictEqual([against, notes], [{ ref: "HEAD~1", commit }, []]);
    assert.strictEqual(readFileSync(join(folder, "Pulumi.yaml"), "utf8"), "name: shop\n");
    assert(existsSync(join(folder, "node_modules", "@pulumi", "aws")));
    assert(!folder.startsWith(repository.folder));
    assert.strictEqual(repository.worktrees().length, 2);
    remove();
    assert.deepStrictEqual([existsSync(folder), repository.worktrees().length], [false, 1]);
    assert(existsSync(join(__dirname, "../../../node_modules/@pulumi/aws")), "packages stay");
  });

  it("runs no hook of the repository", () => {
    repository.commit();
    repository.write(".git/hooks/post-checkout", "#!/bin/sh\nexit 1\n");
    chmodSync(join(repository.folder, ".git/hooks/post-checkout"), 0o755);
    checkOut("main", root()).remove();
  });

  it("says what is compared beside what was asked for", () => {
    repository.write("shop/package-lock.json", "{}");
    repository.commit();
    repository.git("branch", "ahead");
    repository.git("checkout", "--quiet", "ahead");
    repository.write("shop/package-lock.json", "{ }");
    repository.commit();
    repository.git("checkout", "--quiet", "main");
    repository.write("shop/a.txt", "");
    repository.write("b.txt", "not of the project");
    const { notes, remove } = checkOut("ahead", root());
    remove();
    assert.deepStrictEqual(notes, [
      "1 uncommitted file compared as found; to leave out what is not committed: git stash -u",
      "ahead has 1 commit that this branch has not, shown as undone; to take them in: git merge ahead",
      "package-lock.json is another one at ahead; its program runs with the packages installed here",
    ]);
  });

  it("names the branches where there is no other place to look", () => {
    repository.commit();
    const start = "no such branch, tag or commit here";
    assert.strictEqual(refusal("mian"), `--against mian: ${start}; branches are main`);
    assert.strictEqual(refusal("main~3"), `--against main~3: ${start}; see git log --oneline`);
    assert.strictEqual(refusal("-x"), `--against -x: ${start}; branches are main`);
  });

  it("names the command that brings what a remote has", () => {
    repository.commit();
    const start = "no such branch, tag or commit here";
    repository.git("remote", "add", "origin", repository.folder);
    assert.strictEqual(
      refusal("origin/main"),
      `--against origin/main: ${start}: git fetch origin +main:refs/remotes/origin/main`,
    );
    assert.strictEqual(refusal("v1"), `--against v1: ${start}: git fetch origin v1:v1`);
    assert.strictEqual(refusal("0a1b2c3d4e"), `--against 0a1b2c3d4e: ${start}: git fetch origin 0a1b2c3d4e`);
    repository.git("fetch", "--quiet", "origin", "main:refs/remotes/origin/release");
    assert.strictEqual(
      refusal("release"),
      `--against release: ${start}, but there is origin/release: --against origin/release`,
    );
  });

  it("says when a clone is too shallow, and the command deepens it as far as it must", () => {
    repository.commit();
    repository.commit();
    const clone = mkdtempSync(join(tmpdir(), "shallow-"));
    try {
      repository.git("branch", "base", "HEAD~1");
      repository.git("clone", "--quiet", "--depth=1", `file://${repository.folder}`, clone);
      const shallow = join(clone, "shop");
      const start = "no such branch, tag or commit here, and this clone is shallow";
      assert.strictEqual(refusal("HEAD~1", shallow), `--against HEAD~1: ${start}: git fetch --unshallow`);
      const command = "git fetch --depth=1 origin +base:refs/remotes/origin/base";
      assert.strictEqual(refusal("origin/base", shallow), `--against origin/base: ${start}: ${command}`);
      repository.git("-C", clone, ...command.split(" ").slice(1));
      const { notes, remove } = checkOut("origin/base", shallow);
      remove();
      assert.deepStrictEqual(notes, []);
    } finally {
      rmSync(clone, { recursive: true });
    }
  });

  it("needs a repository", () => {
    const folder = mkdtempSync(join(tmpdir(), "no-repository-"));
    try {
      const message = refusal("main", folder);
      assert.match(message, /^--against needs the repository's history: fatal: not a git repository/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("leaves nothing behind when it is interrupted", async () => {
    repository.commit();
    const temporary = join(repository.folder, "temporary");
    mkdirSync(temporary);
    const script = `
      const { checkOut } = require(${JSON.stringify(join(PREVIEW, "diff/checkout"))});
      checkOut("main", ${JSON.stringify(root())});
      console.log("there");
      setInterval(() => undefined, 1000);`;
    const env = { ...process.env, TMPDIR: temporary };
    const child = spawn(process.execPath, ["-r", join(PREVIEW, "register.cjs"), "-e", script], { env });
    await once(child.stdout, "data");
    assert.strictEqual(readdirSync(temporary).length, 1);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];
    assert.deepStrictEqual([code, readdirSync(temporary), repository.worktrees().length], [130, [], 1]);
  });
});
