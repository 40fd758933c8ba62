/**
 * How tasks reach AWS: from private subnets through VPC endpoints, one NAT gateway, or one in each availability zone; or from
 * public subnets with addresses of their own.
 */
export const EGRESS = ["endpoints", "natSingle", "natPerAz", "public"] as const;

/** AWS services that tasks reach through interface endpoints. */
export type EndpointService =
  | "ecr.api"
  | "ecr.dkr"
  | "logs"
  | "ssm"
  | "secretsmanager"
  | "ssmmessages"
  | "kms"
  | "codebuild"
  | "ecs-agent";

/**
 * Endpoint services that are named otherwise than `com.amazonaws.<region>.<service>`, by region, and how. In China some are,
 * and others beside them are not; gateway endpoints never are.
 * https://docs.amazonaws.cn/en_us/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
const OTHERWISE_NAMED: Readonly<Record<string, { readonly prefix: string; readonly services: readonly string[] }>> = {
  "cn-north-1": { prefix: "cn.com.amazonaws", services: ["ecr.api", "ecr.dkr"] },
  "cn-northwest-1": { prefix: "cn.com.amazonaws", services: ["ecr.api", "ecr.dkr"] },
  "eusc-de-east-1": { prefix: "eu.amazonaws", services: ["ecr.api", "ecr.dkr"] },
};

/** Name of the interface endpoint of a service in a region. */
export function endpointServiceName(region: string, service: EndpointService): string {
  const { prefix, services } = OTHERWISE_NAMED[region] ?? { prefix: "", services: [] };
  return `${services.includes(service) ? prefix : "com.amazonaws"}.${region}.${service}`;
}
