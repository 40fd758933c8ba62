import { EnvironmentDashboard } from "../components/dashboard/environmentDashboard";
import type { DeliveryContext } from "./deliveryContext";
import { existingRef } from "./existing";
import type { EnvironmentProfile } from "./profile";
import type { ServiceDelivery } from "./serviceDelivery";

/** The dashboard of the environment, as an output, where profile or stack config want one. */
export function defineDashboard(
  deliveries: readonly ServiceDelivery[],
  profile: EnvironmentProfile,
  { stack, config, foundation, projects, place }: DeliveryContext,
): Record<string, unknown> {
  // A stack whose services are all there already makes nothing but what delivers to them, unless it is told to.
  const makes = config.services.some(({ service }) => service === undefined);
  if (!(config.dashboard ?? (profile.dashboard && makes))) return {};
  const own = [...projects].map(([name, { project }]) => [name, project.name] as const);
  const given = config.confirmProject && existingRef("project", config.confirmProject.existing, place).name;
  const confirms = given ?? projects.get("confirm")?.project.name;
  const { url } = new EnvironmentDashboard(stack, {
    cluster: foundation.cluster(),
    // Of a cluster that exists nobody here knows what it measures.
    containerInsights: config.cluster === undefined,
    services: deliveries.map(({ config: { name }, service, traffic }) => ({ name, service, traffic })),
    projects: Object.fromEntries(own),
    confirmProjects: confirms === undefined ? [] : [confirms],
  });
  return { dashboardUrl: url };
}
