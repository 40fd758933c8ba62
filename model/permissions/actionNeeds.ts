import { ACTION_PROVIDERS } from "../actions";
import type { RecordedGraph } from "../graph/graph";
import { type Action, actionPlace, type Pipeline } from "../graph/pipelines";
import { because } from "./calls";
import type { Need } from "./need";

/**
 * What an action needs of the role it runs in, on the very resources it names.
 *
 * A second opinion, on purpose: a component writes what its action may do beside the action; this is AWS's own list, read from
 * the recorded action alone. Were one made of the other, a permission that both forget would be found only by a run that fails.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
 */
export function actionNeeds(graph: RecordedGraph, pipeline: Pipeline, action: Action): readonly Need[] {
  const place = actionPlace(pipeline, action);
  // Where the provider is not known, the rule on actions' configuration says so.
  const calls = (place && ACTION_PROVIDERS[action.provider]?.calls?.(graph, action, place)) ?? [];
  return because(`action ${action.name}`, calls);
}
