import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, type Statement } from "../../../components/iam/policyDocument";
import { documents, POLICY_MAX, policiesNeeded } from "../../../components/iam/policySize";
import { defineRole } from "../../../components/iam/role";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { documentStatements, list, resolved, textAt as textIn } from "../../support/read";

const arn = (index: number) =>
  `arn:aws:ecs:eu-west-1:111122223333:service/production/production-service-number-${index}`;
const many = (count: number, known = false): Statement[] =>
  Array.from({ length: count }, (_, index) => {
    const resource = known ? arn(index) : pulumi.output(arn(index));
    return [
      allow(["ecs:UpdateService"], [resource]),
      allow(["ecs:TagResource"], [resource], { StringEquals: { a: "b" } }),
    ];
  }).flat();

const textsIn = (value: unknown) => list(value).map(textIn);

class Owner extends pulumi.ComponentResource {
  constructor(statements: readonly Statement[]) {
    super("test:index:Owner", "owner", {});
    const { policies } = defineRole("work", { service: "codebuild.amazonaws.com", statements }, this);
    new aws.sqs.Queue("waits", {}, { parent: this, dependsOn: [...policies] });
  }
}

const MANAGED = "aws:iam/policy:Policy";
const textsOf = (graph: Graph, type: string) => graph.all(type).map(({ inputs }) => String(inputs.policy));

describe("what a role may do", () => {
  it("is one inline policy as long as that holds it", () => {
    assert.equal(policiesNeeded(many(20)), 1);
    assert.equal(policiesNeeded(many(50, true)), 1);
    assert.ok(policiesNeeded(many(60)) > 1);
  });

  it("is never more than the policies that are made for it hold, and nothing of it is lost", async () => {
    for (const count of [1, 30, 60, 100, 150]) {
      const statements = many(count);
      const needed = policiesNeeded(statements);
      const texts = textsIn(await resolved(() => pulumi.all(documents(statements, needed))));
      texts.forEach((text, index) => {
        const most = index === 0 ? POLICY_MAX.inline : POLICY_MAX.managed;
        assert.ok(text.length <= most, `${count}: policy ${index} of ${needed} is ${text.length}`);
        assert.ok(documentStatements(text).length > 0);
      });
      const found = texts.flatMap((text) =>
        documentStatements(text).flatMap(({ Action, Resource, Condition }) =>
          Resource.map((one) => JSON.stringify([Action, one, Condition])),
        ),
      );
      assert.equal(found.length, count * 2);
      assert.equal(new Set(found).size, count * 2);
    }
  });

  it("goes on in managed policies, attached, for which whoever uses the role waits", async () => {
    const graph = await recordGraph(() => new Owner(many(80)));
    assert.equal(graph.all("aws:iam/rolePolicy:RolePolicy").length, 1);
    assert.deepEqual(
      graph.all(MANAGED).map(({ name, inputs }) => [name, inputs.path]),
      Array.from({ length: graph.count(MANAGED) }, (_, index) => [`work-${index + 2}`, undefined]),
    );
    assert.ok(graph.count(MANAGED) >= 2);
    const attached = graph.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    assert.equal(attached.length, graph.count(MANAGED));
    for (const { urn } of attached) assert.ok(graph.only("aws:sqs/queue:Queue").dependencies.includes(urn));
    assert.equal(new Set(textsOf(graph, MANAGED)).size, graph.count(MANAGED));
  });

  it("makes no managed policy where the inline one is enough", async () => {
    assert.equal((await recordGraph(() => new Owner(many(5)))).count(MANAGED), 0);
  });

  it("is refused where ten managed policies do not hold it", async () => {
    assert.match(
      await refusal(() => new Owner(many(400))),
      /role "work" would take \d+ managed policies, AWS allows 10/,
    );
  });

  it("is refused with its length where its text is longer than anyone could tell before", async () => {
    const long = Array.from({ length: 30 }, (_, index) =>
      allow(["a:B"], [pulumi.output(`${"x".repeat(500)}${index}`)]),
    );
    assert.match(await refusal(() => new Owner(long)), /policy 1 of 1: \d+ characters, AWS takes 10240/);
  });
});
