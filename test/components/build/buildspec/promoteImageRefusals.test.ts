import * as assert from "node:assert/strict";
import type { BuildRun } from "../../../support/shell";
import {
  assertRefused,
  COMMIT,
  denied,
  OTHER,
  PARAMETER,
  passed,
  promote,
  RELEASED_FROM,
  ROUTES,
  TESTED,
  TESTED_DIGEST,
  verbs,
  versions,
} from "./promoteImageRun";

const HOST = RELEASED_FROM.split("/")[0] ?? "";
const IN_PLACE = ROUTES["within a repository"];
const HUB = ROUTES["to Docker Hub"];

/** Fails unless the run was refused before any call. */
function assertRefusedAtOnce(result: BuildRun, reason: string): void {
  assertRefused(result, reason);
  assert.deepStrictEqual(result.calls, []);
}

describe("promoteImageBuildspec, asked for what it must not do", () => {
  it("refuses an image that is not by digest", () => {
    const odd = [
      `${RELEASED_FROM}:${COMMIT}`,
      RELEASED_FROM,
      "",
      `${RELEASED_FROM}:1@${TESTED_DIGEST}`,
      `${TESTED}0`,
      `acme/api@${TESTED_DIGEST}`,
      TESTED_DIGEST,
    ];
    for (const uri of [...odd, `${RELEASED_FROM}@sha256:${"D".repeat(64)}`, `${TESTED} x`]) {
      assertRefusedAtOnce(
        promote(IN_PLACE, { env: { TESTED_IMAGE_URI: uri } }),
        `TESTED_IMAGE_URI is "${uri}", expected <registry>/<repository>@sha256:<64 hexadecimal digits>`,
      );
    }
  });

  it("refuses a target without a registry, or with a tag", () => {
    for (const uri of ["acme/backend", "", `${RELEASED_FROM}:prod`, TESTED, "docker.io", `${RELEASED_FROM} x`]) {
      assertRefusedAtOnce(
        promote(IN_PLACE, { env: { TARGET_REPOSITORY_URI: uri } }),
        `TARGET_REPOSITORY_URI is "${uri}", expected <registry>/<repository> without a tag`,
      );
    }
  });

  it("refuses a commit that cannot be in a tag, and takes other revisions", () => {
    for (const commit of ["", "a/b", "-v1", ".1", "a b", "a".repeat(101), 'x"']) {
      assertRefusedAtOnce(
        promote(IN_PLACE, { env: { COMMIT_ID: commit } }),
        `COMMIT_ID is "${commit}", expected a commit id, or a revision of at most 100 letters`,
      );
    }
    for (const commit of ["v1.2.3", "a".repeat(100), "3L4kqtJlcpXroDTDmJ_rmSpXd3dIbrHY"]) {
      const result = promote(IN_PLACE, { env: { COMMIT_ID: commit } });
      assert.equal(result.status, 0, result.output);
      assert.equal(result.exported.IMAGE_TAG, commit);
    }
  });

  it("refuses a prefix that makes no tag", () => {
    for (const prefix of ["-", ".", "prod/", "a b", "p".repeat(89)]) {
      assertRefusedAtOnce(
        promote(IN_PLACE, { env: { RELEASE_TAG_PREFIX: prefix } }),
        `RELEASE_TAG_PREFIX is "${prefix}", which makes "${prefix}${COMMIT}" the release tag, expected at most 128`,
      );
    }
    assert.equal(promote(IN_PLACE, { env: { RELEASE_TAG_PREFIX: "p".repeat(88) } }).status, 0);
  });

  it("refuses a release without a record of what passed", () => {
    assertRefusedAtOnce(
      promote(IN_PLACE, { env: { PASSED_IMAGE_PARAMETER: "" } }),
      "PASSED_IMAGE_PARAMETER is empty, expected the SSM parameter",
    );
  });

  it("refuses an image that did not pass", () => {
    const elsewhere = passed(`${HOST}/acme/web@${TESTED_DIGEST}`);
    const records: readonly (readonly string[])[] = [
      [],
      [""],
      ["none"],
      ["None"],
      [passed(`${RELEASED_FROM}@${OTHER}`)],
      [elsewhere],
      [passed(`x${TESTED}`)],
      [passed(`${TESTED}0`)],
      [`{"commit":"${TESTED}"}`],
      [TESTED],
    ];
    for (const values of records) {
      const result = promote(IN_PLACE, { answers: [versions(...values)] });
      assertRefused(
        result,
        `${TESTED} has not passed its tests: no version of SSM parameter ${PARAMETER} names it; let the test stage pass`,
      );
      assert.deepStrictEqual(verbs(result), ["aws ssm get-parameter-history"]);
    }
  });

  it("finds the image in whichever version names it, however that is laid out", () => {
    const spaced = `{ "commit": "c",\n  "image" : "${TESTED}" }`;
    const older = [passed(TESTED), ...Array.from({ length: 99 }, () => passed(`${RELEASED_FROM}@${OTHER}`))];
    for (const values of [older, ["none", spaced]]) {
      const result = promote(IN_PLACE, { answers: [versions(...values)] });
      assert.equal(result.status, 0, result.output);
    }
  });

  it("refuses when it cannot read the record", () => {
    assertRefused(
      promote(IN_PLACE, { answers: [denied("get-parameter-history")] }),
      `cannot read the versions of SSM parameter ${PARAMETER}`,
    );
  });

  it("refuses a registry without credentials, by name", () => {
    for (const name of ["DOCKER_USER", "DOCKER_PASSWORD"]) {
      assertRefusedAtOnce(
        promote(HUB, { env: { [name]: "" } }),
        `${name} is empty, expected what logs in to docker.io; fill it from a parameter or a secret`,
      );
    }
    const route = ROUTES["to another account"];
    assert.equal(promote(route, { env: { DOCKER_USER: "", DOCKER_PASSWORD: "" } }).status, 0);
  });

  it("shows one registry's password to no other", () => {
    assertRefusedAtOnce(
      promote(HUB, { env: { TESTED_IMAGE_URI: `ghcr.io/acme/api@${TESTED_DIGEST}` } }),
      "there is one DOCKER_USER for ghcr.io and docker.io; release to ECR first",
    );
    const uri = `docker.io/acme/api@${TESTED_DIGEST}`;
    const result = promote(HUB, { env: { TESTED_IMAGE_URI: uri }, answers: [versions(passed(uri))] });
    assert.equal(result.status, 0, result.output);
    assert.equal(result.calls.filter(({ argv }) => argv[1] === "login").length, 1);
  });

  it("takes no failure but a missing tag for a missing tag", () => {
    const reasons = {
      "within a repository": ["(AccessDeniedException)", "(RepositoryNotFoundException)", "(ThrottlingException)"],
      "to Docker Hub": [
        "insufficient_scope: authorization failed",
        "docker-credential-desktop: executable file not found in $PATH",
        "unexpected status from HEAD request: 500",
        "docker: unknown command: docker buildx",
        "other:tag: not found",
      ],
    } as const;
    for (const [name, texts] of Object.entries(reasons)) {
      const route = name === "to Docker Hub" ? HUB : IN_PLACE;
      for (const stderr of texts) {
        const result = promote(route, { answers: [{ when: route.ask, stderr, status: 1 }] });
        assertRefused(result, `cannot tell whether ${route.target} has ${COMMIT}: ${stderr}`);
      }
    }
  });

  it("refuses a digest that is none", () => {
    for (const route of [IN_PLACE, HUB]) {
      const result = promote(route, { answers: [{ when: route.ask, stdout: "None\n" }] });
      assertRefused(result, `the registry gave "None" as the digest of ${route.target}:${COMMIT}, expected sha256:...`);
    }
  });

  it("refuses an image that ECR no longer has", () => {
    const gone = { when: "^aws ecr batch-get-image ", stdout: "None\n" };
    assertRefused(promote(IN_PLACE, { answers: [gone] }), `ECR no longer has ${TESTED}; push the commit again`);
  });
});
