import assert from "node:assert/strict";
import { declare, inOrder, type PipelineAction, type PipelineStage, stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { codeBuildAction } from "../../../components/pipeline/build/codeBuild";
import { checkPipeline } from "../../../components/pipeline/check";
import { alarmQuiet, deploymentWindow, type StageRule } from "../../../components/pipeline/condition";
import { DeliveryPipeline } from "../../../components/pipeline/deliveryPipeline";
import { refusal } from "../../support/graph";
import { PROJECT, STORE } from "../../support/service";

const action = (
  name: string,
  {
    reads = [],
    makes = [],
    category = "Build",
  }: { reads?: string[]; makes?: string[]; category?: "Build" | "Source" } = {},
): PipelineAction => ({
  declaration: declare(category, "CodeBuild", { name, inputArtifacts: reads, outputArtifacts: makes }),
  permissions: [],
});
const build = (name: string) =>
  codeBuildAction({ name, project: PROJECT, input: { name: "Source" }, category: "Test" });
const source = stage("Source", [action("Source", { makes: ["Source"], category: "Source" })]);
const problems = (stages: readonly PipelineStage[], name = "dev") => checkPipeline(name, stages).list;
const building = (...actions: PipelineAction[]) => problems([source, stage("Build", actions)]);
const gated = (...beforeEntry: readonly StageRule[]) =>
  problems([source, stage("Deploy", [action("a")], { beforeEntry })]);
const alarms = (...names: string[]) => names.map((alarmName) => alarmQuiet({ alarmName }));

describe("checkPipeline", () => {
  it("takes artifacts of an earlier stage, and of an earlier action of the same stage", () => {
    const image = action("image", { reads: ["Source"], makes: ["image"] });
    const deploy = action("deploy", { reads: ["image", "Source"] });
    assert.deepEqual(problems([source, stage("Build", [image]), stage("Deploy", [deploy])]), []);
    assert.deepEqual(building(...inOrder([image], [deploy])), []);
    assert.deepEqual(building(...inOrder([image], [deploy]).reverse()), []);
  });

  it("takes five rules, also before the first stage, a stage that is tried again, and parallel runs without a way back", () => {
    const beforeEntry = [deploymentWindow({ cron: "* * * ? * MON" }), ...alarms("a", "b", "c", "d")];
    const stages = [{ ...source, beforeEntry }, stage("Deploy", [action("a")], { beforeEntry, onFailure: "RETRY" })];
    assert.deepEqual(checkPipeline("dev", stages, "PARALLEL").list, []);
    assert.deepEqual(problems([{ ...source, onFailure: "RETRY" }, stage("Deploy", [action("a")])]), []);
  });

  const refused: [what: string, found: readonly string[], expected: string[]][] = [
    [
      "an artifact that nobody makes",
      building(action("deploy", { reads: ["image"] })),
      [
        'stage Build, action deploy: reads artifact "image", which no action makes; expected one of Source: correct the name, or let an earlier action make it',
      ],
    ],
    [
      "an artifact that is made at the same time",
      building(action("image", { makes: ["image"] }), action("deploy", { reads: ["image"] })),
      [
        'stage Build, action deploy: reads artifact "image", which action image (stage Build, run order 1) has not made by then; give deploy a run order above 1',
      ],
    ],
    [
      "an artifact that is made by a later stage",
      problems([
        source,
        stage("A", [action("a", { reads: ["late"] })]),
        stage("B", [action("b", { makes: ["late"] })]),
      ]),
      [
        'stage A, action a: reads artifact "late", which action b (stage B, run order 1) has not made by then; move b to a stage before A',
      ],
    ],
    [
      "an artifact that is made twice",
      building(action("a", { makes: ["image"] }), action("b", { makes: ["image"] })),
      ['stage Build, action b: makes artifact "image", which action a makes already; give it a name of its own'],
    ],
    [
      "an artifact name that CodePipeline does not take",
      building(action("a", { makes: ["my.image"] })),
      ['stage Build, action a: artifact "my.image": expected 1 to 100 letters, digits, - and _; rename it'],
    ],
    [
      "two actions of one name",
      building(action("a"), action("a")),
      ['stage Build: two actions are named "a"; rename one'],
    ],
    [
      "two stages of one name",
      problems([source, stage("Build", [action("a")]), stage("Build", [action("b")])]),
      ['two stages are named "Build"; rename one'],
    ],
    [
      "two actions that share a namespace: `#{...}` would not say whose variable is meant",
      problems([source, ...["A", "B"].map((name) => stage(name, [build("test")]))]),
      ['two actions have the namespace "testVariables"; give each its own'],
    ],
    ["a single stage", problems([source]), ["expected 2 to 50 stages, got 1"]],
    [
      "more stages than AWS takes",
      problems([source, ...Array.from({ length: 50 }, (_, index) => stage(`S${index}`, [action("a")]))]),
      ["expected 2 to 50 stages, got 51"],
    ],
    [
      "more actions than AWS takes",
      building(...Array.from({ length: 51 }, (_, index) => action(`a${index}`))),
      ["stage Build: at most 50 actions, got 51"],
    ],
    [
      "a build in the first stage",
      problems([stage("First", [action("a")]), stage("Build", [action("b")])]),
      ["stage First, action a: the first stage takes source actions only, this one is of category Build; move it on"],
    ],
    [
      "a source in a later stage",
      building(action("late", { category: "Source" })),
      ["stage Build, action late: a source action stands in the first stage; move it there"],
    ],
    [
      "a source stage that would roll back",
      problems([{ ...source, onFailure: "ROLLBACK" }, stage("Build", [action("b")])]),
      ["stage Source, ROLLBACK: the first stage cannot roll back; take it away"],
    ],
    [
      "a roll back where runs are parallel",
      checkPipeline("dev", [source, stage("Deploy", [action("a")], { onFailure: "ROLLBACK" })], "PARALLEL").list,
      ["stage Deploy, ROLLBACK: no stage rolls back where runs are PARALLEL; use QUEUED or SUPERSEDED"],
    ],
    [
      "more rules than AWS takes",
      gated(...alarms("a", "b", "c", "d", "e", "f")),
      ["stage Deploy, beforeEntry: expected 1 to 5 rules, got 6"],
    ],
    [
      "two rules of one name",
      gated(...alarms("a"), deploymentWindow({ cron: "* * * ? * MON", name: "Alarm-a" })),
      ['stage Deploy, beforeEntry: two rules are named "Alarm-a"; rename one'],
    ],
    [
      "a rule that is wrong in itself",
      gated({ ...deploymentWindow({ cron: "* * 24 ? * MON", name: "after hours" }) }),
      [
        'stage Deploy, rule after hours: name "after hours": expected 1 to 100 letters, digits and . @ - _',
        'stage Deploy, rule after hours: cron: hours: expected 0-23 with , - * /, got "24"',
      ],
    ],
    [
      "names with a space",
      problems([source, stage("My build", [action("my action")])], "my pipeline"),
      [
        'pipelineName: expected 1 to 100 letters, digits and . @ - _, got "my pipeline"',
        'stage "My build": expected 1 to 100 letters, digits and . @ - _',
        'stage My build, action my action: name "my action": expected 1 to 100 letters, digits and . @ - _',
      ],
    ],
  ];
  for (const [what, found, expected] of refused) it(`refuses ${what}`, () => assert.deepEqual(found, expected));

  it("stops the component with all problems, under the component's name", async () => {
    const stages = [stage("Source", []), stage("Build", [manualApproval()])];
    const message = await refusal(() => new DeliveryPipeline("dev", { stages, artifactStore: STORE }));
    assert.match(message, /DeliveryPipeline "dev" has 2 problem\(s\):\n {2}expected 2 to 50 stages, got 1\n/);
  });
});
