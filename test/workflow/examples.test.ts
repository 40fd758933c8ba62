import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../workflow/main";
import { ROOT } from "../support/stack";
import { readWorkflow } from "../support/workflowRun";

const EXAMPLES = join(ROOT, "examples");

/** Every example with workflows, and its stacks. */
const examples = readdirSync(EXAMPLES).flatMap((example) => {
  const folder = join(EXAMPLES, example, ".github/workflows");
  if (!existsSync(folder)) return [];
  const stacks = readdirSync(join(EXAMPLES, example)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return [{ example, folder, stacks }];
});

async function run(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(argv, { out: (text) => out.push(text), err: (text) => err.push(text) });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("committed workflows", () => {
  it("are those of every example that is delivered so", () => {
    assert.ok(examples.length >= 2, "found");
    const delivered = readdirSync(EXAMPLES).filter((example) =>
      readdirSync(join(EXAMPLES, example)).some(
        (file) =>
          /^Pulumi\..+\.yaml$/.test(file) &&
          readFileSync(join(EXAMPLES, example, file), "utf8").includes("gitHubActions"),
      ),
    );
    assert.deepEqual(
      examples.map(({ example }) => example),
      delivered,
    );
  });

  for (const { example, folder, stacks } of examples) {
    it(`are as they would be written now: ${example}`, async () => {
      const { code, err } = await run("--example", example, ...stacks, "--check", folder);
      assert.equal(code, 0, err);
    });
  }

  it("that are stale are said with the line that differs and the command that writes them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workflows-"));
    try {
      assert.equal((await run("--example", "github-actions", "dev", "--write", folder)).code, 0);
      const file = join(folder, "dev-delivery.yml");
      writeFileSync(file, readFileSync(file, "utf8").replace("timeout-minutes: 40", "timeout-minutes: 50"));
      const stale = await run("--example", "github-actions", "dev", "--check", folder);
      assert.equal(stale.code, 1);
      assert.match(stale.err, /-\s+timeout-minutes: 50\n/);
      assert.match(stale.err, /\+\s+timeout-minutes: 40\n/);
      assert.ok(stale.err.includes(`npm run workflow -- --example github-actions dev --write ${folder}`), stale.err);
      rmSync(file);
      assert.match((await run("--example", "github-actions", "dev", "--check", folder)).err, /is not there/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are asked for of a stack that has one", async () => {
    const none = await run("dev");
    assert.equal(none.code, 1);
    assert.match(none.err, /No workflow delivers dev/);
    const other = await run("--example", "github-actions", "dev", "--service", "web");
    assert.match(other.err, /pipelines: perService/);
    assert.equal((await run("--write", "a", "--check", "b")).code, 2);
    assert.match((await run("--help")).out, /npm run --silent workflow/);
  });

  it("print the workflow, with what is to be set on GitHub in its first lines", async () => {
    const { code, out } = await run("--example", "github-actions-monorepo", "dev", "--service", "backend");
    assert.equal(code, 0);
    assert.match(out, /^# Delivers stack dev/);
    assert.match(out, /gh variable set AWS_ACCOUNT_ID --repo acme\/shop --env dev /);
    assert.equal(readWorkflow(out).name, "dev-backend-delivery");
  });
});
