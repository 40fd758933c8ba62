import type { WatchedCost } from "../components/dashboard/costWidgets";
import { EnvironmentDashboard } from "../components/dashboard/environmentDashboard";
import { TASK } from "../components/service/settings";
import { pick, withDefaults } from "../components/settings/settings";
import type { ServiceConfig } from "./config/load";
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
    services: deliveries.map(({ config: own, service, traffic }) => ({
      name: own.name,
      service,
      traffic,
      cost: costOf(own),
    })),
    projects: Object.fromEntries(own),
    confirmProjects: confirms === undefined ? [] : [confirms],
  });
  return { dashboardUrl: url };
}

/** What the tasks of a service are paid by: of one that is there already, or on machines of one's own, nobody here knows. */
function costOf(config: ServiceConfig): WatchedCost | undefined {
  if (config.service !== undefined || config.taskDefinition !== undefined) return undefined;
  const { capacityProvider, capacityProviderStrategy, ...size } = withDefaults(TASK, pick(TASK, config));
  const providers = capacityProviderStrategy?.map((one) => one.capacityProvider) ?? [capacityProvider ?? "FARGATE"];
  if (!providers.every((one) => one.startsWith("FARGATE"))) return undefined;
  return { ...size, isSpot: providers.includes("FARGATE_SPOT") };
}
