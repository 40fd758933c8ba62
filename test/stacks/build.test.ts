import assert from "node:assert/strict";
import { lookAhead } from "../../model/update/lookAhead";
import { findingsOf } from "../../preview/rules";
import { inBash, onPaper } from "../rehearse/play";
import type { Graph } from "../support/graph";
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

  const project = (graph: Graph) => graph.named("aws:codebuild/project:Project", "api-image").inputs;
  const variables = (graph: Graph): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      list(at(project(graph), "environment", "environmentVariables")).map((one) => [
        String(at(one, "name")),
        at(one, "value"),
      ]),
    );

  it("takes layers from where it is told to, and may pull only where it does", async () => {
    const pulled = (graph: Graph) => JSON.stringify(graph.statements("api-image")).includes("ecr:BatchGetImage");
    for (const [build, type, server, pulls] of [
      [undefined, "LOCAL", undefined, true],
      [{ cache: "registry" }, "LOCAL", undefined, true],
      [{ cache: "local" }, "LOCAL", undefined, false],
      [{ cache: "none" }, "NO_CACHE", undefined, false],
      [{ cache: "dockerServer" }, "NO_CACHE", { computeType: "BUILD_GENERAL1_SMALL" }, false],
      [
        { cache: "dockerServer", dockerServerComputeType: "BUILD_GENERAL1_LARGE" },
        "NO_CACHE",
        { computeType: "BUILD_GENERAL1_LARGE" },
        false,
      ],
    ] as const) {
      const graph = await dev(build ? { build } : {});
      assert.equal(at(project(graph), "cache", "type"), type);
      assert.deepEqual(at(project(graph), "environment", "dockerServer"), server);
      assert.equal(pulled(graph), pulls, JSON.stringify(build));
      assert.deepEqual(findingsOf(graph.recorded), []);
      assert.ok((await inBash([graph.recorded], { stacks: ["dev"] })).reached);
      assert.ok((await onPaper([graph.recorded], { stacks: ["dev"] })).reached);
    }
  }).timeout(120_000);

  it("makes an index for several platforms, on the CPU of the tasks, and emulates the other", async () => {
    const platforms = ["linux/amd64", "linux/arm64"];
    for (const [cpuArchitecture, emulated, machine] of [
      ["X86_64", "arm64", "LINUX_CONTAINER"],
      ["ARM64", "amd64", "ARM_CONTAINER"],
    ]) {
      const graph = await dev({ cpuArchitecture, build: { platforms } }, { gates: { maximumScanSeverity: "HIGH" } });
      const { BUILD_PLATFORMS, BUILD_EMULATED } = variables(graph);
      assert.deepEqual([BUILD_PLATFORMS, BUILD_EMULATED], [platforms.join(","), emulated]);
      assert.equal(at(project(graph), "environment", "type"), machine);
      assert.deepEqual(findingsOf(graph.recorded), []);
      for (const play of [inBash, onPaper]) {
        const { reached, cloud } = await play([graph.recorded], { stacks: ["dev"] });
        assert.ok(reached);
        const [image] = cloud.registry
          .images(String(graph.only("aws:ecr/repository:Repository").outputs.repositoryUrl))
          .slice(-1);
        assert.equal(image?.architecture, "X86_64, ARM64");
      }
    }
  }).timeout(120_000);

  it("lets tasks move to another CPU where the image that runs has both", async () => {
    const found = async (build: object) => {
      const before = await dev({ cpuArchitecture: "X86_64", ...build });
      const after = await dev({ cpuArchitecture: "ARM64", ...build });
      return lookAhead(before.recorded, after.recorded).findings.map(({ rule }) => rule);
    };
    assert.ok((await found({})).includes("image-of-another-architecture"));
    const both = await found({ build: { platforms: ["linux/amd64", "linux/arm64"] } });
    assert.ok(!both.includes("image-of-another-architecture"), both.join());
  });

  it("pulls base images through a cache of ECR, which is made once for the stack", async () => {
    const credentials = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ecr-pullthroughcache/docker-hub-AbCdEf";
    const hub = { pullThroughCache: "docker-hub", upstreamRegistry: "registry-1.docker.io", credentials };
    const build = { baseImages: [hub, { pullThroughCache: "quay" }] };
    const web = { name: "web", container: { name: "web", port: 80 }, build };
    const graph = await stackGraph("dev", {
      changes: { services: [{ name: "api", container: { name: "api", port: 8080 }, build }, web] },
    });
    assert.deepEqual(graph.only("aws:ecr/pullThroughCacheRule:PullThroughCacheRule").inputs, {
      ecrRepositoryPrefix: "docker-hub",
      upstreamRegistryUrl: "registry-1.docker.io",
      credentialArn: credentials,
    });
    const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    assert.equal(variables(graph).PULL_THROUGH_CACHES, `${host}/docker-hub ${host}/quay`);
    const statement = graph
      .statements("api-image")
      .find(({ Action }) => Action.includes("ecr:BatchImportUpstreamImage"));
    assert.deepEqual(statement?.Resource, [
      "arn:aws:ecr:eu-west-1:111122223333:repository/docker-hub/*",
      "arn:aws:ecr:eu-west-1:111122223333:repository/quay/*",
    ]);
    assert.deepEqual(findingsOf(graph.recorded), []);
    await assert.rejects(
      dev({ build: { baseImages: [{ pullThroughCache: "hub", upstreamRegistry: "ghcr.io" }] } }),
      /credentials: expected the ARN of a secret: ECR logs in to ghcr\.io/,
    );
    await assert.rejects(
      dev({ build: { baseImages: [{ ...hub, credentials: credentials.replace("ecr-pullthroughcache/", "") }] } }),
      /name begins with ecr-pullthroughcache\//,
    );
  });

  it("lets services of one image run on either CPU of an index", async () => {
    const worker = { name: "worker", imageOf: "api", cpuArchitecture: "ARM64", container: { name: "worker" } };
    const services = (build: object) => [{ name: "api", container: { name: "api", port: 8080 }, ...build }, worker];
    const both = await stackGraph("dev", {
      changes: { services: services({ build: { platforms: ["linux/amd64", "linux/arm64"] } }), deployment: "rolling" },
    });
    assert.deepEqual(findingsOf(both.recorded), []);
    await assert.rejects(
      stackGraph("dev", { changes: { services: services({}), deployment: "rolling" } }),
      /cpuArchitecture/,
    );
  });

  it("is refused where it does not go together", async () => {
    await assert.rejects(
      dev({ cpuArchitecture: "ARM64", build: { platforms: ["linux/amd64"] } }),
      /build\.platforms\[0\]: expected linux\/arm64 among them: the tasks run on ARM64/,
    );
    await assert.rejects(
      dev({ build: { platforms: ["linux/amd64"], cache: "local" } }),
      /build\.cache: expected registry or none with platforms[\s\S]*build\.cache' registry/,
    );
    await assert.rejects(
      dev({ build: { dockerServerComputeType: "BUILD_GENERAL1_SMALL" } }),
      /dockerServerComputeType: expected nothing: cache is not dockerServer/,
    );
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
