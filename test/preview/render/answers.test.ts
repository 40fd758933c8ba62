import assert from "node:assert/strict";
import type { PermissionChange, ResourceChange, StackChange } from "../../../preview/diff/change";
import type { StackResult } from "../../../preview/record/runStack";
import { answersOf, nothingChanges, renderAnswers } from "../../../preview/render/answers";
import { styleFor } from "../../../preview/render/style";
import { graphOf } from "../rules/handMade";
import { NO_CHANGE } from "./noChange";

const change = (more: Partial<StackChange> = {}): StackChange => ({
  ...NO_CHANGE,
  ...more,
});
const result = (stack: string, more: Partial<StackChange> = {}, rest: Partial<StackResult> = {}): StackResult => ({
  stack,
  project: "shop",
  graph: { ...graphOf(), stack },
  findings: [],
  change: change(more),
  ...rest,
});
const role = (subject: string, policy: PermissionChange["policy"], ...widened: string[]): PermissionChange => ({
  urn: "",
  subject,
  policy,
  widened,
  narrowed: [],
});
const removed = (name: string, lost?: string): ResourceChange => ({
  fate: "removed",
  urn: "",
  type: "aws:sns/topic:Topic",
  name,
  properties: [],
  ...(lost === undefined ? {} : { lost }),
});
const say = (...results: readonly StackResult[]) =>
  answersOf(results).map(({ question, answer }) => `${question}: ${answer}`);

describe("answersOf", () => {
  it("names who may do more with what is widest, once for the stacks in which it is alike", () => {
    const wider = (bucket: string) => [
      role(
        'Role "a"',
        "permissions",
        `s3:GetObject on arn:aws:s3:::${bucket}`,
        "ecs:Describe* on *",
        "ecs:ListTasks on *",
      ),
      role('Role "a"', "trust", "ecs.amazonaws.com: sts:AssumeRole"),
      role('Role "b"', "permissions"),
    ];
    assert.deepEqual(
      say(result("dev", { permissions: wider("x-1") }), result("qa", { permissions: wider("y-2") }), result("prod")),
      ["is lost: nothing", 'may do more: dev, qa: Role "a": ecs:Describe* on * and 3 more'],
    );
  });

  it("says what is lost, logs last, and what is only removed", () => {
    const resources = [
      removed("l", "its log"),
      removed("a", "its messages"),
      removed("b", "its messages"),
      removed("c"),
    ];
    assert.deepEqual(say(result("dev", { resources })), [
      'is lost: its messages (aws.sns.Topic "a", "b"); its log (aws.sns.Topic "l")',
      "may do more: nobody",
    ]);
    assert.deepEqual(say(result("dev", { resources: [removed("c")] })), [
      "is lost: nothing that cannot be made again; 1 resource removed",
      "may do more: nobody",
    ]);
  });

  it("names no more than three, and says how many are left", () => {
    const widened = ["a: ingress 1", "a: ingress 2", "a: ingress 3", "a: ingress 4", "a: ingress 5"];
    assert.equal(
      say(result("dev", { openings: { widened, narrowed: [] } })).at(-1),
      "let through: a: ingress 1; a: ingress 2; a: ingress 3; and 2 more, below",
    );
  });

  it("says first what AWS refuses, and of which stacks it does not know", () => {
    const findings = [
      { level: "error", rule: "update-refused: a-rule", message: 'Service "a": refused (https://docs)\n1. so' },
      { level: "error", rule: "limits", message: "too long" },
    ] as const;
    assert.deepEqual(
      say(
        result("dev", { outputs: [{ path: "a", before: 1, after: 2 }] }, { findings }),
        { stack: "qa", project: "shop", findings: [] },
        result("prod", { only: "here" }),
        result("old", { failure: "no such key" }),
      ),
      [
        "not compared: qa: cannot be previewed; prod: new, so all that it may do is new; old: cannot be made at main (0a1b2c3)",
        'AWS refuses: dev: Service "a": refused',
        "is lost: nothing",
        "may do more: nobody, of what is compared",
      ],
    );
  });

  it("answers nothing where nothing is compared, or nothing changes", () => {
    assert.deepEqual(say({ stack: "dev", project: "shop", graph: graphOf(), findings: [] }), []);
    assert.deepEqual(say(result("dev"), result("qa")), []);
    assert.deepEqual(say(result("old", { only: "there" })), []);
    assert.equal(nothingChanges([]), false);
  });

  it("keeps to the width, beside what is asked", () => {
    const answers = [{ question: "is lost", answer: "word ".repeat(30).trim(), isBad: true }];
    const lines = renderAnswers(answers, styleFor(false), 60);
    assert.ok(lines.every(({ length }) => length <= 60));
    assert.match(lines[1] ?? "", /^ {10}word/);
  });
});
