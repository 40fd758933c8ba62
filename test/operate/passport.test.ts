import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PassportFacts, passportText } from "../../components/images/passport";
import { main } from "../../operate/passport";
import { ROOT } from "../support/stack";

const KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d";
const FACTS: PassportFacts = {
  image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api@sha256:${"a".repeat(64)}`,
  commit: "0123456789abcdef0123456789abcdef01234567",
  stack: "prod",
  service: "prod-api",
  step: "delivered",
  pipeline: "prod-delivery",
  execution: "3137f7cb-7cf7-4abc-8def-3b6b8f1d1a11",
  at: "2026-11-20T08:00:00Z",
  tests: ["api-unit-tests"],
  scan: "2 LOW",
  approvedBy: ["arn:aws:iam::123456789012:user/jane"],
  previous: "none",
};
const FIRST = passportText(FACTS);
const hashOf = (text: string) => /"sha256":"(\w+)"/.exec(text)?.[1] ?? assert.fail(text);
const SECOND = passportText({ ...FACTS, commit: "f".repeat(40), previous: hashOf(FIRST) });

interface Answers {
  readonly versions?: readonly string[];
  readonly status?: number;
  readonly err?: string;
  /** What the key says. @default - it is not asked */
  readonly key?: "yes" | "no" | "denied";
}

function run(argv: readonly string[], { versions = [], status = 0, err = "", key }: Answers = {}) {
  const folder = mkdtempSync(join(tmpdir(), "operate-"));
  const calls: string[] = [];
  const printed: string[] = [];
  try {
    for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml"]) cpSync(join(ROOT, file), join(folder, file));
    if (key !== undefined) {
      const file = join(folder, "Pulumi.prod.yaml");
      const setting = `config:\n  ecs-delivery:passport:\n    signingKey:\n      existing: ${KEY}\n`;
      writeFileSync(file, readFileSync(file, "utf8").replace("config:\n", setting));
    }
    const code = main(
      argv,
      {
        out: (text) => printed.push(text),
        err: (text) => printed.push(text),
        aws: (words) => {
          calls.push(words.join(" "));
          if (words[0] === "kms") {
            const verdicts = {
              yes: { status: 0, out: '{"SignatureValid":true}', err: "" },
              no: { status: 254, out: "", err: "An error occurred (KMSInvalidSignatureException) when calling Verify" },
              denied: { status: 254, out: "", err: "An error occurred (AccessDeniedException) when calling Verify" },
            };
            return verdicts[key ?? "denied"];
          }
          const Parameters = versions.map((Value, index) => ({ Version: index + 1, Value }));
          return { status, out: JSON.stringify({ Parameters }), err };
        },
      },
      folder,
    );
    return { code, calls, printed: printed.join("\n") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("npm run passport", () => {
  it("prints the newest, whole, and reads one parameter", () => {
    const { code, calls, printed } = run(["prod"], { versions: ["none", FIRST, SECOND] });
    assert.equal(code, 0, printed);
    assert.equal(calls.length, 1);
    assert.match(calls[0] ?? "", /^ssm get-parameter-history --name \/ecs-delivery\/prod-api\/passport --region /);
    for (const said of ["prod/api  delivered", "whole", "f".repeat(40), "api-unit-tests", "2 LOW", "user/jane"])
      assert.ok(printed.includes(said), said);
    assert.ok(!printed.includes(FACTS.commit));
  });

  it("prints all of them, the newest first", () => {
    const { code, printed } = run(["prod", "api", "--history"], { versions: ["none", FIRST, SECOND] });
    assert.equal(code, 0, printed);
    assert.ok(printed.indexOf("f".repeat(40)) < printed.indexOf(FACTS.commit));
    assert.ok(printed.includes(FACTS.commit));
  });

  it("says which was changed, whatever the field", () => {
    const changes: readonly (readonly [string, string])[] = [
      [FACTS.commit, "f".repeat(40)],
      ["2 LOW", "no findings"],
      ["api-unit-tests", "api-e2e-tests"],
      ["user/jane", "user/boss"],
      ['"delivered"', '"passed"'],
      ["08:00:00", "09:00:00"],
      [`${"a".repeat(64)}`, `${"b".repeat(64)}`],
    ];
    for (const [from, to] of changes) {
      const { code, printed } = run(["prod"], { versions: ["none", FIRST.replace(from, to)] });
      assert.equal(code, 1, from);
      assert.match(printed, /NOT AS IT WAS WRITTEN: it was changed after it was written/);
    }
  });

  it("says where one does not follow the one before, or is another service's", () => {
    const gap = run(["prod", "--history"], { versions: ["none", FIRST, passportText({ ...FACTS, at: "later" })] });
    assert.equal(gap.code, 1);
    assert.match(gap.printed, /it names none as the one before it, which is [0-9a-f]{64}/);
    const other = run(["prod"], { versions: [passportText({ ...FACTS, service: "dev-api", stack: "dev" })] });
    assert.equal(other.code, 1);
    assert.match(other.printed, /it is of dev-api in stack dev/);
  });

  it("asks the key that the stack file names", () => {
    const sealed = passportText(FACTS, () => "c2lnbmVk");
    const good = run(["prod"], { versions: ["none", sealed], key: "yes" });
    assert.equal(good.code, 0, good.printed);
    assert.match(good.calls[1] ?? "", new RegExp(`^kms verify --region eu-west-1 --key-id ${KEY} --message fileb://`));
    for (const [key, said] of [
      ["no", /somebody else wrote the passport/],
      ["denied", /the key cannot be asked: .*AccessDenied/],
    ] as const) {
      const bad = run(["prod"], { versions: ["none", sealed], key });
      assert.equal(bad.code, 1);
      assert.match(bad.printed, said);
    }
    const unsigned = run(["prod"], { versions: ["none", FIRST], key: "yes" });
    assert.equal(unsigned.code, 1);
    assert.match(unsigned.printed, /has no signature, expected one by arn:aws:kms/);
  });

  it("says in words what cannot be read", () => {
    const missing = run(["prod"], { status: 254, err: "An error occurred (ParameterNotFound) when calling it: " });
    assert.equal(missing.code, 1);
    assert.match(missing.printed, /there is none; it comes with the next pulumi up --stack prod/);
    const denied = run(["prod"], { status: 254, err: "An error occurred (AccessDeniedException): not authorized" });
    assert.equal(denied.code, 1);
    assert.match(denied.printed, /your credentials need ssm:GetParameterHistory/);
    assert.match(run(["prod"], { versions: ["none"] }).printed, /nothing was delivered yet/);
  });

  it("refuses what it does not know", () => {
    assert.equal(run(["--help"]).code, 0);
    for (const [argv, said] of [
      [[], /name a stack/],
      [["qa2"], /no Pulumi.<stack>.yaml for "qa2"/],
      [["prod", "web"], /has no service "web"; services are api/],
      [["prod", "--hist"], /unknown option --hist/],
    ] as const) {
      const { code, printed, calls } = run(argv);
      assert.equal(code, 2, printed);
      assert.match(printed, said);
      assert.deepEqual(calls, []);
    }
  });

  it("prints JSON for other programs", () => {
    const { printed } = run(["prod", "--json"], { versions: ["none", FIRST] });
    const { whole, passport } = JSON.parse(printed) as Record<string, unknown>;
    assert.equal(whole, true);
    assert.deepEqual(passport, JSON.parse(FIRST));
  });
});
