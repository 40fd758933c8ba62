import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { causeOf } from "../../components/service/stopCauses";
import { main, type RehearseStreams } from "../../rehearse/main";
import { ROOT } from "../support/stack";
import { temporary } from "./play";

/** Runs the command as a person does; what it prints, and its exit code. */
async function run(
  argv: readonly string[],
  more: Partial<RehearseStreams> = {},
): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(argv, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    coloured: false,
    width: 120,
    ...more,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** Runs with a folder for temporary files of its own; gives what stays in it. */
async function leftBehindBy(work: () => Promise<void>): Promise<readonly string[]> {
  const { folder, remove } = temporary();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    await work();
    return readdirSync(folder);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    remove();
  }
}

describe("npm run rehearse", function () {
  this.timeout(60_000);

  it("writes a page of what happened, beside what the preview says of the same stacks", async () => {
    const { folder, remove } = temporary();
    try {
      const { code, out, err } = await run(["dev", "--fail", "dev-api=unhealthy", "--page", join(folder, "page")]);
      assert.equal(code, 1, out);
      assert.equal(err, `page: ${join(folder, "page", "index.html")}`);
      const page = readFileSync(join(folder, "page", "index.html"), "utf8");
      for (const text of [
        '<h2 id="rehearsal">Rehearsal</h2>',
        "what goes wrong: dev-api=unhealthy",
        '<span class="bad">went wrong</span>',
        "The commit did not reach users",
        "Costs about $93.58 a month idle.",
      ])
        assert.ok(page.includes(text), text);
      for (const other of [["--search"], ["--which"], ["--fail", "all"]]) {
        const refused = await run(["dev", ...other, "--page", join(folder, "none")]);
        assert.deepEqual(
          [refused.code, refused.err],
          [2, `--page and ${other.join(" ")} exclude one another: a page shows one rehearsal`],
        );
      }
      assert.equal(existsSync(join(folder, "none")), false);
    } finally {
      remove();
    }
  });

  it("tells what happens, when, where and in which role, and ends well when the commit is with users", async () => {
    let said = { code: -1, out: "", err: "" };
    const left = await leftBehindBy(async () => {
      said = await run(["prod", "--approve"]);
    });
    const { code, out } = said;
    assert.equal(code, 0, out);
    assert.match(
      out,
      /^Commit 111111111111 is pushed; 1 pipeline\(s\) may start; builds work on the sample application$/m,
    );
    assert.match(
      out,
      /^ {2}0:00:15 {2}… prod-delivery › Build › Approve: waits for a person, for 7 days at most: Deliver to prod/m,
    );
    assert.match(out, /✓ prod-delivery › Build › api-image: ends well after 3 min {2}as api-image-\w+$/m);
    assert.match(out, /100 % of production's requests go to the new version, 0 % to the old one \[█{10}\]$/m);
    assert.match(
      out,
      /^The commit reached all users after 0:06:45; most of it, 0:03:00, is prod-delivery › Build › api-image; the run ended after 0:1\d:\d\d$/m,
    );
    assert.deepEqual(left, []);
  });

  it("ends with 1 when it did not reach users, and says why, who is told and that nothing is left half done", async () => {
    const { code, out } = await run(["prod", "--fail", "prod-api=unhealthy"]);
    assert.equal(code, 1);
    assert.match(out, /ECS deployment circuit breaker: tasks failed to start/);
    assert.match(out, /is rolled back: runs prod-api:1 again/);
    assert.match(out, /tells approvers@example.com/);
    assert.match(out, /prod-delivery: Failed: stage Deploy, api-confirm: ERROR: /);
    // The confirmation tells people what it has found, in AWS's words and in those of npm run status.
    const { cause = "", fix = "" } = causeOf("Task failed ELB health checks in (target-group x)") ?? {};
    const told = out.slice(out.indexOf("The delivery of prod-api in prod failed"));
    assert.match(told, /^[^\n]*\n +1{40} was not delivered: the deployment ended with ROLLBACK_SUCCESSFUL/);
    assert.match(told, /\n +4 x Task failed ELB health checks in \(target-group api-blue-\w+\)\n/);
    assert.ok(told.includes(`Cause: ${cause}\n`) && told.includes(`Fix: ${fix}\n`), told);
    assert.match(out, /^The commit did not reach users$/m);
  });

  it("asks a person where there is one, and takes a no and silence", async () => {
    const asked: string[] = [];
    const answer = (said: string) => (question: string) => {
      asked.push(question);
      return Promise.resolve(said);
    };
    assert.equal((await run(["prod"], { ask: answer("y") })).code, 0);
    assert.match((await run(["prod"], { ask: answer("n") })).out, /Approve: a person said no/);
    assert.match((await run(["prod"], { ask: answer("s") })).out, /nobody has answered within 7 days/);
    assert.match((await run(["prod", "--reject"])).out, /Approve: a person said no/);
    assert.match(asked.join(), /Approve: Deliver to prod: Source 1{40}\n {2}Approve\?/);
  });

  it("plays promotion across two stacks: what production runs is what was tested", async () => {
    for (const example of ["one-pipeline", "two-accounts"]) {
      const { code, out } = await run(["--example", example, "staging", "--json"]);
      const { timeline, reached } = JSON.parse(out) as {
        timeline: { what: string; where: string }[];
        reached: boolean;
      };
      assert.deepEqual([code, reached], [0, true], example);
      assert.ok(
        timeline.some(({ where, what }) => where.startsWith("service production-") && /is SUCCESSFUL/.test(what)),
        example,
      );
    }
    const { code, err } = await run(["--example", "one-pipeline", "production"]);
    assert.equal(code, 2);
    assert.match(
      err,
      /no pipeline of its own; it is delivered by another stack: npm run rehearse -- --example one-pipeline staging/,
    );
  });

  it("says which pipelines a push starts, and why not the others", async () => {
    const { code, out } = await run(["--which", "--branch", "master", "--files", "a.ts,b/c.ts"]);
    assert.equal(code, 0);
    assert.match(out, /^dev: dev-delivery ✓ starts by Source: rule dev-on-Source matches branch master$/m);
    assert.match(
      out,
      /^prod: prod-delivery ✗ does not start by Source: no rule matches branch master: it waits for branch production$/m,
    );
    assert.equal((await run(["--which", "--branch", "nobody"])).code, 1);
    const monorepo = await run(["--which", "--example", "monorepo", "--branch", "main", "--files", "docs/x.md"]);
    assert.match(monorepo.out, /file docs\/x.md matches none of /);
    assert.equal(monorepo.code, 1);
  });

  it("takes branch and files from a commit of the checkout, and lists what exists for one that does not", async () => {
    const { folder, remove } = temporary();
    try {
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: folder });
      git("init", "--quiet", "--initial-branch", "master");
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
      git("add", ".");
      git("commit", "--quiet", "-m", "One");
      const { out } = await run(["--which", "dev", "--source", folder, "--commit", "HEAD"]);
      assert.match(out, /✓ starts by Source: rule dev-on-Source matches branch master/);
      assert.equal((await run(["dev", "--source", folder, "--commit", "HEAD"])).code, 0);
      const wrong = await run(["--which", "dev", "--source", folder, "--commit", "nothing"]);
      assert.equal(wrong.code, 2);
      assert.match(wrong.err, /no commit "nothing"; the last ones are\n\w+ One/);
    } finally {
      remove();
    }
  });

  it("fails as the build would on a source without what the build reads", async () => {
    const { folder, remove } = temporary();
    try {
      const { code, out } = await run(["dev", "--source", folder]);
      assert.equal(code, 1);
      assert.match(out, /api-image: fails after \d min: ERROR: docker build failed for \.\/Dockerfile/);
    } finally {
      remove();
    }
  });

  it("runs the repository's own commands only where it is told to, in an environment of their own", async () => {
    const { folder, remove } = temporary();
    try {
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
      mkdirSync(join(folder, "bin"));
      const npm = join(folder, "bin", "npm");
      writeFileSync(npm, `#!/bin/sh\nprintf '%s %s\\n' "$HOME" "$AWS_SECRET_ACCESS_KEY" >>${folder}/ran\n`, {
        mode: 0o755,
      });
      const [path, secret] = [process.env.PATH ?? "", process.env.AWS_SECRET_ACCESS_KEY];
      process.env.PATH = `${join(folder, "bin")}:${path}`;
      process.env.AWS_SECRET_ACCESS_KEY = "of-whoever-rehearses";
      try {
        assert.equal((await run(["dev", "--source", folder])).code, 0);
        assert.ok(!readdirSync(folder).includes("ran"), "nothing ran");
        assert.equal((await run(["dev", "--source", folder, "--run-commands"])).code, 0);
      } finally {
        process.env.PATH = path;
        if (secret === undefined) delete process.env.AWS_SECRET_ACCESS_KEY;
        else process.env.AWS_SECRET_ACCESS_KEY = secret;
      }
      const ran = execFileSync("cat", [join(folder, "ran")], { encoding: "utf8" });
      assert.match(ran, /^\S*rehearse-\S*\/home \n/);
      assert.doesNotMatch(ran, /of-whoever-rehearses/);
    } finally {
      remove();
    }
  });

  it("waits for a deployment window by the clock that --at sets", async () => {
    const at = (time: string) => run(["--example", "two-accounts", "staging", "--at", time]);
    assert.match(
      (await at("2026-03-07T10:00:00Z")).out,
      /waits for the deployment window .+, which opens at 2026-03-09T/,
    );
    assert.match((await at("2026-03-09T10:00:00Z")).out, /the deployment window .+ is open/);
  });

  it("plays everything that can go wrong, one line each, in less than a minute", async () => {
    const { code, out } = await run(["prod", "--fail", "all"]);
    assert.equal(code, 0, out);
    assert.match(
      out,
      /^✓ prod-api=alarm: an alarm goes off once users reach the new version: Failed, rolled back, \d+ message\(s\) sent$/m,
    );
    assert.match(out, /^\d\d failures played, 0 of them break a promise$/m);
  }).timeout(90_000);

  it("searches orders of events", async () => {
    const { code, out } = await run(["dev", "--search"]);
    assert.equal(code, 0, out);
    assert.match(out, /^\d+ orders of events played, all within the bounds: every promise holds$/m);
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["staging"], /no Pulumi.<stack>.yaml for "staging"; stacks are dev, qa, prod/],
    [["--example", "none"], /unknown example "none"; examples are application, blue-green-81-82, /],
    [["prod", "--fail", "nowhere=fails"], /no step "nowhere"; steps are Source, Approve, /],
    [
      ["prod", "--fail", "prod-api=explodes"],
      /"prod-api" fails in these ways:\n {2}--fail prod-api=unhealthy {2}no new task becomes healthy/,
    ],
    [["prod", "--fail", "all", "--fail", "Source=fails"], /--fail all goes alone/],
    [["prod", "--at", "noon"], /--at: expected a moment like 2026-12-01T09:00:00Z, got "noon"/],
    [["prod", "--source", "/nowhere"], /--source: expected a folder, \/nowhere is none/],
    [["prod", "--approve", "--reject"], /exclude one another/],
    [["--which", "--branch", "a", "--tag", "b"], /exclude one another/],
    [["prod", "--quick"], /unknown option --quick/],
    [["prod", "--branch"], /--branch needs a value/],
  ];
  for (const [argv, message] of wrong) {
    it(`says what there is: ${argv.join(" ")}`, async () => {
      const { code, err, out } = await run(argv);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });
  }

  it("does not rehearse a stack that the preview refuses, and says why", async () => {
    const { folder, remove } = temporary();
    try {
      mkdirSync(join(folder, "examples"));
      writeFileSync(join(folder, "Pulumi.yaml"), `name: ecs-delivery\nmain: ${join(ROOT, "index.ts")}\n`);
      writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  aws:region: eu-west-1\n");
      const [out, err]: [string[], string[]] = [[], []];
      const streams = {
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
        coloured: false,
        width: 100,
      };
      assert.equal(await main(["dev"], streams, folder), 1);
      assert.match(err.join("\n"), /^Stack dev cannot be rehearsed, because the preview refuses it:\n/);
      assert.match(err.join("\n"), /ecs-delivery:/);
    } finally {
      remove();
    }
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const left = await leftBehindBy(async () => {
      const child = spawn(process.execPath, ["-r", "./preview/register.cjs", "rehearse/main.ts", "prod"], {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      const code = await new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGINT");
      });
      assert.equal(code, 130);
    });
    assert.deepEqual(left, []);
  });

  it("works without a network", function () {
    const probe = (words: readonly string[]) => {
      try {
        return execFileSync("unshare", ["-rn", ...words], {
          cwd: ROOT,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "pipe"],
        });
      } catch {
        return undefined;
      }
    };
    // Not every machine lets a process have a network of its own.
    if (probe(["true"]) === undefined) this.skip();
    assert.match(probe(["npm", "run", "--silent", "rehearse", "--", "dev"]) ?? "", /The commit reached all users/);
  });
});
