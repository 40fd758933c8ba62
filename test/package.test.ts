import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordGraph } from "./support/graph";
import { shape } from "./support/shape";
import { ROOT } from "./support/stack";

/** Somebody else's program, which has only the package. */
const PROGRAM = `
import {
  codeCommitSource, deliverService, dockerImageBuildspec, EcsService, imageDefinitions, rolling, stage, usualStages,
} from "ecs-delivery";
import { deployStack, type EnvironmentProfile, profiles } from "ecs-delivery/stacks";

const arn = (service: string, name: string) => \`arn:aws:\${service}:eu-west-1:111122223333:\${name}\`;

export function program(): void {
  const service = new EcsService("web", {
    cluster: { arn: arn("ecs", "cluster/shop"), name: "shop" },
    network: { vpcId: "vpc-1", publicSubnetIds: [], privateSubnetIds: ["subnet-1", "subnet-2"] },
    container: { name: "web", port: 8080 },
    repository: { name: "web", arn: arn("ecr", "repository/web"), repositoryUrl: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web" },
    desiredCount: 2,
    deployment: rolling({ maximumPercent: 150 }),
  });
  const source = codeCommitSource({
    name: "Source", repositoryName: "shop", repositoryArn: arn("codecommit", "shop"), branch: "main",
  });
  deliverService("web", {
    service,
    source,
    artifactStore: { bucket: "b", arn: "arn:aws:s3:::b" },
    unitTests: { commands: ["npm ci", "npm test"] },
  });
}

const shop: EnvironmentProfile = {
  ...profiles.dev!,
  name: "shop",
  stages: (p) => [stage("Source", p.source()), stage("Ship", p.deploy())],
};
export const stack = () => deployStack({ ...profiles, shop });
export const arrange = usualStages;

export const buildspec: string = dockerImageBuildspec({ buildFiles: [imageDefinitions] });
`;

describe("the package", () => {
  let folder: string;
  before(function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), "package-"));
    const [source, user] = [join(folder, "source"), join(folder, "user")];
    const files = ["package.json", "tsconfig.json", "tsconfig.package.json", "components", "stacks", "README.md"];
    for (const file of files) cpSync(join(ROOT, file), join(source, file), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(source, "node_modules"));
    execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: source, stdio: "pipe" });
    install(folder, join(user, "node_modules"));
    writeFileSync(join(user, "program.ts"), PROGRAM);
    const options = ["--strict", "--skipLibCheck", "--module", "commonjs", "--target", "es2022", "--types", "node"];
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), [...options, "program.ts"], { cwd: user, stdio: "pipe" });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is typed and whole: a program outside the tree compiles with it and defines its delivery", async () => {
    const { program } = require(join(folder, "user", "program.js")) as { program: () => void };
    const graph = await recordGraph(() => program());
    assert.deepEqual(shape(graph.only("aws:codepipeline/pipeline:Pipeline")), [
      "Source: Source",
      "Build: web-unit-tests | web-image",
      "Deploy: web-deploy | web-confirm",
    ]);
    assert.equal(graph.only("aws:ecs/service:Service").inputs.deploymentMaximumPercent, 150);
  });

  it("brings whole environments: a profile of one's own among them, from stack configuration that is checked", async () => {
    const { stack } = require(join(folder, "user", "program.js")) as { stack: () => Record<string, unknown> };
    await assert.rejects(
      recordGraph(stack),
      /ecs-delivery:services: expected a list of 1 to 50 services, it is not set/,
    );
  });

  it("brings the scripts that builds run", () => {
    const { buildspec } = require(join(folder, "user", "program.js")) as { buildspec: string };
    assert.match(buildspec, /docker build/);
  });

  it("has compiled files and types, and nothing of the preview, the rehearsal or tests", () => {
    const there = readdirSync(join(folder, "user", "node_modules", "ecs-delivery"));
    assert.deepEqual(there.sort(), ["README.md", "dist", "package.json"]);
  });
});

/** What `npm install ecs-delivery-<version>.tgz` leaves, with the dependencies of this tree in the place of downloads. */
function install(folder: string, modules: string): void {
  const target = join(modules, "ecs-delivery");
  mkdirSync(target, { recursive: true });
  const [tarball = ""] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  execFileSync("tar", ["-xzf", join(folder, tarball), "--strip-components", "1", "-C", target]);
  for (const name of ["@pulumi", "@types", "fflate", "yaml", "zod"])
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
}
