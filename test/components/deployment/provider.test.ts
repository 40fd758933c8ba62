import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const TYPES = readFileSync(require.resolve("@pulumi/aws/types/input.d.ts"), "utf8");

/** Names of the properties that an input type of the provider has. */
function propertiesOf(name: string): string[] {
  const [, body = ""] = new RegExp(`interface ${name} \\{\\n([\\s\\S]*?)\\n {4}\\}`).exec(TYPES) ?? [];
  return [...body.matchAll(/^ {8}(\w+)\??:/gm)].map(([, property = ""]) => property);
}

/**
 * What ECS has and the provider cannot say yet. On the day one of these fails, the strategies can have a setting for it:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/early-success-criteria.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
describe("what the provider says of deployments", () => {
  it("has the settings that the strategies use, so that the names are read right", () => {
    assert.deepEqual(propertiesOf("ServiceDeploymentCircuitBreaker").sort(), ["enable", "rollback"]);
    for (const property of ["strategy", "bakeTimeInMinutes", "canaryConfiguration", "lifecycleHooks"]) {
      assert.ok(propertiesOf("ServiceDeploymentConfiguration").includes(property), property);
    }
  });

  it("has no early success criteria yet", () => {
    assert.ok(!/earlySuccessCriteria/i.test(TYPES), "add earlySuccessCriteria to rolling(), and to ADR 1");
  });

  it("has no threshold of the circuit breaker yet", () => {
    const properties = propertiesOf("ServiceDeploymentCircuitBreaker");
    for (const property of ["thresholdConfiguration", "resetOnHealthyTask"]) {
      assert.ok(!properties.includes(property), `add ${property} to the strategies of ECS, and to ADR 1`);
    }
  });
});
