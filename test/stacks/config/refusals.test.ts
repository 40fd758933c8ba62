import assert from "node:assert/strict";
import { deployStack } from "../../../stacks/environment";
import { refusal } from "../../support/graph";
import type { ConfigValues } from "../../support/pulumiConfig";
import { engineConfig, service, stackGraph, stackRefusal, stackValues } from "../../support/stack";

const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const container = (changes: ConfigValues) => api({ container: { name: "api", port: 8080, ...changes } });
const two = (changes: ConfigValues) => ({
  services: [...api({}).services, { name: "web", container: { name: "web", port: 80 }, ...changes }],
});
const shared = "arn:aws:elasticloadbalancing:eu-west-1:111122223333";
const arn = (service: string, resource: string, region = "eu-west-1") =>
  `arn:aws:${service}:${region}:111122223333:${resource}`;

const REFUSED: Record<string, [what: string, changes: ConfigValues, message: RegExp][]> = {
  "one name twice": [
    [
      "variable and secret",
      container({ environment: { DB: "x" }, secrets: { DB: "/db" } }),
      /environment\.DB: .*among the secrets/,
    ],
    [
      "a sidecar's name",
      api({ sidecars: [{ name: "api", image: "agent:1" }] }),
      /sidecars\[0\]\.name: expected another name/,
    ],
    [
      "two sidecars",
      api({ sidecars: [1, 2].map(() => ({ name: "a", image: "agent:1" })) }),
      /sidecars\[1\]: expected no second "a"/,
    ],
    [
      "a repository",
      two({ repository: { name: "dev/api" } }),
      /services\[1\]\.repository: expected a repository of its own/,
    ],
    [
      "an e-mail address",
      { notificationEmails: ["a@b.de", "a@b.de"] },
      /notificationEmails\[1\]: expected no second "a@b.de"/,
    ],
    ["a range", { loadBalancer: { ingressCidrBlocks: ["10.0.0.0/8", "10.0.0.0/8"] } }, /ingressCidrBlocks\[1\]/],
    ["an alarm", { gates: { alarms: ["a", "a"] } }, /gates\.alarms\[1\]: expected no second "a"/],
    [
      "a scheduled task",
      api({ scheduledTasks: ["x", "x"].map((name) => ({ name, schedule: "rate(1 day)", command: ["x"] })) }),
      /scheduledTasks\[1\]/,
    ],
  ],
  "a secret": [
    [
      "that is no parameter's name",
      container({ secrets: { DB: "shop/db" } }),
      /secrets\.DB: expected .*not shown.*full ARN/,
    ],
    [
      "without its six last characters",
      container({ secrets: { DB: arn("secretsmanager", "secret:shop") } }),
      /secrets\.DB/,
    ],
    ["with a wildcard", container({ secrets: { DB: "arn:aws:ssm:*" } }), /secrets\.DB/],
    ["that is itself a key", container({ secrets: { DB: "AKIAIOSFODNN7EXAMPLE" } }), /not shown/],
    [
      "in a plain variable",
      container({ environment: { KEY: "sk_live_0123456789abcdef" } }),
      /environment\.KEY: expected plain text: .*not shown/,
    ],
  ],
  "an ARN": [
    ["with a wildcard", { kmsKey: { existing: "arn:aws:kms:*" } }, /kmsKey\.existing: expected the ARN of a KMS key/],
    [
      "of another service",
      { topic: { existing: arn("sqs", "deliveries") } },
      /topic\.existing: expected the ARN of an SNS topic/,
    ],
    [
      "of another region",
      { topic: { existing: arn("sns", "deliveries", "eu-central-1") } },
      /topic\.existing: expected something in eu-west-1/,
    ],
    [
      "of another partition",
      { kmsKey: { existing: "arn:aws-cn:kms:eu-west-1:111122223333:key/1" } },
      /partition aws\b/,
    ],
    ["with an account that is none", { kmsKey: { existing: "arn:aws:kms:eu-west-1:1111:key/1" } }, /kmsKey\.existing/],
  ],
  "the stack itself": [
    [
      "without a region",
      { "aws:region": undefined },
      /aws:region: expected an AWS region like eu-west-1, it is not set/,
    ],
    ["with a misspelt region", { "aws:region": "eu-west1" }, /aws:region .*|'?aws:region'? eu-west-1/],
    [
      "with a key of another namespace",
      { "delivery:branch": "main" },
      /delivery:branch: a key of another program; did you mean ecs-delivery:branch\?/,
    ],
  ],
  "a network": [
    ["too small for a VPC", { network: { cidrBlock: "10.0.0.0/29" } }, /network\.cidrBlock/],
    ["too large for a VPC", { network: { cidrBlock: "10.0.0.0/8" } }, /network\.cidrBlock/],
    ["with host bits", { network: { cidrBlock: "10.0.0.1/16" } }, /cidrBlock' 10\.0\.0\.0\/16/],
    ["of loopback addresses", { network: { cidrBlock: "127.0.0.0/16" } }, /network\.cidrBlock/],
    ["too small for its zones", { network: { cidrBlock: "10.0.0.0/27", availabilityZones: 6 } }, /room/],
    [
      "with a zone of another region",
      { network: { availabilityZones: ["eu-west-1a", "us-east-1a"] } },
      /availabilityZones\[1\]: expected a zone of eu-west-1/,
    ],
  ],
  "a text": [
    [
      "that a security group refuses",
      api({ outbound: [{ port: 5432, cidrBlock: "10.0.0.0/8", description: "bob's db" }] }),
      /description/,
    ],
    ["of CodeCommit with a slash", { source: { provider: "CodeCommit", repository: "a/b" } }, /source\.repository/],
    ["that the pipeline would fill in", api({ folder: "#{Source.BranchName}" }), /services\[0\]\.folder/],
    ["that reads as an option", api({ dockerfile: "-f" }), /services\[0\]\.dockerfile/],
    ["that is no branch", { branch: "a..b" }, /branch: expected a branch name/],
    [
      "of a day that is none",
      api({ scheduledTasks: [{ name: "x", schedule: "at(2027-02-30T00:00:00)", command: ["x"] }] }),
      /schedule/,
    ],
    [
      "of a day that is over",
      api({ scheduledTasks: [{ name: "x", schedule: "at(2020-02-03T00:00:00)", command: ["x"] }] }),
      /schedule/,
    ],
    ["of a variable that is CodeBuild's", api({ parameters: { CODEBUILD_X: "/x" } }), /parameters\.CODEBUILD_X/],
  ],
  "keys that say nothing together": [
    [
      "a topic that exists and addresses",
      { topic: { existing: arn("sns", "t") }, notificationEmails: ["a@b.de"] },
      /notificationEmails: expected nothing beside topic/,
    ],
    [
      "an approval where nobody is asked",
      { approval: { timeoutInMinutes: 60 } },
      /approval: expected nothing: nobody is asked/,
    ],
    ["a health check of a worker", api({ container: { name: "job" } }), /services\[0\]\.healthCheck: expected nothing/],
    [
      "a load balancer of workers",
      { loadBalancer: { internal: true }, ...api({ container: { name: "job" }, healthCheck: undefined }) },
      /loadBalancer: expected nothing/,
    ],
    [
      "fewer tasks than scaling allows",
      api({ desiredCount: 1, scaling: { minCapacity: 2, maxCapacity: 4 } }),
      /desiredCount: expected at least scaling\.minCapacity, 2/,
    ],
    [
      "a stack that releases to itself",
      { environment: "commitToProduction", releaseTo: { stack: "dev" } },
      /releaseTo\.stack: expected another stack/,
    ],
  ],
  "what only a component refused": [
    [
      "a production port that is the test port",
      { loadBalancer: { productionPort: 8080 } },
      /loadBalancer\.testPort: expected another port.*\n.*testPort' 8081/,
    ],
    [
      "of one service",
      { loadBalancer: { testPort: 8081 }, ...api({ loadBalancer: { productionPort: 8081 } }) },
      /services\[0\]\.loadBalancer\.testPort: expected another port than the production port, 8081[\s\S]*testPort' 8082/,
    ],
    [
      "Service Connect with CodeDeploy",
      { serviceConnect: true, deployment: "codeDeployBlueGreen" },
      /serviceConnect: expected false/,
    ],
    [
      "requests of a worker",
      api({
        container: { name: "job" },
        healthCheck: undefined,
        scaling: { minCapacity: 1, maxCapacity: 2, targetRequestsPerMinute: 100 },
      }),
      /targetRequestsPerMinute: expected nothing/,
    ],
    [
      "requests with blue/green",
      {
        deployment: "ecsBlueGreen",
        ...api({ scaling: { minCapacity: 1, maxCapacity: 2, targetRequestsPerMinute: 100 } }),
      },
      /targetRequestsPerMinute: expected nothing/,
    ],
    [
      "limits between which the one task of a service is never replaced",
      { deployment: { strategy: "rolling", maximumPercent: 150 } },
      /maximumPercent: expected 200, or 2 tasks of \w+ at least: of 1, none can ever be replaced.*\n.*maximumPercent' 200/,
    ],
    [
      "limits between which the one task that scaling starts with is never replaced",
      {
        deployment: { strategy: "rolling", minimumHealthyPercent: 50, maximumPercent: 100 },
        ...api({ scaling: { minCapacity: 1, maxCapacity: 4 } }),
      },
      /maximumPercent: expected 200/,
    ],
    [
      "the whole file system as writable",
      container({ writablePaths: ["/"] }),
      /container\.writablePaths: expected folders/,
    ],
    [
      "targets without a port",
      api({
        container: { name: "job" },
        healthCheck: undefined,
        targets: {
          shared: { listener: `${shared}:listener/app/a/b/c`, hosts: ["a.example.com"], targetSecurityGroup: "sg-1" },
        },
      }),
      /container\.port: expected the port/,
    ],
  ],
};

describe("a stack file is refused first", () => {
  for (const [kind, cases] of Object.entries(REFUSED)) {
    for (const [what, changes, message] of cases) {
      it(`for ${kind}: ${what}`, async () => {
        const said = await stackRefusal("dev", changes);
        assert.match(said, /^Pulumi\.dev\.yaml has 1 problem\(s\):/, said);
        assert.match(said, message);
      });
    }
  }

  it("for a name that names cannot be made of", async () => {
    for (const stack of ["my_dev", "Dev", "dev--x", "dev.v1", "dev-", "1dev"]) {
      const config = engineConfig({ ...stackValues("dev"), "ecs-delivery:environment": "dev" });
      const message = await refusal(() => deployStack(), { stack, config });
      assert.match(message, /the stack's name: expected 1 to 30 lower-case letters/, stack);
    }
  });
});

describe("a stack file is taken", () => {
  const taken: Record<string, ConfigValues> = {
    "numbers and flags as text": container({ environment: { PORT: 8080, DEBUG: true, RATIO: 0.5 } }),
    "a version that is a number": api({ unitTests: { commands: ["npm test"], runtimeVersions: { nodejs: 22 } } }),
    "variables with dots": container({ environment: { "xpack.security": "true" } }),
    "a provider by what it leads to": {
      source: { provider: "GitHub", repository: "acme/shop", connectionArn: arn("codeconnections", "connection/0a1b") },
    },
    "a schedule that stops everything": api({
      scaling: {
        minCapacity: 1,
        maxCapacity: 2,
        schedules: [{ name: "night", schedule: "cron(0 22 * * ? *)", minCapacity: 0, maxCapacity: 0 }],
      },
    }),
    "a parameter that says it is one": container({
      secrets: { A: "parameter:db", B: arn("secretsmanager", "secret:shop/db-AbCdEf:password::") },
    }),
  };
  for (const [what, changes] of Object.entries(taken)) {
    it(`with ${what}`, async () => {
      assert.ok((await stackGraph("dev", { changes })).resources.length > 20);
    });
  }
});
