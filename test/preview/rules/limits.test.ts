import assert from "node:assert";
import { limits } from "../../../preview/rules/limits";
import { movingTag } from "../../../preview/rules/movingTag";
import { assertFinds, assertFindsNothing, changed, graphOf, policy, resource, withMore } from "./handMade";
import { HEALTHY_CONTAINER, healthy } from "./healthy";

const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

describe("limits", () => {
  it("takes what AWS takes", () => assertFindsNothing(limits, healthy));

  it("finds a size that Fargate does not have", () => {
    assertFinds(limits, changed(healthy, DEFINITION, "api", { memory: "4096" }), [
      'aws.ecs.TaskDefinition "api": memory 4096 MiB does not go with cpu 256; use 512, 1024, 2048',
    ]);
    const ec2 = { cpu: "100", memory: "300", requiresCompatibilities: ["EC2"] };
    assertFindsNothing(limits, changed(healthy, DEFINITION, "api", ec2));
  });

  it("finds names that are too long with what Pulumi adds, or have wrong characters", () => {
    const balancer = "1 to 32 letters, digits and hyphens, no hyphen at the ends, not starting with internal-";
    const group = resource("aws:lb/targetGroup:TargetGroup", "a-name-of-26-characters-ab", {});
    assertFinds(limits, graphOf(group), [
      `aws.lb.TargetGroup "a-name-of-26-characters-ab": name: expected ${balancer}, got ` +
        '"a-name-of-26-characters-ab-0000000", 34 characters (Pulumi adds 8); shorten or rename it',
    ]);
    for (const [type, name] of [
      ["aws:codebuild/project:Project", "-x"],
      ["aws:codepipeline/pipeline:Pipeline", "two words"],
      ["aws:ecr/repository:Repository", "Shop/Api"],
      ["aws:lb/loadBalancer:LoadBalancer", "internal-api"],
      ["aws:iam/role:Role", "r".repeat(65)],
      ["aws:iam/policy:Policy", "p".repeat(129)],
      ["aws:ec2/securityGroup:SecurityGroup", "sg-api"],
      ["aws:cloudwatch/eventRule:EventRule", "e".repeat(65)],
      ["aws:cloudwatch/metricAlarm:MetricAlarm", "m".repeat(256)],
      ["aws:scheduler/schedule:Schedule", "s".repeat(65)],
      ["aws:sfn/stateMachine:StateMachine", "s".repeat(81)],
      ["aws:sns/topic:Topic", "two words"],
      ["aws:codestarnotifications/notificationRule:NotificationRule", "n".repeat(65)],
      ["aws:codedeploy/application:Application", "a".repeat(101)],
      ["aws:cloudwatch/logGroup:LogGroup", "l".repeat(513)],
    ] as const) {
      const found = limits(graphOf(resource(type, "api", { name })));
      assert.strictEqual(found.length, 1, type);
      assert.match(
        found[0]?.message ?? "",
        new RegExp(`: name: expected .*, got "${name}", ${name.length} characters;`),
      );
    }
    assertFindsNothing(limits, graphOf(resource("aws:iam/role:Role", "r".repeat(70), { namePrefix: "short" })));
  });

  it("finds a retention that CloudWatch Logs does not have", () => {
    const found = limits(changed(healthy, "aws:cloudwatch/logGroup:LogGroup", "api", { retentionInDays: 8 }));
    assert.match(
      found[0]?.message ?? "",
      /^aws.cloudwatch.LogGroup "api": retentionInDays: expected one of 1, 3, .*, got 8$/,
    );
  });

  it("finds inline policies that are too long together", () => {
    const long = policy([["s3:GetObject"], Array.from({ length: 200 }, (_, n) => `arn:aws:s3:::bucket-${1000 + n}`)]);
    const part = (name: string) => resource("aws:iam/rolePolicy:RolePolicy", name, { role: "api-task", policy: long });
    assertFindsNothing(limits, withMore(healthy, part("one")));
    assertFinds(limits, withMore(healthy, part("one"), part("two")), [
      `aws.iam.Role "api-task": its inline policies are ${2 * long.length} characters in all, AWS allows 10240; move statements ` +
        "to a managed policy (aws.iam.Policy, 6144 characters each, ten a role)",
    ]);
  });
});

describe("limits of managed policies", () => {
  const attached = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `a-${index}`, {
        role: "api-task",
        policyArn: `arn:aws:iam::111122223333:policy/p-${index}`,
      }),
    );

  it("are ten for a role", () => {
    assertFindsNothing(limits, withMore(healthy, ...attached(10)));
    assertFinds(limits, withMore(healthy, ...attached(11)), [
      'aws.iam.Role "api-task": it has 11 managed policies, AWS allows 10 until it is asked for more; put statements that ' +
        "differ in their resources alone into one",
    ]);
  });

  it("are 6144 characters for each", () => {
    const found = limits(graphOf(resource("aws:iam/policy:Policy", "more", { policy: "x".repeat(6145) })));
    assert.match(
      found[0]?.message ?? "",
      /^aws.iam.Policy "more": policy: expected at most 6144 characters; these are 6145/,
    );
  });
});

describe("moving-tag", () => {
  const running = (image: string) =>
    changed(healthy, DEFINITION, "api", { containerDefinitions: JSON.stringify([{ ...HEALTHY_CONTAINER, image }]) });
  const moving = (image: string, why: string) =>
    `aws.ecs.TaskDefinition "api": container api, image "${image}": ${why}; name a tag that never moves (the commit) or a digest`;

  it("takes tags and digests", () => {
    assertFindsNothing(movingTag, healthy);
    assertFindsNothing(movingTag, running("localhost:5000/api@sha256:0a1b"));
  });

  it("finds latest, said and unsaid", () => {
    assertFinds(movingTag, running("shop/api:latest"), [moving("shop/api:latest", "latest moves with every push")]);
    const image = "localhost:5000/api";
    assertFinds(movingTag, running(image), [moving(image, "it has no tag, which means latest")]);
  });

  it("finds a repository whose tags can move", () => {
    const change = (imageTagMutability?: string) =>
      changed(healthy, "aws:ecr/repository:Repository", "api", { imageTagMutability });
    assertFinds(movingTag, change(), [
      'aws.ecr.Repository "api": imageTagMutability: expected IMMUTABLE, got MUTABLE, the default; a pushed tag could replace what runs',
    ]);
    const excluded =
      'aws.ecr.Repository "api": imageTagMutability IMMUTABLE_WITH_EXCLUSION: the excluded tags can move; ' +
      "see that nothing is deployed by them";
    assertFinds(movingTag, change("IMMUTABLE_WITH_EXCLUSION"), [excluded], "notice");
  });
});
