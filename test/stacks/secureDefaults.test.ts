import assert from "node:assert/strict";
import { isModelled } from "../../model/update/modelled";
import { plainHttp } from "../../preview/rules/plainHttp";
import { roleCannot } from "../../preview/rules/roleCannot";
import { roleTooWide } from "../../preview/rules/roleTooWide";
import type { Graph } from "../support/graph";
import { at, json, list } from "../support/read";
import { exampleGraph, service, stackGraph, stackRefusal } from "../support/stack";

const BUCKET = "aws:s3/bucket:Bucket";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const WEB_ACL = "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/shop/0a1b";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";

const graphOf = (stack: string, changes: Record<string, unknown> = {}): Promise<Graph> =>
  stackGraph(stack, { changes });
const statements = (graph: Graph, name: string) => list(json(graph.named(POLICY, name).inputs.policy, "Statement"));

describe("access logs", () => {
  it("are kept in prod: of load balancers and of the artifact bucket, in a bucket of the stack that expires", async () => {
    const graph = await graphOf("prod");
    const { id } = graph.named(BUCKET, "prod-logs");
    assert.deepEqual(graph.only(BALANCER).inputs.accessLogs, {
      enabled: true,
      bucket: id,
      prefix: "load-balancers/api",
    });
    assert.deepEqual(
      graph.all(LOGGING).map(({ name, inputs }) => [name, inputs.targetBucket, inputs.targetPrefix]),
      [["prod-artifacts", id, "buckets/prod-artifacts/"]],
    );
    const { rules } = graph.named(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "prod-logs",
    ).inputs;
    assert.equal(at(rules, 0, "expiration", "days"), 90);
    assert.deepEqual(at(graph.named(ENCRYPTION, "prod-logs").inputs.rules, 0), {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
    });
  });

  it("are written by load balancers and buckets of this account and stack alone, by TLS, below their own folder", async () => {
    const graph = await graphOf("prod");
    const arn = String(graph.named(BUCKET, "prod-logs").outputs.arn);
    const [tls, ...writers] = statements(graph, "prod-logs");
    assert.equal(at(tls, "Effect"), "Deny");
    assert.deepEqual(
      writers.map((one) => [at(one, "Principal"), at(one, "Action"), at(one, "Resource"), at(one, "Condition")]),
      [
        [
          { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          "s3:PutObject",
          `${arn}/load-balancers/*/AWSLogs/111122223333/*`,
          { ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/*" } },
        ],
        [
          { Service: "logging.s3.amazonaws.com" },
          "s3:PutObject",
          `${arn}/buckets/*`,
          {
            StringEquals: { "aws:SourceAccount": "111122223333" },
            ArnLike: { "aws:SourceArn": "arn:aws:s3:::prod-*" },
          },
        ],
      ],
    );
  });

  it("are written by the account of the region where load balancers have no service to name", async () => {
    const graph = await graphOf("prod", { "aws:region": "us-gov-west-1" });
    const [, balancers] = statements(graph, "prod-logs");
    assert.match(JSON.stringify(at(balancers, "Principal")), /^\{"AWS":"arn:[a-z-]+:iam::048591011584:root"\}$/);
    assert.equal(at(balancers, "Condition"), undefined);
  });

  it("wait for the policy that lets load balancers write: ELB tries before it says yes", async () => {
    const graph = await graphOf("prod");
    const { dependencies } = graph.only(BALANCER);
    assert.ok(dependencies.includes(graph.named(POLICY, "prod-logs").urn));
  });

  it("are kept nowhere else by default, and everywhere where stack config says so", async () => {
    for (const stack of ["dev", "qa"]) {
      const graph = await graphOf(stack);
      assert.equal(graph.all(BUCKET).length, 1, stack);
      assert.equal(graph.only(BALANCER).inputs.accessLogs, undefined, stack);
    }
    const asked = await graphOf("dev", { accessLogs: true, accessLogRetentionInDays: 30 });
    assert.equal(asked.named(BUCKET, "dev-logs").inputs.forceDestroy, true);
    assert.equal(asked.named(BUCKET, "dev-logs").protect, false);
    assert.equal((await graphOf("prod", { accessLogs: false })).all(BUCKET).length, 1);
    assert.match(
      await stackRefusal("dev", { accessLogs: false, accessLogRetentionInDays: 30 }),
      /accessLogRetentionInDays: expected nothing beside accessLogs: false.*\n +pulumi config rm/,
    );
  });

  it("stay in the region of the bucket that is logged", async () => {
    const graph = await exampleGraph("one-pipeline", "staging", {
      accessLogs: true,
      releaseTo: { stack: "production", region: "eu-central-1" },
    });
    const far = graph.named(BUCKET, "staging-logs-eu-central-1");
    assert.equal(far.inputs.region, "eu-central-1");
    const logged = graph.all(LOGGING).map(({ name, inputs }) => [name, inputs.targetBucket]);
    assert.deepEqual(logged.sort(), [
      ["staging-artifacts", graph.named(BUCKET, "staging-logs").id],
      ["staging-artifacts-eu-central-1", far.id],
    ]);
  });

  it("touch nothing that is there already, and make no bucket where nothing would write to it", async () => {
    for (const stack of ["dev", "qa", "prod"]) {
      const graph = await exampleGraph("bring-your-own", stack, { environment: "prod" });
      assert.equal(graph.count(BUCKET) + graph.count(LOGGING), 0, stack);
    }
  });
});

describe("alarms that guard deployments", () => {
  const told = (graph: Graph) => graph.all(ALARM).map(({ inputs }) => [inputs.alarmActions, inputs.okActions]);

  it("tell the topic of the stack where it has one", async () => {
    const graph = await graphOf("prod");
    const topic = graph.only("aws:sns/topic:Topic").outputs.arn;
    assert.ok(told(graph).length > 0);
    for (const [alarm, ok] of told(graph)) assert.deepEqual([alarm, ok], [[topic], [topic]]);
    const publishers = list(json(graph.only("aws:sns/topicPolicy:TopicPolicy").inputs.policy, "Statement"));
    assert.ok(publishers.some((one) => at(one, "Principal", "Service") === "cloudwatch.amazonaws.com"));
  });

  it("tell nobody where nobody listens, where that is not wanted, and of a topic that exists only where it is", async () => {
    const TOPIC = "arn:aws:sns:eu-west-1:111122223333:ours";
    const given = { topic: { existing: TOPIC }, notificationEmails: undefined };
    const silent = [
      await graphOf("dev"),
      await graphOf("prod", { deliveryEvents: false }),
      await graphOf("prod", given),
    ];
    for (const graph of silent) for (const one of told(graph)) assert.deepEqual(one, [undefined, undefined]);
    const wanted = told(await graphOf("prod", { ...given, deliveryEvents: true }));
    assert.ok(wanted.length > 0);
    for (const one of wanted) assert.deepEqual(one, [[TOPIC], [TOPIC]]);
  });
});

describe("what a stack file may add", () => {
  it("puts load balancers behind a web ACL, one at a time", async () => {
    const graph = await graphOf("prod", { loadBalancer: { webAclArn: WEB_ACL } });
    const association = graph.only("aws:wafv2/webAclAssociation:WebAclAssociation");
    assert.equal(association.inputs.webAclArn, WEB_ACL);
    assert.equal(association.inputs.resourceArn, graph.only(BALANCER).outputs.arn);
    assert.equal(association.deleteBeforeReplace, true);
    assert.ok(isModelled(association.type));
    assert.match(
      await stackRefusal("prod", { loadBalancer: { webAclArn: WEB_ACL.replace("regional", "global") } }),
      /loadBalancer\.webAclArn: expected the ARN of a regional web ACL/,
    );
  });

  it("copies artifacts to a bucket of another region, in a role that may do that alone", async () => {
    const kmsKey = "arn:aws:kms:eu-central-1:111122223333:key/c0p7";
    const graph = await graphOf("prod", { artifactReplica: { bucket: { existing: "acme-copies" }, kmsKey } });
    const { role, rules } = graph.only(REPLICATION).inputs;
    assert.equal(role, graph.named("aws:iam/role:Role", "prod-artifacts-replication").outputs.arn);
    assert.deepEqual(at(rules, 0, "destination"), {
      bucket: "arn:aws:s3:::acme-copies",
      encryptionConfiguration: { replicaKmsKeyId: kmsKey },
    });
    assert.deepEqual(at(rules, 0, "sourceSelectionCriteria"), { sseKmsEncryptedObjects: { status: "Enabled" } });
    const written = graph
      .statements("prod-artifacts-replication")
      .filter(({ Resource }) => Resource.some((one) => one.includes("acme-copies") || one === kmsKey));
    assert.deepEqual(
      written.map(({ Action, Condition }) => [Action, Condition]),
      [
        [["s3:ReplicateObject", "s3:ReplicateTags"], undefined],
        [["kms:Encrypt"], { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } }],
      ],
    );
    assert.deepEqual([...roleCannot(graph.recorded), ...roleTooWide(graph.recorded)], []);
    assert.ok(isModelled(REPLICATION));
    assert.match(
      await stackRefusal("prod", {
        artifactBucket: { existing: "acme-artifacts" },
        artifactReplica: { bucket: { existing: "acme-copies" }, kmsKey },
      }),
      /artifactReplica: expected nothing beside artifactBucket/,
    );
  });
});

describe("plain HTTP in production", () => {
  const said = async (...args: Parameters<typeof graphOf>) =>
    plainHttp((await graphOf(...args)).recorded).map(({ level, message }) => `${level} ${message}`);

  it("is said once for each load balancer that is there to stay, with what mends it", async () => {
    const [one, ...more] = await said("prod");
    assert.match(
      one ?? "",
      /^notice aws\.lb\.Listener "api-production": users reach production by plain HTTP.*certificateArn/,
    );
    assert.deepEqual(more, []);
  });

  it("is not said of TLS with its redirect, nor of what comes and goes", async () => {
    assert.deepEqual(await said("prod", { loadBalancer: { certificateArn: CERTIFICATE } }), []);
    assert.deepEqual(await said("dev"), []);
  });
});

describe("variables of a container", () => {
  const environments = (graph: Graph) =>
    list(json(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions)).map((one) =>
      at(one, "environment"),
    );

  it("are no list where there are none", async () => {
    assert.deepEqual(environments(await graphOf("prod")), [undefined]);
    const some = { services: service("prod", { container: { name: "api", port: 8080, environment: { A: "b" } } }) };
    assert.deepEqual(environments(await graphOf("prod", some)), [[{ name: "A", value: "b" }]]);
  });
});
