import { ecrPlace } from "../../graph/ecr";
import type { RecordedGraph } from "../../graph/graph";
import { type Action, actionPlace, type Pipeline, pipelinesOf, variablesIn, variablesOf } from "../../graph/pipelines";
import { mapOf } from "../../graph/read";
import { physicalName } from "../../graph/resources";
import { runnablesOf } from "../../graph/workflows";
import { type Start, startByImage } from "./push";

/** A tag that is set in a repository. */
export interface ReleasedTag {
  readonly repository: string;
  readonly tag: string;
}

/** An action that releases images, by tags of this form. */
export interface ReleasingAction extends ReleasedTag {
  readonly pipeline: Pipeline;
  readonly action: Action;
  /** What its tags begin with; the commit follows. */
  readonly prefix: string;
}

/** What stands for a commit in a tag. */
const ANY_COMMIT = "0".repeat(40);

/** The actions of a graph that release images. */
export function releasesIn(graph: RecordedGraph): readonly ReleasingAction[] {
  return pipelinesOf(graph).flatMap((pipeline) =>
    pipeline.actions.flatMap((action): ReleasingAction[] => {
      const runnable = runnablesOf(graph).find((one) => physicalName(one) === action.configuration.ProjectName);
      const all = [...variablesIn(mapOf(runnable?.inputs.environment).environmentVariables), ...variablesOf(action)];
      const value = (name: string) => [...all].reverse().find((one) => one.name === name)?.value;
      const [repository, prefix] = [value("TARGET_REPOSITORY_URI"), value("RELEASE_TAG_PREFIX")];
      if (repository === undefined || prefix === undefined) return [];
      return [{ pipeline, action, repository, prefix, tag: `${prefix}${ANY_COMMIT}` }];
    }),
  );
}

/** The pipelines that watch the repository of an image, and whether its tag starts them. */
export function receiversOf(graphs: readonly RecordedGraph[], { repository, tag }: ReleasedTag): readonly Start[] {
  const place = ecrPlace(repository);
  if (!place) return [];
  return graphs.flatMap((graph) =>
    pipelinesOf(graph).flatMap((pipeline) =>
      pipeline.actions
        .filter((source) => {
          const { account, region } = actionPlace(pipeline, source) ?? {};
          const isThere = account === place.account && region === place.region;
          return source.provider === "ECR" && source.configuration.RepositoryName === place.name && isThere;
        })
        .map((source) => startByImage(graph, pipeline, source, tag)),
    ),
  );
}
