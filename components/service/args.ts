import type { Input } from "@pulumi/pulumi";
import type { DeploymentStrategy } from "../deployment/strategy";
import type {
  ClusterRef,
  ImageSource,
  NetworkRef,
  RoleRef,
  ServiceConnectRef,
  TopicRef,
  TrafficTargets,
} from "../refs";
import type { ArgsOf } from "../settings/settings";
import type { ApplicationPermission } from "./applicationPermissions";
import type { BeforeDeploymentArgs } from "./beforeDeployment";
import type { Container, Sidecar } from "./container";
import type { ScalingArgs } from "./scaling";
import type { Outbound } from "./securityGroups";
import type { SERVICE } from "./settings";

/** Arguments of `EcsService`. */
export interface EcsServiceArgs extends ArgsOf<typeof SERVICE> {
  /** Name of the ECS service, its task definition family and its log group. @default - the component's name */
  readonly serviceName?: string;
  readonly cluster: ClusterRef;
  readonly network: NetworkRef;
  readonly container: Container;
  /** Repository the images are in. @default - none: `image` needs no AWS permission */
  readonly repository?: ImageSource;
  /** Image before the first delivery. @default - none yet: the service waits, at a desired count of 0, for its first delivery */
  readonly image?: Input<string>;
  /**
   * `source`: each release takes `taskdef.json` and `appspec.yaml` from the service's folder in its repository, where the
   * strategy releases from a template; what stands here of containers, CPU and memory is then only how the service starts.
   * `family` is the one that `taskdef.json` names. @default - from these arguments; family: the service's name
   */
  readonly taskDefinitionFrom?: { readonly from: "source"; readonly family?: string | undefined } | undefined;
  /**
   * What tells its deployment files from those of another service in the same artifact, whose image it runs.
   * @default - the image, and the artifact, are its own
   */
  readonly deploymentFiles?: string | undefined;
  /** @default - no load balancer (a worker) */
  readonly targets?: TrafficTargets;
  /** @default rolling() */
  readonly deployment?: DeploymentStrategy;
  /** Topic that the alarms which guard deployments tell; its policy, and its key's, admit CloudWatch. @default - nobody is told */
  readonly alarmTopic?: TopicRef | undefined;
  /** Command of the new image that has to end well before a deployment. @default - none */
  readonly beforeDeployment?: BeforeDeploymentArgs | undefined;
  /** @default - the number of tasks does not change by itself */
  readonly scaling?: ScalingArgs;
  /** @default - a new role: pull this image, write this log group, read these secrets */
  readonly executionRole?: RoleRef;
  /** Role of the application. @default - a new role that may do what `permissions` says */
  readonly taskRole?: RoleRef;
  /**
   * Keys that the secrets of its containers, and the one it pulls with, are encrypted with: the new execution role decrypts
   * these secrets alone. @default - AWS's own keys, which ask for no permission
   */
  readonly secretsKeyArns?: readonly Input<string>[];
  /** What the application may do in AWS, in the role that is made for it. @default - nothing */
  readonly permissions?: readonly ApplicationPermission[] | undefined;
  /** Key the log group is encrypted with; its policy must admit CloudWatch Logs. @default - CloudWatch Logs' own encryption */
  readonly kmsKeyArn?: Input<string>;
  /** Whether Pulumi refuses to delete the record of the delivered image. @default false */
  readonly protectDeliveredImage?: boolean;
  /** Containers beside the one that serves. @default - none */
  readonly sidecars?: readonly Sidecar[];
  /**
   * Lets people open a shell in a task (ECS Exec); who may is their own IAM permission `ecs:ExecuteCommand`. The key is
   * the one that the cluster encrypts sessions with. @default - nobody can
   */
  readonly executeCommand?: { readonly kmsKeyArn?: Input<string> };
  /** Makes the service known to others by its name, and others to it. @default - it is reached by its load balancer alone */
  readonly serviceConnect?: ServiceConnectRef;
  /** What tasks may open connections to, beside image pulls, logs and secrets. @default - nothing */
  readonly outbound?: readonly Outbound[];
}
