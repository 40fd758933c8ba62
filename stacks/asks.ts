import type { EnvironmentProfile, PipelineParts } from "./profile";

/** Whether a profile's pipelines ask a person: its stages are arranged once with steps that make nothing. */
export function asksPerson(profile: EnvironmentProfile): boolean {
  let asked = false;
  const nothing = () => [];
  const parts: PipelineParts = {
    source: nothing,
    approval: () => {
      asked = true;
      return [];
    },
    unitTests: nothing,
    imageBuild: nothing,
    scan: nothing,
    beforeDeployment: nothing,
    deploy: nothing,
    confirm: nothing,
    tests: nothing,
    recordPassed: nothing,
    release: nothing,
    deployRelease: nothing,
    confirmRelease: nothing,
    window: nothing,
    quiet: nothing,
    only: () => parts,
  };
  const own = profile.stages(parts).flatMap(({ actions }) => actions);
  return asked || own.some(({ declaration }) => declaration.category === "Approval");
}
