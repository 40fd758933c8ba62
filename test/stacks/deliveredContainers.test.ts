import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at, json, list, textAt } from "../support/read";
import { declaredVariables } from "../support/shape";
import { stackGraph } from "../support/stack";

const SIDECARS = [
  { name: "worker", image: "delivered", command: ["work"] },
  { name: "agent", image: "public.ecr.aws/agent/agent:1.0" },
];
const API = { name: "api", container: { name: "api", port: 8080 }, sidecars: SIDECARS };

const graphOf = (changes: ConfigValues, service: ConfigValues = {}) =>
  stackGraph("dev", { changes: { network: { egress: "natSingle" }, services: [{ ...API, ...service }], ...changes } });

/** Image of each container, by its name. */
const imagesIn = (definitions: unknown) =>
  Object.fromEntries(list(definitions).map((one) => [textAt(at(one, "name")), textAt(at(one, "image"))]));

const problems = (graph: Graph) =>
  findingsOf(graph.recorded)
    .filter(({ level, rule }) => level === "error" || rule === "not-needed")
    .map(({ message }) => message);

describe("a container beside the one that serves", () => {
  it("runs the image that is delivered, where it asks for that, and the deployment names both", async () => {
    const graph = await graphOf({});
    const { inputs } = graph.only("aws:ecs/taskDefinition:TaskDefinition");
    const { api, worker, agent } = imagesIn(json(inputs.containerDefinitions));
    assert.match(api ?? "", /dkr\.ecr\./);
    assert.equal(worker, api);
    assert.equal(agent, "public.ecr.aws/agent/agent:1.0");
    const { CONTAINER_NAME, FURTHER_CONTAINERS } = declaredVariables(graph, "api-image");
    assert.deepEqual([CONTAINER_NAME, FURTHER_CONTAINERS], ["api", "worker"]);
    assert.deepEqual(problems(graph), []);
  });

  it("is filled in by a release from a template, as the one that serves is", async () => {
    const graph = await graphOf({ deployment: "codeDeployBlueGreen" });
    const template = graph.all("aws:ssm/parameter:Parameter").find(({ name }) => name.endsWith("definition-template"));
    const { api, worker } = imagesIn(at(json(template?.inputs.value), "containerDefinitions"));
    assert.deepEqual([api, worker], ["<IMAGE1_NAME>", "<IMAGE1_NAME>"]);
    assert.deepEqual(problems(graph), []);
  });

  it("is released with it", async () => {
    const graph = await graphOf({ environment: "commitToProduction", releaseTo: { stack: "production" } });
    const project = graph.all("aws:codebuild/project:Project").find(({ name }) => name === "api-release");
    const variables = list(at(project?.inputs.environment, "environmentVariables"));
    assert.ok(variables.some((one) => at(one, "name") === "FURTHER_CONTAINERS" && at(one, "value") === "worker"));
    assert.deepEqual(problems(graph), []);
  });

  it("is pulled from another registry with the same secret", async () => {
    const pullSecret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-AbCdEf";
    const repository = { registry: "docker.io/acme/api", username: "/user", password: "/token", pullSecret };
    const graph = await graphOf({}, { repository });
    const definitions = json(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions);
    const secrets = Object.fromEntries(
      list(definitions).map((one) => [
        textAt(at(one, "name")),
        at(one, "repositoryCredentials", "credentialsParameter"),
      ]),
    );
    assert.deepEqual(secrets, { api: pullSecret, worker: pullSecret, agent: undefined });
  });
});
