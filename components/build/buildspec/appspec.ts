import { stringify } from "yaml";

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
  /** Capacity provider to start tasks on. @default - the service's launch type */
  readonly capacityProvider?: string;
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
  const { containerName, containerPort, subnets, securityGroups, capacityProvider, hooks = {} } = args;
  const properties = {
    TaskDefinition: TASK_DEFINITION,
    LoadBalancerInfo: { ContainerName: containerName, ContainerPort: containerPort },
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: subnets, SecurityGroups: securityGroups, AssignPublicIp: "DISABLED" },
    },
    CapacityProviderStrategy: capacityProvider
      ? [{ Base: 0, CapacityProvider: capacityProvider, Weight: 1 }]
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
