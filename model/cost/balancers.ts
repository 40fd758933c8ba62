import type { RecordedGraph } from "../graph/graph";
import { listOf, textOf } from "../graph/read";
import { ofType, TYPES } from "../graph/resources";
import type { Bill } from "./bill";

/** Hours of load balancers, and the public addresses that they have: one in each subnet. */
export function billBalancers(graph: RecordedGraph, bill: Bill): void {
  for (const { name, inputs } of ofType(graph, TYPES.loadBalancer)) {
    const type = textOf(inputs.loadBalancerType) ?? "application";
    if (type === "gateway") bill.say(`load balancer ${name}: of type gateway`);
    else bill.add("load balancers", `${type} load balancer ${name}`, "balancerHour", [1, 1]);
    const subnets = listOf(inputs.subnets).length + listOf(inputs.subnetMappings).length;
    const addresses = inputs.internal === true ? 0 : subnets;
    bill.add("load balancers", `public addresses of ${name}`, "addressHour", [addresses, addresses]);
  }
}
