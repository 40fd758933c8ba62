import type { Finding, RecordedGraph, RecordedResource } from "../../graph/graph";
import { mapOf, mapsOf, textOf } from "../../graph/read";
import { ofType, TYPES } from "../../graph/resources";
import type { UpdateContext } from "../updateRun";

/** Services that others reached by a name and port of Service Connect, and do not reach under it any more. */
export function reachedFindings({ before, after }: UpdateContext): readonly Finding[] {
  const retains = before.resources.some(({ protect }) => protect);
  return [...newNames(before, after), ...lostNames(before, after, retains)];
}

/**
 * A name that comes: tasks that run already do not know it.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
function newNames(before: RecordedGraph, after: RecordedGraph): readonly Finding[] {
  const connected = ofType(before, TYPES.service).filter((one) => isConnected(one));
  const others = connected.filter(({ urn }) => after.resources.some((one) => one.urn === urn && isConnected(one)));
  const come = ofType(after, TYPES.service).filter(
    (service) => namesOf(service).length > 0 && !before.resources.some(({ urn }) => urn === service.urn),
  );
  if (others.length === 0) return [];
  return come.map((service) => ({
    level: "notice",
    rule: "name-known-later",
    urn: service.urn,
    message: `${service.name}: tasks of ${others.map(({ name }) => name).join(", ")} that run already do not find it as ${namesOf(service).join(", ")}: those of their next deployment do`,
    steps: [`deliver to ${service.name} first, and to those that call it after that`],
  }));
}

function lostNames(before: RecordedGraph, after: RecordedGraph, retains: boolean): readonly Finding[] {
  return ofType(after, TYPES.service).flatMap((service): readonly Finding[] => {
    const past = ofType(before, TYPES.service).find(({ urn }) => urn === service.urn);
    const names = namesOf(service);
    const lost = past ? namesOf(past).filter((name) => !names.includes(name)) : [];
    if (!past || lost.length === 0) return [];
    const alone = mapsOf(past.inputs.loadBalancers).length === 0;
    const way = alone ? ", and there is no other way to it" : "";
    return [
      {
        level: alone && retains ? "error" : "warning",
        rule: "name-not-found",
        urn: service.urn,
        message:
          `${service.name}: other services reach it as ${lost.join(", ")} by Service Connect, and do not any more${way}` +
          `${names.length > 0 ? `; it is ${names.join(", ")} then` : ""}`,
        steps:
          names.length > 0
            ? [
                "let those that call it take name and port from a variable, and deliver them with the new one right after the update",
                "or announce the time",
              ]
            : [
                "give it another way in first (a load balancer), and pulumi up",
                "let those that call it use that, and deliver them",
                "then make the change",
              ],
      },
    ];
  });
}

/** Where others in the namespace find a service: `web:3000`. */
function namesOf({ inputs }: RecordedResource): readonly string[] {
  const { enabled, services } = mapOf(inputs.serviceConnectConfiguration);
  if (enabled !== true) return [];
  return mapsOf(services).flatMap(({ discoveryName, clientAlias }) =>
    mapsOf([clientAlias].flat()).map(
      ({ dnsName, port }) => `${textOf(dnsName) ?? textOf(discoveryName) ?? ""}:${String(port)}`,
    ),
  );
}

function isConnected({ inputs }: RecordedResource): boolean {
  return mapOf(inputs.serviceConnectConfiguration).enabled === true;
}
