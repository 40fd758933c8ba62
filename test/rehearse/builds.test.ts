import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PlayedCloud } from "../../model/delivery/cloud";
import { Faults } from "../../model/delivery/faults";
import type { BuildResult } from "../../model/delivery/pipeline/builder";
import type { RecordedResource } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { printAnswer, readAwsCommand } from "../../rehearse/build/awsCommand";
import { BashBuilder } from "../../rehearse/build/bashBuilder";
import { FolderArtifact } from "../../rehearse/build/folderArtifact";
import { stackGraph } from "../support/stack";
import { temporary } from "./play";

const startsAt = new Date("2026-03-02T10:00:00Z");

/** Runs a buildspec as the image build of dev does, on these files. */
async function build(
  buildspec: unknown,
  files: Readonly<Record<string, string>> = {},
  { outputs = ["api_image"], env = {}, faults = [] as { step: string; how: string }[] } = {},
): Promise<{ result: BuildResult; cloud: PlayedCloud; read: (path: string, artifact?: string) => string | undefined }> {
  const { recorded } = await stackGraph("dev");
  const cloud = new PlayedCloud([recorded], { faults: new Faults(faults) });
  const { folder, remove } = temporary();
  const builder = new BashBuilder({ cloud, source: folder, runs: { stack: true, file: true }, startsAt });
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [pipeline] = pipelinesOf(recorded);
    const action = pipeline?.actions.find(({ name }) => name === "api-image") ?? assert.fail();
    const project =
      recorded.resources.find(
        ({ type, inputs }) => type === "aws:codebuild/project:Project" && inputs.name === "dev-api-image",
      ) ?? assert.fail();
    const changed: RecordedResource = {
      ...project,
      inputs: {
        ...project.inputs,
        source: {
          buildspec:
            typeof buildspec === "string" ? buildspec : JSON.stringify({ version: "0.2", ...(buildspec as object) }),
        },
      },
    };
    const [stack] = cloud.stacks;
    assert.ok(stack);
    const result = await cloud.clock.start(() =>
      builder.run({
        stack,
        action: { ...action, outputs },
        pipeline: "prod-delivery",
        project: changed,
        env,
        inputs: [["Source", new FolderArtifact(folder)]],
        revision: "1".repeat(40),
        roleArn: String(project.inputs.serviceRole),
        region: "eu-west-1",
        where: "build",
      }),
    );
    const texts = new Map(Object.entries(result.outputs).map(([name, artifact]) => [name, artifact]));
    const kept = new Map([...texts].map(([name, artifact]) => [name, (path: string) => artifact.read(path)]));
    const paths = ["imagedefinitions.json", "out/a.txt", "a.txt", "b.txt", "deep/er/c.txt"];
    const found = new Map([...kept].map(([name, read]) => [name, new Map(paths.map((path) => [path, read(path)]))]));
    return { result, cloud, read: (path, artifact = "api_image") => found.get(artifact)?.get(path) };
  } finally {
    builder.close();
    remove();
  }
}

const commands = (...list: string[]) => ({ commands: list });

describe("a rehearsed build", function () {
  this.timeout(20_000);

  it("runs phases in CodeBuild's order, in one shell, and hands exported variables on", async () => {
    const { result, read } = await build(
      {
        env: { variables: { FROM: "buildspec", BOTH: "buildspec" }, "exported-variables": ["TOLD"] },
        phases: {
          install: commands("order=install"),
          pre_build: commands('order="$order pre_build"'),
          build: commands('order="$order build"', 'export TOLD="$FROM $BOTH"'),
          post_build: commands('printf %s "$order post_build" >a.txt'),
        },
        artifacts: { files: ["a.txt"] },
      },
      {},
      { env: { BOTH: "project" } },
    );
    assert.deepEqual(
      [result.succeeded, read("a.txt"), result.exported],
      [true, "install pre_build build post_build", { TOLD: "buildspec project" }],
    );
  });

  it("goes on to post_build after a failing build, not after a failing pre_build, and not where it says ABORT", async () => {
    const after = async (phases: object) =>
      (await build({ phases: { ...phases, post_build: commands("echo POST") } })).result;
    const failing = await after({ build: commands("false", "echo NEVER") });
    assert.deepEqual(
      [failing.succeeded, failing.log.includes("POST"), failing.log.includes("NEVER")],
      [false, true, false],
    );
    assert.ok(!(await after({ pre_build: commands("false") })).log.includes("POST"));
    assert.ok(!(await after({ build: { "on-failure": "ABORT", ...commands("false") } })).log.includes("POST"));
  });

  it("runs what comes finally, whatever a phase did", async () => {
    const { result } = await build(
      { phases: { build: { ...commands("false"), finally: ["echo FINALLY"] } } },
      {},
      { outputs: [] },
    );
    assert.deepEqual([result.succeeded, result.log.includes("FINALLY")], [false, true]);
  });

  it("packs artifacts by pattern, from a folder, without paths; one that no file matches fails the build", async () => {
    const files = { "out/a.txt": "A", "out/deep/er/c.txt": "C", "b.txt": "B" };
    const spec = (artifacts: object) => build({ phases: { build: commands("true") }, artifacts }, files);
    assert.equal((await spec({ files: ["**/*"], "base-directory": "out" })).read("deep/er/c.txt"), "C");
    assert.equal((await spec({ files: ["out/a.txt"], "discard-paths": "yes" })).read("a.txt"), "A");
    const missing = await spec({ files: ["nothing.json"] });
    assert.equal(missing.result.succeeded, false);
    assert.match(missing.result.log.join(), /no matching artifact paths found: nothing.json/);
    const both = await build(
      {
        phases: { build: commands("true") },
        artifacts: {
          files: ["b.txt"],
          "secondary-artifacts": { one: { files: ["out/a.txt"] }, two: { files: ["b.txt"] } },
        },
      },
      files,
      { outputs: ["one", "two"] },
    );
    assert.deepEqual([both.read("out/a.txt", "one"), both.read("b.txt", "two")], ["A", "B"]);
  });

  it("fails on what CodeBuild does not take: no version, an unknown phase, no such file", async () => {
    for (const [spec, message] of [
      [JSON.stringify({ phases: {} }), /has no version/],
      [JSON.stringify({ version: "0.2", phases: { test: commands("true") } }), /unknown phase test/],
      ["build/spec.yml", /stat build\/spec.yml: no such file or directory/],
      ["version: 0.2\nphases: [", /YAML_FILE_ERROR/],
    ] as const) {
      const { result } = await build(spec);
      assert.deepEqual([result.succeeded, message.test(result.log.join())], [false, true], String(spec));
    }
  });

  it("lets time pass on its own clock: for who sleeps, for bash's seconds, for date", async () => {
    const { cloud, result } = await build(
      { phases: { build: commands("sleep 600", "echo waited $SECONDS", "date -u +%H:%M") } },
      {},
      { outputs: [] },
    );
    assert.ok(result.succeeded);
    assert.equal(cloud.clock.now, 600);
    assert.ok(
      result.log.some((line) => /^waited 60\d$/.test(line)),
      result.log.join(),
    );
    assert.ok(result.log.includes("10:10"), result.log.join());
  });

  it("has bash's seconds go on where a sleep in the background is waited for, as scripts do that heed a signal", async () => {
    const began = 'began=$EPOCHSECONDS; for one in 1 2; do sleep 300 & wait "$!"; done';
    const ownFile = `printf '%s\\n' 'sleep 70 & wait "$!"; echo "in a file $SECONDS"' >waits.sh; bash waits.sh`;
    const { cloud, result } = await build(
      { phases: { build: commands(began, 'echo "waited $SECONDS and $((EPOCHSECONDS - began))"', ownFile) } },
      {},
      { outputs: [] },
    );
    assert.ok(result.succeeded, result.log.join());
    assert.equal(cloud.clock.now, 670);
    for (const said of [/^waited 60\d and 600$/, /^in a file 7\d$/])
      assert.ok(
        result.log.some((line) => said.test(line)),
        result.log.join(),
      );
  });

  it("has an engine that knows what was built, and a registry that asks who pushes", async () => {
    const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api";
    const push = `docker push ${image}:one`;
    const login = `aws ecr get-login-password --region eu-west-1 | docker login --username AWS --password-stdin ${image.split("/", 1)[0] ?? ""}`;
    const files = { Dockerfile: "FROM scratch\n" };
    const run = (...list: string[]) => build({ phases: { build: commands(...list) } }, files, { outputs: [] });
    assert.match((await run(push)).result.log.join(), /An image does not exist locally/);
    assert.match((await run(`docker build --tag ${image}:one .`, push)).result.log.join(), /no basic auth credentials/);
    assert.match((await run("docker build --tag x nowhere")).result.log.join(), /path "nowhere" not found/);
    const { cloud, result } = await run(login, `docker build --tag ${image}:one .`, push);
    assert.ok(result.succeeded, result.log.join("\n"));
    assert.deepEqual(cloud.registry.tagged(image, "one")?.tags, ["one"]);
    const again = await run(
      login,
      `docker build --tag ${image}:one .`,
      push,
      `docker build --tag ${image}:one .`,
      push,
    );
    assert.match(again.result.log.join(), /cannot be overwritten because the repository is immutable/);
    assert.match((await run(login, "docker run x")).result.log.join(), /docker run x: nothing here plays this call/);
  });

  it("answers what a script may not do as AWS does", async () => {
    const put =
      "aws ssm put-parameter --name /ecs-delivery/dev-api/delivered-image --type String --overwrite --value x";
    const { result, cloud } = await build({ phases: { build: commands(put) } }, {}, { outputs: [] });
    assert.equal(result.succeeded, false);
    assert.match(
      result.log.join("\n"),
      /An error occurred \(AccessDeniedException\) when calling the PutParameter operation: arn:aws:iam::111122223333:role\/ecs-delivery\/dev\/api-image-\w+ may not ssm:PutParameter on/,
    );
    assert.equal(cloud.refused.length, 1);
    const unknown = await build({ phases: { build: commands("aws ec2 describe-instances") } }, {}, { outputs: [] });
    assert.match(unknown.result.log.join("\n"), /ec2:DescribeInstances is not played here/);
  });

  it("fails at the call that it is told to", async () => {
    const spec = {
      phases: {
        build: commands(
          "aws ecr describe-images --repository-name dev/api || echo FIRST",
          "aws ecr describe-images --repository-name dev/api >/dev/null && echo SECOND",
        ),
      },
    };
    const { result } = await build(
      spec,
      {},
      { outputs: [], faults: [{ step: "api-image", how: "refused:aws ecr describe-images" }] },
    );
    assert.deepEqual(
      [result.log.includes("FIRST"), result.log.includes("SECOND")],
      [true, true],
      result.log.join("\n"),
    );
    const throttled = await build(spec, {}, { outputs: [], faults: [{ step: "api-image", how: "throttled" }] });
    assert.match(throttled.result.log.join("\n"), /\(ThrottlingException\)/);
    const stopped = await build(
      { phases: { build: commands("docker version", "echo NEVER") } },
      {},
      { outputs: [], faults: [{ step: "api-image", how: "stopped" }] },
    );
    assert.deepEqual([stopped.result.succeeded, stopped.result.log.includes("NEVER")], [false, false]);
  });
});

describe("the command line of AWS, as scripts call it", () => {
  const words = (text: string) => readAwsCommand(text.split(" ").slice(1));

  it("is taken apart: flags, lists, maps, what belongs to the line and not to the call", () => {
    const { service, operation, input, region, query, output } = words(
      "aws ecr batch-get-image --region eu-west-1 --repository-name dev/api --image-ids imageTag=a imageDigest=sha256:b --accepted-media-types x y --query images[0] --output text",
    );
    assert.deepEqual(
      [service, operation, region, query, output],
      ["ecr", "BatchGetImage", "eu-west-1", "images[0]", "text"],
    );
    assert.deepEqual(input, {
      repositoryName: "dev/api",
      imageIds: [{ imageTag: "a" }, { imageDigest: "sha256:b" }],
      acceptedMediaTypes: ["x", "y"],
    });
    assert.deepEqual(words("aws ssm put-parameter --name /a --overwrite --value=b=c").input, {
      name: "/a",
      overwrite: true,
      value: "b=c",
    });
  });

  const cases: readonly (readonly [string, unknown, string | undefined, string, string])[] = [
    ["a text", { a: "b" }, "a", "text", "b\n"],
    ["nothing", { a: "b" }, "c", "text", "None\n"],
    ["truth", { a: true }, "a", "text", "True\n"],
    ["a list in one line", { a: ["b", "c"] }, "a", "text", "b\tc\n"],
    [
      "lists in lines",
      {
        a: [
          ["b", null],
          ["c", 1],
        ],
      },
      "a",
      "text",
      "b\tNone\nc\t1\n",
    ],
    ["an empty list", { a: [] }, "a", "text", "\n"],
    ["JSON", { a: "b" }, "a", "json", '"b"\n'],
  ];
  for (const [name, answer, query, output, printed] of cases) {
    it(`prints ${name} as it does`, () => {
      assert.equal(printAnswer(answer as Record<string, unknown>, { query, output }), printed);
    });
  }
});
