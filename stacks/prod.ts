import { rolling } from "../components/deployment/rolling";
import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";

/** Nothing is built before a person has said yes. */
export const prod: EnvironmentProfile = {
  name: "prod",
  deployment: rolling(),
  desiredCount: 2,
  retain: true,
  stages: (p) => [
    stage("Source", p.source()),
    stage("Build", inOrder(p.approval(), p.unitTests(), p.imageBuild())),
    // A failed deployment brings back the last good one, through the same action.
    stage("Deploy", inOrder(p.deploy(), p.confirm()), { onFailure: "ROLLBACK" }),
  ],
};
