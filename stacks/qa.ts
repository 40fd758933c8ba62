import { rolling } from "../components/deployment/rolling";
import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";

/** Every push to the branch, one after another, so that it is clear which one broke a test. */
export const qa: EnvironmentProfile = {
  name: "qa",
  deployment: rolling(),
  desiredCount: 1,
  retain: false,
  executionMode: "QUEUED",
  stages: (p) => [
    stage("Source", p.source()),
    // Nobody waits here: what failed is tried once more before somebody is called.
    stage("Build", inOrder(p.unitTests(), p.imageBuild(), p.scan()), { onFailure: "RETRY" }),
    // A stage of its own: what fails here has deployed nothing that would have to be taken back.
    stage("BeforeDeployment", p.beforeDeployment(), { beforeEntry: [...p.window(), ...p.quiet()] }),
    // What fails brings back the last good one, through the same actions. Tests stand in the same stage: another run must
    // not deploy before they have ended.
    stage("Deploy", inOrder(p.deploy(), p.confirm(), p.tests()), {
      onFailure: "ROLLBACK",
      beforeEntry: [...p.window(), ...p.quiet()],
    }),
  ],
};
