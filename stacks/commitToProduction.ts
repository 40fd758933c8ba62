import { inOrder, stage } from "../components/pipeline/action";
import type { EnvironmentProfile } from "./profile";
import { staging, untilPassed } from "./staging";

/**
 * One pipeline from commit to production: what staging is, and then the very image that passed goes on to the stack in
 * `releaseTo`. While one run waits for a person, only the newest of the others stays.
 */
export const commitToProduction: EnvironmentProfile = {
  ...staging,
  name: "commitToProduction",
  executionMode: "SUPERSEDED",
  releases: true,
  stages: (p) => [
    ...untilPassed(p),
    stage("Approve", p.approval()),
    // The window is one stage ahead of the alarms, which AWS looks at once: when a run arrives.
    stage("Release", p.release(), { beforeEntry: p.window() }),
    stage("Production", inOrder(p.deployRelease(), p.confirmRelease()), {
      onFailure: "ROLLBACK",
      beforeEntry: p.quiet(),
    }),
  ],
};
