import type { PipelineStage } from "../../components/pipeline/action";
import type { EnvironmentProfile, PipelineParts } from "../profile";

/** What a profile's stages ask for. */
export interface Steps {
  /** Whether a person is asked. */
  readonly asks: boolean;
  /** Tests that it names. */
  readonly tests: readonly string[];
  /** Whether it has tests at all. */
  readonly hasTests: boolean;
  /** Services that it names. */
  readonly services: readonly string[];
  /** Whether a window or alarms of `gates` hold a stage back. */
  readonly waits: boolean;
  /** Whether something of services' own can run before a deployment. */
  readonly prepares: boolean;
}

/** Reads a profile's stages, without making anything: its steps are asked for, and give no actions. */
export function stepsOf(profile: EnvironmentProfile): Steps {
  const asked = { approval: false, tests: false, waits: false, prepares: false };
  const [tests, services]: [string[], string[]] = [[], []];
  const none = () => [];
  const parts: PipelineParts = {
    source: none,
    approval: () => {
      asked.approval = true;
      return [];
    },
    unitTests: none,
    imageBuild: none,
    scan: none,
    beforeDeployment: () => {
      asked.prepares = true;
      return [];
    },
    deploy: none,
    confirm: none,
    tests: (...names) => {
      asked.tests = true;
      tests.push(...names);
      return [];
    },
    recordPassed: none,
    release: none,
    deployRelease: none,
    confirmRelease: none,
    window: () => {
      asked.waits = true;
      return [];
    },
    quiet: () => {
      asked.waits = true;
      return [];
    },
    only: (...names) => {
      services.push(...names);
      return parts;
    },
  };
  const stages: readonly PipelineStage[] = profile.stages(parts);
  return {
    asks: asked.approval && stages.length > 0,
    tests,
    hasTests: asked.tests,
    services,
    waits: asked.waits,
    prepares: asked.prepares,
  };
}
