import { rolling } from "../components/deployment/rolling";
import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";

/** As dev, with two tasks, so that what only shows with several is seen here. */
export const qa: EnvironmentProfile = {
  name: "qa",
  deployment: rolling(),
  desiredCount: 2,
  retain: false,
  stages: (p) => [
    stage("Source", p.source()),
    stage("Build", inOrder(p.unitTests(), p.imageBuild())),
    // A failed deployment brings back the last good one, through the same action.
    stage("Deploy", inOrder(p.deploy(), p.confirm()), { onFailure: "ROLLBACK" }),
  ],
};
