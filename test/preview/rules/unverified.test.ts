import assert from "node:assert/strict";
import { unverified } from "../../../preview/rules/unverified";
import { changed } from "./handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, stages } from "./healthy";
import { CONFIRM, verified } from "./verified";

const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

const found = (...args: Parameters<typeof stages>) =>
  unverified(changed(healthy, PIPELINE, "dev", { stages: stages(...args) })).map(({ level, message }) => [
    level,
    message,
  ]);

describe("unverified", () => {
  it("is content when a build looks at the deployment afterwards", () => {
    assert.deepEqual(unverified(verified), []);
  });

  it("says that nobody sees what the service runs", () => {
    const [[level, message] = [], ...more] = found();
    assert.equal(level, "notice");
    assert.match(
      message ?? "",
      /action api-deploy: no step sees whether the service then runs the new image .*verify: true$/,
    );
    assert.doesNotMatch(message ?? "", /a tag that moves/);
    assert.deepEqual(more, []);
  });

  it("says besides that the image may be given by a tag that moves where the build is someone else's", () => {
    const build = { ...BUILD_ACTION, configuration: { ProjectName: "shop-image-build" } };
    assert.match(
      String(found({ build })[0]?.[1]),
      /and not whether its image is given by a tag that moves; name a confirmProject/,
    );
  });

  it("speaks of CodeDeploy's action too, and of one that is looked at before it, not after", () => {
    const deploy = { ...DEPLOY_ACTION, provider: "CodeDeployToECS" };
    assert.equal(found({ deploy }).length, 1);
    assert.equal(found({ deploy, more: [CONFIRM] }).length, 1);
  });
});
