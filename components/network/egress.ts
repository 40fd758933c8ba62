/** How tasks in private subnets reach AWS: VPC endpoints, one NAT gateway, or one in each availability zone. */
export const EGRESS = ["endpoints", "natSingle", "natPerAz"] as const;

/** AWS services that tasks reach through interface endpoints. */
export type EndpointService = "ecr.api" | "ecr.dkr" | "logs" | "ssm" | "secretsmanager" | "ssmmessages" | "ecs-agent";
