import { inOrder, stage } from "../../components/pipeline/action";
import type { EnvironmentProfile } from "../../stacks/profile";
import { staging } from "../../stacks/staging";

/** One pipeline from commit to production. The front end is tested against the backend it will call. */
export const shopStack: EnvironmentProfile = {
  ...staging,
  name: "shop",
  executionMode: "SUPERSEDED",
  releases: true,
  stages: (p) => {
    const [backend, frontEnd] = [p.only("backend"), p.only("front-end")];
    return [
      stage("Source", p.source()),
      stage("Build", inOrder(backend.unitTests(), backend.imageBuild()), { onFailure: "RETRY" }),
      // One stage: another run must not deploy between a deployment and the tests of it.
      stage(
        "Staging",
        inOrder(
          backend.deploy(),
          backend.confirm(),
          frontEnd.unitTests(),
          frontEnd.imageBuild(),
          frontEnd.deploy(),
          frontEnd.confirm(),
          // A load test beside others would measure them too.
          p.tests("performance"),
          p.tests("security", "acceptance"),
          p.recordPassed(),
        ),
        { onFailure: "ROLLBACK" },
      ),
      stage("Approve", p.approval()),
      stage("Release", p.release(), { beforeEntry: p.window() }),
      stage("Production", inOrder(p.deployRelease(), p.confirmRelease()), {
        onFailure: "ROLLBACK",
        beforeEntry: p.quiet(),
      }),
    ];
  },
};
