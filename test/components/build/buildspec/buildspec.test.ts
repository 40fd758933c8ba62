import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Buildspec, renderBuildspec, scriptCommand } from "../../../../components/build/buildspec/buildspec";
import { confirmDeliveryBuildspec } from "../../../../components/build/buildspec/confirmDelivery";
import { dockerImageBuildspec } from "../../../../components/build/buildspec/dockerImage";
import { shellWord } from "../../../../components/shellWord";
import { parseBuildspec, runBuildspec } from "../../../support/shell";

const SCRIPTS = join(__dirname, "../../../../components/build/buildspec/scripts");

function run(buildspec: Buildspec, env?: Record<string, string>) {
  return runBuildspec(renderBuildspec(buildspec), env ? { env } : {});
}

describe("renderBuildspec", () => {
  it("asks for bash, and keeps the rest", () => {
    const text = renderBuildspec({ env: { variables: { A: "1" } }, phases: { build: { commands: ["true"] } } });
    assert.deepStrictEqual(JSON.parse(text), {
      version: "0.2",
      env: { shell: "bash", variables: { A: "1" } },
      phases: { build: { commands: ["true"] } },
    });
  });

  it("is the same read as JSON and read as YAML", () => {
    const odd = { phases: { build: { commands: ['printf "\t\\n%s" \'é\u2028"#: {}\' # yes', "a\nb"] } } };
    for (const text of [renderBuildspec(odd), confirmDeliveryBuildspec(), dockerImageBuildspec({ buildFiles: [] })]) {
      assert.deepStrictEqual(parseBuildspec(text), JSON.parse(text));
    }
  });
});

describe("scriptCommand", () => {
  for (const name of readdirSync(SCRIPTS)) {
    it(`gives ${name} as one command that bash understands and that never ends the shared shell`, () => {
      const text = scriptCommand(name);
      execFileSync("bash", ["-n", "-c", text]);
      assert.doesNotMatch(text, /^\s*(exit|set -e)\b/m);
      assert.doesNotMatch(text, /\b(jq|curl|wget)\b.*[|]|(?<!\\)`/);
    });
  }
});

describe("shellWord", () => {
  it("survives the shell, whatever it holds", () => {
    for (const text of ["plain/path.json", "", "it's", '$HOME `id` "x" \\', "a\nb", "-n", "*"]) {
      const result = run({ phases: { build: { commands: [`printf %s ${shellWord(text)} > out`] } } });
      assert.equal(result.files.out, text);
    }
  });
});

describe("runBuildspec, as CodeBuild runs builds", () => {
  const mark = (name: string) => `touch ${name}`;

  it("shares one shell between commands and phases", () => {
    const { files } = run({
      phases: { pre_build: { commands: ["A=1", "mkdir d", "cd d"] }, build: { commands: ['echo "$A" > a'] } },
    });
    assert.deepStrictEqual(files, { "d/a": "1\n" });
  });

  it("ends the build when install or pre_build fails", () => {
    for (const phase of ["install", "pre_build"] as const) {
      const phases = { build: { commands: [mark("b")] }, post_build: { commands: [mark("p")] } };
      const result = run({ phases: { ...phases, [phase]: { commands: ["false", mark("x")] } } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.files, {});
    }
  });

  it("goes on to post_build when build fails, unless told to abort", () => {
    const phases = {
      build: { commands: ["false"] },
      post_build: { commands: ['echo "$CODEBUILD_BUILD_SUCCEEDING" > p'] },
    };
    const result = run({ phases });
    assert.notEqual(result.status, 0);
    assert.deepStrictEqual(result.files, { p: "0\n" });
    const aborted = run({ phases: { ...phases, build: { ...phases.build, "on-failure": "ABORT" } } });
    assert.notEqual(aborted.status, 0);
    assert.deepStrictEqual(aborted.files, {});
  });

  it("fails when an artifact is missing", () => {
    const phases = { build: { commands: ["true"] } };
    assert.equal(run({ phases }).status, 0);
    assert.notEqual(run({ phases, artifacts: { files: ["a"] } }).status, 0);
  });

  it("lets the project's variables win over the buildspec's", () => {
    const buildspec = { env: { variables: { A: "1" } }, phases: { build: { commands: ['echo "$A" > a'] } } };
    assert.equal(run(buildspec).files.a, "1\n");
    assert.equal(run(buildspec, { A: "2" }).files.a, "2\n");
  });

  it("fails a call that nothing answers", () => {
    assert.notEqual(run({ phases: { build: { commands: ["aws sts get-caller-identity"] } } }).status, 0);
  });
});
