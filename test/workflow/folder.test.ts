import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../workflow/main";

async function run(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(argv, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const of = (example: string, ...argv: readonly string[]) => run("--example", example, ...argv);
const DEV = ["github-actions", "dev"] as const;

describe("a folder of workflows", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "workflow s-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is as committed, with the ends of lines that git has checked out", async () => {
    await of(...DEV, "--write", folder);
    const file = join(folder, "dev-delivery.yml");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("\n", "\r\n"));
    const { code, err } = await of(...DEV, "--check", folder);
    assert.equal(code, 0, err);
    writeFileSync(file, readFileSync(file, "utf8").replace("timeout-minutes: ", "timeout-minutes: 1"));
    const stale = await of(...DEV, "--check", folder);
    assert.equal(stale.code, 1);
    assert.equal(stale.err.match(/^[-+] /gm)?.length, 12, "nothing but lines that differ");
  });

  it("is not where a workflow of the stack is left that nobody would write any more", async () => {
    await of("github-actions-monorepo", "dev", "--write", folder);
    rmSync(join(folder, "dev-front-end-delivery.yml"));
    const { code, err } = await of(...DEV, "--check", folder);
    assert.equal(code, 1);
    assert.match(err, /dev-backend-delivery\.yml is left over: it was written for stack dev,/);
    assert.ok(err.includes(`git -C '${folder}' rm -- dev-backend-delivery.yml`), err);
    const wrote = await of(...DEV, "--write", folder);
    assert.equal(wrote.code, 0);
    assert.match(wrote.err, /dev-backend-delivery\.yml is left over/);
    assert.ok(existsSync(join(folder, "dev-backend-delivery.yml")), "nobody has taken it away");
    assert.equal((await of(...DEV, "--check", folder)).code, 1);
    rmSync(join(folder, "dev-backend-delivery.yml"));
    assert.equal((await of(...DEV, "--check", folder)).code, 0);
  });

  it("keeps what a release elsewhere has left, of a stack that a pipeline delivers now as well", async () => {
    await of("github-actions-promotion", "staging", "--write", folder);
    writeFileSync(
      join(folder, "live-delivery.yml"),
      readFileSync(join(folder, "production-delivery.yml"), "utf8").replaceAll("\n", "\r\n"),
    );
    const { err } = await of("github-actions-promotion", "staging", "--check", folder);
    assert.match(err, /live-delivery\.yml is left over: it was written for stack staging/);
    await of(...DEV, "--write", folder);
    const gone = await run("dev", "--check", folder);
    assert.equal(gone.code, 1);
    assert.match(gone.err, /No workflow delivers dev/);
    assert.match(gone.err, /dev-delivery\.yml is left over/);
  });

  it("may have workflows of anybody else: of other stacks, other projects, and people", async () => {
    await of("github-actions-promotion", "staging", "--write", folder);
    await of(...DEV, "--write", folder);
    const [first = "", ...rest] = readFileSync(join(folder, "dev-delivery.yml"), "utf8").split("\n");
    writeFileSync(
      join(folder, "shop-dev-delivery.yml"),
      [first.replace("stack dev", "stack dev of project shop"), ...rest].join("\n"),
    );
    writeFileSync(join(folder, "lint.yml"), "# Delivers stack dev, by hand\nname: lint\n");
    mkdirSync(join(folder, "dev.yml"));
    const { code, err } = await of(...DEV, "--check", folder);
    assert.equal(code, 0, err);
    assert.equal((await of("github-actions-monorepo", "dev", "--service", "backend", "--write", folder)).code, 0);
    const one = await of("github-actions-monorepo", "dev", "--service", "backend", "--check", folder);
    assert.doesNotMatch(one.err, /backend.*left over/);
  });

  it("says in each hint what it was asked: example, stack and service", async () => {
    const { err } = await of("github-actions-monorepo", "dev", "--service", "backend", "--check", folder);
    assert.ok(
      err.includes(`npm run workflow -- --example github-actions-monorepo dev --service backend --write '${folder}'`),
      err,
    );
    const printed = await of("github-actions-promotion", "staging");
    assert.match(
      printed.out,
      /^# image that passed\. Written by: npm run --silent workflow -- --example github-actions-promotion staging$/m,
    );
  });

  it("that is none is said in words, without a trace", async () => {
    const file = join(folder, "dev-delivery.yml");
    writeFileSync(file, "");
    for (const option of ["--write", "--check"]) {
      const { code, err } = await of(...DEV, option, file);
      assert.equal(code, 2);
      assert.equal(
        err,
        `${option} ${file} is a file; it takes the folder that workflows are in; for example ${option} '${folder}'`,
      );
      assert.match((await of(...DEV, option, join(file, "below"))).err, /a part of its path is a file \(ENOTDIR\)$/);
      assert.match(
        (await of(...DEV, option, join(folder, "x".repeat(300)))).err,
        /its name is too long \(ENAMETOOLONG\)$/,
      );
      assert.match((await of(...DEV, option, "")).err, /needs a folder/);
    }
    const nowhere = await of(...DEV, "--check", join(folder, "nowhere"));
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.err, /nowhere\/dev-delivery\.yml is not there\nwrite it: npm run workflow -- /);
    rmSync(file);
    mkdirSync(file);
    for (const option of ["--write", "--check"]) {
      const { code, err } = await of(...DEV, option, folder);
      assert.deepEqual([code, err], [2, `${option} ${file}: it is a folder, in the place of a file (EISDIR)`]);
    }
  });
});
