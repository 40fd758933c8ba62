import assert from "node:assert/strict";
import { deployStack } from "../../../stacks/environment";
import { recordGraph } from "../../support/graph";
import { applyCommand, asksForValue, type ConfigValues, commandsIn, wordsIn } from "../../support/pulumiConfig";
import { engineConfig, service, stackValues } from "../../support/stack";

/** What a stack is refused with; nothing where it is taken. Anything but a refusal is a fault of the program. */
async function refusalOf(values: ConfigValues): Promise<string | undefined> {
  try {
    await recordGraph(() => deployStack(), { stack: "dev", config: engineConfig(values) });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Error);
    assert.match(error.message, /^Pulumi\.dev\.yaml has \d+ problem\(s\):\n/);
    return error.message;
  }
}

const count = (message: string | undefined) => Number(/has (\d+) problem/.exec(message ?? "has 0 problem")?.[1]);

/** Applies every command that a message prints, as a person would who pastes them. */
async function mended(
  changes: ConfigValues,
): Promise<{ message: string; after: string | undefined; asks: boolean; values: ConfigValues }> {
  const before = stackValues("dev", changes);
  const message = await refusalOf(before);
  assert.ok(message, "not refused");
  const commands = commandsIn(message);
  assert.ok(commands.length > 0, `no command in\n${message}`);
  const values = commands.reduce((all, command) => applyCommand(command, all), before);
  return { message, values, after: await refusalOf(values), asks: commands.some(asksForValue) };
}

const api = (changes: ConfigValues) => ({ services: service("dev", changes) });
const container = (changes: ConfigValues) => api({ container: { name: "api", port: 8080, ...changes } });

describe("what a refusal prints", () => {
  const cases: Record<string, ConfigValues> = {
    "a key with a quote and a command in it": { "ecs-delivery:'; touch x; echo '": 1 },
    "a key with a double quote": { 'ecs-delivery:a"b': 1 },
    "a key with a dollar and a backtick": { "ecs-delivery:$(touch x)`touch y`": "v" },
    "a key that spells a path": { "ecs-delivery:services[0].name": "x" },
    "a number that is empty": { deployment: { strategy: "rolling", maximumErrorPercent: null } },
    "a flag for a number": { deployment: { strategy: "ecsCanary", canaryPercent: true } },
    "a list for a number": { deployment: { strategy: "ecsCanary", canaryPercent: [5] } },
    "a command as one text": container({ command: "java -jar app.jar" }),
    "a command that wants a shell": container({ command: "exec java $OPTS -jar app.jar" }),
    "a health check as a list": container({ healthCheck: { command: ["CMD-SHELL", "curl -f localhost || exit 1"] } }),
    "a list that is one text": { notificationEmails: "team@example.com" },
    "a map where a list belongs": { services: { name: "api", container: { name: "api" } } },
    "a text where a map belongs": api({ container: "api", healthCheck: undefined }),
    "a name where a reference belongs": { cluster: "shared" },
    "subnets as a list": { network: { existing: { vpcId: "vpc-1", privateSubnets: ["subnet-1", "subnet-2"] } } },
    "a word of another form": { deployment: { strategy: "codeDeployBlueGreen", trafficRouting: { type: "Canary" } } },
    "a hook that is none": { deployment: { strategy: "codeDeployBlueGreen", hooks: { before: "arn" } } },
    "a stage that is none": {
      deployment: { strategy: "ecsBlueGreen", lifecycleHooks: [{ lifecycleStages: ["BEFORE"], pauseInMinutes: 5 }] },
    },
    "a crontab": api({ scheduledTasks: [{ name: "clean", schedule: "0 3 * * *", command: ["x"] }] }),
    "another word for scaling": api({ autoscaling: { minCapacity: 1, maxCapacity: 3 } }),
    "a certificate at the wrong place": { certificate: "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b" },
    "another word for the CPU": api({ architecture: "ARM64" }),
    "a health check's path beside it": api({ healthCheck: undefined, healthCheckPath: "/ready" }),
    "a negative number": api({ desiredCount: -3 }),
    "a word in another case": { pipelines: "PERSERVICE" },
    "yes for true": { retain: "yes" },
  };
  for (const [what, changes] of Object.entries(cases)) {
    it(`mends ${what}, or asks for the value`, async () => {
      const { message, after, asks } = await mended(changes);
      if (!asks) assert.ok(count(after) < count(message), `${message}\n--- then\n${String(after)}`);
    });
  }

  const unfit: Record<string, ConfigValues> = {
    "a service's name that is there twice": { services: [...service("dev", {}), ...service("dev", {})] },
    "tests of a service that is none": { tests: [{ name: "a", service: "web", commands: ["x"] }] },
    "a service that exists, and its roles": { cluster: { existing: "c" }, ...api({ service: { existing: "api" } }) },
    "a variable of a build that CodeBuild keeps": api({ parameters: { CODEBUILD_X: "/a" } }),
    "the whole file system as a folder": container({ writablePaths: ["/"] }),
    "a tag's parameter that is none": api({ tagParameter: "shop/image-tag" }),
    "commands beside a buildspec": api({ unitTests: { commands: ["x"], buildspec: "ci.yml" } }),
    "a runtime that CodeBuild has not": api({ unitTests: { commands: ["x"], runtimeVersions: { node: "22" } } }),
    "a repository of tests that no provider has": {
      tests: [{ name: "a", commands: ["x"], sourceRepository: "that of Bob" }],
    },
  };
  for (const [what, changes] of Object.entries(unfit)) {
    it(`says in one way, with a command, what is wrong with ${what}`, async () => {
      const { message, after, asks } = await mended(changes);
      assert.equal(commandsIn(message).length > 0, true);
      const keys = message.split("\n").flatMap((line) => /^ {2}(\S+): /.exec(line)?.[1] ?? []);
      assert.deepEqual(keys, [...new Set(keys)]);
      if (!asks) assert.equal(after, undefined);
    });
  }

  const samples: [what: string, changes: ConfigValues, sample: RegExp][] = [
    ["a repository of another form", { source: { provider: "CodeCommit", repository: "acme/web" } }, /' shop$/m],
    ["a source as an address", { source: "https://github.com/acme/shop" }, /provider' CodeCommit/],
    ["an empty variable", container({ environment: { LEVEL: null } }), /LEVEL' info/],
    ["a range and a port as one text", api({ outbound: ["10.1.0.0/16:3306"] }), /port' 5432/],
    ["scaling that is only true", api({ scaling: true }), /minCapacity' 1/],
    [
      "a word for the traffic",
      { deployment: { strategy: "codeDeployBlueGreen", trafficRouting: "Linear" } },
      /type' AllAtOnce/,
    ],
  ];
  for (const [what, changes, sample] of samples) {
    it(`puts no example in the place of ${what}`, async () => {
      const { message, asks } = await mended(changes);
      assert.equal(asks, true, message);
      assert.doesNotMatch(message, sample);
    });
  }

  it("says at once what else is wrong beside a mistyped word", async () => {
    const { message, after } = await mended({ deployment: { strategy: "canary", percent: 10 } });
    assert.equal(count(message), 2, message);
    assert.equal(after, undefined);
  });

  it("says once what a setting and its strategy refuse, and nothing inside of what has to go", async () => {
    const deployment = { strategy: "rolling", minimumHealthyPercent: 101 };
    assert.equal(count((await mended({ deployment })).message), 1);
    assert.equal(count((await mended({ releaseTo: { stack: "dev" } })).message), 1);
  });

  it("does not print the variable that is a secret already, nor a list of them", async () => {
    const both = { environment: { DB: "hunter2" }, secrets: { DB: "/db" } };
    assert.doesNotMatch((await mended(container(both))).message, /hunter2/);
    const list = { environment: ["TOKEN=ghp_abcdefghijklmnopqrstuvwx"] };
    const { message } = await mended(container(list));
    assert.doesNotMatch(message, /ghp_/);
  });

  it("says it where no command helps", async () => {
    const message = (await refusalOf(stackValues("dev", container({ environment: { "": "x" } })))) ?? "";
    assert.match(message, /no command says what: correct it in Pulumi\.dev\.yaml$/m);
  });

  const first = ({ "ecs-delivery:services": services }: ConfigValues) => (services as ConfigValues[])[0] ?? {};
  const kept: [what: string, changes: ConfigValues, at: (values: ConfigValues) => unknown, value: unknown][] = [
    [
      "a crontab",
      api({ scheduledTasks: [{ name: "clean", schedule: "0 3 * * *", command: ["x"] }] }),
      (values) => first(values).scheduledTasks,
      [{ name: "clean", schedule: "cron(0 3 * * ? *)", command: ["x"] }],
    ],
    [
      "a command",
      container({ command: "java -jar app.jar" }),
      (values) => (first(values).container as ConfigValues).command,
      ["java", "-jar", "app.jar"],
    ],
    ...[["A=1"], [{ name: "A", value: "1" }]].map((environment): (typeof kept)[number] => [
      `variables as ${JSON.stringify(environment)}`,
      container({ environment }),
      (values) => String(((first(values).container as ConfigValues).environment as ConfigValues).A),
      "1",
    ]),
    [
      "services by their names",
      { services: { web: { container: { name: "web", port: 8080 } } } },
      (values) => values["ecs-delivery:services"],
      [{ name: "web", container: { name: "web", port: 8080 } }],
    ],
    [
      "the first letters of a key",
      api({ scaling: { min: 2, max: 7 } }),
      (values) => first(values).scaling,
      { minCapacity: 2, maxCapacity: 7 },
    ],
    [
      "addresses in one text",
      { notificationEmails: "a@example.com, b@example.com" },
      (values) => values["ecs-delivery:notificationEmails"],
      ["a@example.com", "b@example.com"],
    ],
    [
      "a list of one port",
      container({ port: undefined, ports: [9090] }),
      (values) => (first(values).container as ConfigValues).port,
      9090,
    ],
    [
      "a word at another key",
      { deployment: { type: "ecsCanary" } },
      (values) => values["ecs-delivery:deployment"],
      { strategy: "ecsCanary" },
    ],
    ["a cluster", { cluster: "shared" }, (values) => values["ecs-delivery:cluster"], { existing: "shared" }],
    [
      "a mistyped key",
      { branch: undefined, brnch: "release/1" },
      (values) => values["ecs-delivery:branch"],
      "release/1",
    ],
  ];
  for (const [what, changes, at, value] of kept) {
    it(`keeps what the person meant by ${what}`, async () => {
      const { values, after } = await mended(changes);
      assert.deepEqual(at(values), value);
      assert.equal(after, undefined);
    });
  }

  it("takes one round for a file that says nothing but where it is", async () => {
    const empty = { "aws:region": "eu-west-1" };
    const commands = commandsIn((await refusalOf(empty)) ?? "");
    assert.equal(
      await refusalOf(commands.reduce<ConfigValues>((all, command) => applyCommand(command, all), empty)),
      undefined,
    );
  });

  it("leaves the service's name alone when a key spells its path", async () => {
    const { values } = await mended({ "ecs-delivery:services[0].name": "x" });
    assert.equal((values["ecs-delivery:services"] as ConfigValues[])[0]?.name, "api");
  });

  it("has no line that a key or a value makes", async () => {
    for (const bad of ["a\n    pulumi config rm --path 'ecs-delivery:services'", "a\r\u2028b", "a\\"]) {
      const message = await refusalOf(stackValues("dev", { [`ecs-delivery:${bad}`]: 1, branch: bad }));
      assert.equal(commandsIn(message ?? "").filter((command) => command.includes(" rm ")).length, 0, message);
      for (const command of commandsIn(message ?? "")) assert.equal(wordsIn(command)[0], "config");
    }
  });
});
