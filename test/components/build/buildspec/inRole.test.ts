import assert from "node:assert/strict";
import { renderBuildspec, scriptCommand } from "../../../../components/build/buildspec/buildspec";
import { confirmDeliveryBuildspec } from "../../../../components/build/buildspec/confirmDelivery";
import { unpacked } from "../../../../components/build/buildspec/packed";
import { parseBuildspec, runBuildspec } from "../../../support/shell";

const ROLE = "arn:aws:iam::444455556666:role/production-confirm";
const scriptOf = (text: string) => parseBuildspec(unpacked(text)).phases.build?.commands?.[0] ?? "";
const inRole = `${scriptCommand("in-role.sh")}\n\nact_in_target_role`;

/** What a command after it finds: the profile the CLI uses, its regions, and its configuration. */
const PROBE = `printf '%s|' "$AWS_PROFILE" "$AWS_REGION" "$AWS_DEFAULT_REGION"; cat "$AWS_CONFIG_FILE"; aws sts get-caller-identity`;

function run(env: Record<string, string>) {
  const buildspec = renderBuildspec({
    env: { "exported-variables": ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"] },
    phases: { build: { commands: [inRole, PROBE] } },
  });
  const answers = [{ when: "aws sts get-caller-identity" }];
  return runBuildspec(buildspec, { answers, env: { TARGET_ROLE_ARN: ROLE, TARGET_REGION: "eu-central-1", ...env } });
}

describe("confirming in another stack's role", () => {
  it("comes before everything else, and changes nothing of what follows", () => {
    const own = scriptOf(confirmDeliveryBuildspec());
    assert.match(own, /\nconfirm_delivery\n$/);
    assert.equal(scriptOf(confirmDeliveryBuildspec({ inRole: true })), `${inRole} || exit\n\n${own}`);
  });

  it("lets the CLI take the role with the build's own credentials, in the region of the target", () => {
    const { status, output, calls } = run({});
    assert.equal(status, 0, output);
    const [profile, region, defaultRegion, config] = output.split("|");
    assert.deepEqual([profile, region, defaultRegion], ["target", "eu-central-1", "eu-central-1"]);
    assert.deepEqual(config?.trim().split("\n"), [
      "[profile target]",
      `role_arn = ${ROLE}`,
      "credential_source = EcsContainer",
      "role_session_name = confirm-delivery",
    ]);
    assert.equal(calls.length, 1);
  });

  it("keeps credentials out of the environment", () => assert.deepEqual(run({}).exported, {}));

  it("calls nothing without a role, or without a region", () => {
    for (const [env, message] of [
      [{ TARGET_ROLE_ARN: "" }, /ERROR: TARGET_ROLE_ARN is "", expected the ARN of an IAM role/],
      [{ TARGET_ROLE_ARN: `${ROLE}\n[default]` }, /expected the ARN of an IAM role/],
      [{ TARGET_REGION: "" }, /ERROR: TARGET_REGION is "", expected an AWS region/],
    ] as const) {
      const { status, output, calls } = run(env);
      assert.notEqual(status, 0);
      assert.match(output, message);
      assert.deepEqual(calls, []);
    }
  });
});
