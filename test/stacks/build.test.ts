import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import { allowed, at, list } from "../support/read";
import { stackGraph } from "../support/stack";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:npm-AbCdEf";
const BASE = "arn:aws:ecr:eu-central-1:999900001111:repository/acme/base";

const dev = (service: Readonly<Record<string, unknown>>, stack: Readonly<Record<string, unknown>> = {}) =>
  stackGraph("dev", {
    changes: { services: [{ name: "api", container: { name: "api", port: 8080 }, ...service }], ...stack },
  });

describe("what an image is built with", () => {
  it("is in variables of the build, secrets by their place alone", async () => {
    const graph = await dev({
      build: {
        arguments: { NODE_VERSION: "22", A: "b c" },
        secrets: { NPM_TOKEN: SECRET },
        target: "runtime",
        contextFolder: ".",
        baseImages: [{ existing: BASE }],
      },
    });
    const project = graph.all("aws:codebuild/project:Project").find(({ name }) => name === "api-image");
    const variables = list(at(project?.inputs, "environment", "environmentVariables"));
    assert.deepEqual(
      Object.fromEntries(
        variables.map((one) => [at(one, "name"), `${String(at(one, "type"))} ${String(at(one, "value"))}`]),
      ),
      {
        ARG_A: "PLAINTEXT b c",
        ARG_NODE_VERSION: "PLAINTEXT 22",
        BASE_REPOSITORIES: "PLAINTEXT 999900001111.dkr.ecr.eu-central-1.amazonaws.com/acme/base",
        BUILD_ARGUMENTS: "PLAINTEXT A NODE_VERSION",
        BUILD_CONTEXT: "PLAINTEXT .",
        BUILD_SECRETS: "PLAINTEXT NPM_TOKEN",
        BUILD_TARGET: "PLAINTEXT runtime",
        SECRET_NPM_TOKEN: `SECRETS_MANAGER ${SECRET}`,
      },
    );
    const may = allowed(graph.statements("api-image"));
    assert.ok(may.includes(`secretsmanager:GetSecretValue ${SECRET}`));
    assert.deepEqual(
      may.filter((line) => line.endsWith(BASE)),
      [`ecr:BatchGetImage ${BASE}`, `ecr:GetDownloadUrlForLayer ${BASE}`],
    );
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("is refused where no generated build makes the image", async () => {
    await assert.rejects(
      dev({ build: { target: "runtime" }, buildspec: "ci/buildspec.yml" }),
      /services\[0\]\.build: expected nothing: no build that this program writes[\s\S]*config rm .*services\[0\]\.build'/,
    );
    await assert.rejects(dev({ build: { arguments: { "A-B": "x" } } }), /build\.arguments/);
    await assert.rejects(dev({ build: { secrets: { TOKEN: "hunter 2" } } }), /build\.secrets\.TOKEN/);
    await assert.rejects(dev({ build: { contextFolder: "/etc" } }), /build\.contextFolder/);
  });
});
