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
    // A failed deployment brings back the last good one, through the same action.
    stage("Deploy", inOrder(p.deploy(), p.confirm()), {
      onFailure: "ROLLBACK",
      beforeEntry: [...p.window(), ...p.quiet()],
    }),
    stage("Test", p.tests()),
  ],
};
