import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { mayDo, policiesOf, statementsIn } from "../../model/graph/iam";
import { oncePerGraph } from "../../model/graph/once";
import { pipelinesOf } from "../../model/graph/pipelines";
import { type AdmittedRole, admittedRoles } from "../../model/graph/principals";
import { arnOf, ofType, physicalName, TYPES } from "../../model/graph/resources";
import { deployedBy, taskDefinitionOf } from "../../model/graph/services";
import { admittedSubjects } from "../../model/graph/tokens";
import { type ServiceView, viewService } from "../delivery/deliveredService";

/** Who takes a role to deliver: a role of somebody else, or jobs on GitHub by their tokens. */
export type Deliverer = AdmittedRole | { readonly jobs: string };

/** Services that somebody else's pipeline or workflow delivers to. */
export interface Reception {
  readonly by: readonly Deliverer[];
  /** Name of the role that it takes here. */
  readonly role: string;
  readonly services: readonly ServiceView[];
}

/** Who delivers to the services for which the stack has no pipeline: one reception for each role that they do it in. */
export const receptionsOf = oncePerGraph((graph): readonly Reception[] => {
  const own = pipelinesOf(graph).flatMap((pipeline) => deployedBy(graph, pipeline).map(({ service }) => service));
  const others = ofType(graph, TYPES.service).filter((service) => !own.includes(service));
  return ofType(graph, TYPES.role).flatMap((role) => {
    const trust = statementsIn(role.inputs.assumeRolePolicy);
    const by = [...admittedRoles(trust), ...admittedSubjects(trust).map((jobs) => ({ jobs }))];
    const services = by.length === 0 ? [] : others.filter((service) => mayRenew(graph, role, service));
    if (services.length === 0) return [];
    return [{ by, role: physicalName(role), services: services.map((service) => viewService(graph, service)) }];
  });
});

/** Whether a role may register what the service is to run: every way of deploying does. */
function mayRenew(graph: RecordedGraph, role: RecordedResource, service: RecordedResource): boolean {
  const definition = taskDefinitionOf(graph, service);
  const arn = definition && arnOf(definition);
  const statements = policiesOf(graph, role).flatMap(({ text }) => statementsIn(text));
  return arn !== undefined && mayDo(statements, "ecs:RegisterTaskDefinition", arn);
}
