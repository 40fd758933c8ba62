import { rolling } from "../components/deployment/rolling";
import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";

/** Nothing is built before a person has said yes. While one run waits for that, only the newest of the others stays. */
export const prod: EnvironmentProfile = {
  name: "prod",
  deployment: rolling(),
  desiredCount: 2,
  retain: true,
  accessLogs: true,
  dashboard: true,
  executionMode: "SUPERSEDED",
  stages: (p) => [
    stage("Source", p.source()),
    // No automatic retry here: a person's no would be asked for again.
    stage("Build", inOrder(p.approval(), p.unitTests(), p.imageBuild(), p.scan())),
    // A stage of its own: what fails here has deployed nothing that would have to be taken back.
    stage("BeforeDeployment", p.beforeDeployment(), { beforeEntry: [...p.window(), ...p.quiet()] }),
    // A failed deployment brings back the last good one, through the same action.
    stage("Deploy", inOrder(p.deploy(), p.confirm()), {
      onFailure: "ROLLBACK",
      beforeEntry: [...p.window(), ...p.quiet()],
    }),
  ],
};
