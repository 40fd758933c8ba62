import assert from "node:assert/strict";
import { lifecyclePolicyText } from "../../../components/images/lifecyclePolicy/policy";
import { runningImageExpires } from "../../../preview/rules/runningImageExpires";
import { graphOf, resource } from "./handMade";

const found = (policy: string) =>
  runningImageExpires(
    graphOf(resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "api", { repository: "api", policy })),
  );
const rules = (...selections: Record<string, unknown>[]) =>
  JSON.stringify({
    rules: selections.map((selection, index) => ({
      rulePriority: index + 1,
      selection,
      action: { type: "expire" },
      description: "of the user's own, and long enough for ECR to take it",
    })),
  });

describe("runningImageExpires", () => {
  it("is content with the default and with the shorthand", () => {
    assert.deepEqual(found(lifecyclePolicyText(undefined)), []);
    assert.deepEqual(found(lifecyclePolicyText({ keepImages: 2, expireUntaggedAfterDays: 1 })), []);
  });

  it("notices that a count alone, or an age alone, takes the running image", () => {
    const any = { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10 };
    const old = { tagStatus: "any", countType: "sinceImagePushed", countUnit: "days", countNumber: 90 };
    for (const policy of [rules(any), rules(old)]) {
      const [one, ...more] = found(policy);
      assert.equal(one?.level, "notice");
      assert.match(one?.message ?? "", /can expire the image that runs.*released-/);
      assert.deepEqual(more, []);
    }
  });

  it("notices that the archive takes it: nobody pulls from there", () => {
    const idle = { tagStatus: "any", countType: "sinceImagePulled", countUnit: "days", countNumber: 90 };
    const policy = rules(idle).replace('{"type":"expire"}', '{"type":"transition","targetStorageClass":"archive"}');
    assert.match(
      found(policy)[0]?.message ?? "",
      /can archive \(an archived image cannot be pulled\) the image that runs/,
    );
  });

  it("is content when released images have a rule of their own before it", () => {
    const released = {
      tagStatus: "tagged",
      tagPrefixList: ["released-"],
      countType: "imageCountMoreThan",
      countNumber: 5,
    };
    assert.deepEqual(
      found(rules(released, { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 10 })),
      [],
    );
  });
});
