import { inOrder, stage } from "../../components/pipeline/action";
import type { EnvironmentProfile } from "../../stacks/profile";
import { staging } from "../../stacks/staging";

/** One pipeline from commit to production. The front end is tested against the backend it will call. */
export const shop: EnvironmentProfile = {
  ...staging,
  name: "shop",
  executionMode: "SUPERSEDED",
  releases: true,
  stages: (p) => {
    const [backend, frontEnd] = [p.only("backend"), p.only("front-end")];
    return [
      stage("Source", p.source()),
      stage("BuildBackend", inOrder(backend.unitTests(), backend.imageBuild()), { onFailure: "RETRY" }),
      stage("StageBackend", inOrder(backend.deploy(), backend.confirm()), { onFailure: "ROLLBACK" }),
      stage("BuildFrontEnd", inOrder(frontEnd.unitTests(), frontEnd.imageBuild()), { onFailure: "RETRY" }),
      stage("StageFrontEnd", inOrder(frontEnd.deploy(), frontEnd.confirm()), { onFailure: "ROLLBACK" }),
      // A load test beside others would measure them too.
      stage("Test", inOrder(p.tests("performance"), p.tests("security", "acceptance"), p.recordPassed())),
      stage("Approve", p.approval()),
      stage("Release", p.release(), { beforeEntry: p.window() }),
      stage("Production", inOrder(p.deployRelease(), p.confirmRelease()), {
        onFailure: "ROLLBACK",
        beforeEntry: p.quiet(),
      }),
    ];
  },
};
