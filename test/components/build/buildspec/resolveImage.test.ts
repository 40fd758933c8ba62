import assert from "node:assert/strict";
import { fromSource, imageDefinitions, imageDetail } from "../../../../components/build/buildspec/deploymentFiles";
import { resolveImageBuildspec } from "../../../../components/build/buildspec/resolveImage";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";

const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/php";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const DIGEST = `sha256:${"ab".repeat(32)}`;
const PINNED = `${REPOSITORY}@${DIGEST}`;
const FOUND: StandInAnswer = { when: "^aws ecr batch-get-image ", stdout: `${DIGEST}\n` };

const definitions = (...entries: readonly (readonly [name: string, imageUri: string])[]) => ({
  "imagedefinitions.json": JSON.stringify(entries.map(([name, imageUri]) => ({ name, imageUri }))),
});

function run(files: Readonly<Record<string, string>>, options: BuildOptions = {}, buildFiles = [imageDefinitions]) {
  return runBuildspec(resolveImageBuildspec({ buildFiles }), {
    answers: [FOUND],
    ...options,
    files,
    env: { CONTAINER_NAME: "php-container", IMAGE_REPOSITORY_URI: REPOSITORY, COMMIT_ID: COMMIT, ...options.env },
  });
}

const images = (result: BuildRun) => JSON.parse(result.files["imagedefinitions.json"] ?? "") as unknown;

function assertRefused(result: BuildRun, reason: RegExp): void {
  assert.notEqual(result.status, 0, result.output);
  assert.match(result.output, reason);
  assert.equal(result.exported.IMAGE_URI, undefined);
}

describe("resolveImageBuildspec", () => {
  it("gives every later step the digest of the tag that the build wrote", () => {
    const result = run(definitions(["php-container", `${REPOSITORY}:${COMMIT}`]));
    assert.equal(result.status, 0, result.output);
    assert.deepEqual(images(result), [{ name: "php-container", imageUri: PINNED }]);
    assert.deepEqual(result.exported, { IMAGE_URI: PINNED, IMAGE_TAG: COMMIT, IMAGE_DIGEST: DIGEST });
    assert.deepEqual(result.calls.map(calledWith), [
      "aws ecr batch-get-image --registry-id 111122223333 --region eu-west-1 --repository-name shop/php " +
        `--image-ids imageTag=${COMMIT} --accepted-media-types application/vnd.oci.image.index.v1+json ` +
        "application/vnd.oci.image.manifest.v1+json application/vnd.docker.distribution.manifest.list.v2+json " +
        "application/vnd.docker.distribution.manifest.v2+json --query images[0].imageId.imageDigest --output text",
    ]);
  });

  it("gives it to other containers that run the image, once each", () => {
    const env = { FURTHER_CONTAINERS: "worker cron" };
    const left = definitions(["php-container", `${REPOSITORY}:${COMMIT}`]);
    const all = ["php-container", "worker", "cron"].map((name) => ({ name, imageUri: PINNED }));
    assert.deepEqual(images(run(left, { env })), all);
    const named = definitions(["php-container", PINNED], ["cron", PINNED]);
    const [first, worker, cron] = all;
    assert.deepEqual(images(run(named, { env })), [first, cron, worker]);
  });

  it("takes a digest as it is, once ECR has said that it is there", () => {
    const result = run(definitions(["php-container", PINNED]));
    assert.deepEqual(images(result), [{ name: "php-container", imageUri: PINNED }]);
    assert.match(
      calledWith(result.calls[0] ?? { argv: [], stdin: "" }),
      new RegExp(`--image-ids imageDigest=${DIGEST} `),
    );
    assert.deepEqual(result.exported, { IMAGE_URI: PINNED, IMAGE_TAG: "", IMAGE_DIGEST: DIGEST });
  });

  for (const [what, tag] of [
    ["a version", "1.0.RELEASE"],
    ["the number of a build", "build-42"],
    ["the beginning of the commit", COMMIT.slice(0, 7)],
  ] as const) {
    it(`takes ${what} for a tag`, () => {
      assert.equal(run(definitions(["php-container", `${REPOSITORY}:${tag}`])).exported.IMAGE_TAG, tag);
    });
  }

  it("takes a commit without a digit in its first characters", () => {
    const env = { COMMIT_ID: `abcdefa${"0".repeat(33)}` };
    assert.equal(run(definitions(["php-container", `${REPOSITORY}:abcdefa`]), { env }).exported.IMAGE_URI, PINNED);
  });

  for (const [what, image, reason] of [
    ["latest", `${REPOSITORY}:latest`, /container php-container: latest moves with every push; nobody could tell/],
    ["no tag", REPOSITORY, /it has no tag, which means latest/],
    ["a word", `${REPOSITORY}:staging`, /staging is neither a commit nor a version, so the next build moves it/],
  ] as const) {
    it(`refuses ${what}, which moves, without asking ECR`, () => {
      const result = run(definitions(["php-container", image]));
      assertRefused(result, reason);
      assert.match(result.output, /Tag the image with the commit, \$CODEBUILD_RESOLVED_SOURCE_VERSION/);
      assert.equal(result.calls.length, 0);
    });
  }

  it("says what a build has to leave that left nothing", () => {
    assertRefused(
      run({}),
      /the build left no imagedefinitions\.json: your own buildspec must write \[\{"name":"php-container","imageUri":"<repository>:<commit>"\}\]/,
    );
  });

  it("says which containers the file has when the wanted one is not among them", () => {
    assertRefused(
      run(definitions(["web", `${REPOSITORY}:1`], ["log", "log:1"])),
      /no image for container php-container \(it has: web log\); .*services\[\]\.container\.name/,
    );
  });

  it("refuses an image that was not pushed", () => {
    const answers = [{ when: "^aws ecr batch-get-image ", stdout: "None\n" }];
    assertRefused(
      run(definitions(["php-container", `${REPOSITORY}:1`]), { answers }),
      /:1 is not in its repository \(the answer was "None"\): the build must push it before it ends/,
    );
  });

  it("refuses an image of another repository", () => {
    assertRefused(
      run(definitions(["php-container", `${REPOSITORY}-other:1`])),
      /the build pushed to .*shop\/php-other, but this service's repository is .*shop\/php: .*existing/,
    );
  });

  it("reads JSON however it is written", () => {
    const text = `[\n  {\n    "imageUri" : "${REPOSITORY.replaceAll("/", "\\/")}:1",\n    "name" : "php-container"\n  }\n]\n`;
    const result = run({ "imagedefinitions.json": text });
    assert.deepEqual(images(result), [{ name: "php-container", imageUri: PINNED }], result.output);
  });

  it("takes CodeDeploy's file where there is no other, and leaves both", () => {
    const files = {
      "imageDetail.json": JSON.stringify({ ImageURI: `${REPOSITORY}:1` }),
      "taskdef.json": '{"image":"<IMAGE1_NAME>"}',
      "appspec.yaml": "TaskDefinition: <TASK_DEFINITION>",
    };
    const templates = [
      imageDefinitions,
      imageDetail,
      fromSource("taskdef.json", "<IMAGE1_NAME>"),
      fromSource("appspec.yaml", "<TASK_DEFINITION>"),
    ];
    const result = run(files, {}, templates);
    assert.equal(result.status, 0, result.output);
    assert.deepEqual(images(result), [{ name: "php-container", imageUri: PINNED }]);
    assert.deepEqual(JSON.parse(result.files["imageDetail.json"] ?? ""), { ImageURI: PINNED });
  });

  describe("with templates in the source", () => {
    const templates = [
      imageDefinitions,
      imageDetail,
      fromSource("taskdef.json", "<IMAGE1_NAME>"),
      fromSource("appspec.yaml", "<TASK_DEFINITION>"),
    ];
    const left = definitions(["php-container", `${REPOSITORY}:1`]);
    const theirs = {
      "source/php/taskdef.json": "<IMAGE1_NAME> theirs",
      "source/php/appspec.yaml": "<TASK_DEFINITION>",
    };
    const env = { TEMPLATE_ARTIFACT: "Source", CODEBUILD_SRC_DIR_Source: "source", SERVICE_FOLDER: "php" };

    it("takes them from there when the build left none", () => {
      const result = run({ ...left, ...theirs }, { env }, templates);
      assert.equal(result.status, 0, result.output);
      assert.equal(result.files["taskdef.json"], "<IMAGE1_NAME> theirs");
      assert.equal(result.files["appspec.yaml"], "<TASK_DEFINITION>");
    });

    it("takes those that the build left before them", () => {
      const made = { "taskdef.json": "<IMAGE1_NAME> made", "appspec.yaml": "<TASK_DEFINITION> made" };
      const result = run({ ...left, ...theirs, ...made }, { env }, templates);
      assert.equal(result.status, 0, result.output);
      assert.equal(result.files["taskdef.json"], "<IMAGE1_NAME> made");
      assert.equal(result.files["appspec.yaml"], "<TASK_DEFINITION> made");
    });

    it("says where it looked when there are none", () => {
      const result = run(left, { env }, templates);
      assert.notEqual(result.status, 0);
      assert.match(result.output, /folder "source\/php" has no taskdef\.json, or an empty one/);
    });
  });

  it("keeps what the file says of other containers, and gives one image one digest", () => {
    const result = run(
      definitions(
        ["php-container", `${REPOSITORY}:1`],
        ["migrate", `${REPOSITORY}:1`],
        ["nginx", "public.ecr.aws/nginx:1.27"],
      ),
    );
    assert.deepEqual(images(result), [
      { name: "php-container", imageUri: PINNED },
      { name: "migrate", imageUri: PINNED },
      { name: "nginx", imageUri: "public.ecr.aws/nginx:1.27" },
    ]);
  });

  it("refuses a moving tag of another container too", () => {
    const files = definitions(["php-container", `${REPOSITORY}:1`], ["nginx", "public.ecr.aws/nginx:latest"]);
    assertRefused(run(files), /the image of container nginx: latest moves/);
  });

  it("refuses other containers where their images are the stack file's", () => {
    const files = definitions(["php-container", `${REPOSITORY}:1`], ["agent", "agent:1"]);
    const result = run(files, { env: { OTHER_CONTAINERS: "refuse" } });
    assertRefused(result, /names an image for container agent, whose image is the stack file's/);
  });

  describe("in another registry", () => {
    const env = {
      IMAGE_REPOSITORY_URI: "docker.io/acme/php",
      DOCKER_USER: "acme",
      DOCKER_PASSWORD: "token",
    };
    const answers: readonly StandInAnswer[] = [
      { when: "^docker login " },
      { when: "^docker buildx imagetools inspect ", stdout: `"${DIGEST}"\n` },
    ];

    for (const image of ["acme/php:1", "docker.io/acme/php:1", "index.docker.io/acme/php:1"]) {
      it(`logs in and asks for ${image}`, () => {
        const result = run(definitions(["php-container", image]), { env, answers });
        assert.equal(result.exported.IMAGE_URI, `docker.io/acme/php@${DIGEST}`, result.output);
        const [login, asked] = result.calls;
        assert.equal(login?.stdin, "token");
        assert.equal(
          asked?.argv.join(" "),
          "docker buildx imagetools inspect --format {{json .Manifest.Digest}} docker.io/acme/php:1",
        );
      });
    }

    it("asks without a login where nobody is named", () => {
      const result = run(definitions(["php-container", "acme/php:1"]), {
        answers,
        env: { IMAGE_REPOSITORY_URI: "docker.io/acme/php" },
      });
      assert.deepEqual(
        result.calls.map(({ argv }) => argv[1]),
        ["buildx"],
      );
    });

    it("fails with the call that fails", () => {
      for (const number of [1, 2]) {
        const result = run(definitions(["php-container", "acme/php:1"]), { env, answers, failCall: { number } });
        assertRefused(result, number === 1 ? /cannot log in to docker\.io/ : /cannot ask docker\.io for acme\/php:1/);
      }
    });
  });

  it("fails when ECR cannot be asked", () => {
    const result = run(definitions(["php-container", `${REPOSITORY}:1`]), { failCall: { number: 1 } });
    assertRefused(result, /cannot ask ECR for .*:1/);
  });

  it("takes nothing that a shell would run", () => {
    const result = run(definitions(["php-container", `${REPOSITORY}:1$(touch x)`]));
    assertRefused(result, /is no image, expected <repository>:<tag>/);
    assert.equal("x" in result.files, false);
  });
});
