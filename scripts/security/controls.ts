/** A control, and what meets it. */
interface Control {
  readonly asked: string;
  /** Rules that ask for it: Security Hub, checkov, cdk-nag. */
  readonly of: string;
  readonly by: string;
}

/** Controls that a stack meets, and settings that meet them. */
export const CONTROLS: readonly Control[] = [
  {
    asked: "Requests to load balancers are logged",
    of: "ELB.5, CKV_AWS_91, AwsSolutions-ELB2",
    by: "`accessLogs`, on in prod",
  },
  { asked: "Requests to buckets are logged", of: "S3.9, CKV_AWS_18, AwsSolutions-S1", by: "`accessLogs`, on in prod" },
  {
    asked: "Users come by TLS 1.2 or newer",
    of: "ELB.1, ELB.17, CKV_AWS_2, CKV_AWS_103, CKV2_AWS_20",
    by: "`loadBalancer.certificateArn`; without one the preview says so in production",
  },
  {
    asked: "A web ACL stands before public load balancers",
    of: "ELB.16, CKV2_AWS_28, NIST ALBWAFEnabled",
    by: "`loadBalancer.webAclArn`",
  },
  {
    asked: "Load balancers drop odd headers and are not deleted by mistake",
    of: "ELB.4, ELB.6, ELB.12, CKV_AWS_131, CKV_AWS_150, CKV_AWS_328",
    by: "always; `retain` for the deletion",
  },
  {
    asked: "Alarms tell somebody",
    of: "NIST CloudWatchAlarmAction, CKV_AWS_319",
    by: "the topic of the stack, where it has one",
  },
  {
    asked: "Buckets are private, versioned, encrypted, TLS only, and emptied",
    of: "S3.1, S3.2, S3.3, S3.5, S3.8, S3.12, S3.13, CKV_AWS_21, CKV_AWS_53-56, CKV_AWS_145, CKV_AWS_300",
    by: "always",
  },
  { asked: "Artifacts survive a region", of: "CKV_AWS_144, NIST S3BucketReplicationEnabled", by: "`artifactReplica`" },
  {
    asked: "Logs, artifacts, images, topic and sessions are encrypted with a key that rotates",
    of: "KMS.4, CKV_AWS_7, CKV_AWS_26, CKV_AWS_136, CKV_AWS_147, CKV_AWS_158, CKV_AWS_219, CKV_AWS_224, AwsSolutions-KMS5, AwsSolutions-CB4",
    by: "the stack's key, or `kmsKey`",
  },
  { asked: "The topic takes nothing by plain HTTP", of: "AwsSolutions-SNS3", by: "always" },
  {
    asked: "Roles name calls and resources, are taken by one service for this account alone, and pass no others' roles",
    of: "IAM.1, IAM.21, CKV_AWS_286-290, CKV_AWS_355",
    by: "always; the preview's `role-too-wide` finds what is not",
  },
  { asked: "Nobody decrypts with every key", of: "KMS.1, KMS.2", by: "keys are named; secrets by service and secret" },
  {
    asked: "Secrets are no plain variables",
    of: "ECS.8, AwsSolutions-ECS2",
    by: "`secrets`; what looks like a key in plain text is refused",
  },
  {
    asked: "Containers run without the rights of their host, on a file system that is read only, and are watched",
    of: "ECS.3, ECS.4, ECS.5, ECS.9, ECS.12, CKV_AWS_334-336, CKV_AWS_65, AwsSolutions-ECS4",
    by: "always; `readonlyRootFilesystem` may be taken back for a container",
  },
  { asked: "Tasks have no public address", of: "ECS.2, ECS.16, CKV_AWS_333", by: "always" },
  {
    asked: "Images are scanned and their tags never move",
    of: "ECR.1, ECR.2, ECR.3, CKV_AWS_51, CKV_AWS_163",
    by: "always; `gates.maximumScanSeverity` stops a delivery",
  },
  {
    asked: "The VPC logs what it refuses, and its default security group is closed",
    of: "EC2.2, EC2.6, CKV2_AWS_11, CKV2_AWS_12, AwsSolutions-VPC7",
    by: "networks that the stack makes",
  },
];

/** A rule that is not followed. */
interface NotFollowed {
  readonly rule: string;
  readonly of: string;
  readonly why: string;
}

/** What is deliberately not followed, one line each. */
export const NOT_FOLLOWED: readonly NotFollowed[] = [
  {
    rule: "No inline policies",
    of: "IAMNoInlinePolicy (NIST, PCI)",
    why: "a policy of one role belongs to it and goes with it; managed ones are ten to a role, can be attached elsewhere, and moving to them would leave running pipelines without permissions for a moment. What is too long for one is managed",
  },
  {
    rule: "No `*` in a policy",
    of: "AwsSolutions-IAM5",
    why: "`*` stands only where AWS has no resource level (the page says which), for objects below a named bucket, and for revisions and tasks that do not exist yet",
  },
  {
    rule: "No privileged builds",
    of: "CKV_AWS_316, AwsSolutions-CB3",
    why: "`docker build` needs a daemon: only image builds have one, in a role of their own; tests have none",
  },
  {
    rule: "Nothing is open to 0.0.0.0/0",
    of: "CKV_AWS_260, AwsSolutions-EC23",
    why: "the production port of a public load balancer is for users; `ingressCidrBlocks` or `internal` closes it. Nothing else is open",
  },
  {
    rule: "TLS on every listener, no port 80",
    of: "CKV_AWS_2, CKV_AWS_103, CKV2_AWS_20, ELB.18, NIST ELBv2ACMCertificateRequired, ALBHttpToHttpsRedirection",
    why: "a certificate is of a name that is yours: `loadBalancer.certificateArn`. The preview says it in production. Port 80 only redirects then",
  },
  {
    rule: "TLS to the container",
    of: "CKV_AWS_378, ELB.21, ELB.22",
    why: "between load balancer and tasks traffic stays in the VPC, where security groups admit nobody else; a certificate in every image would be one more to renew",
  },
  {
    rule: "A web ACL",
    of: "CKV2_AWS_28, NIST ALBWAFEnabled",
    why: "costs money for each request and knows the application: `loadBalancer.webAclArn`",
  },
  {
    rule: "Copies in another region",
    of: "CKV_AWS_144, NIST and PCI S3BucketReplicationEnabled",
    why: "artifacts are made of a commit in minutes: `artifactReplica` where that is not enough. Logs are not copied",
  },
  {
    rule: "Events of every bucket",
    of: "CKV2_AWS_62",
    why: "nobody would listen: only a bucket of sources starts something, and tells of it",
  },
  {
    rule: "The bucket of logs: KMS, and logs of its own",
    of: "CKV_AWS_145, CKV_AWS_18, AwsSolutions-S1, S3DefaultEncryptionKMS",
    why: "load balancers write to no bucket with a key of one's own, and a log of the log has no end",
  },
  {
    rule: "Logs for a year",
    of: "CKV_AWS_338, CloudWatch.16",
    why: "30 days are what looking into a failure takes, and older ones cost; `logRetentionInDays` of a service and `accessLogRetentionInDays` say otherwise",
  },
  {
    rule: "Encrypted parameters",
    of: "CKV2_AWS_34",
    why: "records of images and settings are no secrets, and who reads them would need the key; secrets are yours, and never made here",
  },
  {
    rule: "No route to the internet",
    of: "NIST and PCI VPCNoUnrestrictedRouteToIGW",
    why: "a public load balancer stands in public subnets; tasks are in private ones",
  },
  {
    rule: "Deletion of object versions needs a second factor",
    of: "CKV_AWS_252, S3.20",
    why: "only the root user could then delete a bucket's versions, and no stack could go",
  },
  {
    rule: "Plain variables of containers",
    of: "AwsSolutions-ECS2",
    why: "a variable in `environment` is one that everybody may read; there is no list where there is none",
  },
];
