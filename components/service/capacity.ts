import type * as aws from "@pulumi/aws";

/** Whether tasks run on Fargate: anything else names one of the cluster's own capacity providers. */
export function isFargate(capacityProvider = "FARGATE"): boolean {
  return capacityProvider === "FARGATE" || capacityProvider === "FARGATE_SPOT";
}

export function placement(capacityProvider = "FARGATE"): Partial<aws.ecs.ServiceArgs> {
  if (capacityProvider === "FARGATE") return { launchType: "FARGATE", platformVersion: "LATEST" };
  return {
    capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
    platformVersion: capacityProvider === "FARGATE_SPOT" ? "LATEST" : undefined,
  };
}
