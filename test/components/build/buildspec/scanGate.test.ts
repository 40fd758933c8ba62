import * as assert from "node:assert/strict";
import { SEVERITIES, scanGatePermissions } from "../../../../components/build/buildspec/scanGate";
import { present } from "../../../support/present";
import { calledWith } from "../../../support/shell";
import {
  AMD64,
  ARM64,
  assertStopped,
  type Counts,
  entry,
  gate,
  index,
  manifest,
  noScan,
  PLACE,
  SCANNED_DIGEST,
  SCANNED_IMAGE,
  scanAnswer,
  scanned,
} from "./scanGateRun";

const DENIED = "An error occurred (AccessDeniedException) when calling it: inspector2:ListCoverage";
const START_REFUSALS = [
  "(LimitExceededException) when calling the StartImageScan operation: The scan quota per image has been exceeded",
  "(ValidationException) when calling the StartImageScan operation: This feature is disabled",
];

describe("scanGateBuildspec", () => {
  it("passes an image without findings, in these calls", () => {
    const result = gate([scanAnswer({})]);
    assert.equal(result.status, 0, result.output);
    const types = "--accepted-media-types application/vnd.oci.image.index.v1+json ";
    assert.ok(
      calledWith(result.calls[0] ?? { argv: [], stdin: "" }).includes(
        `${PLACE} --image-ids imageDigest=${SCANNED_DIGEST} ${types}`,
      ),
    );
    assert.deepStrictEqual(
      result.calls.map(({ argv }) => argv[2]),
      ["batch-get-image", "batch-get-image", "describe-image-scan-findings"],
    );
    assert.ok(result.calls[2]?.argv.includes("--no-paginate"));
    assert.equal(result.output, `${SCANNED_DIGEST}: no findings\nNothing above HIGH in ${SCANNED_IMAGE}\n`);
  });

  it("asks for the counts in the order in which it reads them", () => {
    const query = gate([scanAnswer({})]).calls[2]?.argv.at(-1);
    const counts = ["UNDEFINED", "UNTRIAGED", ...SEVERITIES.slice(1)].map(
      (severity) => `imageScanFindings.findingSeverityCounts.${severity}`,
    );
    const fields = ["imageScanStatus.status", "imageScanFindings.imageScanCompletedAt", ...counts];
    assert.equal(query, `[${[...fields, "imageScanStatus.description"].join(", ")}]`);
  });

  it("stops findings above the limit, and those only", () => {
    const one: Counts = { INFORMATIONAL: 1, LOW: 1, MEDIUM: 1, HIGH: 1, CRITICAL: 1 };
    for (const [rank, limit] of SEVERITIES.entries()) {
      const result = gate([scanAnswer({ counts: one })], { env: { MAX_SEVERITY: limit } });
      const above = SEVERITIES.length - 1 - rank;
      if (above > 0) assertStopped(result, `${above} finding(s) above ${limit} in ${SCANNED_IMAGE}`);
      else assert.equal(result.status, 0, result.output);
    }
  });

  it("takes findings that nobody rated for none but with NONE", () => {
    for (const counts of [{ UNDEFINED: 4 }, { UNTRIAGED: 4 }]) {
      for (const limit of SEVERITIES) {
        const result = gate([scanAnswer({ counts })], { env: { MAX_SEVERITY: limit } });
        if (limit === "NONE") assertStopped(result, `4 finding(s) above NONE in ${SCANNED_IMAGE}`);
        else assert.equal(result.status, 0, result.output);
      }
    }
  });

  it("lets HIGH pass and CRITICAL not, when nothing is said", () => {
    assert.equal(gate([scanAnswer({ counts: { HIGH: 3 } })]).status, 0);
    assertStopped(gate([scanAnswer({ counts: { CRITICAL: 1 } })]), "1 finding(s) above HIGH");
  });

  it("says what was found, and how to see it", () => {
    const result = gate([scanAnswer({ counts: { CRITICAL: 12, HIGH: 3, LOW: 7, UNTRIAGED: 1 } })]);
    assert.deepStrictEqual(result.output.trim().split("\n"), [
      `${SCANNED_DIGEST}: 12 CRITICAL, 3 HIGH, 7 LOW, 1 UNTRIAGED`,
      `  see them: aws ecr describe-image-scan-findings ${PLACE} --image-id imageDigest=${SCANNED_DIGEST}`,
      `ERROR: 12 finding(s) above HIGH in ${SCANNED_IMAGE}; take a base image and packages without them, or raise MAX_SEVERITY`,
    ]);
  });

  it("waits for a scan that runs, basic or enhanced", () => {
    for (const status of ["COMPLETE", "ACTIVE"]) {
      const waiting = [
        scanAnswer({ status: "PENDING", completed: false, times: 1 }),
        scanAnswer({ status: "IN_PROGRESS", completed: false, times: 2 }),
      ];
      const result = gate([...waiting, scanAnswer({ status, counts: { CRITICAL: 1 } })]);
      assertStopped(result, "1 finding(s) above HIGH");
      assert.equal(scanned(result).length, 4);
    }
  });

  it("does not take an enhanced scan without findings yet for one that found nothing", () => {
    const early = scanAnswer({ status: "ACTIVE", completed: false, times: 2 });
    assertStopped(gate([early, scanAnswer({ status: "ACTIVE", counts: { CRITICAL: 2 } })]), "2 finding(s) above HIGH");
    const never = gate([scanAnswer({ status: "ACTIVE", completed: false })], { env: { TIMEOUT_SECONDS: "0" } });
    assertStopped(never, `${SCANNED_DIGEST} was not scanned within 0 seconds, its scan is ACTIVE: The scan is ACTIVE.`);
  });

  it("starts a scan when there is none, once", () => {
    const result = gate([noScan(3), scanAnswer({ counts: { HIGH: 1 } })]);
    assert.equal(result.status, 0, result.output);
    const starts = result.calls.map(calledWith).filter((text) => text.startsWith("aws ecr start-image-scan "));
    assert.equal(starts.length, 1);
    assert.ok(starts[0]?.includes(`${PLACE} --image-id imageDigest=${SCANNED_DIGEST} `));
  });

  it("waits for the scan that ECR does by itself", () => {
    for (const stderr of START_REFUSALS) {
      const refused = { when: "^aws ecr start-image-scan ", stderr: `An error occurred ${stderr}`, status: 254 };
      const result = gate([refused, noScan(2), scanAnswer({})]);
      assert.equal(result.status, 0, result.output);
      assert.ok(result.output.includes(stderr));
      const never = gate([refused, noScan(99)], { env: { TIMEOUT_SECONDS: "0" } });
      assertStopped(
        never,
        `${SCANNED_DIGEST} was not scanned within 0 seconds, its scan is NOT_FOUND: ECR knows of no scan`,
      );
    }
  });

  it("lets no image pass that nobody scanned", () => {
    const ends = ["FAILED", "UNSUPPORTED_IMAGE", "SCAN_ELIGIBILITY_EXPIRED", "FINDINGS_UNAVAILABLE", "LIMIT_EXCEEDED"];
    for (const status of [...ends, "IMAGE_ARCHIVED", "SOMETHING_NEW"]) {
      const result = gate([scanAnswer({ status })], { env: { MAX_SEVERITY: "CRITICAL" } });
      assertStopped(result, `${SCANNED_DIGEST} was not scanned, its scan is ${status}: The scan is ${status}.`);
    }
  });

  it("stops when time is up", () => {
    const result = gate([scanAnswer({ status: "IN_PROGRESS", completed: false })], { env: { TIMEOUT_SECONDS: "0" } });
    assertStopped(result, `${SCANNED_DIGEST} was not scanned within 0 seconds, its scan is IN_PROGRESS`);
  });

  it("stops at an answer that it does not understand", () => {
    for (const stdout of ["", "None\n", "COMPLETE\n", "COMPLETE\tnow\tNone\tNone\tNone\tNone\tNone\tmany\tNone\tx\n"]) {
      assertStopped(
        gate([{ when: "describe-image-scan-findings", stdout }]),
        /ECR gave ".*" as the scan of sha256:d+/s,
      );
    }
  });

  it("stops whichever call fails, but for one look at a scan, which is made again", () => {
    const answers = [noScan(1), ...index(entry(AMD64, "amd64"), entry(ARM64, "arm64")), scanAnswer({})];
    const count = gate(answers).calls.length;
    assert.equal(count, 6);
    for (const [index, call] of gate(answers).calls.entries()) {
      const result = gate(answers, { failCall: { number: index + 1, stderr: DENIED } });
      if (calledWith(call).startsWith("aws ecr describe-image-scan-findings ")) {
        assert.equal(result.status, 0, result.output);
        assert.match(result.output, /AccessDeniedException.*\nLooking again, 2 of 5\n/);
      } else assertStopped(result, "AccessDeniedException");
    }
    const denied = { when: "describe-image-scan-findings", stderr: DENIED, status: 254 };
    assertStopped(gate([denied, ...answers]), ", 5 times in a row");
  });

  it("refuses an image that ECR does not have", () => {
    for (const type of ["None", "application/vnd.oci.artifact.manifest.v1+json"]) {
      assertStopped(gate(manifest(type)), `ECR has no image ${SCANNED_IMAGE} (its media type is "${type}")`);
    }
  });

  it("refuses odd settings, before any call", () => {
    const repository = SCANNED_IMAGE.split("@")[0] ?? "";
    const images = [
      "",
      repository,
      `${repository}:1`,
      `docker.io/acme/api@${SCANNED_DIGEST}`,
      `${SCANNED_IMAGE}0`,
      `${repository}:1@${SCANNED_DIGEST}`,
    ];
    const odd: readonly (readonly [string, string])[] = [
      ...images.map((uri) => ["IMAGE_URI", uri] as const),
      ...["", "high", "UNDEFINED", "HIGH "].map((severity) => ["MAX_SEVERITY", severity] as const),
      ...["", "-1", "ten"].flatMap((n) => [["TIMEOUT_SECONDS", n] as const, ["POLL_SECONDS", n] as const]),
    ];
    for (const [name, value] of odd) {
      const result = gate([scanAnswer({})], { env: { [name]: value } });
      assertStopped(result, `ERROR: ${name} is "${value}", expected `);
      assert.deepStrictEqual(result.calls, []);
    }
  });
});

describe("scanGatePermissions", () => {
  it("allows what the script calls in the repositories, and what ECR calls for it", () => {
    const calls = gate([noScan(1), scanAnswer({})]).calls;
    const pascal = (verb: string) => verb.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const used = new Set(calls.map(({ argv: [, service, verb] }) => `${service}:${pascal(verb ?? "")}`));
    const [images, inspector, ...more] = scanGatePermissions({ repositoryArns: ["arn:api", "arn:web"] });
    assert.deepStrictEqual([...used].sort(), [...(images?.actions ?? [])].sort());
    assert.deepStrictEqual(images?.resources, ["arn:api", "arn:web"]);
    assert.deepStrictEqual(present(inspector), {
      effect: "Allow",
      actions: ["inspector2:ListCoverage", "inspector2:ListFindings"],
      resources: ["*"],
    });
    assert.deepStrictEqual(more, []);
  });
});
