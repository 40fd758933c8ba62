import assert from "node:assert/strict";
import type { EcsServiceArgs } from "../../../components/service/args";
import type { Sidecar } from "../../../components/service/container";
import { ANY_CONTAINER } from "../../../components/service/container";
import { CONTAINER_FIELDS, OTHER_FIELDS } from "../../../components/service/containerFields";
import { EcsService } from "../../../components/service/ecsService";
import { findingsOf } from "../../../preview/rules";
import { refusal } from "../../support/graph";
import { at, json, list } from "../../support/read";
import { CLUSTER, serviceGraph, TEST_NETWORK } from "../../support/service";
import { exampleGraph, stackGraph } from "../../support/stack";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";

type Container = EcsServiceArgs["container"];

async function definitions(container: Partial<Container>, sidecars?: readonly Sidecar[]) {
  const graph = await serviceGraph({ container: { name: "api", ...container }, ...(sidecars && { sidecars }) });
  return list(json(graph.only(TASK).inputs.containerDefinitions));
}

const agent = { name: "agent", image: "public.ecr.aws/acme/agent:1" };

describe("what a container may be told", () => {
  it("reaches ECS under the names that AWS has for it", async () => {
    const [api] = await definitions({
      port: 8080,
      otherPorts: [9090],
      entryPoint: ["/bin/app"],
      workingDirectory: "/app",
      environmentFiles: ["arn:aws:s3:::acme-settings/api.env"],
      ulimits: { nofile: { softLimit: 1024, hardLimit: 65_536 } },
      dockerLabels: { "com.acme.team": "shop" },
      tmpfs: { "/run": 64 },
      initProcessEnabled: false,
      definition: {
        memoryReservation: 256,
        linuxParameters: { capabilities: { drop: ["ALL"] } },
        restartPolicy: { enabled: true },
      },
    });
    assert.deepEqual(at(api, "portMappings"), [
      { containerPort: 8080, hostPort: 8080, protocol: "tcp" },
      { containerPort: 9090, hostPort: 9090, protocol: "tcp" },
    ]);
    assert.deepEqual(at(api, "entryPoint"), ["/bin/app"]);
    assert.equal(at(api, "workingDirectory"), "/app");
    assert.deepEqual(at(api, "environmentFiles"), [{ value: "arn:aws:s3:::acme-settings/api.env", type: "s3" }]);
    assert.deepEqual(at(api, "ulimits"), [{ name: "nofile", softLimit: 1024, hardLimit: 65_536 }]);
    assert.deepEqual(at(api, "dockerLabels"), { "com.acme.team": "shop" });
    assert.deepEqual(at(api, "linuxParameters"), {
      initProcessEnabled: false,
      tmpfs: [{ containerPath: "/run", size: 64 }],
      capabilities: { drop: ["ALL"] },
    });
    assert.equal(at(api, "memoryReservation"), 256);
    assert.deepEqual(at(api, "restartPolicy"), { enabled: true });
  });

  it("leaves no trace where it is not told", async () => {
    const [api] = await definitions({});
    assert.deepEqual(Object.keys(api as object), [
      "name",
      "image",
      "essential",
      "portMappings",
      "secrets",
      "readonlyRootFilesystem",
      "linuxParameters",
      "mountPoints",
      "stopTimeout",
      "logConfiguration",
    ]);
  });

  it("waits for others as it says, beside those that start first", async () => {
    const [api, , migrate] = await definitions({ dependsOn: { migrate: "SUCCESS" } }, [
      { ...agent, startsFirst: true },
      { ...agent, name: "migrate", essential: false, dependsOn: { agent: "START" } },
    ]);
    assert.deepEqual(at(api, "dependsOn"), [
      { containerName: "agent", condition: "START" },
      { containerName: "migrate", condition: "SUCCESS" },
    ]);
    assert.deepEqual(at(migrate, "dependsOn"), [{ containerName: "agent", condition: "START" }]);
  });

  it("is refused where ECS would refuse it", async () => {
    const refused = async (args: Partial<EcsServiceArgs>) =>
      refusal(
        () => new EcsService("api", { cluster: CLUSTER, network: TEST_NETWORK, container: { name: "api" }, ...args }),
      );
    const api = (more: Partial<Container>) => ({ container: { name: "api", ...more } });
    const waits = (container: Partial<Container>, ...sidecars: Sidecar[]) => ({ ...api(container), sidecars });
    for (const [args, says] of [
      [waits({ dependsOn: { agnet: "START" } }, agent), /container\.dependsOn\.agnet: expected the name of another/],
      [waits({ dependsOn: { api: "START" } }, agent), /the name of another container/],
      [waits({ dependsOn: { agent: "HEALTHY" } }, agent), /agent has no healthCheck/],
      [waits({ dependsOn: { agent: "SUCCESS" } }, agent), /agent is essential/],
      [
        waits({ dependsOn: { agent: "START" } }, { ...agent, dependsOn: { api: "START" } }),
        /waits for api in its turn/,
      ],
      [waits({}, { ...agent, startsFirst: true, dependsOn: { api: "START" } }), /in its turn/],
      [api({ logConfiguration: { logDriver: "awsfirelens" } }), /awslogs or splunk: no sidecar has a firelens/],
      [api({ port: 80, otherPorts: [81, 80] }), /otherPorts\.1: expected another port than port, 80/],
      [api({ definition: { image: "x:1" } }), /container\.definition/],
      [api({ definition: { environments: [] } }), /container\.definition/],
      [api({ ulimits: { files: { softLimit: 1, hardLimit: 2 } } }), /ulimits.*files/],
      [api({ environmentFiles: ["arn:aws:s3:::acme/api.txt"] }), /whose name ends in \.env/],
    ] as const) {
      assert.match(await refused(args), says, JSON.stringify(args));
    }
  });

  it("says in a stack file which setting a field of AWS's has, and takes it away", async () => {
    const dev = (definition: Readonly<Record<string, unknown>>) =>
      stackGraph("dev", {
        changes: { services: [{ name: "api", container: { name: "api", port: 8080, definition } }] },
      });
    await assert.rejects(
      dev({ image: "x:1" }),
      /container\.definition\.image: expected nothing: image, which deliveries bring, says it[\s\S]*config rm/,
    );
    await assert.rejects(dev({ environments: [] }), /definition\.environments: expected one of cpu, memory/);
  });

  it("names for every field of AWS's a setting, or leaves it to definition", () => {
    assert.ok(OTHER_FIELDS.includes("restartPolicy") && !OTHER_FIELDS.includes("image"));
    for (const said of Object.values(CONTAINER_FIELDS)) {
      for (const name of said?.split(", ") ?? []) {
        const known = [
          ...Object.keys(ANY_CONTAINER),
          "name",
          "port",
          "otherPorts",
          "essential",
          "firelensConfiguration",
        ];
        assert.ok(
          known.includes(name) || /^(nothing: |repository\.|image$|which deliveries)/.test(name),
          `${name} is no setting`,
        );
      }
    }
  });

  it("is what ECS may read for it before it starts, and no more", async () => {
    const graph = await serviceGraph({
      container: {
        name: "api",
        environmentFiles: ["arn:aws:s3:::acme-settings/api.env"],
        logConfiguration: { logDriver: "splunk", secretOptions: { "splunk-token": "/splunk/token" } },
      },
    });
    const statements = graph.statements("api-execution");
    const of = (action: string) => statements.find(({ Action }) => Action.includes(action))?.Resource;
    assert.deepEqual(of("s3:GetObject"), ["arn:aws:s3:::acme-settings/api.env"]);
    assert.deepEqual(of("s3:GetBucketLocation"), ["arn:aws:s3:::acme-settings"]);
    assert.match(String(of("ssm:GetParameters")), /parameter\/splunk\/token$/);
  });

  it("reaches where the secrets of its log driver are, as those of its variables", async () => {
    const graph = await stackGraph("dev", {
      changes: {
        services: [
          {
            name: "api",
            container: {
              name: "api",
              port: 8080,
              logConfiguration: { logDriver: "splunk", secretOptions: { "splunk-token": "/splunk/token" } },
            },
          },
        ],
      },
    });
    const endpoints = graph.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name }) => name);
    assert.ok(endpoints.includes("dev-ssm"), endpoints.join(", "));
    assert.deepEqual(findingsOf(graph.recorded), []);
    const resources = graph.recorded.resources.filter(({ name }) => name !== "dev-ssm");
    const without = findingsOf({ ...graph.recorded, resources }).filter(({ rule }) => rule === "endpoint-missing");
    assert.equal(without.length, 1);
    assert.match(without[0]?.message ?? "", /ssm/);
  });

  it("has the space that is asked for, spelt as each reader spells it", async () => {
    const graph = await stackGraph("dev", {
      changes: {
        deployment: { strategy: "codeDeployBlueGreen" },
        services: [{ name: "api", container: { name: "api", port: 8080 }, ephemeralStorageGiB: 50 }],
      },
    });
    assert.deepEqual(graph.only(TASK).inputs.ephemeralStorage, { sizeInGib: 50 });
    const template = graph.all("aws:ssm/parameter:Parameter").find(({ name }) => /template/.test(name));
    const kept = template ? json(template.inputs.value) : undefined;
    assert.match(JSON.stringify(kept ?? graph.resources.map(({ inputs }) => inputs)), /sizeInGiB/);
  });
});

describe("a user who is not root", () => {
  const found = async (container: Partial<Container>) => {
    const graph = await serviceGraph({ container: { name: "api", ...container } });
    return findingsOf(graph.recorded).filter(({ rule }) => rule === "folder-of-root");
  };

  it("cannot write into an empty volume on Fargate, which is said before", async () => {
    const [one] = await found({ user: "1000", writablePaths: ["/tmp", "/data"] });
    assert.match(one?.message ?? "", /container api runs as user 1000, and \/tmp, \/data belong to root/);
    assert.match(one?.message ?? "", /chown 1000 \/tmp \/data and VOLUME \/tmp \/data/);
  });

  it("keeps out of the folders of ECS Exec's agent, which is root", async () => {
    const graph = await serviceGraph({
      executeCommand: {},
      container: { name: "api", user: "1000", writablePaths: [] },
    });
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ rule }) => rule === "folder-of-root"),
      [],
    );
  });

  it("is no finding as root, without such a folder, or with one in memory", async () => {
    assert.deepEqual(await found({ user: "0:0" }), []);
    assert.deepEqual(await found({}), []);
    assert.deepEqual(await found({ user: "1000", writablePaths: [], tmpfs: { "/tmp": 64 } }), []);
  });
});

describe("the recipes for sidecars", () => {
  it("hand the application's lines to the router, and the router's own to the log group", async () => {
    const graph = await exampleGraph("sidecars", "dev");
    const task = graph.all(TASK).find(({ name }) => name === "web");
    const [web, router] = list(json(task?.inputs.containerDefinitions));
    assert.equal(at(web, "logConfiguration", "logDriver"), "awsfirelens");
    assert.deepEqual(at(web, "dependsOn"), [{ containerName: "router", condition: "HEALTHY" }]);
    assert.deepEqual(at(router, "firelensConfiguration"), {
      type: "fluentbit",
      options: { "enable-ecs-log-metadata": "true" },
    });
    assert.equal(at(router, "logConfiguration", "logDriver"), "awslogs");
    assert.deepEqual(
      findingsOf(graph.recorded).filter(({ rule }) => rule !== "writable-root"),
      [],
    );
  });
});
