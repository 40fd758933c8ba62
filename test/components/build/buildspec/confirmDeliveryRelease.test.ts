import assert from "node:assert/strict";
import { RELEASED_TAG_PREFIX } from "../../../../components/images/lifecyclePolicy/policy";
import type { StandInAnswer } from "../../../support/shell";
import { assertFailed, called, confirm, FIRST, SETTLING } from "./confirmDeliveryRun";

const TYPE = "application/vnd.oci.image.index.v1+json";
const MANIFEST = '{ "schemaVersion": 2,\n  "manifests": [] }';
const READ: readonly StandInAnswer[] = [
  { when: "^aws ecr batch-get-image .*imageManifestMediaType", stdout: `${TYPE}\n` },
  { when: "^aws ecr batch-get-image .*imageManifest ", stdout: `${MANIFEST}\n` },
];
const env = { RELEASED_TAG_PREFIX };

describe("confirmDeliveryBuildspec, for lifecycle policies", () => {
  it("tags the delivered digest as released, manifest unchanged, before it records", () => {
    const result = confirm(SETTLING, { env, answers: [...READ, { when: "^aws ecr put-image " }] });
    assert.equal(result.status, 0, result.output);
    const put = result.calls.find(({ argv }) => argv[2] === "put-image")?.argv ?? [];
    const after = (flag: string) => put[put.indexOf(flag) + 1];
    assert.equal(after("--image-tag"), `released-${"a".repeat(12)}`);
    assert.equal(after("--image-digest"), `sha256:${"a".repeat(64)}`);
    assert.equal(after("--image-manifest"), MANIFEST);
    assert.equal(after("--image-manifest-media-type"), TYPE);
    assert.equal(after("--repository-name"), "acme/api");
    assert.equal(result.calls.at(-1)?.argv[2], "put-parameter");
  });

  it("takes an image that was delivered before", () => {
    const again = {
      when: "^aws ecr put-image ",
      status: 254,
      stderr: "An error occurred (ImageAlreadyExistsException) when ...",
    };
    const result = confirm(SETTLING, { env, answers: [...READ, again] });
    assert.equal(result.status, 0, result.output);
    assert.equal(called(result, "ssm put-parameter").length, 1);
  });

  it("records nothing when the image cannot be protected", () => {
    const denied = { when: "^aws ecr put-image ", status: 254, stderr: "AccessDeniedException" };
    assertFailed(
      confirm(SETTLING, { env, answers: [...READ, denied] }),
      /cannot tag .* as released: AccessDeniedException/,
    );
    const unread = { when: "^aws ecr batch-get-image ", status: 254, stderr: "AccessDeniedException" };
    assertFailed(confirm(SETTLING, { env, answers: [unread] }), /cannot read the manifest/);
  });

  it("leaves a first delivery running that it cannot protect", () => {
    const denied = { when: "^aws ecr put-image ", status: 254, stderr: "AccessDeniedException" };
    const result = confirm(FIRST, { env, answers: [...READ, denied] });
    assertFailed(result, /cannot tag .* as released/);
    assert.equal(called(result, "ecs update-service").length, 1);
  });

  it("tags nothing where no prefix is given", () => {
    const result = confirm(SETTLING);
    assert.equal(result.status, 0, result.output);
    assert.deepEqual(called(result, "ecr put-image"), []);
  });
});
