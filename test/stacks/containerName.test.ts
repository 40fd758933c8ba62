import assert from "node:assert/strict";
import { service, stackGraph } from "../support/stack";

// One value, from the stack file to every place it must reach. "zebra" occurs nowhere else in the program.
describe("the container's name", () => {
  const rename = { changes: { services: service("dev", { container: { name: "zebra", port: 8080 } }) } };

  it("is the task definition's, the load balancer's and the build's", async () => {
    const graph = await stackGraph("dev", rename);
    const [definition] = JSON.parse(
      String(graph.only("aws:ecs/taskDefinition:TaskDefinition").inputs.containerDefinitions),
    ) as { name: string; logConfiguration: { options: Record<string, string> } }[];
    assert.equal(definition?.name, "zebra");
    const [balancer] = graph.only("aws:ecs/service:Service").inputs.loadBalancers as { containerName: string }[];
    assert.equal(balancer?.containerName, "zebra");
    const variables = variablesOf(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.stages);
    assert.deepEqual(
      variables.filter(({ name }) => name === "CONTAINER_NAME").map(({ value }) => value),
      ["zebra", "zebra"],
    );
  });

  it("leaves the old name nowhere: it is in the graph as often as it is handed over", async () => {
    const text = (graph: { resources: unknown }) => JSON.stringify(graph.resources);
    const changes = { services: service("dev", { name: "shop", container: { name: "zebra", port: 8080 } }) };
    assert.doesNotMatch(text(await stackGraph("dev", { changes })), /"api"|\bapi-/);
  });

  it("is the appspec's under CodeDeploy", async () => {
    const graph = await stackGraph("dev", { changes: { ...rename.changes, deployment: "codeDeployBlueGreen" } });
    const appspec = String(graph.named("aws:ssm/parameter:Parameter", "api-appspec").inputs.value);
    assert.match(appspec, /ContainerName: zebra/);
  });
});

interface Variable {
  name: string;
  value: string;
}

function variablesOf(stages: unknown): Variable[] {
  return (stages as { actions: { configuration?: Record<string, string> }[] }[])
    .flatMap(({ actions }) => actions)
    .flatMap(({ configuration }) => JSON.parse(configuration?.EnvironmentVariables ?? "[]") as Variable[]);
}
