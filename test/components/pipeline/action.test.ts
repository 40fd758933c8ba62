import assert from "node:assert/strict";
import { artifactOf, declare, inOrder, inTarget, stage } from "../../../components/pipeline/action";
import { manualApproval } from "../../../components/pipeline/approval/manual";
import { alarmQuiet } from "../../../components/pipeline/condition";
import { present } from "../../support/present";
import { allowed, rendered, textAt } from "../../support/read";

const named = (name: string) => manualApproval({ name });
const orders = (actions: ReturnType<typeof inOrder>) =>
  actions.map(({ declaration: { name, runOrder } }) => `${textAt(runOrder)} ${name}`);

describe("inOrder", () => {
  it("lets a group's actions run in parallel, and each group wait for the one before", () => {
    const actions = inOrder([named("test-a"), named("test-b")], [named("image-a"), named("image-b")]);
    assert.deepEqual(orders(actions), ["1 test-a", "1 test-b", "2 image-a", "2 image-b"]);
  });

  it("leaves no gap for a group without actions", () => {
    assert.deepEqual(orders(inOrder([], [named("a")], [], [named("b")])), ["1 a", "2 b"]);
    assert.deepEqual(inOrder([], []), []);
  });

  it("keeps what an action may do, and the action it was given", () => {
    const action = { ...named("a"), permissions: [{ effect: "Allow" as const, actions: ["a:B"], resources: ["*"] }] };
    const [ordered] = inOrder([action]);
    assert.deepEqual(ordered?.permissions, action.permissions);
    assert.equal("runOrder" in action.declaration, false);
  });
});

describe("stage", () => {
  it("stops at a failure unless it is told to roll back", () => {
    assert.deepEqual(stage("Build", []), { name: "Build", actions: [] });
    assert.equal(stage("Deploy", [], { onFailure: "ROLLBACK" }).onFailure, "ROLLBACK");
  });

  it("begins only when its rules hold", () => {
    const beforeEntry = [alarmQuiet({ alarmName: "checkout" })];
    assert.deepEqual(stage("Deploy", [], { beforeEntry }), { name: "Deploy", actions: [], beforeEntry });
  });
});

describe("inTarget", () => {
  const roleArn = "arn:aws:iam::444455556666:role/deploy";
  const action = {
    ...named("a"),
    output: { name: "a" },
    permissions: [{ effect: "Allow" as const, actions: ["ecs:UpdateService"], resources: ["*"] }],
  };

  it("lets the pipeline take the role there, and nothing else", async () => {
    const moved = inTarget(action, { roleArn });
    assert.deepEqual(present(moved.declaration), { ...action.declaration, roleArn });
    assert.deepEqual(allowed(await rendered(() => moved.permissions)), [`sts:AssumeRole ${roleArn}`]);
  });

  it("names a region that is another one, and leaves the action it was given alone", () => {
    assert.equal(inTarget(action, { roleArn, region: "us-east-1" }).declaration.region, "us-east-1");
    assert.equal("roleArn" in action.declaration || "region" in action.declaration, false);
  });
});

describe("artifactOf", () => {
  it("makes a name that CodePipeline takes and a shell can put into a variable", () => {
    assert.equal(artifactOf("api-image").name, "api_image");
    assert.equal(artifactOf("a.b@c").name, "a_b_c");
  });
});

describe("declare", () => {
  it("says owner and version, which are the same for every provider of AWS", () => {
    assert.deepEqual(declare("Test", "CodeBuild", { name: "a" }), {
      name: "a",
      category: "Test",
      provider: "CodeBuild",
      owner: "AWS",
      version: "1",
    });
  });
});
