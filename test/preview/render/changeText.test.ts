import assert from "node:assert";
import { stripVTControlCharacters } from "node:util";
import type { ResourceChange, StackChange } from "../../../preview/diff/change";
import { changeInWidth, changeSummary, renderChange } from "../../../preview/render/changeText";
import { styleFor } from "../../../preview/render/style";
import { NO_CHANGE } from "./noChange";

const SERVICE = "aws:ecs/service:Service";
const urn = (name: string, chain = SERVICE) => `urn:pulumi:dev::shop::${chain}::${name}`;

const resource = (fate: ResourceChange["fate"], more: Partial<ResourceChange> = {}): ResourceChange => ({
  fate,
  urn: urn("api"),
  type: SERVICE,
  name: "api",
  properties: [],
  ...more,
});
const lines = (change: Partial<StackChange>) => renderChange({ ...NO_CHANGE, ...change }, styleFor(false));
const summary = (change: Partial<StackChange>) => changeSummary({ ...NO_CHANGE, ...change });

describe("changeSummary", () => {
  it("says that nothing changed", () => assert.strictEqual(summary({}), "no change against main (0a1b2c3)"));

  it("counts what becomes of resources, and names what else is not as it was", () => {
    const finding = { level: "error", rule: "limits", message: "" } as const;
    const widened = { widened: ["x"], narrowed: [] };
    const change: Partial<StackChange> = {
      resources: [resource("added"), resource("removed"), resource("added")],
      permissions: [{ urn: "u", subject: "s", policy: "trust", ...widened }],
      openings: { widened: ["x"], narrowed: ["y"] },
      findings: { new: [finding], gone: [finding, finding] },
      provider: [{ path: "a", after: 1 }],
      outputs: [{ path: "b", after: 2 }],
    };
    assert.strictEqual(
      summary(change),
      "1 removed, 2 added, permissions widened, security groups widened and narrowed, the provider's settings changed, " +
        "outputs changed, 1 new finding, 2 findings gone against main (0a1b2c3)",
    );
  });

  it("says on which side a stack is, and when it cannot be compared", () => {
    assert.strictEqual(summary({ only: "here" }), "new, not at main (0a1b2c3)");
    assert.strictEqual(
      summary({ only: "there" }),
      "only at main (0a1b2c3); what it made stays in AWS until pulumi destroy",
    );
    assert.strictEqual(summary({ failure: "no branch" }), "cannot be compared with main (0a1b2c3)");
  });
});

describe("renderChange", () => {
  it("has nothing to show of a stack that is what it was, or that is on one side only", () => {
    assert.deepStrictEqual(lines({}), []);
    assert.deepStrictEqual(lines({ only: "here" }), []);
  });

  it("gives each fate its sign", () => {
    const aliased = resource("renamed", { formerUrn: urn("old"), aliased: true });
    const resources = [
      resource("removed"),
      resource("replaced"),
      resource("replaced", { deletedFirst: true }),
      aliased,
      resource("changed"),
      resource("added"),
      resource("kept"),
    ];
    const name = 'aws.ecs.Service "api"';
    assert.deepStrictEqual(lines({ resources }), [
      "Resources:",
      `- ${name}  removed`,
      `+- ${name}  replaced, the new one is made first`,
      `-+ ${name}  replaced, the old one is deleted first`,
      `> ${name}  was "old", as an alias says`,
      `~ ${name}`,
      `+ ${name}`,
      `= ${name}  stays as it is`,
    ]);
  });

  it("says what is lost, what replaces, what follows and what is left alone", () => {
    const properties = [
      { path: "cluster", before: "eu", after: "us", replaces: true },
      { path: "desiredCount", before: 1, after: 2, ignored: true },
      { path: "taskDefinition", follows: 'aws.ecs.TaskDefinition "api"' },
    ] as const;
    const resources = [
      resource("replaced", { properties, lost: "its address" }),
      resource("removed", { lost: "its log" }),
    ];
    assert.deepStrictEqual(lines({ resources }), [
      "Resources:",
      '+- aws.ecs.Service "api"  replaced, the new one is made first',
      "    lost with the old one: its address",
      "    cluster: eu → us  (replaces)",
      "    desiredCount: 1 → 2  (left alone: ignoreChanges)",
      '    taskDefinition: follows aws.ecs.TaskDefinition "api"',
      '- aws.ecs.Service "api"  removed',
      "    lost: its log",
    ]);
  });

  it("writes the alias that is missing: by name, and by URN where the resource moved", () => {
    const [renamed] = lines({ resources: [resource("renamed", { formerUrn: urn("old"), aliased: false })] }).slice(1);
    assert.strictEqual(
      renamed,
      '> aws.ecs.Service "api"  was "old": deleted and made anew, for no alias says so; add aliases: [{ name: "old" }]',
    );
    const formerUrn = urn("api", `shop:index:Old$${SERVICE}`);
    const [moved] = lines({ resources: [resource("renamed", { formerUrn, aliased: false })] }).slice(1);
    assert.strictEqual(
      moved,
      `> aws.ecs.Service "api"  was in another place, shop:index:Old$${SERVICE}: deleted and made anew, for no alias says so; ` +
        `add aliases: ["${formerUrn}"]`,
    );
  });

  it("shows section by section what else is not as it was", () => {
    const findings = {
      new: [{ level: "error", rule: "limits", message: "one\ntwo" }],
      gone: [{ level: "notice", rule: "moving-tag", message: "three" }],
    } as const;
    assert.deepStrictEqual(
      lines({
        provider: [{ path: "aws:region", before: "eu-west-1", after: "us-east-1" }],
        permissions: [
          { urn: "u", subject: 'aws.iam.Role "task"', policy: "trust", widened: ["a may"], narrowed: ["b may"] },
        ],
        openings: { widened: ["web: ingress 80 from ::/0"], narrowed: [] },
        outputs: [{ path: "url", before: "http://a", after: "http://b" }],
        findings,
      }),
      [
        "Findings:",
        "+   error limits: one\n    two",
        "-   notice moving-tag: three",
        "",
        "Permissions:",
        '  aws.iam.Role "task", trust',
        "+   a may",
        "-   b may",
        "",
        "Security groups:",
        "+   web: ingress 80 from ::/0",
        "",
        "Provider:",
        "    aws:region: eu-west-1 → us-east-1",
        "",
        "Outputs:",
        "    url: http://a → http://b",
      ],
    );
  });

  it("says a commit once that was asked for as such", () => {
    const summary = (ref: string) => changeSummary({ ...NO_CHANGE, against: { ref, commit: "0a1b2c3" } });
    assert.equal(summary("0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"), "no change against 0a1b2c3");
    assert.equal(summary("0a1b"), "no change against 0a1b2c3");
    assert.equal(summary("0a"), "no change against 0a1b2c3");
    assert.equal(summary("HEAD^1"), "no change against HEAD^1 (0a1b2c3)");
  });

  it("goes on below its own words where a line is too wide, with nothing lost and no sign twice", () => {
    const text = `+   s3:GetObject, s3:PutObject, s3:DeleteObject on ${"x".repeat(20)}\n    url: ${"a b ".repeat(20).trim()}`;
    for (const coloured of [false, true]) {
      const { yellow } = styleFor(coloured);
      const shown = changeInWidth(yellow(text), 50).map((line) => stripVTControlCharacters(line));
      assert.ok(shown.length > 2 && shown.every(({ length }) => length <= 50), shown.join("\n"));
      assert.deepEqual(
        shown.filter((line) => /^[-+~]/.test(line)),
        ["+   s3:GetObject, s3:PutObject, s3:DeleteObject on"],
      );
      assert.equal(shown[1], `      ${"x".repeat(20)}`);
      assert.equal(shown.join(" ").replace(/\s+/g, " "), text.replace(/\s+/g, " "));
    }
    assert.deepEqual(changeInWidth("~ short", 50), ["~ short"]);
  });

  it("says why nothing can be compared", () =>
    assert.deepStrictEqual(lines({ failure: "shop:branch: expected a name" }), [
      "At main: shop:branch: expected a name",
    ]));
});
