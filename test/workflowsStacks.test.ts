import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reviewConfig, main as reviewFile } from "../.github/scripts/reviewFile";
import { main as listStackJobs } from "../.github/scripts/stacks";
import { deployStack } from "../stacks/environment";
import { recordGraph } from "./support/graph";
import { json } from "./support/read";
import { engineConfig, ROOT, stackValues } from "./support/stack";

const role = (stack: string, purpose: string) =>
  `arn:aws:iam::111122223333:role/ecs-delivery-deployment/ecs-delivery-${stack}-${purpose}`;
const AWS_ROLES = JSON.stringify({
  ...Object.fromEntries(
    ["dev", "qa", "prod"].map((name) => [name, { preview: role(name, "preview"), update: role(name, "update") }]),
  ),
  review: { update: role("review", "update") },
});

let root: string;
function prepare(): void {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stacks-"));
    for (const file of readdirSync(ROOT).filter((name) => /^Pulumi\./.test(name)))
      cpSync(join(ROOT, file), join(root, file));
  });
  afterEach(() => rmSync(root, { recursive: true }));
}

async function ask(args: readonly string[], env: Readonly<Record<string, string>> = { AWS_ROLES }) {
  const [out, err]: [string[], string[]] = [[], []];
  const streams = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
  const code = await listStackJobs(args, { env, ...streams }, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** The jobs that are printed. */
async function jobs(...args: readonly string[]): Promise<unknown> {
  const { code, out, err } = await ask(args);
  assert.equal(code, 0, err);
  assert.match(out, /^stacks=\[.*\]$/, "one line for GITHUB_OUTPUT");
  return json(out.slice("stacks=".length));
}

const names = async (...args: readonly string[]) =>
  ((await jobs(...args)) as { stack: string }[]).map(({ stack }) => stack);

describe("the stacks that workflows run", () => {
  prepare();

  it("are those with a file, in the order of a delivery, each with what its job needs", async () => {
    const job = (stack: string, branch: string) => ({
      stack,
      name: stack,
      region: "eu-west-1",
      branch,
      role: role(stack, "preview"),
    });
    assert.deepEqual(await jobs("--role", "preview"), [
      job("dev", "master"),
      job("qa", "qa"),
      job("prod", "production"),
    ]);
  });

  it("are updated from the branch that their file names", async () => {
    assert.deepEqual(await names("--role", "update", "--branch", "production"), ["prod"]);
    assert.deepEqual(await names("--role", "update", "--branch", "a-feature"), []);
    assert.deepEqual(await names("--role", "update", "--stack", "", "--branch", "qa"), ["qa"]);
  });

  it("are one where somebody names it, whatever the branch", async () => {
    assert.deepEqual(await names("--role", "update", "--stack", "dev", "--branch", "a-feature"), ["dev"]);
  });

  it("have the organization before their name where there is one", async () => {
    const { out } = await ask(["--role", "update", "--stack", "qa"], { AWS_ROLES, PULUMI_ORGANIZATION: "acme" });
    assert.equal(json(out.slice("stacks=".length), 0, "name"), "acme/qa");
  });

  it("do not include the template of review stacks", async () => {
    cpSync(join(root, "Pulumi.dev.yaml"), join(root, "Pulumi.pr.yaml"));
    assert.deepEqual(await names("--role", "preview"), ["dev", "qa", "prod"]);
  });

  it("are for a pull request its own: in dev's region, in the role for such stacks", async () => {
    assert.deepEqual(await jobs("--role", "update", "--review", "42"), [
      { stack: "pr-42", name: "pr-42", region: "eu-west-1", branch: "", role: role("review", "update") },
    ]);
  });

  it("are refused where something is missing, with what mends it", async () => {
    const refused = async (args: readonly string[], env?: Readonly<Record<string, string>>) => {
      const { code, out, err } = await ask(args, env);
      assert.deepEqual([code, out], [2, ""]);
      return err;
    };
    const unset =
      "AWS_ROLES: expected JSON with the ARN of a role at dev.preview, there is none\n" +
      '  gh variable set AWS_ROLES --body "$(pulumi -C deployments/aws stack output roles --json -s main)"';
    assert.equal(await refused(["--role", "preview"], {}), unset);
    assert.equal(await refused(["--role", "preview"], { AWS_ROLES: "{" }), unset);
    assert.equal(await refused(["--role", "preview"], { AWS_ROLES: '{"dev":{"preview":"x\\ny"}}' }), unset);
    assert.equal(
      await refused(["--role", "update", "--stack", "stage"]),
      'no Pulumi.<stack>.yaml for "stage"; stacks are dev, qa, prod',
    );
    assert.equal(await refused([]), "--role: expected preview or update");
    assert.equal(
      await refused(["--role", "update", "--review", "x"]),
      'expected the number of a pull request, got "x"',
    );
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config: {}\n");
    assert.equal(await refused(["--role", "preview"]), "Pulumi.dev.yaml, aws:region: expected a region, it is not set");
  });
});

describe("the file of a review stack", () => {
  prepare();

  const write = async (stack: string) => {
    const said: string[] = [];
    const note = (text: string) => void said.push(text);
    return { code: await reviewFile([stack], { env: {}, out: note, err: note }, root), said: said.join("\n") };
  };

  it("is dev's with another tag, in dev's shape", async () => {
    assert.deepEqual(await write("pr-42"), { code: 0, said: "wrote Pulumi.pr-42.yaml" });
    const tags = { tags: { project: "ecs-delivery", environment: "pr-42" } };
    assert.deepEqual(stackValues("pr-42", {}, root), {
      ...stackValues("dev", { "aws:defaultTags": tags }, root),
      "ecs-delivery:environment": "dev",
    });
  });

  it("makes a whole environment, with names of its own", async () => {
    await write("pr-42");
    const graph = await recordGraph(() => deployStack(), {
      stack: "pr-42",
      config: engineConfig(stackValues("pr-42", {}, root)),
    });
    assert.match(String(graph.only("aws:codepipeline/pipeline:Pipeline").inputs.name), /^pr-42\b/);
    assert.equal(graph.only("aws:ecr/repository:Repository").inputs.name, "pr-42/api");
  });

  it("can be the template that Pulumi Deployments copy", async () => {
    assert.equal((await write("pr")).code, 0);
    assert.match(readFileSync(join(root, "Pulumi.pr.yaml"), "utf8"), /environment: pr$/m);
  });

  it("is no other stack's", async () => {
    for (const stack of ["dev", "prod", "pr-", "pr-x", "pr-1/../../x", ""]) {
      assert.deepEqual(await write(stack), { code: 2, said: `expected pr-<number>, or pr; got "${stack}"` });
    }
  });

  it("has no secrets of dev: another stack could not open them", () => {
    const secret = "config:\n  ecs-delivery:services:\n    - { name: api, token: { secure: v1:x } }\n";
    assert.throws(() => reviewConfig(secret, "pr-1"), /Pulumi\.dev\.yaml has encrypted values/);
    assert.equal(
      reviewConfig("encryptionsalt: v1:x\nsecretsprovider: awskms://x\nconfig:\n  aws:region: eu-west-1\n", "pr-1"),
      [
        "config:",
        "  aws:region: eu-west-1",
        "  ecs-delivery:environment: dev",
        "  aws:defaultTags:",
        "    tags:",
        "      environment: pr-1",
        "",
      ].join("\n"),
    );
  });

  it("carries the boundary that the role of review stacks asks for, and has its roles where that reaches", async () => {
    const boundary = "arn:aws:iam::111122223333:policy/ecs-delivery-deployment/ecs-delivery-review-boundary";
    const text = reviewConfig("config:\n  aws:region: eu-west-1\n  ecs-delivery:rolePath: /\n", "pr-1", boundary);
    assert.match(text, new RegExp(`ecs-delivery:permissionsBoundary:\n    existing: ${boundary}\n`));
    assert.doesNotMatch(text, /rolePath/);
    const note = () => undefined;
    const env = { AWS_ROLES: JSON.stringify({ review: { update: "x", boundary } }) };
    assert.equal(await reviewFile(["pr-7"], { env, out: note, err: note }, root), 0);
    assert.deepEqual(stackValues("pr-7", {}, root)["ecs-delivery:permissionsBoundary"], { existing: boundary });
  });
});
