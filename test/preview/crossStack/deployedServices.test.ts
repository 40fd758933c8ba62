import assert from "node:assert/strict";
import { deployedServiceFindings } from "../../../preview/crossStack/deployedServices";
import { takenRoleFindings } from "../../../preview/crossStack/takenRoles";
import { exampleGraph } from "../../support/stack";

const services = (backend: object) => [
  { name: "backend", container: { name: "shop-backend-production", port: 8080 }, ...backend },
  { name: "bff", container: { name: "shop-bff-production", port: 3000 }, repository: { name: "shop/bff-production" } },
];

async function found(
  staging: Readonly<Record<string, unknown>> = {},
  production: Readonly<Record<string, unknown>> = {},
): Promise<string[]> {
  // One after another: a process records one program at a time.
  const here = await exampleGraph("own-build", "staging", staging);
  const there = await exampleGraph("own-build", "production", production);
  return deployedServiceFindings([here.recorded, there.recorded]).map(
    ({ graph, finding: { level, rule, message } }) => `${graph.stack} ${level} ${rule}: ${message}`,
  );
}

describe("deployedServiceFindings", () => {
  it("finds nothing where the other stack's names are given", async () => {
    assert.deepEqual(await found(), []);
  });

  it("finds a container that has another name in the other stack, says it once, and how to name it", async () => {
    const messages = await found({
      releaseTo: {
        stack: "production",
        services: { bff: { container: "shop-bff-production", repository: { name: "shop/bff-production" } } },
      },
    });
    assert.deepEqual(messages, [
      'staging error halves-differ: aws.codepipeline.Pipeline "staging", stage Release, action backend-release: hands out ' +
        'CONTAINER_NAME "shop-backend-staging", but aws.ecs.Service "backend" of stack production runs ' +
        "shop-backend-production; pulumi config set --stack staging --path " +
        "ecs-delivery:releaseTo.services.backend.container shop-backend-production",
    ]);
  });

  it("finds an image that is put where the other stack does not pull from", async () => {
    const messages = await found({}, { services: services({ repository: { name: "shop/other" } }) });
    assert.equal(messages.length, 1);
    assert.match(
      messages[0] ?? "",
      /action backend-release: puts the image into .*\/production\/backend, but .* of stack production pulls from .*\/shop\/other;/,
    );
  });

  it("finds nothing of a stack of that name in another account", async () => {
    const releaseTo = { stack: "production", account: "444455556666" };
    assert.deepEqual(await found({ releaseTo }), []);
  });

  it("says that names are wrong, and not the role, where the other stack has its service in another cluster", async () => {
    const here = await exampleGraph("own-build", "staging");
    const there = await exampleGraph("own-build", "production", { cluster: { existing: "shared" } });
    const messages = takenRoleFindings([here.recorded, there.recorded]).map(({ finding }) => finding.message);
    const wrong = messages.filter((message) => message.includes("may not ecs:"));
    assert.ok(wrong.length > 0);
    for (const message of wrong) {
      assert.match(
        message,
        /; stack production makes no service production-\w+ in cluster production: name what it has/,
      );
      assert.match(message, /in stack staging: releaseTo\.cluster, and releaseTo\.services\.<name>\.service$/);
    }
  });
});
