import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Capacity } from "./service/capacity";

/**
 * The least a component needs to know of something that may be someone else's. An `aws.*` resource, another component,
 * a StackReference's outputs and plain literals all fit, so no component asks who made it.
 */
export interface NamedArn {
  readonly arn: Input<string>;
  readonly name: Input<string>;
}

/** An ECS cluster. */
export interface ClusterRef extends NamedArn {
  /**
   * Capacity providers that are known to be associated with it. @default - not known: tasks ask for launch type FARGATE, which
   * every cluster has, unless a capacity provider is named
   */
  readonly capacityProviders?: readonly string[];
}
/** An ECS service. */
export type ServiceRef = NamedArn;
/** An IAM role. */
export type RoleRef = NamedArn;
/** An ALB target group. */
export type TargetGroupRef = NamedArn;
/** A CodeBuild project. */
export type ProjectRef = NamedArn;

/** An SNS topic. */
export interface TopicRef {
  readonly arn: Input<string>;
  /** Key the topic is encrypted with: who publishes needs it. @default - not encrypted, or its key admits the publisher */
  readonly kmsKeyArn?: Input<string>;
}

/** A standard SQS queue. */
export interface QueueRef {
  readonly arn: Input<string>;
  /** Its URL, where whoever makes something that sends in no role writes its policy. @default - its own policy has to admit that */
  readonly url?: Input<string>;
}

/** An ALB listener. */
export interface ListenerRef {
  readonly arn: Input<string>;
}

/** An image repository, in any registry, that builds push to and tasks pull from. */
export interface ImageSource {
  /** `<registry>/<name>`, without a tag. */
  readonly repositoryUrl: Input<string>;
  /** ARN of the repository in ECR. @default - another registry: roles get no permission of ECR */
  readonly arn?: Input<string>;
  /** Name of the repository in ECR. @default - another registry */
  readonly name?: Input<string>;
  /** Secrets Manager secret with the `username` and `password` that tasks pull with. @default - they pull without; ECR knows their role */
  readonly pullSecretArn?: Input<string>;
}

/** An image repository in ECR. */
export interface RepositoryRef extends ImageSource {
  /** `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, without a tag. */
  readonly repositoryUrl: Input<string>;
  readonly arn: Input<string>;
  readonly name: Input<string>;
}

/** Where CodePipeline keeps artifacts between actions. */
export interface ArtifactStoreRef {
  /** Bucket name. */
  readonly bucket: Input<string>;
  /** Bucket ARN. */
  readonly arn: Input<string>;
  /** Key the artifacts are encrypted with. @default - the bucket's own encryption */
  readonly kmsKeyArn?: Input<string>;
}

/** A VPC with the subnets that load balancers and tasks use. */
export interface NetworkRef {
  readonly vpcId: Input<string>;
  readonly publicSubnetIds: Input<Input<string>[]>;
  readonly privateSubnetIds: Input<Input<string>[]>;
  /**
   * Security group whose members reach the VPC endpoints; tasks are put into it.
   * @default - none: tasks may open port 443 to anywhere, and the VPC's routes decide
   */
  readonly endpointClientSecurityGroupId?: Input<string>;
  /**
   * Whether tasks run in the public subnets, each with a public address of its own: a way out without endpoints or NAT. Their
   * security groups let nobody in but the load balancer. @default false
   */
  readonly publicTasks?: boolean;
}

/** What starting a task of a service, beside those that serve, takes. */
export interface TaskRef {
  readonly cluster: ClusterRef;
  /** Family of its task definition. */
  readonly family: Input<string>;
  /** Container that serves. */
  readonly containerName: string;
  /** CPU units of its task definition. @default - not known */
  readonly cpu?: number | undefined;
  /** MiB of its task definition. @default - not known */
  readonly memory?: number | undefined;
  /** Where it runs: capacity providers of the cluster, and the share of each. */
  readonly capacity: Capacity;
  readonly subnetIds: Input<Input<string>[]>;
  readonly securityGroupIds: Input<Input<string>[]>;
  /** Whether it gets a public address. @default false */
  readonly assignPublicIp?: boolean;
  /** Task role and execution role. */
  readonly passRoleArns: readonly Input<string>[];
}

/** A Service Connect namespace, and the security group whose members reach one another. */
export interface ServiceConnectRef {
  readonly namespaceArn: Input<string>;
  readonly securityGroupId: Input<string>;
}

/** Rules of listeners that lead to a service's target groups. */
export interface ListenerRules {
  /** Rule of the production listener. */
  readonly production: ListenerRuleRef;
  /** Rule of the test listener. @default - there is no listener that the new version could be tried on */
  readonly test?: ListenerRuleRef | undefined;
}

/** A rule of an ALB listener, or an NLB listener, which has none; an `aws.lb.ListenerRule` and an `aws.lb.Listener` fit. */
export type ListenerRuleRef = Resource & { readonly arn: Output<string> };

/** A load balancer's part in a service: two target groups, and the listeners that choose between them. */
export interface TrafficTargets {
  readonly blue: TargetGroupRef;
  readonly green: TargetGroupRef;
  readonly productionListener: ListenerRef;
  readonly testListener: ListenerRef;
  /** Rules that lead to the target groups, and stay. @default - the listeners' default actions lead there */
  readonly rules?: ListenerRules;
  /** What the load balancer is. @default "application" */
  readonly type?: "application" | "network";
  /** Whether rules of other services stand on the listeners: one of this service comes after all of them. @default false */
  readonly isShared?: boolean;
  /** Security group that admits the load balancer to the container port; tasks are put into it. */
  readonly targetSecurityGroupId: Input<string>;
}
