import { rolling } from "../components/deployment/rolling";
import { inOrder, type PipelineStage, stage } from "../components/pipeline/action";
import type { EnvironmentProfile, PipelineParts } from "./profile";

/** Every push: tested, built, deployed, and tested again as it runs. What passes is recorded as fit for release. */
export const staging: EnvironmentProfile = {
  name: "staging",
  deployment: rolling(),
  desiredCount: 1,
  retain: false,
  executionMode: "QUEUED",
  recordsPassed: true,
  releasesByTag: true,
  // Where a stack whose own pipeline watches its repository is named in `releaseTo`, what passed is put there.
  stages: (p) => [...untilPassed(p), stage("Release", p.release())],
};

/** From the commit to an image that is recorded as fit for release. */
export function untilPassed(p: PipelineParts): PipelineStage[] {
  return [
    stage("Source", p.source()),
    // Nobody waits here: what failed is tried once more before somebody is called.
    stage("Build", inOrder(p.unitTests(), p.imageBuild()), { onFailure: "RETRY" }),
    // A stage of its own: what fails here has deployed nothing that would have to be taken back.
    stage("BeforeDeployment", p.beforeDeployment()),
    // One stage: another run must not deploy between a deployment and the tests of it. What fails brings back the last
    // version that passed.
    stage("Staging", inOrder(p.deploy(), p.confirm(), [...p.tests(), ...p.scan()], p.recordPassed()), {
      onFailure: "ROLLBACK",
    }),
  ];
}
