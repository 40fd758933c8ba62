import * as assert from "node:assert/strict";
import { imageDefinitions } from "../../../../components/build/buildspec/deploymentFiles";
import { dockerImageBuildspec, dockerImagePermissions } from "../../../../components/build/buildspec/dockerImage";
import { type BuildOptions, type BuildRun, calledWith, runBuildspec, type StandInAnswer } from "../../../support/shell";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const REPOSITORY = "docker.io/acme/api";
const DIGEST = `sha256:${"d".repeat(64)}`;
const PASSWORD = `it's "s3cret" $HOME`;
const LOGIN = { DOCKER_USER: "acme", DOCKER_PASSWORD: PASSWORD };

const inspect = "^docker buildx imagetools inspect ";
const NO_IMAGE: StandInAnswer = {
  when: inspect,
  stderr: `ERROR: ${REPOSITORY}:${COMMIT}: not found`,
  status: 1,
  times: 1,
};
const ANSWERS: readonly StandInAnswer[] = [
  NO_IMAGE,
  { when: `${inspect}.*${REPOSITORY}:${COMMIT}$`, stdout: `"${DIGEST}"\n` },
  { when: "^docker login", stdout: "Login Succeeded\n" },
  { when: "^docker (build|push) " },
];
const ENV = {
  CODEBUILD_RESOLVED_SOURCE_VERSION: COMMIT,
  IMAGE_REPOSITORY_URI: REPOSITORY,
  CONTAINER_NAME: "web",
  ...LOGIN,
};
const buildspec = dockerImageBuildspec({ buildFiles: [imageDefinitions] });

function run(options: BuildOptions = {}): BuildRun {
  return runBuildspec(buildspec, { answers: ANSWERS, ...options, env: { ...ENV, ...options.env } });
}

function verbs({ calls }: BuildRun): string[] {
  return calls.map(({ argv }) => argv.slice(0, argv[0] === "aws" || argv[1] === "buildx" ? 3 : 2).join(" "));
}

/** Everything that a run leaves where somebody could read it, but for what was piped into a login. */
function visible({ output, exported, files, calls }: BuildRun): string {
  const piped = calls.filter(({ argv }) => argv[1] !== "login").map(({ stdin }) => stdin);
  return JSON.stringify([output, exported, files, piped, calls.map(({ argv }) => argv)]);
}

describe("dockerImageBuildspec for another registry", () => {
  it("logs in, looks for the image, builds, pushes and reads the digest, and asks AWS nothing", () => {
    const result = run();
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(verbs(result), [
      "docker login",
      "docker buildx imagetools",
      "docker build",
      "docker push",
      "docker buildx imagetools",
    ]);
    const tag = `${REPOSITORY}:${COMMIT}`;
    assert.deepStrictEqual(result.calls[3]?.argv, ["docker", "push", tag]);
    assert.ok(result.calls[2]?.argv.includes(tag) && !result.calls[2].argv.includes("--cache-from"));
    assert.deepStrictEqual(result.exported, {
      IMAGE_URI: `${REPOSITORY}@${DIGEST}`,
      IMAGE_TAG: COMMIT,
      IMAGE_DIGEST: DIGEST,
    });
    assert.deepStrictEqual(JSON.parse(result.files["imagedefinitions.json"] ?? ""), [
      { name: "web", imageUri: `${REPOSITORY}@${DIGEST}` },
    ]);
  });

  it("pipes the password, whatever is in it, and writes it nowhere", () => {
    const result = run();
    const [login] = result.calls;
    assert.deepStrictEqual(login?.argv, ["docker", "login", "--username", "acme", "--password-stdin", "docker.io"]);
    assert.equal(login?.stdin, PASSWORD);
    assert.ok(!visible(result).includes("s3cret"));
  });

  it("knows a registry by its dot or port, and logs in there", () => {
    for (const host of ["ghcr.io", "registry.example.com:5000", "localhost:5000"]) {
      const repository = `${host}/acme/team/api`;
      const result = run({
        env: { IMAGE_REPOSITORY_URI: repository },
        answers: [{ when: inspect, stdout: `"${DIGEST}"\n` }, ...ANSWERS],
      });
      assert.equal(result.status, 0, result.output);
      assert.equal(result.calls[0]?.argv.at(-1), host);
      assert.equal(result.exported.IMAGE_URI, `${repository}@${DIGEST}`);
    }
  });

  it("refuses what names no registry, or a tag, before any call", () => {
    for (const uri of [
      "acme/api",
      "docker.io",
      "docker.io/",
      "docker.io/acme/api:1",
      "docker.io/Acme/api",
      "-.x y/a",
    ]) {
      const result = run({ env: { IMAGE_REPOSITORY_URI: uri } });
      assert.notEqual(result.status, 0, uri);
      assert.deepStrictEqual(result.calls, [], uri);
      assert.match(result.output, /<registry host>\/<name> for another registry \(docker\.io\/<account>\/<name>\)/);
    }
  });

  it("neither builds nor pushes a commit whose image is there", () => {
    const result = run({ answers: ANSWERS.slice(1) });
    assert.equal(result.status, 0, result.output);
    assert.deepStrictEqual(verbs(result), ["docker login", "docker buildx imagetools"]);
    assert.equal(result.exported.IMAGE_URI, `${REPOSITORY}@${DIGEST}`);
  });

  it("takes no failure but that very tag's absence for a missing image", () => {
    const reasons = [
      "ERROR: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope",
      "ERROR: failed to do request: dial tcp: lookup registry-1.docker.io: no such host",
      "ERROR: unexpected status from HEAD request: 429 Too Many Requests",
      `ERROR: rejecting 9 byte manifest for ${REPOSITORY}:${COMMIT}: not found`,
      "docker: command not found",
    ];
    for (const stderr of reasons) {
      const result = run({ answers: [{ ...NO_IMAGE, stderr }, ...ANSWERS] });
      assert.notEqual(result.status, 0, stderr);
      assert.deepStrictEqual(verbs(result), ["docker login", "docker buildx imagetools"], stderr);
      assert.ok(result.output.includes(stderr));
    }
  });

  it("refuses an answer that has no digest", () => {
    const result = run({ answers: [{ when: inspect, stdout: '""\n' }, ...ANSWERS] });
    assert.notEqual(result.status, 0);
    assert.match(result.output, /docker\.io gave .* as the digest of .*, expected sha256:/);
    assert.equal(result.files["imagedefinitions.json"], undefined);
  });

  it("fails whichever call fails, pushes nothing afterwards, and never shows the password", () => {
    const count = run().calls.length;
    for (let number = 1; number <= count; number++) {
      const result = run({ failCall: { number, stderr: "ERROR: 503" } });
      assert.notEqual(result.status, 0, `call ${number} failed, the build did not`);
      assert.equal(result.files["imagedefinitions.json"], undefined);
      assert.ok(!verbs(result).slice(number).includes("docker push"), `pushed after call ${number} failed`);
      assert.ok(!visible(result).includes("s3cret"));
    }
  });

  it("asks for both, user and password, before any call", () => {
    for (const missing of ["DOCKER_USER", "DOCKER_PASSWORD"]) {
      const result = run({ env: { [missing]: "" } });
      assert.notEqual(result.status, 0);
      assert.deepStrictEqual(result.calls, []);
      assert.match(result.output, /DOCKER_USER and DOCKER_PASSWORD: docker\.io asks who pushes/);
      assert.ok(!visible(result).includes("s3cret"));
    }
  });

  it("takes no permission in AWS", () => {
    assert.deepStrictEqual(dockerImagePermissions({}), []);
  });
});

describe("dockerImageBuildspec for ECR, with a user of Docker Hub", () => {
  const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/api";
  const answers: readonly StandInAnswer[] = [
    { when: "^aws ecr describe-images .*imageTag=", stderr: "(ImageNotFoundException)", status: 254, times: 1 },
    { when: "^aws ecr describe-images .*imageTag=", stdout: `${DIGEST}\n` },
    { when: "^aws ecr describe-images .*sort_by", stdout: "null\n" },
    { when: "^aws ecr get-login-password ", stdout: "token\n" },
    { when: "^docker (login|build|push) " },
  ];
  const runEcr = (env: Record<string, string> = {}, failCall?: BuildOptions["failCall"]) =>
    run({ env: { IMAGE_REPOSITORY_URI: ecr, ...env }, answers, failCall });

  it("logs in to both, each with its own password, before it pulls base images", () => {
    const result = runEcr();
    assert.equal(result.status, 0, result.output);
    const logins = result.calls.filter(({ argv }) => argv[1] === "login");
    assert.deepStrictEqual(
      logins.map(({ argv, stdin }) => [argv[3], argv.at(-1), stdin.trim()]),
      [
        ["AWS", ecr.split("/")[0], "token"],
        ["acme", "docker.io", PASSWORD],
      ],
    );
    const order = verbs(result);
    assert.ok(order.lastIndexOf("docker login") < order.indexOf("docker build"));
    assert.ok(!visible(result).includes("s3cret"));
  });

  it("logs in to ECR alone where one of the two is missing", () => {
    for (const missing of ["DOCKER_USER", "DOCKER_PASSWORD"]) {
      const result = runEcr({ [missing]: "" });
      assert.equal(result.status, 0, result.output);
      assert.equal(verbs(result).filter((verb) => verb === "docker login").length, 1);
    }
  });

  it("builds nothing when Docker Hub refuses the user", () => {
    const number = runEcr().calls.findIndex((call) => calledWith(call).endsWith("docker.io")) + 1;
    const result = runEcr({}, { number, stderr: "unauthorized" });
    assert.notEqual(result.status, 0);
    assert.ok(!verbs(result).includes("docker build"));
    assert.match(result.output, /cannot log in to docker\.io as DOCKER_USER with DOCKER_PASSWORD/);
  });
});

describe("dockerImageBuildspec for a source without commits", () => {
  const tagOf = (revision: string, version = "arn:aws:s3:::uploads/app.zip") =>
    run({
      env: { SOURCE_REVISION: revision, CODEBUILD_RESOLVED_SOURCE_VERSION: version },
      answers: [{ when: inspect, stdout: `"${DIGEST}"\n` }, ...ANSWERS],
    });

  it("tags the image with the revision, which wins over what CodeBuild calls the version", () => {
    for (const revision of ["IYV3p45BT0ac8hjHg1houSdS1a.Mro8e", "_x", "1", "r".repeat(128)]) {
      for (const version of ["arn:aws:s3:::uploads/app.zip", COMMIT]) {
        const result = tagOf(revision, version);
        assert.equal(result.status, 0, result.output);
        assert.equal(result.exported.IMAGE_TAG, revision);
        assert.equal(result.calls[1]?.argv.at(-1), `${REPOSITORY}:${revision}`);
      }
    }
  });

  it("makes a tag of a version that begins as no tag may", () => {
    assert.equal(tagOf(".FLQEZscLIcfxSq.jsFJ.szUkmng2Yw6").exported.IMAGE_TAG, "_.FLQEZscLIcfxSq.jsFJ.szUkmng2Yw6");
    assert.equal(tagOf("-a").exported.IMAGE_TAG, "_-a");
  });

  it("refuses what no tag can have in it, before any call", () => {
    for (const revision of ["a/b", "sha256:0a1b", "a b", "a\nb", "é", "r".repeat(129), "$(id)"]) {
      const result = tagOf(revision);
      assert.notEqual(result.status, 0, revision);
      assert.deepStrictEqual(result.calls, [], revision);
      assert.match(result.output, /SOURCE_REVISION is ".*expected at most 128 letters, digits and \. _ -/s);
    }
  });

  it("says what to do where a source has no commit and names no revision", () => {
    const result = tagOf("");
    assert.notEqual(result.status, 0);
    assert.deepStrictEqual(result.calls, []);
    assert.match(result.output, /name the revision in SOURCE_REVISION: an S3 source has no commit/);
  });
});
