import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type CodeBuildActionArgs, codeBuildAction } from "../../../../components/pipeline/build/codeBuild";
import { refusal } from "../../../support/graph";
import { at, json, rendered, resolved } from "../../../support/read";
import { PROJECT } from "../../../support/service";

const action = (changes: Partial<CodeBuildActionArgs> = {}) =>
  codeBuildAction({ name: "api-image", project: PROJECT, input: { name: "Source" }, ...changes });

const variables = async (environmentVariables: CodeBuildActionArgs["environmentVariables"]) => {
  const { configuration = {} } = action({ environmentVariables }).declaration;
  const text = pulumi.output(configuration).apply((values) => values?.EnvironmentVariables ?? "");
  return json(await resolved(() => text));
};

describe("codeBuildAction", () => {
  it("builds the input with the project, and leaves an artifact that a shell can name", () => {
    const { declaration, output } = action();
    assert.deepEqual([declaration.category, declaration.provider], ["Build", "CodeBuild"]);
    assert.deepEqual([declaration.inputArtifacts, declaration.outputArtifacts], [["Source"], ["api_image"]]);
    assert.equal(output.name, "api_image");
    assert.equal(at(declaration.configuration, "ProjectName"), PROJECT.name);
  });

  it("leaves no artifact as a test", () => {
    const { declaration } = action({ category: "Test" });
    assert.deepEqual([declaration.category, declaration.outputArtifacts], ["Test", []]);
  });

  it("has a namespace of its own, so that later actions can read what it exports", () => {
    assert.equal(action().declaration.namespace, "api-imageVariables");
  });

  it("may start, watch and stop this project, and do nothing else", async () => {
    assert.deepEqual(await rendered(() => action().permissions), [
      {
        Effect: "Allow",
        Action: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"],
        Resource: [PROJECT.arn],
      },
    ]);
  });

  it("hands over variables, plain or by the place they are looked up in", async () => {
    const given = {
      PLAIN: "text",
      LATER: pulumi.output("known later"),
      USER: { type: "PARAMETER_STORE" as const, value: "/docker/user" },
      PASSWORD: { type: "SECRETS_MANAGER" as const, value: pulumi.output("docker:password") },
    };
    assert.deepEqual(await variables(given), [
      { name: "PLAIN", value: "text", type: "PLAINTEXT" },
      { name: "LATER", value: "known later", type: "PLAINTEXT" },
      { name: "USER", value: "/docker/user", type: "PARAMETER_STORE" },
      { name: "PASSWORD", value: "docker:password", type: "SECRETS_MANAGER" },
    ]);
    assert.deepEqual(await variables(undefined), []);
  });

  it("refuses more variables than CodePipeline takes, even when they are known late", async () => {
    const overhead = JSON.stringify([{ name: "LONG", value: "", type: "PLAINTEXT" }]).length;
    const long = (length: number) => ({ LONG: pulumi.output("x".repeat(length - overhead)) });
    assert.equal(JSON.stringify(await variables(long(1000))).length, 1000);
    const message = await refusal(() => action({ environmentVariables: long(1001) }).declaration);
    assert.match(
      message,
      /pipeline action "api-image": its environment variables are 1001 characters as JSON, .* 1000;/,
    );
  });
});
