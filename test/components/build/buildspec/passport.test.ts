import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { promoteImagePermissions } from "../../../../components/build/buildspec/promoteImage";
import { recordPassedBuildspec } from "../../../../components/build/buildspec/recordPassed";
import { type Passport, type PassportFacts, passportText, readPassport } from "../../../../components/images/passport";
import { present } from "../../../support/present";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";
import { called, confirm, ENV, SETTLING, WANTED } from "./confirmDeliveryRun";
import { assertRefused, COMMIT, OTHER, PARAMETER, promote, RELEASED_FROM, ROUTES, TESTED } from "./promoteImageRun";

const KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d";
const EXECUTION = "3137f7cb-7cf7-4abc-8def-3b6b8f1d1a11";
const APPROVER = "arn:aws:sts::123456789012:assumed-role/Approver/jane@example.com";
const SIGNED = { PASSPORT_KEY: KEY };

/** The command line of AWS, with a key that signs and verifies: what stands in a file decides, which no table of answers can. */
const KEY_STAND_IN = `() {
  local words="$*" message signature
  if [[ $1 != kms ]]; then command aws "$@"; return; fi
  [[ $words == *"--region eu-central-1 --key-id ${KEY} "* && $words == *" --signing-algorithm ECDSA_SHA_256 "* ]] || return 254
  message=$(sed -E 's/.*--message fileb:\\/\\/([^ ]+).*/\\1/' <<<"$words")
  if [[ $2 == sign ]]; then { cat "$message"; printf key; } | sha256sum | cut -c1-64 | base64 -w0; return; fi
  signature=$(sed -E 's/.*--signature fileb:\\/\\/([^ ]+).*/\\1/' <<<"$words")
  [[ $(<"$signature") == "$({ cat "$message"; printf key; } | sha256sum | cut -c1-64)" ]] || { printf 'KMSInvalidSignatureException\\n' >&2; return 254; }
  printf 'True\\n'
}`;

function signature(hash: string): string {
  return Buffer.from(`${createHash("sha256").update(`${hash}key`).digest("hex")}\n`).toString("base64");
}

const FACTS: PassportFacts = {
  image: TESTED,
  commit: COMMIT,
  stack: "staging",
  service: "api",
  step: "passed",
  pipeline: "staging-delivery",
  execution: EXECUTION,
  at: "2026-11-20T08:00:00Z",
  tests: ["api-scan", "smoke-test"],
  scan: "2 LOW",
  approvedBy: [APPROVER],
  previous: "none",
};

/** Each field with another value. */
const CHANGED: Readonly<Record<keyof PassportFacts, Partial<PassportFacts>>> = {
  image: { image: `${RELEASED_FROM}@${OTHER}` },
  commit: { commit: COMMIT.replace("0", "1") },
  stack: { stack: "dev" },
  service: { service: "web" },
  step: { step: "delivered" },
  pipeline: { pipeline: "dev-delivery" },
  execution: { execution: EXECUTION.replace("3", "4") },
  at: { at: "2026-11-21T08:00:00Z" },
  tests: { tests: ["api-scan", "smoke-test", "load-test"] },
  scan: { scan: "no findings" },
  approvedBy: { approvedBy: [APPROVER, "arn:aws:iam::123456789012:user/boss"] },
  previous: { previous: "0".repeat(64) },
};
const FIELDS = Object.keys(CHANGED) as (keyof PassportFacts)[];

const RUN: StandInAnswer = {
  when: "^aws codepipeline list-action-executions --pipeline-name staging-delivery ",
  stdout: `Test\tsmoke-test\tunknown\nTest\tapi-scan\tunknown\nBuild\tapi-image\tunknown\nApproval\tapproval\t${APPROVER}\nTest\tsmoke-test\tunknown\n`,
};
const BEFORE: StandInAnswer = { when: "^aws ssm get-parameter --name /dev/api/passport ", stdout: "none\n" };
const PUT: StandInAnswer = { when: "^aws ssm put-parameter ", stdout: "" };
const WRITES = {
  PASSPORT_STACK: "staging",
  EXECUTION_ID: EXECUTION,
  SCAN_RESULT: "2 LOW",
  CODEBUILD_INITIATOR: "codepipeline/staging-delivery",
  "BASH_FUNC_aws%%": KEY_STAND_IN,
};

function record(options: BuildOptions = {}): BuildRun {
  return runBuildspec(recordPassedBuildspec(), {
    ...options,
    env: { IMAGE_URI: TESTED, COMMIT_ID: COMMIT, PASSED_IMAGE_PARAMETER: PARAMETER, ...WRITES, ...options.env },
    answers: [...(options.answers ?? []), RUN, BEFORE, PUT],
  });
}

function written(result: BuildRun): string {
  const put = result.calls.find((call) => calledWith(call).includes("put-parameter --name /dev/api/passport "));
  return put?.argv.at(-1) ?? assert.fail(result.output);
}

function release(passports: readonly string[], env: Readonly<Record<string, string>> = {}): BuildRun {
  const history = {
    when: "^aws ssm get-parameter-history --name /dev/api/passport ",
    stdout: passports.map((one) => `${one}\n`).join(""),
  };
  return promote(ROUTES["within a repository"], {
    answers: [history],
    env: { PASSPORT_STACK: "staging", "BASH_FUNC_aws%%": KEY_STAND_IN, ...env },
  });
}

function read(text: string): Passport {
  const found = readPassport(text);
  return "passport" in found ? found.passport : assert.fail(found.wrong);
}

describe("an image's passport", () => {
  it("says what was tested, by what, in which run, and who approved", () => {
    const { at, sha256, signature: by, ...rest } = read(written(record()));
    assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.equal(by, undefined);
    assert.deepEqual({ at: FACTS.at, ...rest }, { passport: 1, ...FACTS });
  });

  it("is written as the program writes it", () => {
    const text = written(record({ env: SIGNED }));
    const { passport, sha256, signature: by, ...facts } = read(text);
    assert.equal(passport, 1);
    assert.equal(by, signature(sha256));
    assert.equal(passportText(facts, signature), text);
  });

  it("names the one before", () => {
    const before = passportText(FACTS);
    const text = written(record({ answers: [{ when: BEFORE.when, stdout: `${before}\n` }] }));
    assert.equal(read(text).previous, read(before).sha256);
  });

  it("is what a release asks for, signed or not", () => {
    for (const env of [{}, SIGNED]) {
      const result = release(["none", written(record({ env }))], env);
      assert.equal(result.status, 0, result.output);
      assert.match(result.output, /Passport of .*sha256 [0-9a-f]{64}/);
    }
  });

  it("fits into a parameter however many tests there are", () => {
    const tests = Array.from({ length: 50 }, (_, index) => `Test\t${"long-".repeat(12)}${index}-test\tunknown\n`);
    const people = Array.from({ length: 9 }, (_, index) => `Approval\ta${index}\t${APPROVER}${index}\n`);
    const answer = { when: RUN.when, stdout: [...tests, ...people].join("") };
    const text = written(record({ answers: [answer], env: { ...SIGNED, SCAN_RESULT: "9 HIGH, ".repeat(38) } }));
    assert.ok(text.length <= 4096 - 700, `${text.length} characters`);
    assert.match(String(read(text).tests), /and \d+ more$/);
  });

  it("says unknown, and fails nothing, where AWS does not tell of the run", () => {
    const result = record({ failCall: { number: 2 } });
    assert.equal(result.status, 0, result.output);
    assert.deepEqual([read(written(result)).tests, read(written(result)).approvedBy], ["unknown", "unknown"]);
  });

  it("fails the test stage where it cannot be written: no release would take the image", () => {
    for (const number of [3, 4]) {
      const result = record({ failCall: { number } });
      assert.notEqual(result.status, 0);
      assert.match(result.output, /the tests passed, but the image has no passport: repeat this step/);
    }
    const unsigned = record({ env: { PASSPORT_KEY: KEY.replace("0a1b", "ffff") } });
    assert.notEqual(unsigned.status, 0);
    assert.match(unsigned.output, /cannot sign the passport/);
  });

  it("is not written, nor asked for, without a stack", () => {
    assert.equal(record({ env: { PASSPORT_STACK: "" } }).calls.length, 1);
    assert.equal(release([], { PASSPORT_STACK: "" }).status, 0);
  });
});

describe("a passport that was changed", () => {
  const whole = passportText(FACTS);
  const sealed = passportText(FACTS, signature);

  for (const field of FIELDS) {
    it(`is refused: ${field}`, () => {
      const changed = passportText({ ...FACTS, ...CHANGED[field] });
      const [body = ""] = changed.split(',"sha256":');
      const [, hash = ""] = whole.split(',"sha256":');
      assertRefused(release([`${body},"sha256":${hash}`]), /was changed after|has no passport/);
      assert.ok("wrong" in readPassport(`${body},"sha256":${hash}`));
    });

    it(`is refused with a new hash and the old signature: ${field}`, () => {
      const old = read(sealed).signature ?? assert.fail();
      const changed = passportText({ ...FACTS, ...CHANGED[field] }, () => old);
      assertRefused(release([changed], SIGNED), /does not confirm the signature|of another delivery|has no passport/);
    });
  }

  it("is refused with another hash, another signature, or none", () => {
    const { sha256, signature: by = "" } = read(sealed);
    for (const text of [
      sealed.replace(sha256, "0".repeat(64)),
      sealed.replace(by, Buffer.from("0".repeat(65)).toString("base64")),
      whole,
      sealed.replace('"passport":1', '"passport":2'),
      `${sealed.slice(0, -1)},"more":1}`,
      sealed.replace(',"tests"', ',"more":1,"tests"'),
    ])
      assertRefused(release([text], SIGNED), /the passport of/);
  });

  it("is refused where it is another delivery's, whole and signed", () => {
    for (const field of ["image", "commit", "stack", "service", "step"] as const) {
      const text = passportText({ ...FACTS, ...CHANGED[field] }, signature);
      assertRefused(release([text], SIGNED), /of another delivery|has no passport/);
    }
  });

  it("is refused where it is the newest of the image, whatever was before", () => {
    const changed = whole.replace("2 LOW", "no findings");
    assertRefused(release([whole, changed]), "was changed after it was written");
  });

  it("is refused where nobody can be asked, of the versions or of the key", () => {
    assertRefused(release(["none"]), "has no passport");
    const otherKey = { PASSPORT_KEY: KEY.replace("0a1b", "ffff") };
    assertRefused(release([sealed], otherKey), /does not confirm the signature/);
  });
});

describe("the passport of a delivery", () => {
  const parameter = { DELIVERED_IMAGE_PARAMETER: "/ecs-delivery/prod-api/delivered-image", PASSPORT_STACK: "prod" };
  const before = { when: "^aws ssm get-parameter --name /ecs-delivery/prod-api/passport ", stdout: "none\n" };
  const env = { ...WRITES, ...parameter };
  const put = (result: BuildRun) =>
    result.calls.find((call) => calledWith(call).includes("--name /ecs-delivery/prod-api/passport --type"));

  it("is written once the delivery is recorded", () => {
    const result = confirm(SETTLING, { env, answers: [RUN, before] });
    assert.equal(result.status, 0, result.output);
    const { image, commit, stack, service, step } = read(put(result)?.argv.at(-1) ?? assert.fail(result.output));
    assert.deepEqual([image, commit, stack, service, step], [WANTED, ENV.COMMIT_ID, "prod", "prod-api", "delivered"]);
    assert.equal(called(result, "ssm put-parameter").length, 2);
  });

  it("fails no delivery where it cannot be written, but where it has to be signed", () => {
    const refused = { when: "^aws ssm put-parameter --name /ecs-delivery/prod-api/passport ", status: 254 };
    const unsigned = confirm(SETTLING, { env, answers: [refused, RUN, before] });
    assert.equal(unsigned.status, 0, unsigned.output);
    assert.match(unsigned.output, /WARNING: delivered, but without a passport/);
    const signed = confirm(SETTLING, { env: { ...env, ...SIGNED }, answers: [refused, RUN, before] });
    assert.notEqual(signed.status, 0);
    assert.match(signed.output, /delivered, but without the signed passport/);
  });

  it("is of nothing where nothing is recorded", () => {
    const result = confirm(SETTLING, { env: { ...env, DELIVERED_IMAGE_PARAMETER: "" } });
    assert.equal(result.status, 0, result.output);
    assert.deepEqual(called(result, "ssm put-parameter"), []);
  });
});

describe("what a release may do for passports", () => {
  const args = { passedImageParameterArn: "passed", sourceRepositoryArn: undefined };

  it("reads them, and asks the key where there is one", () => {
    const statements = present(promoteImagePermissions({ ...args, passportArn: "passport", signingKeyArn: KEY }));
    assert.deepEqual(statements, [
      { effect: "Allow", actions: ["ssm:GetParameterHistory"], resources: ["passed", "passport"] },
      { effect: "Allow", actions: ["kms:Verify"], resources: [KEY] },
    ]);
  });
});
