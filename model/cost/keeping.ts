import { KEPT_GB, type PriceName } from "../../components/cost/prices";
import type { RecordedGraph } from "../graph/graph";
import { pipelinesOf } from "../graph/pipelines";
import { arnOf, arnPlace, ofType, TYPES } from "../graph/resources";
import type { Bill, CostPart } from "./bill";

const KEPT: readonly (readonly [type: string, what: string, price: PriceName, each: number])[] = [
  [TYPES.key, "KMS keys", "key", 1],
  ["aws:kms/replicaKey:ReplicaKey", "replicas of KMS keys", "key", 1],
  [TYPES.secret, "secrets", "secret", 1],
  ["aws:route53/zone:Zone", "hosted zones", "zone", 1],
  [TYPES.logGroup, `GB kept in log groups, ${KEPT_GB} each`, "logGbStored", KEPT_GB],
  [TYPES.repository, `GB of images, ${KEPT_GB} a repository`, "imageGb", KEPT_GB],
  [TYPES.bucket, `GB in buckets, ${KEPT_GB} each`, "objectGb", KEPT_GB],
];

/** Keys, secrets, and what is kept: logs, images, artifacts. What stands in another region has that one's price. */
export function billKeeping(graph: RecordedGraph, region: string, bill: Bill): void {
  for (const [type, what, price, each] of KEPT) {
    const places = ofType(graph, type).map((one) => arnPlace(arnOf(one))?.region ?? region);
    for (const place of new Set(places)) {
      const count = places.filter((one) => one === place).length * each;
      const where = place === region ? what : `${what}, in ${place}`;
      bill.add("keeping", where, price, [count, count], { region: place });
    }
  }
  const advanced = ofType(graph, TYPES.parameter).filter(({ inputs }) => inputs.tier === "Advanced").length;
  bill.add("keeping", "advanced parameters", "advancedParameter", [advanced, advanced]);
}

/** Pipelines of type V1, which cost something in a month in which they run; those of V2 are paid by the minute. */
export function billPipelines(graph: RecordedGraph, bill: Bill): void {
  const part: CostPart = "pipelines";
  const first = pipelinesOf(graph).filter(
    ({ resource, workflow }) => workflow === undefined && resource.inputs.pipelineType !== "V2",
  ).length;
  bill.add(part, "pipelines of type V1, in a month in which they run", "pipeline", [first, first]);
}
