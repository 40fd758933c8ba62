import type { TrafficTargets } from "../refs";

/**
 * All traffic to blue. Weighted from the start: a deployment rewrites the weights, and a plain forward would look changed
 * for ever.
 */
export function weightedForward({ blue, green }: Pick<TrafficTargets, "blue" | "green">) {
  return {
    type: "forward",
    forward: {
      targetGroups: [
        { arn: blue.arn, weight: 100 },
        { arn: green.arn, weight: 0 },
      ],
    },
  };
}
