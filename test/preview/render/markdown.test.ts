import assert from "node:assert";
import { harmless } from "../../../.github/scripts/commentText";
import type { RecordedGraph } from "../../../model/graph/graph";
import type { StackChange } from "../../../preview/diff/change";
import type { StackResult } from "../../../preview/record/runStack";
import { renderMarkdown } from "../../../preview/render/markdown";
import { graphOf, resource } from "../rules/handMade";
import { healthy } from "../rules/healthy";
import { NO_CHANGE } from "./noChange";

const TOPIC = "aws:sns/topic:Topic";

const result = (graph: RecordedGraph, more: Partial<StackResult> = {}): StackResult => ({
  stack: graph.stack,
  project: graph.project,
  graph,
  findings: [],
  ...more,
});
const write = (...results: readonly StackResult[]) => renderMarkdown(results, (stack) => `npm run preview -- ${stack}`);
const change = (more: Partial<StackChange>): StackChange => ({
  ...NO_CHANGE,
  ...more,
});

describe("renderMarkdown", () => {
  it("has a heading alone for a stack in which nothing is", () =>
    assert.strictEqual(write(result(graphOf())), "### dev: 0 resources, no findings"));

  it("draws deliveries, and counts resources by their outermost component", () => {
    const part = resource("shop:index:Part", "api", {}, { custom: false });
    const inner = resource("shop:index:Inner", "x", {}, { custom: false, parent: part.urn });
    const roles = ["a", "b"].map((name) => resource("aws:iam/role:Role", name, {}, { parent: inner.urn }));
    const graph = graphOf(
      part,
      inner,
      ...roles,
      resource(TOPIC, "c|d", {}, { parent: part.urn }),
      resource(TOPIC, "e", {}),
    );
    assert.strictEqual(
      write(result(graph)),
      [
        "### dev: 4 resources, no findings",
        "",
        "<details><summary>4 resources in 2 components</summary>",
        "",
        "| component | resources | of which |",
        "|---|---|---|",
        "| Part api | 3 | 2 iam.Role, sns.Topic |",
        "| the stack itself | 1 | sns.Topic |",
        "",
        "</details>",
      ].join("\n"),
    );
    assert.match(
      write(result(healthy)),
      /^### dev: \d+ resources, no findings\n\nCosts about \\\$63\.88 a month idle; a commit reaches all users in about 7 min.*\n\n```mermaid\nflowchart TB\n {2}t0\(/,
    );
  });

  it("lets no finding, message or name become markup", () => {
    const message = "see @team and ```this```";
    const graph = graphOf(resource("shop:index:Part", "a|b<c>*d*", {}, { custom: false }));
    const inner = resource(TOPIC, "x", {}, { parent: graph.resources[0]?.urn ?? "" });
    const text = write(
      result(
        { ...graph, resources: [...graph.resources, inner] },
        { findings: [{ level: "error", rule: "limits", message }] },
      ),
    );
    assert(text.includes("\n| Part a\\|b&lt;c&gt;\\*d\\* | 1 | sns.Topic |\n"));
    assert(text.includes(`\n\n\`\`\`\`text\nerror limits\n  ${message}\n\`\`\`\`\n\n<details>`));
  });

  it("lets no name in a heading, a fold, a diagram or a command call someone or lead anywhere", () => {
    const stack = "&commat;a @b #1 GH-2 <i> ![x](/y) `z`";
    const at = { ref: "&#64;c#3", commit: "0a1b2c3" };
    const graph = { ...graphOf(), stack };
    const text = write(
      result(graph, { change: change({ against: at }) }),
      result(graph, { change: change({ against: at, outputs: [{ path: "url", before: "a", after: "b" }] }) }),
      { stack, project: "shop", findings: [{ level: "error", rule: "refused", message: "x" }] },
    );
    const outside = text.replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, "");
    assert.doesNotMatch(outside, /&(?!amp;|lt;|gt;)|<(?!\/?(?:details|summary)>)|[@#](?=\w)|GH-\d|[^\\]\[/);
    assert.match(
      outside,
      /^### &amp;commat;a @\u200bb \\#\u200b1 GH-\u200b2 &lt;i&gt; !\\\[x\\\]\(\/y\) \\`z\\`: cannot/m,
    );
    assert.strictEqual(harmless(outside), outside, "what the posting job does to it is nothing more");
  });

  it("shows a command in marks that its stack's name does not end", () => {
    const message = `${"x".repeat(99)}\n`.repeat(900).trim();
    const findings = [{ level: "error", rule: "limits", message }] as const;
    const text = write(result(graphOf(), { stack: "a`@b``c", findings }));
    assert.match(text, /more lines: ```npm run preview -- a`@b``c```$/);
  });

  it("folds what changed under a line that counts it", () => {
    const changed = change({ outputs: [{ path: "url", before: "a", after: "b ```" }] });
    assert.strictEqual(
      write(result(graphOf(), { change: { ...changed, against: { ref: "a<b>", commit: "0a1b2c3" } } })),
      [
        "- **Is lost**: nothing",
        "- **May do more**: nobody",
        "",
        "### dev: 0 resources, no findings",
        "",
        "<details><summary>outputs changed against a&lt;b&gt; (0a1b2c\u200b3)</summary>",
        "",
        "````diff",
        "Outputs:",
        "    url: a → b ```",
        "````",
        "",
        "</details>",
      ].join("\n"),
    );
    assert.strictEqual(
      write(result(graphOf(), { change: change({}) })),
      "- **No change against main (0a1b2c\u200b3)**\n\n### dev: 0 resources, no findings",
    );
  });

  it("says in its first line that nothing changes, where nothing does in any stack", () => {
    const both = (more: Partial<StackChange>) =>
      write(result(graphOf(), { change: change({}) }), result({ ...graphOf(), stack: "qa" }, { change: change(more) }));
    assert.match(both({}), /^- \*\*No change against main \(0a1b2c\u200b3\) in any of 2 stacks\*\*\n\n\| stack \|/);
    assert.equal(both({}).split("o change against").length, 4, "once first, and in the table");
    const other = both({ outputs: [{ path: "url", before: "a", after: "b" }] });
    assert.match(other, /^- \*\*Is lost\*\*: nothing\n- \*\*May do more\*\*: nobody\n\n\| stack \|/);
    assert.ok(other.includes("\n\nNo change against main (0a1b2c\u200b3)"), "of the one in which nothing does");
  });

  it("says what the update does before anything that has to be opened, and nothing twice", () => {
    const finding = { level: "error", rule: "limits", message: "too long" } as const;
    const changed = change({
      update: ["api: memory 1024 to 2048, its tasks are replaced one after another"],
      findings: { new: [finding], gone: [{ ...finding, message: "too short" }] },
      permissions: [
        {
          urn: "",
          subject: 'aws.iam.Role "api"',
          policy: "permissions",
          widened: ["a:B on *"],
          narrowed: ["c:D on *"],
        },
      ],
    });
    const text = write(result(graphOf(), { findings: [finding], change: changed }));
    const before = text.slice(0, text.indexOf("<details>"));
    assert.match(before, /\n\n- api: memory 1024 to 2048, its tasks are replaced one after another\n\n/);
    assert.equal(text.split("too long").length, 2);
    assert.equal(text.split("its tasks are replaced").length, 2);
    // A fence for differences makes a plus green and a minus red: neither is what these lines mean.
    assert.ok(text.includes("\n!   now: a:B on *\n    no longer: c:D on *\n"), text);
    assert.ok(text.includes("\n    no longer: error limits: too short\n"), text);
    // Of several stacks the table says what the update does.
    const two = write(result(graphOf(), { change: changed }), result(graphOf(), { stack: "qa" }));
    assert.equal(two.split("its tasks are replaced").length, 2);
  });

  it("says of a stack on one side where it is, and of one that fails why", () => {
    const gone = { stack: "dev", project: "shop", findings: [] };
    assert.strictEqual(
      write({ ...gone, stack: "old", change: change({ only: "there" }) }),
      "### old: only at main (0a1b2c\u200b3); what it made stays in AWS until pulumi destroy",
    );
    const findings = [{ level: "error", rule: "refused", message: "one\ntwo" }] as const;
    assert.strictEqual(write({ ...gone, findings }), "### dev: cannot be previewed\n\n```text\none\ntwo\n```");
  });

  it("stays short enough for a comment: the longest is cut first, and a command shows it whole", () => {
    const message = `${"x".repeat(99)}\n`.repeat(900).trim();
    const findings = [{ level: "error", rule: "limits", message }] as const;
    const text = write(result(healthy), result(graphOf(), { stack: "qa", findings }));
    assert(text.length < 60_000, String(text.length));
    assert(text.includes("```mermaid"), "the diagram is shorter");
    const [, shown = "", left] =
      /\n```text\n([^`]*)\n```\n\n(\d+) more lines: `npm run preview -- qa`$/.exec(text) ?? [];
    assert.strictEqual(shown.split("\n").length + Number(left), 901);
  });

  it("leaves a diagram out whole, for half a diagram is none", () => {
    const stages = Array.from({ length: 2000 }, (_, index) => ({ name: `Stage${index}`, actions: [] }));
    const graph = graphOf(resource("aws:codepipeline/pipeline:Pipeline", "dev", { name: "dev", stages }));
    const text = write(result(graph));
    assert(text.includes("\n\nThe diagram of pipeline dev: `npm run preview -- dev`\n\n"));
    assert(!text.includes("mermaid"));
  });
});
