import assert from "node:assert/strict";
import { z } from "zod";
import { defaultOf } from "../../../components/settings/settings";
import { rawAt, unwrap } from "../../../components/settings/words";
import { stackConfigKeys } from "../../../stacks/config/keys";
import type { ConfigValues } from "../../support/pulumiConfig";
import { type SettingPath, sample, settingPaths, withValue } from "../../support/samples";
import { service, stackGraph, stackValues } from "../../support/stack";

const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const deployed = (strategy: string) => ({ deployment: { strategy } });
const ownDeployed = (strategy: string, more: ConfigValues = {}) => api({ ...deployed(strategy), ...more });
const LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/a/b/c";
const PAUSING = {
  strategy: "ecsBlueGreen",
  lifecycleHooks: [{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 5 }],
};
const DATABASE = [{ port: 5432, securityGroupId: "sg-0a1b2c3d" }];
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const named = (host: string) => ({ name: `${host}.example.com`, hostedZoneId: "Z0123456789ABCDEFGHIJ" });
/** A first service that could share the load balancer of a second. */
const behind = (changes: ConfigValues) => ({
  services: [
    { name: "web", container: { name: "web", port: 3000 }, ...changes },
    { name: "api", container: { name: "api", port: 8080 }, domain: named("api") },
  ],
});
const tests = [{ name: "end-to-end", commands: ["npm test"] }];

/** What a setting needs around it, by the beginning of its path; the first that fits. */
const AROUND: readonly [beginning: string, changes: ConfigValues][] = [
  ["deployment.lifecycleHooks.0.timeoutAction", { deployment: PAUSING }],
  ["services.0.deployment.lifecycleHooks.0.timeoutAction", api({ deployment: PAUSING })],
  ["source.releasedBy", { source: { provider: "ECR", imageTag: "release-*" }, branch: undefined }],
  ["source.objectKey", { source: { provider: "S3" }, branch: undefined }],
  ["services.0.container.port", api({ container: { name: "api" }, healthCheck: undefined })],
  [
    "services.0.repository.pullSecret",
    {
      network: { egress: "natSingle" },
      ...api({ repository: { registry: "docker.io/acme/api", username: "/user", password: "/token" } }),
    },
  ],
  [
    "services.0.targets.shared",
    api({ targets: { shared: { listener: LISTENER, hosts: ["a.de"], targetSecurityGroup: "sg-1" } } }),
  ],
  ["services.0.url", { tests }],
  ["services.0.build.baseImages", api({ build: { baseImages: [{ pullThroughCache: "hub" }] } })],
  ["services.0.build.dockerServerComputeType", api({ build: { cache: "dockerServer" } })],
  [
    "services.0.eventTasks",
    api({ eventTasks: [{ name: "import", command: ["x"], eventPattern: { source: ["aws.s3"] } }] }),
  ],
  ["services.0.outbound", api({ outbound: DATABASE })],
  ["outbound", { outbound: DATABASE }],
  ["delivery.", { source: undefined, delivery: { gitHubActions: { repository: "acme/shop" } } }],
  ["passport.", { passport: { signingKey: { existing: "arn:aws:kms:eu-west-1:111122223333:key/0a1b" } } }],
  [
    "services.0.taskDefinitionFamily",
    {
      cluster: { existing: "c" },
      ...api({ service: { existing: "api-1" }, executionRole: { existing: "e" }, taskRole: { existing: "t" } }),
    },
  ],
  ["services.0.deployment.maximumPercent", ownDeployed("rolling", { desiredCount: 2 })],
  ["services.0.deployment.m", ownDeployed("rolling")],
  ["services.0.deployment.timeoutInMinutes", ownDeployed("rolling")],
  ["services.0.deployment.terminationWaitTimeInMinutes", ownDeployed("codeDeployBlueGreen")],
  ["services.0.deployment.step", ownDeployed("ecsLinear")],
  ["services.0.deployment.canary", ownDeployed("ecsCanary")],
  ["services.0.deployment.", ownDeployed("ecsBlueGreen")],
  // Of one task, nothing between the limits can be replaced.
  ["deployment.maximumPercent", { ...deployed("rolling"), ...api({ desiredCount: 2 }) }],
  ["deployment.m", deployed("rolling")],
  ["deployment.timeoutInMinutes", deployed("rolling")],
  ["deployment.terminationWaitTimeInMinutes", deployed("codeDeployBlueGreen")],
  ["deployment.step", deployed("ecsLinear")],
  ["deployment.canary", deployed("ecsCanary")],
  ["deployment.", deployed("ecsBlueGreen")],
  ["tests.", { tests }],
  ["approval.", { environment: "prod" }],
  [
    "deliveredBy.",
    {
      deliveredBy: {
        stack: "staging",
        artifactBucket: "staging-artifacts-0a1b2c3",
        kmsKey: "arn:aws:kms:eu-west-1:111122223333:key/0a1b",
      },
    },
  ],
  [
    "releaseTo.environment",
    {
      source: undefined,
      delivery: { gitHubActions: { repository: "acme/shop" } },
      environment: "commitToProduction",
      releaseTo: { stack: "production" },
    },
  ],
  ["releaseTo.", { environment: "commitToProduction", releaseTo: { stack: "production" } }],
  ["deliveryEvents", { topic: { existing: "arn:aws:sns:eu-west-1:111122223333:deliveries" } }],
  ["topic.kmsKey", { deliveryEvents: true }],
  ["accessLogRetentionInDays", { accessLogs: true }],
  ["services.0.loadBalancerOf", behind({ domain: named("web") })],
  ["services.0.listenerRule", behind({ loadBalancerOf: "api", listenerRule: { paths: ["/web/*"] } })],
  ["loadBalancer.protocolVersion", { loadBalancer: { certificateArn: CERTIFICATE } }],
  ["services.0.loadBalancer.protocolVersion", api({ loadBalancer: { certificateArn: CERTIFICATE } })],
  ["services.0.loadBalancer.redirect", api({ loadBalancer: { certificateArn: CERTIFICATE } })],
  ["loadBalancer.redirect", { loadBalancer: { certificateArn: CERTIFICATE } }],
];

/** Another value than the example, where that one says what the default says. */
const VALUES: Readonly<Record<string, unknown>> = {
  "services.0.cpu": 512,
  "delivery.gitHubActions.runsOn": "ubuntu-22.04",
  "services.0.build.baseImages.0.upstreamRegistry": "public.ecr.aws",
  "services.0.build.dockerServerComputeType": "BUILD_GENERAL1_LARGE",
  "services.0.memory": 2048,
  "services.0.desiredCount": 3,
  "services.0.healthCheckGracePeriodSeconds": 90,
  "services.0.healthCheck.matcher": "200-399",
  "network.cidrBlock": "10.1.0.0/16",
  "loadBalancer.productionPort": 81,
  "loadBalancer.testPort": 82,
  "services.0.loadBalancer.productionPort": 81,
  "services.0.loadBalancer.testPort": 82,
  "releaseTo.images": "same",
  "releaseTo.environment": "live",
  lifecyclePolicy: { keepImages: 7 },
  "releaseTo.cluster": "shop",
  deliveryEvents: true,
  accessLogRetentionInDays: 30,
  serviceLinkedRoles: "created",
};

/** Settings that cannot be left out, or not said, in a stack as plain as this; other tests have them. */
const ELSEWHERE = [
  "branch",
  "source.repository",
  "verify",
  "tests.0.service",
  // Asked for by some registries, and by no other.
  "services.0.build.baseImages.0.credentials",
  // Both are there, or neither; workflowPromotion.test.ts has both.
  "deliveredBy.artifactBucket",
  "deliveredBy.kmsKey",
  // Another service, which this stack has not; imageOf.test.ts has both.
  "services.0.imageOf",
  "deployment.advancedConfiguration",
  "services.0.deployment.advancedConfiguration",
  // One of the three is there, and no two.
  ...["services.0.outbound.0", "outbound.0"].flatMap((at) =>
    ["cidrBlock", "securityGroupId", "prefixListId"].map((key) => `${at}.${key}`),
  ),
];

/** Settings that may be left out and hold one value: a number, a flag, a word, a text. */
function optionalLeaves(): SettingPath[] {
  return settingPaths(stackConfigKeys).filter((path) => {
    if (ELSEWHERE.includes(path.join("."))) return false;
    const at = rawAt(stackConfigKeys, path);
    if (!(at instanceof z.ZodOptional)) return false;
    const inner = unwrap(at);
    return !(
      inner instanceof z.ZodObject ||
      inner instanceof z.ZodUnion ||
      inner instanceof z.ZodRecord ||
      inner instanceof z.ZodArray
    );
  });
}

/** Another value than the default. */
function other(path: SettingPath): unknown {
  const at = rawAt(stackConfigKeys, path) ?? z.never();
  const fallback = defaultOf(at);
  const inner = unwrap(at);
  const words: readonly unknown[] = inner instanceof z.ZodEnum ? inner.options : [];
  const candidates = [
    sample(at),
    ...words,
    typeof fallback === "boolean" ? !fallback : undefined,
    Number(fallback) + 1,
    Number(fallback) - 1,
    Number(fallback) * 2,
    `${String(fallback)}1`,
  ];
  return candidates.find((value) => value !== undefined && value !== fallback && at.safeParse(value).success);
}

async function graphOf(changes: ConfigValues): Promise<string> {
  const graph = await stackGraph("dev", { changes });
  return JSON.stringify([
    graph.resources.map(({ name, type, inputs }) => [name, type, inputs]),
    graph.recorded.stackOutputs,
  ]);
}

function changed(around: ConfigValues, path: SettingPath, value: unknown): ConfigValues {
  const inner = Object.fromEntries(
    Object.entries(stackValues("dev", around)).map(([key, one]) => [key.replace("ecs-delivery:", ""), one]),
  );
  const all = withValue(inner, stackConfigKeys, path, value) as ConfigValues;
  // What is not to be there has to be said: the stack file has it.
  const removed = Object.entries(around).filter(([, one]) => one === undefined);
  return Object.fromEntries(
    [...removed, ...Object.entries(all)].map(([key, one]) => [key.includes(":") ? key : `ecs-delivery:${key}`, one]),
  );
}

/** A buildspec of one's own stands in the place of commands, not beside them. */
function isBuildspec(name: string): boolean {
  return /[tT]ests\..*buildspec$|unitTests\.buildspec$/.test(name);
}

function withoutCommands(around: ConfigValues, path: SettingPath): ConfigValues {
  const all = changed(around, [...path.slice(0, -1), "commands"], undefined);
  return Object.fromEntries(Object.entries(all).map(([key, one]) => [key.replace("ecs-delivery:", ""), one]));
}

describe("every setting that may be left out", () => {
  for (const path of optionalLeaves()) {
    const name = path.join(".");
    it(`changes what is made: ${name}`, async function () {
      this.timeout(60_000);
      const around = AROUND.find(([beginning]) => name.startsWith(beginning))?.[1] ?? {};
      const value = VALUES[name] ?? other(path);
      assert.notEqual(value, undefined);
      const [without, with_] = [
        await graphOf(changed(around, path, undefined)),
        await graphOf(changed(isBuildspec(name) ? withoutCommands(around, path) : around, path, value)),
      ];
      assert.notEqual(with_, without, JSON.stringify(value));
    });
  }
});
