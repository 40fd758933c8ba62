import * as assert from "node:assert/strict";
import {
  AMD64,
  ARM64,
  ATTESTATION,
  ATTESTS,
  assertStopped,
  entry,
  gate,
  index,
  manifest,
  PLACE,
  SCANNED_DIGEST,
  SCANNED_IMAGE,
  scanAnswer,
  scanned,
} from "./scanGateRun";

const BOTH = [entry(AMD64, "amd64"), entry(ATTESTATION, "unknown", ATTESTS), entry(ARM64, "arm64")];

describe("scanGateBuildspec, for an image for several platforms", () => {
  it("looks at the image for each platform, neither at the index nor at attestations", () => {
    const result = gate([...index(...BOTH), scanAnswer({ counts: { LOW: 2 } })]);
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(scanned(result), [AMD64, ARM64]);
    assert.equal(result.output, `${AMD64}: 2 LOW\n${ARM64}: 2 LOW\nNothing above HIGH in ${SCANNED_IMAGE}\n`);
  });

  it("reads a Docker manifest list, and an index on one line", () => {
    const text = JSON.stringify({ manifests: BOTH });
    const result = gate([
      ...manifest("application/vnd.docker.distribution.manifest.list.v2+json", text),
      scanAnswer({}),
    ]);
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(scanned(result), [AMD64, ARM64]);
  });

  it("counts the findings of all platforms, and looks at all before it stops", () => {
    const first = scanAnswer({ digest: AMD64, counts: { CRITICAL: 1 } });
    const result = gate([...index(...BOTH), first, scanAnswer({ digest: ARM64, counts: { CRITICAL: 2 } })]);
    assertStopped(result, `3 finding(s) above HIGH in ${SCANNED_IMAGE}`);
    for (const digest of [AMD64, ARM64]) {
      assert.ok(
        result.output.includes(
          `see them: aws ecr describe-image-scan-findings ${PLACE} --image-id imageDigest=${digest}`,
        ),
      );
    }
  });

  it("stops for the last platform too", () => {
    const clean = scanAnswer({ digest: AMD64 });
    assertStopped(
      gate([...index(...BOTH), clean, scanAnswer({ digest: ARM64, counts: { CRITICAL: 1 } })]),
      "1 finding(s) above",
    );
    assertStopped(
      gate([...index(...BOTH), clean, scanAnswer({ digest: ARM64, status: "FAILED" })]),
      `${ARM64} was not scanned`,
    );
  });

  it("skips nothing that a platform could run, whatever the annotation says", () => {
    const disguised = gate([...index(entry(AMD64, "amd64", ATTESTS), entry(ARM64, "arm64")), scanAnswer({})]);
    assert.deepStrictEqual(scanned(disguised), [AMD64, ARM64]);
    const unmarked = gate([...index(entry(AMD64, "unknown"), entry(ARM64, "arm64")), scanAnswer({})]);
    assert.deepStrictEqual(scanned(unmarked), [AMD64, ARM64]);
  });

  it("stops at an index that it cannot read for sure", () => {
    const good = entry(AMD64, "amd64");
    const odd: readonly unknown[][] = [
      [],
      [entry(ATTESTATION, "unknown", ATTESTS)],
      [good, { ...entry("", "arm64") }],
      [good, entry(ARM64, "arm64", { annotations: { digest: SCANNED_DIGEST } })],
      [entry(ARM64, "arm64", { annotations: { note: "}},{" } }), good],
      [entry(ARM64, "arm64", { annotations: { note: "{" } }), good],
      [good, entry(ARM64, "arm64", { data: { deep: { er: {} } } })],
      [good, { ...entry(`${ARM64}0`, "arm64") }],
    ];
    for (const manifests of odd) {
      const result = gate([...index(...manifests), scanAnswer({})]);
      assertStopped(result, `cannot tell which images the index ${SCANNED_IMAGE} consists of: {`);
      assert.deepStrictEqual(scanned(result), []);
    }
  });
});
