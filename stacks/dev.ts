import { rolling } from "../components/deployment/rolling";
import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";

/** Every push to the branch: tested, built, deployed. */
export const dev: EnvironmentProfile = {
  name: "dev",
  deployment: rolling(),
  desiredCount: 1,
  retain: false,
  executionMode: "SUPERSEDED",
  stages: (p) => [
    stage("Source", p.source()),
    stage("Build", inOrder(p.unitTests(), p.imageBuild(), p.scan())),
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
