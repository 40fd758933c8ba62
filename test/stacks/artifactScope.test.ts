import assert from "node:assert/strict";
import { artifactKeys } from "../../components/pipeline/artifactKeys";
import type { RecordedGraph } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { mapsOf, textOf } from "../../model/graph/read";
import { ofType, physicalName, TYPES } from "../../model/graph/resources";
import { Access } from "../../model/permissions/evaluate/access";
import { roleCaller } from "../../model/permissions/evaluate/request";
import { exampleGraph, stackGraph } from "../support/stack";

/** `project: artifact` for each artifact that a project's builds may read, or write. */
function reachOf(graph: RecordedGraph, action: "s3:GetObject" | "s3:PutObject"): readonly string[] {
  const access = new Access([graph]);
  return ofType(graph, TYPES.project).flatMap((project) =>
    pipelinesOf(graph).flatMap(({ name: pipelineName, actions, resource }) => {
      const bucket = textOf(mapsOf(resource.inputs.artifactStores)[0]?.location) ?? "";
      const artifacts = [...new Set(actions.flatMap(({ outputs }) => outputs))];
      const caller = roleCaller(textOf(project.inputs.serviceRole) ?? "");
      return artifacts
        .filter((name) => {
          const key = artifactKeys({ pipelineName, name }).replace("*", "0a1b2c3");
          return access.decide({ caller, action, resource: `arn:aws:s3:::${bucket}/${key}` }).allowed;
        })
        .map((name) => `${physicalName(project)}: ${pipelineName}/${name}`);
    }),
  );
}

describe("what builds reach of a pipeline's artifacts", () => {
  it("is what their own step reads and leaves: nobody writes the source", async () => {
    const { recorded } = await stackGraph("prod");
    assert.deepEqual(reachOf(recorded, "s3:PutObject"), ["prod-api-image: prod-delivery/api_image"]);
    assert.deepEqual(reachOf(recorded, "s3:GetObject"), [
      "prod-api-image: prod-delivery/Source",
      "prod-api-unit-tests: prod-delivery/Source",
      "prod-confirm: prod-delivery/api_image",
    ]);
  });

  it("ends at the service, and at its pipeline where it has one of its own", async () => {
    const { recorded } = await exampleGraph("monorepo", "dev");
    const written = reachOf(recorded, "s3:PutObject");
    assert.ok(written.length > 1);
    for (const line of written) {
      const [, service = ""] = /^dev-(.+)-image: /.exec(line) ?? [];
      assert.equal(line, `dev-${service}-image: dev-${service}-delivery/${service.replace("-", "_")}_image`);
    }
  });

  it("is as far as CodePipeline tells artifacts apart: by twenty and ten characters", () => {
    const [one, other] = ["a-very-long-pipeline-of-shop", "a-very-long-pipeline-of-bank"];
    assert.equal(artifactKeys({ pipelineName: one, name: "backend_image" }), "a-very-long-pipeline/backend_im/*");
    assert.equal(artifactKeys({ pipelineName: one }), artifactKeys({ pipelineName: other }));
  });
});
