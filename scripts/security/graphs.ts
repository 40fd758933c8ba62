import type { RecordedGraph } from "../../model/graph/graph";
import { recordProgram } from "../../preview/record/recordGraph";
import { deployStack } from "../../stacks/environment";

type Keys = Readonly<Record<string, unknown>>;

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/secrets";
const SOURCE = { branch: "main", source: { provider: "CodeCommit", repository: "shop" } };
const CONTAINER = { name: "api", port: 8080, secrets: { DB_URL: "/prod/api/db-url" } };
const SERVICE = { name: "api", container: CONTAINER, unitTests: { commands: ["npm test"] } };
const TESTS = [{ name: "smoke", commands: ["npm run smoke"] }];

/** Stacks that have every role which the program makes between them, the plainest first. */
const STACKS: readonly (readonly [stack: string, keys: Keys])[] = [
  ["prod", { ...SOURCE, services: [SERVICE], notificationEmails: ["team@example.com"], secretsKey: { existing: KEY } }],
  [
    "prod",
    {
      ...SOURCE,
      services: [
        {
          ...SERVICE,
          executeCommand: true,
          beforeDeployment: { command: ["x"] },
          scheduledTasks: [
            { name: "clean-up", schedule: "rate(1 day)", command: ["x"], deadLetterQueue: { existing: "not-started" } },
          ],
          eventTasks: [{ name: "import", command: ["x"], eventPattern: { source: ["aws.s3"] } }],
        },
      ],
      gates: { maximumScanSeverity: "HIGH", alarms: ["latency"] },
      chat: { slack: { teamId: "T0123ABCD", channelId: "C0123ABCD" } },
      artifactReplica: {
        bucket: { existing: "acme-artifact-copies" },
        kmsKey: KEY.replace("eu-west-1", "eu-central-1"),
      },
      deployment: "ecsCanary",
    },
  ],
  [
    "prod",
    {
      ...SOURCE,
      services: [{ ...SERVICE, scaling: { minCapacity: 2, maxCapacity: 4, targetCpuPercent: 60 } }],
      deployment: "codeDeployBlueGreen",
    },
  ],
  [
    "staging",
    {
      ...SOURCE,
      environment: "commitToProduction",
      services: [SERVICE],
      tests: TESTS,
      releaseTo: { stack: "production", account: "444455556666" },
    },
  ],
  [
    "production",
    {
      environment: "prod",
      services: [{ name: "api", container: CONTAINER }],
      deliveredBy: {
        stack: "staging",
        account: "222233334444",
        artifactBucket: "staging-artifacts-0a1b2c3",
        kmsKey: KEY.replace("111122223333", "222233334444"),
      },
    },
  ],
];

/** The stacks, recorded. */
export async function securityGraphs(): Promise<readonly RecordedGraph[]> {
  const graphs: RecordedGraph[] = [];
  for (const [stack, keys] of STACKS) {
    const entries = Object.entries(keys).map(([key, value]) => [
      `ecs-delivery:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const config = Object.fromEntries([...entries, ["aws:region", "eu-west-1"]]) as Record<string, string>;
    graphs.push(await recordProgram(() => deployStack(), { stack, config }));
  }
  return graphs;
}
