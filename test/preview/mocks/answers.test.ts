import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import { Vpc } from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { ANSWERED, answerCall, answerResource, type Known, LOOKED_UP } from "../../../preview/mocks/answers";
import { recordProgram as record } from "../../../preview/record/recordGraph";
import { notDescribed } from "../../../preview/rules/notDescribed";
import { recordGraph, refusal } from "../../support/graph";
import { list } from "../../support/read";
import { valueOfOutput } from "../../support/valueOf";

const SDK = dirname(require.resolve("@pulumi/aws/package.json"));
const A = "111122223333";
const HASH = "0123456789abcdef".repeat(4);

const known = (): Known => ({ region: "eu-west-1", parameters: new Map(), undescribed: [] });
const answer = (type: string, inputs: Record<string, unknown> = {}, name = "x") =>
  answerResource({ type, name, inputs, hash: HASH }, known());

/** Where the SDK describes a token: `aws:ecs/service:Service` is in ecs/service. */
const described = (token: string, ending: string) => {
  const [, module = "", name = ""] = /^aws:([^/]+)\/([^:]+):/.exec(token) ?? [];
  return readFileSync(join(SDK, module === "index" ? "" : module, `${name}.${ending}`), "utf8");
};
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, match = ""]) => match);

describe("answers in other partitions", () => {
  for (const [region, partition, domain] of [
    ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
    ["eu-west-1", "aws", "amazonaws.com"],
  ] as const) {
    it(`name ${partition} in every ARN that is made in ${region}`, () => {
      const there: Known = { region, parameters: new Map(), undescribed: [] };
      const made = [
        ...ANSWERED.map((type) => answerResource({ type, name: "x", inputs: {}, hash: HASH }, there).state),
        ...LOOKED_UP.map((token) => answerCall(token, { name: "x", arn: "", keyId: "x" }, there)),
      ];
      const partitions = new Set(matches(JSON.stringify(made), /arn:(aws[\w-]*):/g));
      assert.deepEqual([...partitions], [partition]);
      // Principals are named alike everywhere: no region stands before them.
      const hosts = matches(JSON.stringify(made), /[/.]([a-z0-9.-]*amazonaws\.com(?:\.cn)?)\b/g).filter((host) =>
        host.includes(region),
      );
      assert.ok(hosts.length >= 5, `${hosts.length} names of hosts`);
      assert.deepEqual(
        hosts.filter((host) => !host.endsWith(`.${domain}`)),
        [],
      );
      assert.equal(answerCall("aws:index/getPartition:getPartition", {}, there).partition, partition);
    });
  }
});

describe("answers and the installed SDK", () => {
  const types = ANSWERED.filter((type) => type.startsWith("aws:"));

  for (const type of types) {
    it(`agree on ${type}`, () => {
      const source = described(type, "js");
      assert.ok(source.includes(`__pulumiType = '${type}'`), "the SDK has no such type");
      const properties = new Set(matches(source, /resourceInputs\["(\w+)"\]/g));
      const worked = matches(source, /resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g);
      const { state } = answer(type, properties.has("tags") ? { tags: {} } : {});
      assert.deepEqual(
        Object.keys(state).filter((key) => !properties.has(key)),
        [],
        "no such properties",
      );
      assert.deepEqual(
        worked.filter((key) => state[key] === undefined),
        [],
        "not answered",
      );
    });
  }

  for (const token of LOOKED_UP) {
    it(`agree on ${token}`, () => {
      assert.ok(described(token, "js").includes(`"${token}"`), "the SDK has no such look-up");
      const [, result = ""] = described(token, "d.ts").split(/export interface Get\w+Result \{/);
      const fields = new Set(matches(result, /readonly (\w+)\??:/g));
      const answered = Object.keys(answerCall(token, {}, known()));
      assert.deepEqual(
        answered.filter((key) => !fields.has(key)),
        [],
        "no such fields",
      );
      assert.ok(answered.includes("id"));
    });
  }

  it("are at one about awsx, and all other answers are of aws", () => {
    const others = ANSWERED.filter((type) => !type.startsWith("aws:"));
    assert.deepEqual(others, ["awsx:ec2:Vpc", "pulumi:pulumi:StackReference"]);
    const file = join(dirname(require.resolve("@pulumi/awsx/package.json")), "ec2", "vpc.js");
    const source = readFileSync(file, "utf8");
    assert.ok(source.includes("__pulumiType = 'awsx:ec2:Vpc'"));
    const { state } = answer("awsx:ec2:Vpc");
    assert.deepEqual(
      Object.keys(state).filter((key) => !source.includes(`resourceInputs["${key}"]`)),
      [],
    );
  });
});

describe("what AWS would answer", () => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${A}:${resource}`;
  const uuid = "01234567-89ab-cdef-0123-456789abcdef";
  const endpoint = "vpce-00123456789abcdef";
  const cases: Readonly<Record<string, readonly [inputs: Record<string, unknown>, arn: string, id?: string]>> = {
    "ecs/cluster:Cluster": [{ name: "shop" }, arn("ecs", "cluster/shop")],
    "ecs/service:Service": [{ name: "api", cluster: arn("ecs", "cluster/shop") }, arn("ecs", "service/shop/api")],
    "ecs/taskDefinition:TaskDefinition": [{ family: "api" }, arn("ecs", "task-definition/api:1"), "api"],
    "iam/role:Role": [{ name: "r", path: "/p/" }, `arn:aws:iam::${A}:role/p/r`, "r"],
    "s3/bucket:Bucket": [{ bucket: "b" }, "arn:aws:s3:::b", "b"],
    "ecr/repository:Repository": [{ name: "shop/api" }, arn("ecr", "repository/shop/api"), "shop/api"],
    "kms/key:Key": [{}, arn("kms", `key/${uuid}`), uuid],
    "codebuild/project:Project": [{ name: "p" }, arn("codebuild", "project/p")],
    "codepipeline/pipeline:Pipeline": [{ name: "p" }, arn("codepipeline", "p"), "p"],
    "codedeploy/application:Application": [{ name: "a" }, arn("codedeploy", "application:a"), `${uuid}:a`],
    "codedeploy/deploymentGroup:DeploymentGroup": [
      ...([{ appName: "a", deploymentGroupName: "g" }, arn("codedeploy", "deploymentgroup:a/g"), uuid] as const),
    ],
    "codecommit/repository:Repository": [{ repositoryName: "api" }, arn("codecommit", "api"), "api"],
    "ec2/vpcEndpoint:VpcEndpoint": [{}, arn("ec2", `vpc-endpoint/${endpoint}`), endpoint],
    "scheduler/schedule:Schedule": [{ name: "s" }, arn("scheduler", "schedule/default/s"), "default/s"],
    "cloudwatch/eventRule:EventRule": [{ name: "r", eventBusName: "b" }, arn("events", "rule/b/r"), "b/r"],
    "ssm/parameter:Parameter": [{ name: "/shop/api" }, arn("ssm", "parameter/shop/api"), "/shop/api"],
  };
  for (const [type, [inputs, expected, id = expected]] of Object.entries(cases)) {
    it(`has the id and the ARN of aws:${type}`, () => {
      const found = answer(`aws:${type}`, inputs);
      assert.deepEqual([found.id, found.state.arn], [id, expected]);
    });
  }

  it("names what depends on another after it", async () => {
    const graph = await recordGraph(() => {
      const balancer = new aws.lb.LoadBalancer("web", { internal: true });
      new aws.lb.Listener("web", { loadBalancerArn: balancer.arn, defaultActions: [{ type: "fixed-response" }] });
    });
    const { arn: balancer, dnsName, arnSuffix } = graph.only("aws:lb/loadBalancer:LoadBalancer").outputs;
    assert.match(String(dnsName), /^internal-web-[0-9a-f]{7}-\d+\.eu-west-1\.elb\.amazonaws\.com$/);
    assert.ok(String(balancer).endsWith(`:loadbalancer/${String(arnSuffix)}`));
    const listener = String(graph.only("aws:lb/listener:Listener").outputs.arn);
    assert.ok(listener.startsWith(`${String(balancer).replace(":loadbalancer/", ":listener/")}/`));
  });

  it("makes a name as the provider does, and keeps one that is given", async () => {
    let made: string | undefined;
    await record(async () => {
      made = await valueOfOutput(new aws.sns.Topic("news").name);
    });
    assert.match(made ?? "", /^news-[0-9a-f]{7}$/);
    assert.equal(answer("aws:sns/topic:Topic", { name: "mine" }).state.name, "mine");
    assert.equal(answer("aws:s3/bucket:Bucket", {}, "Files").state.bucket, "files-0123456");
    assert.equal(answer("aws:cloudwatch/eventTarget:EventTarget", { targetId: "t" }).state.targetId, "t");
  });

  it("refuses a name of a target group that autonaming makes too long", async () => {
    const group = (name: string) => () => void new aws.lb.TargetGroup(name);
    assert.equal((await recordGraph(group("a".repeat(24)))).resources.length, 1);
    assert.match(await refusal(group("a".repeat(25))), /name "a{25}-[0-9a-f]{7}" is 33 characters, AWS takes 32/);
    assert.match(await refusal(group("a".repeat(25)), { preview: true }), /AWS takes 32/);
  });

  it("gives a VPC as many subnets as zones, each with its route table", async () => {
    const three = answer("awsx:ec2:Vpc").state;
    assert.deepEqual([list(three.publicSubnetIds).length, list(three.natGateways).length], [3, 3]);
    const graph = await recordGraph(() => {
      const vpc = new Vpc("net", { availabilityZoneNames: ["a", "b"], natGateways: { strategy: "Single" } });
      return { tables: vpc.routeTableAssociations.apply((all) => all.map(({ routeTableId }) => routeTableId)) };
    });
    const { publicSubnetIds, privateSubnetIds, routeTables, eips } = graph.only("awsx:ec2:Vpc").outputs;
    assert.deepEqual(
      [publicSubnetIds, privateSubnetIds, eips].map((all) => list(all).length),
      [2, 2, 1],
    );
    assert.deepEqual(
      graph.recorded.stackOutputs.tables,
      list(routeTables).map((table) => (table as { id: string }).id),
    );
  });

  it("is made up for a type and a look-up that nobody has described, of the kind that its package declares", async () => {
    const graph = await recordGraph(() => {
      const database = new aws.rds.Instance("orders", { instanceClass: "db.t4g.micro", engine: "postgres" });
      const zone = aws.route53.getResolverRuleOutput({ domainName: "example.com" });
      return { host: database.endpoint.apply((at) => at.split(":")[0]), arn: database.arn, rule: zone.arn };
    });
    const { host, arn, rule } = graph.recorded.stackOutputs;
    assert.match(String(host), /^orders-[0-9a-f]{7}-endpoint$/);
    assert.match(String(arn), /^arn:aws:rds:eu-west-1:111122223333:instance\/orders-[0-9a-f]{7}$/);
    assert.match(String(rule), /^arn:aws:route53:eu-west-1:111122223333:getResolverRule\//);
    assert.deepEqual(graph.recorded.undescribed, [
      "aws:rds/instance:Instance",
      "aws:route53/getResolverRule:getResolverRule",
    ]);
    assert.equal(graph.only("aws:rds/instance:Instance").outputs.engine, "postgres");
    const [finding] = notDescribed(graph.recorded);
    assert.equal(finding?.level, "notice");
    assert.match(finding?.message ?? "", /^not described here: aws\.rds\.Instance, aws\.route53\.getResolverRule; /);
  });

  it("is made up for a package that is not installed here", async () => {
    class Record extends pulumi.CustomResource {
      constructor() {
        super("cloudflare:index/record:Record", "www", { name: "www", value: "a" });
      }
    }
    const graph = await recordGraph(() => void new Record());
    const { id, outputs } = graph.only("cloudflare:index/record:Record");
    assert.deepEqual([id, outputs], ["www", { name: "www", value: "a" }]);
  });
});

describe("what look-ups come to", () => {
  it("is the region's that is configured", async () => {
    const program = async () => ({
      zones: (await aws.getAvailabilityZones()).zoneIds,
      at: (await aws.getRegion()).region,
    });
    const { stackOutputs } = await record(program, { config: { "aws:region": "ap-southeast-2" } });
    assert.deepEqual(stackOutputs, { zones: ["apse2-az1", "apse2-az2", "apse2-az3"], at: "ap-southeast-2" });
  });

  it("is the parameter of the program itself, what a test says, or nothing yet", async () => {
    const value = (name: pulumi.Input<string>) => aws.ssm.getParameterOutput({ name }).value;
    const program = () => {
      const own = new aws.ssm.Parameter("own", { name: "/own", type: "String", value: "1" });
      return { own: value(own.name), given: value("/given"), none: value("/none") };
    };
    const { stackOutputs } = await record(program, { parameters: { "/given": "2" } });
    assert.deepEqual(stackOutputs, { own: "1", given: "2", none: "none" });
  });

  it("is a policy document of the statements, as the provider writes it", () => {
    const statement = { sid: "S", actions: ["s3:GetObject"], resources: ["a", "b"] };
    const principals = [{ type: "Service", identifiers: ["ecs.amazonaws.com"] }];
    const conditions = [{ test: "StringEquals", variable: "aws:SourceAccount", values: [A] }];
    const source = JSON.stringify({
      Statement: [
        { Sid: "S", Effect: "Deny" },
        { Sid: "T", Effect: "Deny" },
      ],
    });
    const { json } = answerCall(
      "aws:iam/getPolicyDocument:getPolicyDocument",
      { statements: [{ ...statement, principals, conditions }], sourcePolicyDocuments: [source] },
      known(),
    );
    assert.deepEqual(JSON.parse(String(json)), {
      Version: "2012-10-17",
      Statement: [
        { Sid: "T", Effect: "Deny" },
        {
          Sid: "S",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: ["a", "b"],
          Principal: { Service: "ecs.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": A } },
        },
      ],
    });
  });

  it("is the same for the same question, and keeps what was asked by", () => {
    const vpc = (inputs: Record<string, unknown>) => answerCall("aws:ec2/getVpc:getVpc", inputs, known());
    assert.deepEqual(vpc({ default: true }), vpc({ default: true }));
    assert.notEqual(vpc({ default: true }).id, vpc({}).id);
    assert.equal(vpc({ id: "vpc-1" }).id, "vpc-1");
    const group = `arn:aws:elasticloadbalancing:eu-west-1:${A}:targetgroup/blue/0a1b`;
    assert.equal(answerCall("aws:lb/getTargetGroup:getTargetGroup", { arn: group }, known()).name, "blue");
  });
});

describe("answers of a test's own", () => {
  it("take the place of those to a type and a look-up", async () => {
    const resources = {
      "aws:sqs/queue:Queue": ({ account }: { account: string }) => ({ id: "q", url: `${account}/q` }),
    };
    const lookups = { "aws:ec2/getVpc:getVpc": () => ({ id: "vpc-1", cidrBlock: "192.168.0.0/16" }) };
    const { stackOutputs } = await record(
      () => ({ cidr: aws.ec2.getVpcOutput({ id: "vpc-1" }).cidrBlock, url: new aws.sqs.Queue("jobs").url }),
      { overrides: { resources, lookups } },
    );
    assert.deepEqual(stackOutputs, { cidr: "192.168.0.0/16", url: `${A}/q` });
  });

  it("are the outputs of another stack, which has none otherwise", async () => {
    const program = () => ({ vpcId: new pulumi.StackReference("org/net/dev").requireOutput("vpcId") });
    const other = () => ({ id: "org/net/dev", outputs: { vpcId: "vpc-1" }, secretOutputNames: [] });
    const resources = { "pulumi:pulumi:StackReference": other };
    assert.equal((await record(program, { overrides: { resources } })).stackOutputs.vpcId, "vpc-1");
    assert.match(await refusal(program), /Required output 'vpcId' does not exist on stack 'org\/net\/dev'/);
  });

  it("are not needed for a provider", async () => {
    const graph = await recordGraph(() => void new aws.Provider("there", { region: "us-east-1" }));
    assert.deepEqual(graph.types(), ["pulumi:providers:aws"]);
  });
});
