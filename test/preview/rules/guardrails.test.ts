import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordedResource } from "../../../model/graph/graph";
import { TYPES } from "../../../model/graph/resources";
import { rules } from "../../../preview/rules";
import { TAGGABLE } from "../../../preview/rules/guardrails/tags";
import { ROOT } from "../../support/stack";
import { graphOf, policy, resource } from "./handMade";

type Inputs = Readonly<Record<string, unknown>>;

/** A resource that a rule minds, one that it does not mind, and what it says. */
interface Case {
  readonly bad: readonly RecordedResource[];
  readonly good: readonly RecordedResource[];
  readonly says: RegExp;
  readonly stack?: string;
  readonly options?: unknown;
}

const container = (more: Inputs) => [
  resource(TYPES.taskDefinition, "web", {
    containerDefinitions: JSON.stringify([{ name: "web", readonlyRootFilesystem: true, ...more }]),
  }),
];
const variable = (name: string, value: string) => container({ environment: [{ name, value }] });
const build = (environment: Inputs, buildspec = "version: 0.2\nphases: {}") => [
  resource(TYPES.project, "build", { environment, source: { buildspec } }),
];
const trust = (principal: unknown, condition?: Inputs) => [
  resource(TYPES.role, "web", {
    assumeRolePolicy: JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal, Condition: condition }],
    }),
  }),
];
const web = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
const subject = (value: string) =>
  trust({ Federated: web }, { StringLike: { "token.actions.githubusercontent.com:sub": value } });
const listener = (inputs: Inputs) => [resource(TYPES.listener, "web", { protocol: "HTTPS", ...inputs })];
const pipeline = (...categories: readonly string[]) => [
  resource(TYPES.pipeline, "web", {
    stages: categories.map((category) => ({ name: category, actions: [{ name: category, category }] })),
  }),
];
const source = (configuration: Inputs) => [
  resource(TYPES.pipeline, "web", {
    stages: [{ actions: [{ name: "Source", category: "Source", provider: "CodeCommit", configuration }] }],
  }),
];
const ingress = (inputs: Inputs) => [
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "web", {
    securityGroupId: "sg-1",
    ipProtocol: "tcp",
    ...inputs,
  }),
];
const block = (inputs: Inputs) => [
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "web", {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
    ...inputs,
  }),
];
const bucketPolicy = (statement: Inputs) =>
  resource(TYPES.bucketPolicy, "web", { bucket: "web", policy: JSON.stringify({ Statement: [statement] }) });
const one = (type: string, inputs: Inputs, more: Partial<RecordedResource> = {}) => [
  { ...resource(type, "web", inputs), ...more },
];

/** At least one case for each guardrail. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  "privileged-container": [
    {
      bad: container({ privileged: true }),
      good: container({ privileged: false }),
      says: /container web: privileged;/,
    },
    {
      bad: one(TYPES.taskDefinition, { pidMode: "host" }),
      good: one(TYPES.taskDefinition, { pidMode: "task" }),
      says: /pidMode: host/,
    },
  ],
  "writable-root": [
    {
      bad: container({ readonlyRootFilesystem: false }),
      good: container({}),
      says: /readonlyRootFilesystem is not true/,
    },
  ],
  "secret-in-plain-text": [
    {
      bad: variable("DB_PASSWORD", "hunter2"),
      good: variable("DB_HOST", "db"),
      says: /container web: variable DB_PASSWORD/,
    },
    { bad: variable("apiKey", "abc"), good: variable("API_KEY_ARN", "abc"), says: /apiKey/ },
    { bad: variable("REGION", "AKIAABCDEFGHIJKLMNOP"), good: variable("GITHUB_TOKEN", ""), says: /REGION/ },
    {
      bad: variable("TOKEN", "x"),
      good: variable("TOKEN", "arn:aws:secretsmanager:eu-west-1:1:secret:x"),
      says: /TOKEN/,
    },
    {
      bad: build({ environmentVariables: [{ name: "NPM_TOKEN", value: "x" }] }),
      good: build({ environmentVariables: [{ name: "NPM_TOKEN", value: "npm", type: "SECRETS_MANAGER" }] }),
      says: /variable NPM_TOKEN has its value in plain text/,
    },
    { bad: variable("PIN", "x"), good: variable("TOKEN", "x"), says: /PIN/, options: { names: ["^pin$"] } },
    {
      bad: variable("TOKEN", "x"),
      good: variable("CSRF_TOKEN", "x"),
      says: /TOKEN/,
      options: { except: ["CSRF_TOKEN"] },
    },
  ],
  "image-not-scanned": [
    {
      bad: one(TYPES.repository, { imageScanningConfiguration: { scanOnPush: false } }),
      good: one(TYPES.repository, { imageScanningConfiguration: { scanOnPush: true } }),
      says: /nobody scans/,
    },
  ],
  "logs-kept-forever": [
    { bad: one(TYPES.logGroup, {}), good: one(TYPES.logGroup, { retentionInDays: 30 }), says: /is not set/ },
    {
      bad: one(TYPES.logGroup, { retentionInDays: 0 }),
      good: one(TYPES.logGroup, { retentionInDays: 3653 }),
      says: /is not set/,
    },
    {
      bad: one(TYPES.logGroup, { retentionInDays: 60 }),
      good: one(TYPES.logGroup, { retentionInDays: 30 }),
      says: /expected at most 30, got 60/,
      options: { maximumDays: 30 },
    },
  ],
  "public-bucket": [
    { bad: block({ restrictPublicBuckets: false }), good: block({}), says: /restrictPublicBuckets is not true/ },
    {
      bad: one(TYPES.bucket, { acl: "public-read" }),
      good: one(TYPES.bucket, { acl: "private" }),
      says: /acl: public-read/,
    },
    {
      bad: [bucketPolicy({ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" })],
      good: [
        bucketPolicy({
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "s3:GetObject",
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
        }),
      ],
      says: /everybody may s3:GetObject/,
    },
  ],
  "bucket-without-tls": [
    {
      bad: [
        resource(TYPES.bucket, "web", {}),
        bucketPolicy({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ],
      good: [],
      says: /takes requests without TLS/,
    },
    {
      bad: one(TYPES.bucket, {}),
      good: [
        resource(TYPES.bucket, "web", {}),
        bucketPolicy({
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      ],
      says: /takes requests without TLS/,
    },
  ],
  "topic-without-tls": [
    {
      bad: one(TYPES.topic, { policy: JSON.stringify({ Statement: [] }) }),
      good: one(TYPES.topic, {
        policy: JSON.stringify({
          Statement: {
            Effect: "Deny",
            Principal: "*",
            Action: "sns:Publish",
            Resource: "*",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        }),
      }),
      says: /takes requests without TLS/,
    },
  ],
  "key-does-not-rotate": [
    { bad: one(TYPES.key, {}), good: one(TYPES.key, { enableKeyRotation: true }), says: /enableKeyRotation/ },
    {
      bad: one(TYPES.key, { enableKeyRotation: false, customerMasterKeySpec: "SYMMETRIC_DEFAULT" }),
      good: one(TYPES.key, { customerMasterKeySpec: "RSA_2048" }),
      says: /enableKeyRotation/,
    },
  ],
  "unprotected-data": [
    {
      bad: one(TYPES.repository, {}),
      good: one(TYPES.repository, {}, { protect: true }),
      says: /prod would delete it/,
      stack: "prod",
    },
    {
      bad: one("aws:rds/instance:Instance", {}),
      good: one("aws:rds/instance:Instance", {}, { retainOnDelete: true }),
      says: /live would delete it/,
      stack: "live",
      options: { stacks: ["live"] },
    },
  ],
  "administrator-role": [
    {
      bad: one(TYPES.policyAttachment, { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }),
      good: one(TYPES.policyAttachment, { policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }),
      says: /AdministratorAccess/,
    },
    {
      bad: one(TYPES.role, { managedPolicyArns: ["arn:aws-cn:iam::aws:policy/IAMFullAccess"] }),
      good: one(TYPES.role, { managedPolicyArns: [] }),
      says: /IAMFullAccess/,
    },
  ],
  "anyone-may-take-role": [
    { bad: trust("*"), good: trust({ Service: "ecs-tasks.amazonaws.com" }), says: /every AWS account/ },
    {
      bad: trust({ AWS: "*" }),
      good: trust({ AWS: "*" }, { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
      says: /every AWS account/,
    },
    {
      bad: trust({ Federated: web }, { StringEquals: { "token.actions.githubusercontent.com:aud": "sts" } }),
      good: subject("repo:shop/web:environment:prod"),
      says: /no condition on the subject/,
    },
    { bad: subject("repo:shop/*"), good: subject("repo:shop/web:*"), says: /"repo:shop\/\*" is no single repository/ },
  ],
  "missing-tag": [
    {
      bad: one(TYPES.bucket, { tags: { team: "a" } }),
      good: one(TYPES.bucket, { tags: { owner: "b" } }),
      says: /tag owner is not set/,
      options: { tags: ["owner"] },
    },
    {
      bad: one(TYPES.role, {}),
      good: one(TYPES.rolePolicy, {}),
      says: /tag owner is not set/,
      options: { tags: ["owner"] },
    },
  ],
  "old-tls": [
    { bad: listener({}), good: listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }), says: /not set/ },
    {
      bad: listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" }),
      good: listener({ protocol: "HTTP" }),
      says: /speaks TLS 1.0 or 1.1/,
    },
    {
      bad: listener({ sslPolicy: "ELBSecurityPolicy-TLS-1-1-2017-01" }),
      good: listener({ sslPolicy: "ELBSecurityPolicy-FS-1-2-Res-2020-10" }),
      says: /speaks TLS 1.0 or 1.1/,
    },
    {
      bad: listener({ sslPolicy: "ELBSecurityPolicy-2016-08" }),
      good: listener({ sslPolicy: "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04" }),
      says: /speaks TLS 1.0 or 1.1/,
    },
  ],
  "invalid-headers": [
    {
      bad: one(TYPES.loadBalancer, {}),
      good: one(TYPES.loadBalancer, { dropInvalidHeaderFields: true }),
      says: /dropInvalidHeaderFields/,
    },
    {
      bad: one(TYPES.loadBalancer, { loadBalancerType: "application" }),
      good: one(TYPES.loadBalancer, { loadBalancerType: "network" }),
      says: /dropInvalidHeaderFields/,
    },
  ],
  "deployment-not-taken-back": [
    {
      bad: one(TYPES.service, { deploymentCircuitBreaker: { enable: true, rollback: false } }),
      good: one(TYPES.service, { deploymentCircuitBreaker: { enable: true, rollback: true } }),
      says: /nothing takes a failed deployment back/,
    },
    {
      bad: one(TYPES.deploymentGroup, {}),
      good: one(TYPES.deploymentGroup, { autoRollbackConfiguration: { enabled: true } }),
      says: /autoRollbackConfiguration/,
    },
    {
      bad: one(TYPES.service, { deploymentController: { type: "ECS" } }),
      good: one(TYPES.service, { deploymentController: { type: "CODE_DEPLOY" } }),
      says: /nothing takes/,
    },
  ],
  "task-with-public-address": [
    {
      bad: one(TYPES.service, { networkConfiguration: { assignPublicIp: true } }),
      good: one(TYPES.service, { networkConfiguration: { assignPublicIp: false } }),
      says: /assignPublicIp is true/,
    },
  ],
  "nobody-approves": [
    {
      bad: pipeline("Source", "Build", "Deploy"),
      good: pipeline("Source", "Approval", "Deploy"),
      says: /deploys without a person's yes/,
      stack: "prod",
    },
    {
      bad: pipeline("Source", "Deploy", "Approval"),
      good: pipeline("Source", "Build"),
      says: /without a person's yes/,
      stack: "prod",
    },
    {
      bad: [...pipeline("Deploy"), resource(TYPES.service, "web", {})],
      good: [
        ...pipeline("Deploy"),
        resource(TYPES.service, "web", { deploymentConfiguration: { lifecycleHooks: [{ targetType: "PAUSE" }] } }),
      ],
      says: /without a person's yes/,
      stack: "prod",
    },
  ],
  "polled-source": [
    { bad: source({}), good: source({ PollForSourceChanges: "false" }), says: /action Source asks its source/ },
    { bad: source({ PollForSourceChanges: "true" }), good: [], says: /asks its source/ },
  ],
  "privileged-build": [
    {
      bad: build({ privilegedMode: true }),
      good: build({ privilegedMode: true }, "version: 0.2\nphases:\n  build:\n    commands: [docker build .]"),
      says: /privilegedMode/,
    },
    {
      bad: build({ privilegedMode: true }),
      good: build({ privilegedMode: true }, "ci/buildspec.yml"),
      says: /makes no image/,
    },
  ],
  "admin-port-open": [
    {
      bad: ingress({ cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 }),
      good: ingress({ cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 }),
      says: /port 22 is open to everyone/,
    },
    {
      bad: ingress({ cidrIpv6: "::/0", ipProtocol: "-1" }),
      good: ingress({ cidrIpv4: "10.0.0.0/8", ipProtocol: "-1" }),
      says: /ports 0 to 65535 are open/,
    },
    {
      bad: one(TYPES.securityGroup, {
        ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      good: one(TYPES.securityGroup, {
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      says: /port 5432/,
    },
  ],
};

describe("the guardrails", () => {
  for (const [name, cases] of Object.entries(CASES)) {
    for (const [index, { bad, good, says, stack = "dev", options }] of cases.entries()) {
      it(`${name}: sees it, and nothing where it is right (${index + 1})`, () => {
        const rule = rules.find((one) => one.name === name);
        assert.ok(rule, `no rule ${name}`);
        const found = rule.find({ ...graphOf(...bad), stack }, options);
        assert.equal(found.length, 1, found.map(({ message }) => message).join("\n"));
        assert.match(found[0]?.message ?? "", says);
        assert.ok(found[0]?.message.endsWith(`; ${rule.remedy}`), "says what to do");
        assert.equal(found[0]?.level, rule.enforcement === "mandatory" ? "error" : "notice");
        assert.deepEqual(rule.find({ ...graphOf(...good), stack }, options), []);
      });
    }
  }

  it("have a case each, and a name once", () => {
    const own = rules.filter((rule) => !GIVEN.has(rule.name)).map(({ name }) => name);
    assert.deepEqual(Object.keys(CASES).sort(), own.sort());
    assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  });

  it("take tags that the provider gives to all", () => {
    const rule = rules.find(({ name }) => name === "missing-tag");
    const graph = { ...graphOf(...one(TYPES.bucket, {})), defaultTags: { owner: "web" } };
    assert.deepEqual(rule?.find(graph, { tags: ["owner"] }), []);
  });

  it("know what can have tags by the installed @pulumi/aws", () => {
    for (const type of TAGGABLE) {
      const file = join(ROOT, "node_modules/@pulumi/aws", `${type.split(":")[1] ?? ""}.d.ts`);
      assert.ok(existsSync(file), type);
      assert.match(readFileSync(file, "utf8"), /readonly tagsAll/, type);
    }
  });

  it("allow a policy that names who may pass a role, and refuse one that does not", () => {
    const rule = rules.find(({ name }) => name === "role-too-wide");
    const of = (condition?: Inputs) =>
      one(TYPES.rolePolicy, {
        policy: policy([["iam:PassRole"], ["arn:aws:iam::111122223333:role/web"], condition]),
      });
    assert.equal(rule?.find(graphOf(...of())).length, 1);
    assert.deepEqual(
      rule.find(graphOf(...of({ StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }))),
      [],
    );
  });
});

/** Rules about deliveries, which have tests of their own. */
const GIVEN = new Set([
  "pipeline-structure",
  "stage-conditions",
  "action-configuration",
  "artifact-stores",
  "pipeline-never-starts",
  "container-mismatch",
  "target-group-unattached",
  "deployment-controller",
  "health-check",
  "stops-first",
  "endpoint-missing",
  "test-unreachable",
  "open-to-the-internet",
  "plain-http",
  "no-way-out",
  "moving-tag",
  "limits",
  "quotas",
  "notification-lost",
  "job-ends-early",
  "pause-untold",
  "chat-guardrail",
  "role-cannot",
  "role-too-wide",
  "not-needed",
  "policy-refuses",
  "policy-too-wide",
  "shared-build-role",
  "running-image-expires",
  "folder-of-root",
  "not-described",
  "template-in-source",
  "unverified",
]);
