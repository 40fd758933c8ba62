import { at, list, textAt } from "../support/read";
import { all } from "./delivery";
import type { Cloud, CloudValues } from "./standIn/cloud";

/** Why a request to production finds no task of the only service; undefined where it finds one. */
export function whyNotServed(cloud: Cloud): string | undefined {
  const [service] = all(cloud, "aws:ecs/service:Service");
  const registered = list(service?.loadBalancers).map((balancer) => textAt(at(balancer, "targetGroupArn")));
  const listeners = Object.entries(cloud.resources).filter(
    ([key, one]) => key.startsWith("aws:lb/listener:Listener ") && isProduction(one),
  );
  if (listeners.length !== 1) return `${listeners.length} listeners of production`;
  const [key, listener] = listeners[0] ?? ["", {}];
  const arn = key.slice(key.indexOf(" ") + 1);
  const rules = all(cloud, "aws:lb/listenerRule:ListenerRule")
    .filter(({ listenerArn }) => listenerArn === arn)
    .sort((one, other) => Number(one.priority) - Number(other.priority));
  const led = list(rules[0]?.actions ?? listener.defaultActions).flatMap(groupsLedTo);
  if (led.length > 0 && led.every((group) => registered.includes(group))) return undefined;
  return `production leads to ${led.join(", ")}, and the service registers in ${registered.join(", ")}`;
}

/** A listener of HTTP or HTTPS that does not lead to another port. */
function isProduction({ port, defaultActions }: CloudValues): boolean {
  return [80, 443].includes(Number(port)) && !list(defaultActions).some((action) => at(action, "type") === "redirect");
}

/** Target groups that requests go to. */
function groupsLedTo(action: unknown): readonly string[] {
  const weighted = (list(at(action, "forward", "targetGroups")) as CloudValues[])
    .filter(({ weight }) => weight === undefined || Number(weight) > 0)
    .map(({ arn }) => textAt(arn));
  return weighted.length > 0 ? weighted : [textAt(at(action, "targetGroupArn"))];
}
