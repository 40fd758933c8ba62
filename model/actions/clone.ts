import type { Action } from "../graph/pipelines";
import { type ArnPlace, arnIn } from "../graph/resources";
import type { Calls } from "../permissions/need";
import { call, callsTo } from "./provider";

/**
 * What a build calls in its own role to get the files of a source that hands on a reference: it clones by itself.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-connections
 */
export function cloneCalls({ provider, configuration: given }: Action, place: ArnPlace): readonly Calls[] {
  if (given.OutputArtifactFormat !== "CODEBUILD_CLONE_REF") return [];
  if (provider === "CodeCommit")
    return [callsTo("codecommit", ["GitPull"], arnIn(place, "codecommit", given.RepositoryName ?? ""))];
  return provider === "CodeStarSourceConnection" ? [useConnection(given.ConnectionArn ?? "")] : [];
}

/** AWS renamed the service, and checks under either name. */
export function useConnection(arn: string): Calls {
  return {
    ...call(["codeconnections:UseConnection", "codestar-connections:UseConnection"], arn),
    within: ["codeconnections", "codestar-connections"].map((name) => arn.replace(/^(arn:[^:]*):[^:]*/, `$1:${name}`)),
  };
}
