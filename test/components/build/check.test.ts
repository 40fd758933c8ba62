import assert from "node:assert/strict";
import type { BuildProjectArgs } from "../../../components/build/args";
import { checkProject } from "../../../components/build/check";

const problems = (changes: Partial<BuildProjectArgs>) =>
  checkProject({ projectName: "tests", description: "Tests", buildspec: "b.yml", artifactStores: [], ...changes }).list;

describe("checkProject", () => {
  it("takes what CodeBuild takes", () => {
    const role = { arn: "arn:aws:iam::111122223333:role/build", name: "build" };
    assert.deepEqual(problems({ timeoutInMinutes: 2160, role, image: "node:22", environment: { A_1: "x" } }), []);
    assert.deepEqual(problems({ roleName: "dev-build", parameters: { B: "/b" } }), []);
  });

  it("refuses names that CodeBuild keeps or cannot use, and one that is there twice", () => {
    assert.deepEqual(
      problems({ environment: { CODEBUILD_SRC_DIR: "/", "A-B": "1", TOKEN: "2" }, parameters: { TOKEN: "/t" } }),
      [
        "environment.CODEBUILD_SRC_DIR: CODEBUILD_ begins CodeBuild's own; rename it",
        'environment: expected letters, digits and _, no digit first, got "A-B"',
        "environment.TOKEN: parameters has it too; leave one out",
      ],
    );
  });

  it("refuses a role's name that IAM refuses, and one beside a role", () => {
    const role = { arn: "arn:aws:iam::111122223333:role/build", name: "build" };
    assert.deepEqual(problems({ roleName: "a/b" }), [
      'roleName: expected 1 to 64 letters, digits and + = , . @ - _, got "a/b"',
    ]);
    assert.deepEqual(problems({ roleName: "build", role }), [
      "roleName: names the role that is made, and role gives one; leave one out",
    ]);
  });

  it("refuses an image that is none", () => {
    for (const image of ["", "a b", ":22", "@sha256:0a"]) {
      assert.match(
        problems({ image }).join(),
        /^image: expected a build image, for example aws\/codebuild\/.*, got "/,
        image,
      );
    }
  });

  it("refuses a buildspec that CodeBuild finds too long", () => {
    assert.deepEqual(problems({ buildspec: "x".repeat(25_600) }), []);
    assert.deepEqual(problems({ buildspec: "x".repeat(25_601) }), [
      "buildspec: it has 25601 characters, and CodeBuild takes 25600; put what is long into a script of the source, and call that",
    ]);
  });
});
