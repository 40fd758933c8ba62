import assert from "node:assert/strict";
import { stackConfigSchema } from "../../stacks/config/rules";
import { profiles } from "../../stacks/profiles";
import { at } from "../support/read";
import { PIPELINE } from "../support/shape";
import { service, stackGraph, stackRefusal } from "../support/stack";

const named = async (changes: Record<string, unknown>) => {
  const graph = await stackGraph("dev", { changes: changes });
  const names = (type: string) => graph.all(type).map(({ inputs }) => inputs.name);
  return {
    cluster: names("aws:ecs/cluster:Cluster"),
    service: names("aws:ecs/service:Service"),
    repository: names("aws:ecr/repository:Repository"),
    pipeline: names(PIPELINE),
    paths: [...new Set(graph.all("aws:iam/role:Role").map(({ inputs }) => inputs.path))],
    projects: names("aws:codebuild/project:Project").filter((name) => !String(name).startsWith("shop-dev-")),
    parameters: names("aws:ssm/parameter:Parameter").filter((name) => !String(name).includes("/shop-dev")),
  };
};

describe("a project's name before the stack's", () => {
  it("begins whatever is named after the stack", async () => {
    assert.deepEqual(await named({ project: "shop" }), {
      cluster: ["shop-dev"],
      service: ["shop-dev-api"],
      repository: ["shop-dev/api"],
      pipeline: ["shop-dev-delivery"],
      paths: ["/ecs-delivery/shop-dev/"],
      projects: [],
      parameters: [],
    });
  });

  it("begins what another stack of the project is looked for by", async () => {
    const changes = { project: "shop", environment: "commitToProduction", releaseTo: { stack: "production" } };
    const graph = await stackGraph("dev", { changes });
    const stages = JSON.stringify(at(graph.only(PIPELINE).inputs, "stages"));
    assert.match(stages, /role\/ecs-delivery\/shop-production\/shop-production-deploy/);
    assert.doesNotMatch(stages, /[^-]production-(?:deploy|api)"/);
  });

  it("is refused where both together are too long, or a beginning that AWS keeps", async () => {
    const long = await stackRefusal("dev", { project: "a-name-that-is-too-long-by-far" });
    assert.match(long, /ecs-delivery:project: expected 1 to 24 lower-case letters/);
    const both = stackConfigSchema(profiles, "production").safeParse({ project: "shop-of-a-great-many-thi" });
    assert.match(JSON.stringify(both.error?.issues), /at most 30 characters with the stack's name after it/);
    assert.match(await stackRefusal("dev", { project: "sg" }), /ecs-delivery:project: expected another beginning/);
  });

  it("is compared in repositories that two services push to", async () => {
    const two = [
      ...service("dev", {}),
      { ...service("dev", {})[0], name: "web", repository: { existing: "shop-dev/api" } },
    ];
    assert.match(
      await stackRefusal("dev", { project: "shop", services: two }),
      /services\[1\]\.repository: expected a repository of its own/,
    );
  });
});
