import { stringify } from "yaml";
import type { Capacity } from "../../service/capacity";

/** Points of a CodeDeploy deployment on ECS at which a function can decide. */
export const APPSPEC_HOOKS = [
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
] as const;

/** One of `APPSPEC_HOOKS`. */
export type AppspecHook = (typeof APPSPEC_HOOKS)[number];

/** What an appspec says of a service. */
interface AppspecArgs {
  readonly containerName: string;
  readonly containerPort: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** Whether tasks get public addresses. @default false */
  readonly assignPublicIp?: boolean | undefined;
  /** Capacity providers to start tasks on. @default - the service's launch type */
  readonly capacity?: Capacity;
  /** Hook to the function that decides, by name or ARN. @default - none */
  readonly hooks?: Readonly<Partial<Record<AppspecHook, string>>>;
}

/** Stands for the revision that the deploy action registers; the action puts its ARN here. */
export const TASK_DEFINITION = "<TASK_DEFINITION>";

/**
 * The appspec that CodeDeploy follows, as YAML text.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
 */
export function renderAppspec(args: AppspecArgs): string {
  const {
    containerName,
    containerPort,
    subnets,
    securityGroups,
    assignPublicIp = false,
    capacity = [],
    hooks = {},
  } = args;
  const properties = {
    TaskDefinition: TASK_DEFINITION,
    LoadBalancerInfo: { ContainerName: containerName, ContainerPort: containerPort },
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        Subnets: subnets,
        SecurityGroups: securityGroups,
        AssignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED",
      },
    },
    CapacityProviderStrategy:
      capacity.length > 0
        ? capacity.map(({ capacityProvider, base = 0, weight }) => ({
            Base: base,
            CapacityProvider: capacityProvider,
            Weight: weight,
          }))
        : undefined,
  };
  const called = APPSPEC_HOOKS.flatMap((hook) => (hooks[hook] ? [{ [hook]: hooks[hook] }] : []));
  const body = {
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties: properties } }],
    Hooks: called.length > 0 ? called : undefined,
  };
  // A YAML writer would make 0 of it; CodeDeploy wants 0.0.
  return `version: 0.0\n${stringify(body, { lineWidth: 0 })}`;
}
