/** What AWS says of a task, a service or a deployment that did not do, and what mends it. */
export interface StopCause {
  readonly id: string;
  /** What AWS writes, as it writes it. */
  readonly texts: readonly string[];
  /**
   * What is found in it, whatever its case: in the words that JavaScript and bash's extended regular expressions share, for
   * the step that confirms a delivery asks by the same table.
   */
  readonly seen: string;
  readonly cause: string;
  readonly fix: string;
  /** Settings of the stack file that the fix names. @default - none: what is wrong is not there */
  readonly settings?: readonly string[];
}

/**
 * The first that fits counts: what is particular stands before what is general.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
export const STOP_CAUSES: readonly StopCause[] = [
  {
    id: "other-platform",
    texts: [
      "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain descriptor matching platform 'linux/amd64'",
      "exec /usr/local/bin/node: exec format error",
    ],
    seen: "descriptor matching platform|exec format error",
    cause: "The image was built for another CPU than the one that its tasks run on.",
    fix: "Set services[].cpuArchitecture to the one it is built for, or build it for both by services[].build.",
    settings: ["services[].cpuArchitecture", "services[].build"],
  },
  {
    id: "image-gone",
    texts: [
      "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api@sha256:aa: not found",
      "CannotPullContainerError: manifest unknown: Requested image not found",
    ],
    seen: "CannotPull.*(not found|manifest unknown|does not exist in (the )?registry)",
    cause: "The repository does not hold the image any more, or never did.",
    fix: "Deliver again by a new push; where it was deleted, raise keepImages of lifecyclePolicy.",
    settings: ["lifecyclePolicy"],
  },
  {
    id: "pull-rate",
    texts: [
      "CannotPullContainerError: inspect image has been retried 5 time(s): httpReaderSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:aa: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
    ],
    seen: "toomanyrequests|pull rate limit|429 Too Many Requests",
    cause: "The registry admits no more pulls for now, as Docker Hub does without a login.",
    fix: "Take the image of services[].sidecars from public.ecr.aws or from a repository of your own in ECR.",
    settings: ["services[].sidecars"],
  },
  {
    id: "pull-denied",
    texts: [
      "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/acme/api:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
      "CannotPullContainerError: Error response from daemon: pull access denied for 123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api: denied: User: arn:aws:sts::123456789012:assumed-role/api-execution/0a is not authorized to perform: ecr:BatchGetImage",
      "CannotPullContainerError: failed to resolve ref: unexpected status code: 403 Forbidden",
    ],
    seen: "CannotPull.*(denied|403|not authorized|authorization failed|no basic auth)",
    cause: "The role in which ECS starts the tasks may not pull the image.",
    fix: "Give services[].executionRole ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the repository; of another registry services[].repository names a pullSecret.",
    settings: ["services[].executionRole", "services[].repository"],
  },
  {
    id: "pull-disk",
    texts: ["CannotPullContainerError: write /var/lib/containerd/tmp: no space left on device"],
    seen: "no space left on device",
    cause: "The image, or what the task writes, is larger than the disk of the task.",
    fix: "Raise services[].ephemeralStorageGiB, or make the image smaller.",
    settings: ["services[].ephemeralStorageGiB"],
  },
  {
    id: "pull-unreachable",
    texts: [
      "CannotPullContainerError: ref pull has been retried 5 time(s): failed to do request: Head https://registry-1.docker.io/v2/acme/api/manifests/1: dial tcp 34.205.13.154:443: i/o timeout",
      "CannotPullContainerError: context deadline exceeded",
      "CannotPullContainerError: Error response from daemon: Get https://api.ecr.eu-west-1.amazonaws.com/: net/http: request canceled while waiting for connection",
    ],
    seen: "CannotPull.*(timeout|timed out|deadline exceeded|request canceled|no such host|connection refused)",
    cause: "Tasks have no way to the registry that holds the image.",
    fix: "network.egress: endpoints reaches ECR in this region alone: natSingle reaches others; in a VPC of yours add endpoints ecr.api, ecr.dkr and s3, or a NAT gateway.",
    settings: ["network.egress"],
  },
  {
    id: "pull",
    texts: ["CannotPullContainerError: API error (500): unexpected EOF", "CannotPullECRContainerError: unknown"],
    seen: "CannotPull(ECR)?ContainerError",
    cause: "The image could not be pulled.",
    fix: "See whether services[].repository names the right repository, and whether services[].executionRole may pull from it.",
    settings: ["services[].repository", "services[].executionRole"],
  },
  {
    id: "secret-missing",
    texts: [
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.",
      "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: Invalid Parameters: [prod-db]",
      "ResourceInitializationError: unable to pull secrets or registry auth: retrieved secret from Secrets Manager did not contain json key password",
    ],
    seen: "(secret|registry auth).*(can't find the specified secret|ResourceNotFound|invalid parameters|did not contain json key)",
    cause: "A secret or parameter that the container is to get is not there, or has no such key.",
    fix: "Write it under the name that services[].container.secrets gives, or correct the name there.",
    settings: ["services[].container.secrets"],
  },
  {
    id: "secret-denied",
    texts: [
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/api-execution/0a is not authorized to perform: secretsmanager:GetSecretValue",
      "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: not authorized to perform: kms:Decrypt",
    ],
    seen: "(secret|registry auth|kms:Decrypt).*(AccessDenied|not authorized)",
    cause: "The role in which ECS starts the tasks may not read a secret, or not decrypt it.",
    fix: "Name the key of the secrets in services[].secretsKey; a services[].executionRole of yours needs the permission itself.",
    settings: ["services[].secretsKey", "services[].executionRole"],
  },
  {
    id: "secret-unreachable",
    texts: [
      "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: service call has been retried 5 time(s): RequestCanceled: request context canceled caused by: context deadline exceeded",
    ],
    seen: "unable to (pull secrets|retrieve)",
    cause: "Tasks have no way to Secrets Manager, Systems Manager or ECR.",
    fix: "A VPC of the stack has the endpoints by network.egress; a VPC of yours needs secretsmanager, ssm, ecr.api and ecr.dkr, or a NAT gateway.",
    settings: ["network.egress"],
  },
  {
    id: "log-group",
    texts: [
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.",
      "ResourceInitializationError: failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException: not authorized to perform: logs:CreateLogStream",
      "ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group defined in the task definition. There is a connection issue between the task and Amazon CloudWatch. Check your network configuration. : signal: killed",
    ],
    seen: "logger args|logging driver|log group",
    cause: "Tasks cannot write their log: the group is not there, the role may not, or there is no way to CloudWatch.",
    fix: "Run pulumi up, which makes the log group and the role; where services[].container.logConfiguration names a group of yours, make it, and a VPC of yours needs the endpoint logs.",
    settings: ["services[].container.logConfiguration"],
  },
  {
    id: "efs",
    texts: [
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-0a1b.efs.eu-west-1.amazonaws.com"',
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: b'mount.nfs4: access denied by server while mounting 127.0.0.1:/'",
      "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount attempt 1/3 failed due to timeout after 15 sec",
    ],
    seen: "EFS utils|mount\\.nfs4",
    cause: "A file system cannot be mounted: no mount target admits the tasks, or its policy refuses the role.",
    fix: "Admit the tasks' security group on port 2049 of the file system in services[].container.fileSystems, for example by services[].outbound with admit: true.",
    settings: ["services[].container.fileSystems", "services[].outbound"],
  },
  {
    id: "no-addresses",
    texts: [
      "ResourceInitializationError: failed to provision ENI: subnet-0a1b has insufficient free addresses: InsufficientFreeAddressesInSubnet",
      "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0a1b': InsufficientFreeAddressesInSubnet",
    ],
    seen: "InsufficientFreeAddresses|insufficient free addresses",
    cause: "A subnet has no address left for another task.",
    fix: "Give the stack a larger network.cidrBlock or further subnets in network.existing; a deployment needs room for old and new tasks.",
    settings: ["network.cidrBlock", "network.existing"],
  },
  {
    id: "resource",
    texts: ["ResourceInitializationError: unable to start sandbox: operation failed"],
    seen: "ResourceInitializationError",
    cause: "Fargate could not prepare what the task needs.",
    fix: "It tries again by itself; if it goes on, look at network, secrets, logs and file systems of the service: network.egress, services[].container.secrets.",
    settings: ["network.egress", "services[].container.secrets"],
  },
  {
    id: "read-only",
    texts: ["CannotStartContainerError: failed to create shim task: mkdir /app/cache: read-only file system"],
    seen: "read-only file system|EROFS",
    cause: "The application writes to a folder, and its file system is read-only.",
    fix: "Name the folder in services[].container.writablePaths.",
    settings: ["services[].container.writablePaths"],
  },
  {
    id: "command-missing",
    texts: [
      'CannotStartContainerError: failed to create task for container: OCI runtime create failed: exec: "serve": executable file not found in $PATH',
      "exit code 127",
    ],
    seen: "executable file not found|no such file or directory|exit code 127([^0-9]|$)",
    cause: "The command that the container is to start is not in the image.",
    fix: "Correct services[].container.command or services[].container.entryPoint, or the image.",
    settings: ["services[].container.command", "services[].container.entryPoint"],
  },
  {
    id: "not-executable",
    texts: [
      'CannotStartContainerError: OCI runtime create failed: exec: "/app/start.sh": permission denied',
      "exit code 126",
    ],
    seen: "(exec|OCI runtime).*permission denied|exit code 126([^0-9]|$)",
    cause: "The command of the container is there, and may not be run by its user.",
    fix: "Make it executable in the image, or name another services[].container.user or services[].container.command.",
    settings: ["services[].container.user", "services[].container.command"],
  },
  {
    id: "out-of-memory",
    texts: ["OutOfMemoryError: Container killed due to memory usage"],
    seen: "OutOfMemory",
    cause: "The container used more memory than the task has.",
    fix: "Raise services[].memory; a JVM wants services[].runtime: jvm beside it.",
    settings: ["services[].memory", "services[].runtime"],
  },
  {
    id: "health-elb",
    texts: [
      "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api-blue/0a)",
      "(service prod-api) (task 0a1b) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api-blue/0a) due to (reason Health checks failed with these codes: [502])",
      "(service prod-api) (task 0a1b) (port 8080) is unhealthy in (target-group api-blue) due to (reason Request timed out)",
    ],
    seen: "failed ELB health checks|is unhealthy in \\(target-group",
    cause: "The load balancer asked the new tasks, and they did not answer as healthy in time.",
    fix: "services[].healthCheck.path has to answer 200 to 299 on services[].container.port; a slow start wants services[].healthCheckGracePeriodSeconds.",
    settings: ["services[].healthCheck.path", "services[].container.port", "services[].healthCheckGracePeriodSeconds"],
  },
  {
    id: "health-container",
    texts: ["Task failed container health checks"],
    seen: "failed container health checks",
    cause: "The health check inside the container failed too often.",
    fix: "See whether the image has the program that services[].container.healthCheck.command calls; a slow start wants services[].container.healthCheck.startPeriodSeconds.",
    settings: ["services[].container.healthCheck.command", "services[].container.healthCheck.startPeriodSeconds"],
  },
  {
    id: "spot",
    texts: ["Your Spot Task was interrupted.", "SpotInterruption"],
    seen: "Spot Task was interrupted|SpotInterruption",
    cause: "AWS took Spot capacity back; the task had two minutes to end, and ECS starts another.",
    fix: "Where that must not happen, run it on services[].capacityProvider: FARGATE, or keep a base there by services[].capacityProviderStrategy.",
    settings: ["services[].capacityProvider", "services[].capacityProviderStrategy"],
  },
  {
    id: "capacity",
    texts: [
      "service (prod-api) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
    ],
    seen: "Capacity is unavailable",
    cause: "AWS has no capacity of this kind in these zones at the moment.",
    fix: "ECS goes on trying; services[].capacityProvider: FARGATE instead of Spot, or more network.availabilityZones, finds it sooner.",
    settings: ["services[].capacityProvider", "network.availabilityZones"],
  },
  {
    id: "quota",
    texts: [
      "service (prod-api) was unable to place a task. Reason: You've reached the limit on the number of tasks you can run concurrently",
      "service (prod-api) was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
      "service (prod-api) was unable to place a task. Reason: The requested CPU configuration is above your limit.",
    ],
    seen: "reached the limit on the number of|configuration is above your limit",
    cause: "The account may not run more on Fargate in this region.",
    fix: "Ask Service Quotas for more Fargate vCPUs, or lower services[].cpu and services[].desiredCount; a deployment needs old and new tasks at once.",
    settings: ["services[].cpu", "services[].desiredCount"],
  },
  {
    id: "no-instance",
    texts: [
      "service prod-api was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster.",
      "service prod-api was unable to place a task because no container instance met all of its requirements. The closest matching container-instance 0a1b has insufficient memory available.",
      "service prod-api was unable to reach steady state. Reason: No Container Instances were found in your capacity provider.",
    ],
    seen: "no container instance met|No Container Instances were found",
    cause: "The cluster has no instance with room for the task.",
    fix: "Add instances to the cluster, or let services[].capacityProvider be FARGATE.",
    settings: ["services[].capacityProvider"],
  },
  {
    id: "no-placement",
    texts: ["(service prod-api) was unable to place a task. Reason: Internal error."],
    seen: "unable to place a task",
    cause: "ECS could not start a task for the service.",
    fix: "The reason stands behind it; ECS goes on trying by itself, and services[].capacityProvider says where.",
    settings: ["services[].capacityProvider"],
  },
  {
    id: "throttled",
    texts: [
      "service prod-api operations are being throttled on ELB. Will try again later.",
      "ThrottlingException: Rate exceeded",
    ],
    seen: "being throttled|Rate exceeded",
    cause: "AWS slows the account down: too many calls at once.",
    fix: "It goes on by itself; deliver fewer services at the same time.",
  },
  {
    id: "target-group-gone",
    texts: [
      "(service prod-api) failed to register targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/0a) with (error One or more target groups not found)",
      "Service deployment rolled back because of invalid networking configuration: One or more rules not found",
    ],
    seen: "target groups? not found|TargetGroup.*(not exist|NotFound)|rules not found|TARGET GROUP IS NOT FOUND",
    cause: "What carries the traffic was deleted behind Pulumi's back.",
    fix: "Run pulumi up, which looks first and makes it anew; services[].targets names what is yours.",
    settings: ["services[].targets"],
  },
  {
    id: "two-groups-serve",
    texts: [
      "Service deployment rolled back because of invalid networking configuration. productionListenerRule arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/api/0/1/2 should have exactly one target group serving traffic but found 2 target groups which are serving traffic",
    ],
    seen: "exactly one target group serving traffic",
    cause: "Both target groups had traffic as the deployment began, and ECS takes one alone.",
    fix: "Set the weight of the group that does not serve to 0 in the rule, and run the stage again; nothing in the stack file is wrong.",
  },
  {
    id: "balancer-role",
    texts: [
      "Service deployment rolled back because of invalid networking configuration. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role 'arn:aws:iam::123456789012:role/api'.",
      "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. User: arn:aws:sts::123456789012:assumed-role/api/ECSNetworkingWithELB is not authorized to perform: elasticloadbalancing:ModifyListener",
    ],
    seen: "missing permissions on ECS Infrastructure Role|not authorized to perform: elasticloadbalancing:",
    cause: "The role in which ECS moves traffic may not change the load balancer.",
    fix: "Run pulumi up, which gives the role what it needs; of a load balancer in services[].targets the listener has to be the one that is named.",
    settings: ["services[].targets"],
  },
  {
    id: "networking",
    texts: [
      "Service deployment rolled back because of invalid networking configuration: Target group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/0a is not associated with either productionListenerRule or testListenerRule.",
      "Service deployment rolled back because of invalid networking configuration. Production listener rule is forwarding traffic to unexpected target group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/x/0a",
    ],
    seen: "invalid networking configuration",
    cause: "Listener rules and target groups do not fit one another as the strategy wants it.",
    fix: "Both groups have to hang on the production or test rule; run pulumi up, and correct services[].targets where they are yours.",
    settings: ["services[].targets"],
  },
  {
    id: "pause-timeout",
    texts: [
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook timed out waiting for action.",
    ],
    seen: "lifecycle hook.*timed out",
    cause: "The deployment waited for a person, or for a function, longer than it may.",
    fix: "Answer in time, or raise pauseInMinutes under lifecycleHooks in deployment.",
    settings: ["deployment"],
  },
  {
    id: "hook",
    texts: [
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target arn:aws:lambda:eu-west-1:123456789012:function:check returned FAILED status.",
      "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from arn:aws:lambda:eu-west-1:123456789012:function:check due to HookStatus must not be null",
      "Service deployment rolled back because TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ECS was unable to assume role arn:aws:iam::123456789012:role/hook",
    ],
    seen: "lifecycle hook\\(s\\) failed",
    cause: "A hook of the deployment said no, or could not be asked.",
    fix: "The function's log says why; its function and role are in lifecycleHooks of deployment, and it has to answer hookStatus SUCCEEDED.",
    settings: ["deployment"],
  },
  {
    id: "alarm",
    texts: [
      "(service prod-api) (deployment ecs-svc/0a1b) deployment failed: alarm detected.",
      "Service deployment rolled back because the CloudWatch alarm api-blue-5xx was triggered.",
    ],
    seen: "alarm detected|rolled back because.*alarm|DEPLOYMENT_STOP_ON_ALARM",
    cause: "An alarm that guards the deployment rang, so it was taken back.",
    fix: "The alarm says what went wrong; maximumErrorPercent and alarmNames in deployment say what is too much.",
    settings: ["deployment"],
  },
  {
    id: "circuit-breaker",
    texts: [
      "ECS deployment circuit breaker: tasks failed to start.",
      "(service prod-api) (deployment ecs-svc/0a1b) deployment failed: tasks failed to start.",
      "Service deployment rolled back because the circuit breaker threshold was exceeded.",
      "(service prod-api) is unable to consistently start tasks successfully.",
    ],
    seen: "circuit breaker|deployment failed: tasks? failed to start|unable to consistently start tasks",
    cause: "New tasks stopped again and again, so the deployment was taken back.",
    fix: "Why they stopped stands at the stopped tasks; mend that, and push again.",
  },
  {
    id: "stopped-by-person",
    texts: ["Service deployment stopped by user request.", "Deployment stopped by user"],
    seen: "deployment stopped by|StopServiceDeployment|user request",
    cause: "A person stopped it.",
    fix: "Push again, or run the stage again, when it is to go on.",
  },
  {
    id: "percentages",
    texts: [
      "service prod-api was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
    ],
    seen: "unable to stop or start tasks during a deployment",
    cause: "The deployment may neither start a task more nor stop an old one.",
    fix: "Let minimumHealthyPercent or maximumPercent of deployment leave room for one task.",
    settings: ["deployment"],
  },
  {
    id: "killed",
    texts: ["Essential container in task exited (api: exit code 137)"],
    seen: "exit code 137([^0-9]|$)",
    cause: "The container was killed: out of memory, or it did not end in time when it was asked to.",
    fix: "Raise services[].memory; if it was stopping, raise services[].container.stopTimeoutSeconds or end at SIGTERM.",
    settings: ["services[].memory", "services[].container.stopTimeoutSeconds"],
  },
  {
    id: "segfault",
    texts: ["Essential container in task exited (api: exit code 139)"],
    seen: "exit code 139([^0-9]|$)",
    cause:
      "The process broke memory rules and was ended by the kernel, often by a library for another CPU or C library.",
    fix: "Build the image for services[].cpuArchitecture, on a base image that its libraries fit.",
    settings: ["services[].cpuArchitecture"],
  },
  {
    id: "terminated",
    texts: ["Essential container in task exited (api: exit code 143)"],
    seen: "exit code 143([^0-9]|$)",
    cause: "The container ended as it was asked to (SIGTERM), which by itself is no failure.",
    fix: "Look at why the task was stopped; services[].container.stopTimeoutSeconds says how long it may take.",
    settings: ["services[].container.stopTimeoutSeconds"],
  },
  {
    id: "ended",
    texts: ["Essential container in task exited (api: exit code 0)"],
    seen: "exit code 0([^0-9]|$)",
    cause: "The process ended by itself without an error, and a service has to go on.",
    fix: "Let services[].container.command run in the foreground; what is to end belongs under services[].scheduledTasks.",
    settings: ["services[].container.command", "services[].scheduledTasks"],
  },
  {
    id: "exited",
    texts: [
      "Essential container in task exited (api: exit code 1)",
      "Essential container in task exited",
      "EssentialContainerExited",
    ],
    seen: "Essential ?Container( in task)? ?exited|exit code [0-9]+",
    cause: "The application ended with an error, and the task with it.",
    fix: "Its last lines say why; variables and secrets come from services[].container.environment and services[].container.secrets.",
    settings: ["services[].container.environment", "services[].container.secrets"],
  },
  {
    id: "start",
    texts: [
      "CannotStartContainerError: failed to get container status: unknown",
      "DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s",
      "ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m",
    ],
    seen: "CannotStartContainer|DockerTimeoutError|ContainerRuntimeTimeout|CannotCreateContainer|CannotInspectContainer|ContainerRuntimeError",
    cause: "The container could not be started.",
    fix: "Look at services[].container.command and services[].container.user, and at services[].memory where it takes long.",
    settings: ["services[].container.command", "services[].container.user", "services[].memory"],
  },
  {
    id: "volume",
    texts: ["CannotCreateVolumeError: failed to create volume"],
    seen: "CannotCreateVolume",
    cause: "A volume of the task could not be made.",
    fix: "Look at services[].container.fileSystems and at the file systems that they name.",
    settings: ["services[].container.fileSystems"],
  },
  {
    id: "stop",
    texts: ["CannotStopContainerError: failed sending SIGTERM to container"],
    seen: "CannotStopContainer",
    cause: "The container did not let itself be stopped.",
    fix: "AWS stops it by force; services[].container.stopTimeoutSeconds says how long it may take by itself.",
    settings: ["services[].container.stopTimeoutSeconds"],
  },
  {
    id: "infrastructure",
    texts: [
      "Host EC2 (instance i-0a1b) terminated.",
      "InfrastructureHealth",
      "TerminationNotice",
      "Task stopped by AWS: underlying hardware issue",
    ],
    seen: "InfrastructureHealth|TerminationNotice|Host EC2|retire|hardware",
    cause: "AWS took the machine away, for maintenance or because it failed.",
    fix: "ECS starts another task by itself; services[].desiredCount of at least 2 serves meanwhile.",
    settings: ["services[].desiredCount"],
  },
  {
    id: "user",
    texts: ["Task stopped by user", "UserInitiated"],
    seen: "UserInitiated|stopped by user|StopTask",
    cause: "A person or a program stopped the task.",
    fix: "ECS starts another; nothing in the stack file is wrong.",
  },
  {
    id: "failed-to-start",
    texts: ["TaskFailedToStart", "Task failed to start"],
    seen: "TaskFailedToStart|task failed to start",
    cause: "The task never ran.",
    fix: "The reason of its container says why; look at image, secrets and logs: services[].repository, services[].container.secrets.",
    settings: ["services[].repository", "services[].container.secrets"],
  },
];

/** The cause of a deployment that was taken back because its tasks stopped: why they did stands at them. */
export const TOLD_BY_TASKS = STOP_CAUSES.find(({ id }) => id === "circuit-breaker")?.cause ?? "";

/** What is meant by a text of AWS's, if it is known. */
export function causeOf(text: string): StopCause | undefined {
  return STOP_CAUSES.find(({ seen }) => new RegExp(seen, "is").test(text));
}

/** Begins the reason of tasks that ECS stops because it should: a newer deployment, or scaling. */
export const ROUTINE = "^(ServiceSchedulerInitiated )?Scaling activity initiated by";

/** Whether ECS stopped a task because it should. */
export function isRoutine(text: string): boolean {
  return new RegExp(ROUTINE, "i").test(text);
}

/** What differs from task to task in the same reason, and what stands for it; `\\1` is the first group. */
export const DIFFERING: readonly (readonly [seen: string, stands: string])[] = [
  ["arn:aws[a-z-]*:elasticloadbalancing:[^) ]*targetgroup/([A-Za-z0-9-]+)/[0-9a-f]+", "\\1"],
  ["[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "REQUEST"],
  ["[0-9a-f]{32}", "TASK"],
  ["[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}(:[0-9]+)?", "ADDRESS"],
];

/** A reason without what differs from task to task. */
export function withoutDiffering(reason: string): string {
  return DIFFERING.reduce(
    (text, [seen, stands]) => text.replace(new RegExp(seen, "g"), stands.replace("\\1", "$1")),
    reason,
  );
}
