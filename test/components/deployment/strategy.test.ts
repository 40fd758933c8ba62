import assert from "node:assert/strict";
import { strategies } from "../../../components/deployment";
import { codeDeployBlueGreen } from "../../../components/deployment/codeDeployBlueGreen";
import type { DeploymentStrategy } from "../../../components/deployment/strategy";
import { document } from "../../../components/iam/policyDocument";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { allowed, at, documentStatements } from "../../support/read";
import { arn, CLUSTER, serviceGraph, TARGETS } from "../../support/service";

const existing = { applicationName: "shop", deploymentGroupName: "shop-api" };
const SCOPE = {
  name: "api",
  cluster: CLUSTER,
  service: { arn: arn("ecs", "service/shop/api"), name: "api" },
  container: { name: "web", port: 8080 },
  taskDefinitionArnPattern: arn("ecs", "task-definition/shop-api:*"),
  passRoleArns: ["arn:aws:iam::111122223333:role/task"],
};

const adopted = (strategy: DeploymentStrategy) =>
  recordGraph(() => {
    const deployment = strategy.adopt(SCOPE);
    const { buildFiles, buildEnvironment, buildPermissions } = deployment;
    const { declaration, permissions } = deployment.deployAction({ name: "deploy", input: { name: "image" } });
    return {
      declaration,
      buildEnvironment,
      files: buildFiles.map(({ path }) => path),
      buildPolicy: document(buildPermissions),
      policy: document(permissions),
    };
  });

describe("every strategy", () => {
  const byKind = Object.entries(strategies);

  it("is fine as it is", () => {
    for (const [, strategy] of byKind) assert.deepEqual(strategy().problems, []);
  });

  it("leaves the load balancer's groups to whoever swaps them, and picks the controller that it needs", async () => {
    for (const [name, strategy] of byKind) {
      const graph = await serviceGraph({ targets: TARGETS, deployment: strategy() });
      const { ignoreChanges, inputs } = graph.only("aws:ecs/service:Service");
      const groups = ["loadBalancers", "loadBalancers[0].targetGroupArn"];
      assert.equal(
        ignoreChanges.some((path) => groups.includes(path)),
        name !== "rolling",
        name,
      );
      assert.equal(inputs.forceNewDeployment, name === "codeDeployBlueGreen" ? undefined : true, name);
      const controller = name === "codeDeployBlueGreen" ? "CODE_DEPLOY" : "ECS";
      assert.deepEqual(inputs.deploymentController, { type: controller }, name);
    }
  });
});

describe("deployments to a service that someone else owns", () => {
  it("create nothing, whatever the strategy", async () => {
    for (const [name, strategy] of Object.entries(strategies)) {
      const graph = await adopted(name === "codeDeployBlueGreen" ? codeDeployBlueGreen({ existing }) : strategy());
      assert.deepEqual(graph.resources, [], name);
    }
  });

  it("go by the Amazon ECS action, to that service, under every strategy of ECS's controller", async () => {
    for (const [name, strategy] of Object.entries(strategies)) {
      if (name === "codeDeployBlueGreen") continue;
      const { declaration, policy, files, buildEnvironment } = (await adopted(strategy())).recorded.stackOutputs;
      assert.equal(at(declaration, "configuration", "ServiceName"), "api");
      assert.deepEqual([files, buildEnvironment], [["imagedefinitions.json"], { CONTAINER_NAME: "web" }]);
      const lines = allowed(documentStatements(policy));
      assert.ok(lines.includes(`ecs:UpdateService ${SCOPE.service.arn}`));
      assert.deepEqual(
        lines.filter((line) => line.startsWith("iam:PassRole")),
        [`iam:PassRole ${SCOPE.passRoleArns[0] ?? ""}`],
      );
    }
  });

  let code: Graph;
  before(async () => {
    code = await adopted(codeDeployBlueGreen({ existing }));
  });

  it("go by CodeDeploy with the templates that the source brings", () => {
    const { declaration, files, buildPolicy, policy } = code.recorded.stackOutputs;
    assert.equal(at(declaration, "provider"), "CodeDeployToECS");
    assert.deepEqual(files, ["imagedefinitions.json", "imageDetail.json", "taskdef.json", "appspec.yaml"]);
    assert.deepEqual(documentStatements(buildPolicy), []);
    const group = arn("codedeploy", "deploymentgroup:shop/shop-api");
    assert.ok(allowed(documentStatements(policy)).includes(`codedeploy:CreateDeployment ${group}`));
  });

  it("cannot go by CodeDeploy without its application and group", async () => {
    const message = await refusal(() => codeDeployBlueGreen().adopt(SCOPE));
    assert.match(message, /^api: .*codeDeployBlueGreen\(\{ existing: \{ applicationName, deploymentGroupName \} \}\)$/);
  });
});
