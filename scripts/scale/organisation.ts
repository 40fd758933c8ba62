import type { RecordedGraph } from "../../model/graph/graph";
import { recordProgram } from "../../preview/record/recordGraph";
import { deployStack } from "../../stacks/environment";

/** Settings of a stack, as its file has them. */
export type StackSettings = Readonly<Record<string, unknown>>;

/** A made-up stack: its name, its account and its file. */
export interface MadeUpStack {
  readonly stack: string;
  /** Environment by which pushes are shared out: `review` is a stack of a pull request. */
  readonly kind: "dev" | "qa" | "prod" | "review";
  readonly account: string;
  readonly settings: StackSettings;
}

const TEST_ACCOUNT = "111122223333";
const PROD_ACCOUNT = "444455556666";

/** Ten teams, by how many services they have. */
const TEAMS: readonly (readonly [team: string, services: number])[] = [
  ["accounts", 1],
  ["basket", 1],
  ["catalogue", 2],
  ["delivery", 2],
  ["events", 3],
  ["finance", 3],
  ["goods", 4],
  ["history", 5],
  ["invoices", 6],
  ["jobs", 8],
];

const STRATEGIES = ["rolling", "ecsBlueGreen", "ecsLinear", "ecsCanary", "codeDeployBlueGreen"];

const NETWORK = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    privateSubnets: { "eu-west-1a": "subnet-0a1b2c3d", "eu-west-1b": "subnet-1a2b3c4d" },
    publicSubnets: { "eu-west-1a": "subnet-2a3b4c5d", "eu-west-1b": "subnet-3a4b5c6d" },
  },
};

/** Services of a stack; each has a load balancer of its own, unless they share the first one's. */
export function madeUpServices(count: number, more: (index: number) => StackSettings = () => ({})) {
  return Array.from({ length: count }, (_, index) => ({
    name: `service-${index + 1}`,
    folder: `service-${index + 1}`,
    container: { name: "app", port: 8080 },
    unitTests: { commands: ["npm test"] },
    ...more(index),
  }));
}

/** All behind the first one's load balancer. */
export const behindOne = (index: number): StackSettings =>
  index === 0 ? {} : { loadBalancerOf: "service-1", listenerRule: { paths: [`/${index}`, `/${index}/*`] } };

/** Forty stacks: ten teams with dev, qa and prod, and a review stack each; production in an account of its own. */
export const ORGANISATION: readonly MadeUpStack[] = TEAMS.flatMap(([team, count], index) => {
  const source = { provider: "CodeCommit", repository: team };
  const pipelines = count > 2 ? "perService" : "one";
  const services = madeUpServices(count);
  const tests = [{ name: "end-to-end", folder: "tests", service: "service-1", commands: ["npm test"] }];
  const window = { cron: "* * 9-16 ? * MON-FRI *", timeZone: "Europe/Paris" };
  return [
    {
      stack: `${team}-dev`,
      kind: "dev",
      account: TEST_ACCOUNT,
      settings: { environment: "dev", branch: "main", source, pipelines, services },
    },
    {
      stack: `${team}-qa`,
      kind: "qa",
      account: TEST_ACCOUNT,
      settings: { environment: "qa", branch: "qa", source, pipelines, services, tests },
    },
    {
      stack: `${team}-prod`,
      kind: "prod",
      account: PROD_ACCOUNT,
      settings: {
        environment: "prod",
        branch: "production",
        source,
        pipelines,
        services: madeUpServices(count, () => ({ scaling: { minCapacity: 2, maxCapacity: 6 } })),
        deployment: STRATEGIES[index % STRATEGIES.length],
        gates: index % 2 === 1 ? { deploymentWindow: window } : undefined,
      },
    },
    {
      stack: `${team}-pr-${index + 1}`,
      kind: "review",
      account: TEST_ACCOUNT,
      settings: {
        environment: "dev",
        branch: `feature-${index + 1}`,
        source,
        cluster: { existing: "review" },
        network: NETWORK,
        services: madeUpServices(1, () => ({
          targets: {
            shared: {
              listener: `arn:aws:elasticloadbalancing:eu-west-1:${TEST_ACCOUNT}:listener/app/review/50dc6c495c0c9188/f2f7dc8efc522ab2`,
              targetSecurityGroup: "sg-0a1b2c3d",
              hosts: [`pr-${index + 1}.${team}.example.com`],
            },
          },
        })),
      },
    },
  ] satisfies readonly MadeUpStack[];
});

/** The same stacks where each account has one network, cluster aside. */
export function inSharedNetworks(stacks: readonly MadeUpStack[]): readonly MadeUpStack[] {
  return stacks.map((one) => ({ ...one, settings: { ...one.settings, network: NETWORK } }));
}

/** Records a made-up stack, as `pulumi up` would make it. */
export function recordMadeUp({ stack, account, settings }: Omit<MadeUpStack, "kind">): Promise<RecordedGraph> {
  const entries = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [`ecs-delivery:${key}`, typeof value === "string" ? value : JSON.stringify(value)]);
  const config = Object.fromEntries([
    ["aws:region", "eu-west-1"],
    ["aws:allowedAccountIds", JSON.stringify([account])],
    ...entries,
  ]) as Record<string, string>;
  return recordProgram(() => deployStack(), { stack, config });
}
