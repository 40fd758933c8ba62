import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMENT_MAX, harmless, tail } from "../.github/scripts/commentText";
import { HEADING, main as postPreview } from "../.github/scripts/postPreview";
import { main as previewAgain } from "../.github/scripts/previewAgain";
import { FakeGitHub } from "./support/gitHub";

const SHA = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";

let folder: string;
let gitHub: FakeGitHub;

function prepare(): void {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "comments-"));
    gitHub = await new FakeGitHub().open();
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await gitHub.close();
  });
}

/** A file with an event, as GitHub leaves it. */
function eventFile(event: object): string {
  const path = join(folder, "event.json");
  writeFileSync(path, JSON.stringify(event));
  return path;
}

describe("the comment with the offline preview", () => {
  prepare();

  const left = { number: "42\n", "body.md": "# dev\n" };

  beforeEach(() => {
    gitHub.pulls.set("42", { state: "open", head: { sha: SHA, repo: { full_name: "mallory/delivery" } } });
  });

  function post(files: Readonly<Record<string, string>> = left): Promise<number> {
    mkdirSync(join(folder, "comment"), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "comment", name), text);
    const run = {
      head_sha: SHA,
      html_url: "https://github.com/acme/delivery/actions/runs/1",
      head_repository: { full_name: "mallory/delivery" },
    };
    return postPreview([join(folder, "comment")], gitHub.job({ GITHUB_EVENT_PATH: eventFile({ workflow_run: run }) }));
  }

  it("says which commit was previewed, and where the run is", async () => {
    assert.equal(await post(), 0, gitHub.said.join("\n"));
    assert.deepEqual(
      gitHub.comments.map(({ body }) => body.split("\n")),
      [
        [
          HEADING,
          "<sub>Offline preview of 0a1b2c3, written by the code of this pull request ([run](https://github.com/acme/delivery/actions/runs/1))</sub>",
          "",
          "# dev",
        ],
      ],
    );
  });

  it("is one: the next preview takes its place, also behind a hundred other comments", async () => {
    for (let i = 0; i < 130; i++) gitHub.add(`talk ${i}`, "alice");
    await post();
    assert.equal(await post({ ...left, "body.md": "# qa\n" }), 0);
    assert.equal(gitHub.comments.length, 131);
    assert.match(gitHub.comments.at(-1)?.body ?? "", /# qa/);
  });

  it("takes nobody else's place, however that begins", async () => {
    gitHub.add(`${HEADING}\nmine`, "mallory");
    await post();
    assert.deepEqual(
      gitHub.comments.map(({ user }) => user.login),
      ["mallory", "github-actions[bot]"],
    );
    assert.equal(gitHub.comments[0]?.body, `${HEADING}\nmine`);
  });

  it("goes to no pull request but the one that is at the commit that was previewed", async () => {
    gitHub.pulls.set("1", { state: "open", head: { sha: "f".repeat(40), repo: { full_name: "mallory/delivery" } } });
    gitHub.pulls.set("2", { state: "open", head: { sha: SHA, repo: { full_name: "acme/delivery" } } });
    gitHub.pulls.set("3", { state: "closed", head: { sha: SHA, repo: { full_name: "mallory/delivery" } } });
    gitHub.pulls.set("4", { state: "open", head: { sha: SHA, repo: null } });
    for (const number of ["1", "2", "3", "4"]) {
      assert.equal(await post({ ...left, number }), 0);
      assert.match(gitHub.said.at(-1) ?? "", new RegExp(`^Nothing posted: pull request ${number} is not open at 0a1b`));
    }
    assert.deepEqual(gitHub.comments, []);
  });

  it("takes for a number what is one", async () => {
    for (const number of ["", "0", "-1", "1/../2", "42; echo", "1234567890", "4 2"]) {
      assert.equal(await post({ ...left, number }), 0);
      assert.equal(gitHub.said.at(-1), "Nothing posted: the run left no number.");
    }
    assert.deepEqual(gitHub.calls, []);
  });

  it("is none where the run came to no preview", async () => {
    assert.equal(await post({}), 0);
    assert.deepEqual(gitHub.said, ["Nothing posted: the run left no preview."]);
  });

  it("follows no link out of the folder", async () => {
    mkdirSync(join(folder, "comment"));
    const secret = join(folder, "secret");
    writeFileSync(secret, "secret");
    symlinkSync(secret, join(folder, "comment", "body.md"));
    assert.equal(await post({ number: "42" }), 1);
    assert.match(gitHub.said.join(), /ELOOP/);
    assert.deepEqual(gitHub.calls, []);
  });

  it("reads a megabyte at most, and says that the rest did not fit", async () => {
    assert.equal(await post({ ...left, "body.md": "0123456789 line\n".repeat(200_000) }), 0);
    const { body = "" } = gitHub.comments[0] ?? {};
    assert.ok(body.length < 65_536, `${body.length}`);
    assert.match(body, /The rest did not fit: see the summary of the run\.$/);
  });

  it("says so where the preview wrote nothing, and where the job has no token", async () => {
    await post({ ...left, "body.md": "" });
    assert.match(gitHub.comments[0]?.body ?? "", /The preview wrote nothing: see the run\.$/);
    const path = eventFile({ workflow_run: { head_sha: SHA, html_url: "x", head_repository: { full_name: "x" } } });
    assert.equal(
      await postPreview([join(folder, "comment")], gitHub.job({ GITHUB_EVENT_PATH: path, GITHUB_TOKEN: "" })),
      2,
    );
    assert.equal(gitHub.said.at(-1), "GITHUB_TOKEN: expected a value, it is not set");
  });
});

describe("text of a comment that someone else wrote", () => {
  it("calls nobody, and has no control characters", () => {
    assert.equal(harmless("@acme/admins, x @ main \u001b[31mred\u0007"), "@\u200bacme/admins, x @ main [31mred");
    assert.equal(harmless("a\r\nb\tc"), "a\nb\tc");
    assert.equal(
      harmless("&#64;alice &#x40;bob &commat;carol"),
      "&amp;#\u200b64;alice &amp;#x40;bob &amp;commat;carol",
    );
    assert.equal(harmless("@&#97;lice"), "@&amp;#\u200b97;lice");
    assert.equal(harmless("&lt;b&gt; &amp; &amp;commat;alice"), "&lt;b&gt; &amp; &amp;commat;alice");
  });

  it("refers to no issue, pull request, commit, address or picture", () => {
    const written = {
      "#1, acme/delivery#23": "#\u200b1, acme/delivery#\u200b23",
      "&num;1": "&amp;num;1",
      "GH-1, gh-2, JIRA-3": "GH-\u200b1, gh-\u200b2, JIRA-\u200b3",
      "0a1b2c3 and acme@0a1b2c3d": "0a1b2c\u200b3 and acme@\u200b0a1b2c\u200b3d",
      "https://example.com, www.example.com": "https:\u200b//example.com, www\u200b.example.com",
      "![x](https://example.com/x.png)": "!\u200b[x]\u200b(https:\u200b//example.com/x.png)",
      "[x](/login) [x][y]": "[x]\u200b(/login) [x]\u200b[y]",
      "\\[x\\](/y) \\\\[x\\\\](/y)": "\\[x\\](/y) \\\\[x\\\\]\u200b(/y)",
      "[y]: /login": "[y]\u200b: /login",
      ":tada:": ":\u200btada:",
    };
    for (const [given, expected] of Object.entries(written)) {
      assert.equal(harmless(given), expected);
      assert.equal(harmless(expected), expected, "once is enough");
    }
    assert.equal(harmless(SHA).replaceAll("\u200b", ""), SHA);
    assert.doesNotMatch(harmless(SHA), /\w{7}/);
  });

  it("has no tags but those that fold, where they stand in lines of their own", () => {
    const fold = "<details><summary>2 added</summary>\n\ntext\n\n</details>";
    assert.equal(harmless(fold), fold);
    assert.equal(harmless("<img src=x> a </details>"), "&lt;img src=x> a &lt;/details>");
    assert.equal(
      harmless("<details><summary><a href=/>x</a> @a</summary>"),
      "<details><summary>&lt;a href=/>x&lt;/a> @\u200ba</summary>",
    );
    assert.equal(harmless("<!-- x -->"), "&lt;!-- x -->");
  });

  it("keeps what stands in a fence as it is written, so that it can be copied", () => {
    const text = "a\n\n````text\n@a #1 <b> ```\n````\n\nb";
    assert.equal(harmless(text), text);
  });

  it("takes for a fence what is one on GitHub, and closes it", () => {
    const escapedMarks = "\\`\\`\\`";
    const written = {
      "<details><summary>x</summary>\n```\n@a\n```": "<details><summary>x</summary>\n\n```\n@a\n```",
      "- ```\n  @a": `- ${escapedMarks}\n  @\u200ba`,
      " ```\n@a": ` ${escapedMarks}\n@\u200ba`,
      "~~~\n@a\n~~~": "\\~\\~\\~\n@\u200ba\n\\~\\~\\~",
      "```\na\n   ```  \n@a": "```\na\n```\n@\u200ba",
      "```\na": "```\na\n```",
      "```geojson\n{}\n```": "```text\n{}\n```",
      "```text `x`\n@a": `${escapedMarks}text \`x\`\n@\u200ba`,
    };
    for (const [given, expected] of Object.entries(written)) assert.equal(harmless(given), expected);
  });

  it("draws flowcharts that lead nowhere, and shows others as text", () => {
    const drawn = '```mermaid\nflowchart TB\n  a["click<br/>x #64;y"] --> b\n```';
    assert.equal(harmless(drawn), drawn);
    const others = [
      'flowchart LR\n  a["x"]\n  click a href "/logout"',
      'flowchart LR\n  a["x"]; click a "/logout"',
      'flowchart LR\n  a["<img src=x>"]',
      'flowchart LR\n  a@{ img: "/x.png" }',
      '%%{init: {"theme": "dark"}}%%\nflowchart LR',
      "sequenceDiagram\n  link A: x @ /logout",
      'flowchart LR\n  a["`[x](/logout)`"]',
    ];
    for (const other of others) {
      assert.equal(harmless(`\`\`\`mermaid\n${other}\n\`\`\``), `\`\`\`text\n${other}\n\`\`\``);
    }
  });

  it("is cut at the end of a line, and not inside a picture", () => {
    const text = `before\n\`\`\`mermaid\nflowchart LR\n${"node\n".repeat(50)}\`\`\`\n`;
    assert.equal(
      harmless(text, 50),
      "before\n\n```mermaid\nflowchart LR\nnode\nnode\nnode\n```\n\nThe rest did not fit: see the summary of the run.",
    );
    assert.equal(harmless("short", 40), "short");
  });

  it("shows the end of an output, where the reason stands, as it was written", () => {
    assert.equal(tail("error: <x> & y"), "<pre>\nerror: &lt;x&gt; &amp; y\n</pre>");
    const long = tail(`${"line\n".repeat(COMMENT_MAX)}error: the reason`);
    assert.ok(long.length < 65_536 && long.startsWith("<pre>\n(the beginning did not fit)\nline\n"));
    assert.ok(long.endsWith("\nerror: the reason\n</pre>"));
  });
});

describe("the comment with a Pulumi preview that failed", () => {
  prepare();

  const heading = "#### :tropical_drink: `preview` on ecs-delivery/acme/dev";

  /** Runs it with a stand-in for the CLI. */
  function again(cli: string): Promise<number> {
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\n${cli}\n`);
    chmodSync(join(folder, "pulumi"), 0o755);
    const env = {
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      GITHUB_EVENT_PATH: eventFile({ pull_request: { number: 42 } }),
    };
    return previewAgain(["acme/dev"], gitHub.job(env));
  }

  it("has the end of what the CLI said, and fails as it did", async () => {
    assert.equal(await again('echo "error: no <role>" >&2; exit 255'), 255);
    assert.deepEqual(gitHub.comments[0]?.body.split("\n"), [
      heading,
      "",
      "**The preview failed** ([run](https://github.com/acme/delivery/actions/runs/7)).",
      "",
      "<details open>",
      "<summary>Pulumi report</summary>",
      "",
      "<pre>",
      "error: no &lt;role&gt;",
      "",
      "</pre>",
      "</details>",
    ]);
    assert.deepEqual(gitHub.said, ["error: no <role>"]);
  });

  it("asks for a preview, and for nothing else", async () => {
    await again('echo "$@"; exit 1');
    assert.deepEqual(gitHub.said, ["preview --stack acme/dev --non-interactive --color never --suppress-progress"]);
  });

  it("takes the place of the comment of pulumi/actions", async () => {
    gitHub.add(`${heading}\n\n<details>\n<summary>Pulumi report</summary>\n\n<pre>\nold\n</pre>\n</details>`);
    gitHub.add("#### :tropical_drink: `preview` on ecs-delivery/acme/dev2\n\nanother stack");
    await again("exit 1");
    assert.equal(gitHub.comments.length, 2);
    assert.match(gitHub.comments[0]?.body ?? "", /The preview failed/);
    assert.match(gitHub.comments[1]?.body ?? "", /another stack/);
  });

  it("is the usual one where the second try goes well", async () => {
    assert.equal(await again("echo fine"), 0);
    assert.doesNotMatch(gitHub.comments[0]?.body ?? "", /failed|open/);
    assert.match(gitHub.comments[0]?.body ?? "", /<pre>\nfine\n\n<\/pre>/);
  });
});
