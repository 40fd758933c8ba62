import * as assert from "node:assert/strict";
import { imageDefinitions } from "../../../../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec, dockerImagePermissions } from "../../../../components/build/buildspec/dockerImage";
import {
  type BuildOptions,
  type BuildRun,
  calledWith,
  parseBuildspec,
  runBuildspec,
  type StandInAnswer,
} from "../../../support/shell";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const REPOSITORY = `${HOST}/acme/api`;
const DIGEST = `sha256:${"d".repeat(64)}`;
const CACHED = `sha256:${"c".repeat(64)}`;
const PASSWORD = "eyJwYXlsb2FkIjoic2VjcmV0In0=";

const NO_IMAGE: StandInAnswer = {
  when: "^aws ecr describe-images .*imageTag=",
  stderr: "An error occurred (ImageNotFoundException) when calling the DescribeImages operation: not found",
  status: 254,
  times: 1,
};
const ANSWERS: readonly StandInAnswer[] = [
  NO_IMAGE,
  { when: `^aws ecr describe-images .*imageTag=${COMMIT} `, stdout: `${DIGEST}\n` },
  { when: "^aws ecr describe-images .*sort_by", stdout: `"${CACHED}"\n` },
  { when: "^aws ecr get-login-password --region eu-west-1$", stdout: `${PASSWORD}\n` },
  { when: "^docker login", stdout: "Login Succeeded\n" },
  { when: "^docker (build|push) " },
];
const ENV = { CODEBUILD_RESOLVED_SOURCE_VERSION: COMMIT, IMAGE_REPOSITORY_URI: REPOSITORY, CONTAINER_NAME: "web" };
const buildspec = dockerImageBuildspec({ buildFiles: [imageDefinitions] });

function run(options: BuildOptions = {}): BuildRun {
  return runBuildspec(buildspec, { answers: ANSWERS, ...options, env: { ...ENV, ...options.env } });
}

/** The commands a run called, each with its subcommand. */
function verbs(result: BuildRun): string[] {
  return result.calls.map(({ argv }) => argv.slice(0, argv[0] === "aws" ? 3 : 2).join(" "));
}

describe("dockerImageBuildspec", () => {
  it("builds, pushes and reads the digest, in that order", () => {
    const result = run();
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(verbs(result), [
      "aws ecr describe-images",
      "aws ecr describe-images",
      "aws ecr get-login-password",
      "docker login",
      "docker build",
      "docker push",
      "aws ecr describe-images",
    ]);
  });

  it("tags the image with the commit, labels it, and takes layers from the newest image", () => {
    const build = run().calls.find(({ argv }) => argv[1] === "build");
    assert.deepStrictEqual(build?.argv.slice(2), [
      "--file",
      "./Dockerfile",
      "--build-arg",
      "BUILDKIT_INLINE_CACHE=1",
      "--cache-from",
      `${REPOSITORY}@${CACHED}`,
      "--label",
      `org.opencontainers.image.revision=${COMMIT}`,
      "--tag",
      `${REPOSITORY}:${COMMIT}`,
      ".",
    ]);
  });

  it("builds with what the stack says: arguments, secrets that no layer keeps, a stage, another context", () => {
    const env = {
      BUILD_ARGUMENTS: "NODE_VERSION PATH",
      ARG_NODE_VERSION: "22",
      ARG_PATH: "a b",
      BUILD_SECRETS: "NPM_TOKEN",
      SECRET_NPM_TOKEN: "hidden",
      BUILD_TARGET: "runtime",
      BUILD_CONTEXT: ".",
      SERVICE_FOLDER: "services/web",
    };
    const result = run({ env });
    assert.equal(result.status, 0, result.output);
    const argv = result.calls.find((call) => call.argv[1] === "build")?.argv ?? [];
    assert.deepStrictEqual(argv.slice(argv.indexOf(`${REPOSITORY}@${CACHED}`) + 1), [
      "--build-arg",
      "NODE_VERSION=22",
      "--build-arg",
      "PATH=a b",
      "--secret",
      "id=NPM_TOKEN,env=SECRET_NPM_TOKEN",
      "--target",
      "runtime",
      "--label",
      `org.opencontainers.image.revision=${COMMIT}`,
      "--tag",
      `${REPOSITORY}:${COMMIT}`,
      ".",
    ]);
    assert.ok(argv.includes("services/web/Dockerfile"));
    assert.ok(!result.calls.map(calledWith).join("\n").includes("hidden"), "no list of processes shows a secret");
  });

  it("takes layers from where it is told to, and from nowhere else", () => {
    const words = (cache: string) =>
      run({ env: { BUILD_CACHE: cache } })
        .calls.find(({ argv }) => argv[1] === "build")
        ?.argv.filter((word) => /cache/i.test(word));
    assert.deepStrictEqual(words("registry"), ["BUILDKIT_INLINE_CACHE=1", "--cache-from"]);
    for (const cache of ["local", "dockerServer"]) assert.deepStrictEqual(words(cache), []);
    assert.deepStrictEqual(words("none"), ["--no-cache"]);
    const wrong = run({ env: { BUILD_CACHE: "s3" } });
    assert.notEqual(wrong.status, 0);
    assert.match(wrong.output, /BUILD_CACHE is "s3", expected registry, local, dockerServer or none/);
    assert.ok(!verbs(wrong).includes("docker build"));
  });

  const PLATFORMS = { BUILD_PLATFORMS: "linux/amd64,linux/arm64", BUILD_EMULATED: "arm64" };
  const INDEX_ANSWERS = [{ when: "^docker (run|buildx) " }, ...ANSWERS];

  it("makes an index for several platforms with a builder of its own, which pushes it, and reads its digest", () => {
    const result = run({ answers: INDEX_ANSWERS, env: PLATFORMS });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(verbs(result).slice(3), [
      "docker login",
      "docker run",
      "docker buildx",
      "docker buildx",
      "aws ecr describe-images",
    ]);
    const [emulate, create, build] = result.calls.slice(4).map(calledWith);
    assert.match(emulate ?? "", /^docker run --privileged --rm public\.ecr\.aws\/\S+ --install arm64$/);
    assert.match(create ?? "", /^docker buildx create --name delivery --driver docker-container .* --bootstrap --use$/);
    assert.match(
      build ?? "",
      /^docker buildx build --platform linux\/amd64,linux\/arm64 --push --file \.\/Dockerfile /,
    );
    assert.equal(result.exported.IMAGE_DIGEST, DIGEST);
    assert.equal(result.exported.IMAGE_URI, `${REPOSITORY}@${DIGEST}`);
  });

  it("emulates nothing for the machine's own platform alone", () => {
    const result = run({ answers: INDEX_ANSWERS, env: { BUILD_PLATFORMS: "linux/amd64" } });
    assert.equal(result.status, 0, result.output);
    assert.ok(!verbs(result).includes("docker run"));
  });

  it("delivers nothing whichever step of an index fails", () => {
    const all = run({ answers: INDEX_ANSWERS, env: PLATFORMS }).calls.length;
    for (let number = 1; number <= all; number += 1) {
      const result = run({ answers: INDEX_ANSWERS, env: PLATFORMS, failCall: { number } });
      assert.notEqual(result.status, 0, `call ${number} failed, the build did not`);
      assert.equal(result.files["imagedefinitions.json"], undefined);
    }
  });

  it("refuses an empty secret before it builds", () => {
    const result = run({ env: { BUILD_SECRETS: "NPM_TOKEN", SECRET_NPM_TOKEN: "" } });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /build\.secrets\.NPM_TOKEN: the parameter or secret is empty/);
    assert.ok(!verbs(result).includes("docker build"));
  });

  it("logs in where base images are, once more only where that is another registry", () => {
    const other = "999900001111.dkr.ecr.eu-central-1.amazonaws.com";
    const answers = [{ when: "^aws ecr get-login-password --region eu-central-1$", stdout: "other\n" }, ...ANSWERS];
    const logins = (BASE_REPOSITORIES: string) =>
      run({ answers, env: { BASE_REPOSITORIES } })
        .calls.filter(({ argv }) => argv[1] === "login")
        .map(({ argv }) => argv.at(-1));
    assert.deepStrictEqual(logins(`${other}/base ${HOST}/acme/base`), [HOST, other]);
    assert.deepStrictEqual(logins(""), [HOST]);
    const failing = [{ when: "^aws ecr get-login-password --region eu-central-1$", status: 1 }, ...ANSWERS];
    const result = run({ answers: failing, env: { BASE_REPOSITORIES: `${other}/base` } });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /cannot log in to 999900001111.*which build\.baseImages names/);
    assert.ok(!verbs(result).includes("docker build"));
  });

  it("logs in where a pull-through cache is, too", () => {
    const other = "999900001111.dkr.ecr.eu-central-1.amazonaws.com";
    const answers = [{ when: "^aws ecr get-login-password --region eu-central-1$", stdout: "other\n" }, ...ANSWERS];
    const result = run({ answers, env: { PULL_THROUGH_CACHES: `${HOST}/docker-hub ${other}/quay` } });
    assert.equal(result.status, 0, result.output);
    const hosts = result.calls.filter(({ argv }) => argv[1] === "login").map(({ argv }) => argv.at(-1));
    assert.deepStrictEqual(hosts, [HOST, other]);
  });

  it("gives the digest to imagedefinitions.json and to later actions", () => {
    const result = run();
    assert.deepStrictEqual(JSON.parse(result.files["imagedefinitions.json"] ?? ""), [
      { name: "web", imageUri: `${REPOSITORY}@${DIGEST}` },
    ]);
    assert.deepStrictEqual(result.exported, {
      IMAGE_URI: `${REPOSITORY}@${DIGEST}`,
      IMAGE_TAG: COMMIT,
      IMAGE_DIGEST: DIGEST,
    });
  });

  it("pipes the password, and writes it nowhere", () => {
    const result = run();
    const login = result.calls.find(({ argv }) => argv[1] === "login");
    assert.deepStrictEqual(login?.argv, ["docker", "login", "--username", "AWS", "--password-stdin", HOST]);
    assert.equal(login?.stdin.trim(), PASSWORD);
    assert.ok(!result.output.includes(PASSWORD));
    assert.ok(!JSON.stringify([result.exported, result.files]).includes(PASSWORD));
  });

  it("builds without a cache when the repository is empty", () => {
    const result = run({ answers: [{ when: "sort_by", stdout: "null\n" }, ...ANSWERS] });
    assert.equal(result.status, 0, result.output);
    assert.ok(!result.calls.map(calledWith).join("\n").includes("--cache-from"));
  });

  it("neither builds nor pushes a commit whose image is there", () => {
    const result = run({ answers: ANSWERS.slice(1) });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(verbs(result), ["aws ecr describe-images"]);
    assert.match(result.output, /already has 0123456789abcdef0123456789abcdef01234567/);
    assert.equal(result.exported.IMAGE_URI, `${REPOSITORY}@${DIGEST}`);
  });

  it("takes no failure but ImageNotFoundException for a missing image", () => {
    for (const reason of ["AccessDeniedException", "RepositoryNotFoundException", "ThrottlingException"]) {
      const result = run({ answers: [{ ...NO_IMAGE, stderr: `An error occurred (${reason}) ...` }, ...ANSWERS] });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(verbs(result), ["aws ecr describe-images"]);
      assert.match(result.output, new RegExp(reason));
    }
  });

  it("refuses a digest that is none", () => {
    const result = run({ answers: [NO_IMAGE, { when: "imageTag=", stdout: "None\n" }, ...ANSWERS] });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /expected sha256:/);
    assert.equal(result.files["imagedefinitions.json"], undefined);
  });

  it("fails whichever call fails, and pushes nothing afterwards", () => {
    const count = run().calls.length;
    for (let number = 1; number <= count; number++) {
      const result = run({ failCall: { number } });
      assert.notEqual(result.status, 0, `call ${number} failed, the build did not`);
      assert.equal(result.files["imagedefinitions.json"], undefined);
      assert.ok(!verbs(result).slice(number).includes("docker push"), `pushed after call ${number} failed`);
    }
  });

  it("refuses what is not a commit, before any call", () => {
    for (const version of ["", "main", COMMIT.slice(1), `${COMMIT}0`, "arn:aws:s3:::bucket/source.zip"]) {
      const result = run({ env: { CODEBUILD_RESOLVED_SOURCE_VERSION: version } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.calls, []);
      assert.match(result.output, /expected a commit id of 40 hexadecimal digits.*git source/);
    }
  });

  it("refuses a repository that is not ECR's, or that has a tag", () => {
    for (const uri of ["acme/api", `${REPOSITORY}:latest`, "", `${REPOSITORY} x`]) {
      const result = run({ env: { IMAGE_REPOSITORY_URI: uri } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.calls, []);
    }
  });

  it("builds from a folder with blanks and quotes in its name", () => {
    const result = run({ env: { SERVICE_FOLDER: `back end/"it's $HOME"`, DOCKERFILE: "Docker file" } });
    assert.equal(result.status, 0, result.output);
    const build = result.calls.find(({ argv }) => argv[1] === "build");
    assert.equal(build?.argv[3], `back end/"it's $HOME"/Docker file`);
    assert.equal(build?.argv.at(-1), `back end/"it's $HOME"`);
  });

  it("is the same text for every service but for the build files", () => {
    const bare = parseBuildspec(dockerImageBuildspec({ buildFiles: [] }));
    const full = parseBuildspec(buildspec);
    const commands = bare.phases.build?.commands ?? [];
    assert.deepStrictEqual(full.phases.build?.commands, [...commands, ...imageDefinitions.commands]);
    assert.deepStrictEqual([bare.artifacts, full.artifacts], [undefined, { files: ["imagedefinitions.json"] }]);
  });
});

describe("dockerImagePermissions", () => {
  it("allows the token everywhere and the rest on the one repository", () => {
    const [token, images, ...more] = dockerImagePermissions({
      repositoryArn: "arn:aws:ecr:eu-west-1:1:repository/api",
    });
    assert.deepStrictEqual([token?.actions, token?.resources], [["ecr:GetAuthorizationToken"], ["*"]]);
    assert.deepStrictEqual(images?.resources, ["arn:aws:ecr:eu-west-1:1:repository/api"]);
    assert.ok(images?.actions.includes("ecr:DescribeImages") && images.actions.includes("ecr:PutImage"));
    assert.deepStrictEqual(more, []);
  });

  it("pulls nothing where no layers come from the repository", () => {
    const statements = dockerImagePermissions({
      repositoryArn: "arn:aws:ecr:eu-west-1:1:repository/api",
      pulls: false,
    });
    assert.doesNotMatch(JSON.stringify(statements), /BatchGetImage|GetDownloadUrlForLayer/);
  });
});
