import type { Environment } from "../environment/environment";
import { afterFirstUp, deliver } from "../environment/life";
import type { RecordedGraph } from "../graph/graph";
import { type ArnPlace, arnOf, arnPlace } from "../graph/resources";

/** A stack whose resources are there, and change as deliveries change them. */
export class PlayedStack {
  readonly place: ArnPlace;
  /** What is there now. */
  environment: Environment;

  /** @param delivered whether something was delivered before, and serves; else everything waits for its first image */
  constructor(
    readonly graph: RecordedGraph,
    readonly delivered: boolean,
  ) {
    const first = afterFirstUp(graph);
    this.environment = delivered ? deliver(first) : first;
    this.place = placeIn(graph);
  }
}

/** Where a stack is, by the first ARN with an account and a region. */
function placeIn(graph: RecordedGraph): ArnPlace {
  for (const resource of graph.resources) {
    const place = arnPlace(arnOf(resource));
    if (place) return place;
  }
  return { partition: "aws", region: "", account: "" };
}
