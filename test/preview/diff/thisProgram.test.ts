import assert from "node:assert";
import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { mapOf, mapsOf } from "../../../model/graph/read";
import { Repository, runGit } from "./repository";

const TREE = join(__dirname, "../../..");

describe("npm run preview -- --against, this very program", () => {
  let repository: Repository;
  let base = "";
  const config = (memory: number, ...services: string[]) => {
    const listed = services.map(
      (name) =>
        `    - { name: ${name}, container: { name: ${name}, port: 8080 }, cpu: 256, memory: ${memory}, healthCheck: { path: / } }`,
    );
    const source = "  ecs-delivery:source: { provider: CodeCommit, repository: shop }";
    return [
      "config:",
      "  aws:region: eu-west-1",
      "  ecs-delivery:branch: main",
      source,
      "  ecs-delivery:services:",
      ...listed,
      "",
    ].join("\n");
  };
  before(() => {
    repository = new Repository();
    for (const path of ["components", "stacks", "index.ts", "tsconfig.json", "Pulumi.yaml"]) {
      cpSync(join(TREE, path), join(repository.folder, path), { recursive: true });
    }
    symlinkSync(join(TREE, "node_modules"), join(repository.folder, "node_modules"));
    repository.write(".gitignore", "node_modules\n");
    repository.write("Pulumi.dev.yaml", config(512, "api", "web"));
    base = repository.commit();
  });
  after(() => repository.remove());
  afterEach(() => repository.git("checkout", "--quiet", "--", "."));

  it("says in one line that nothing changed", async () => {
    const { code, out, err } = await runGit(repository.folder, "--against", "main");
    assert.match(out, new RegExp(`^dev {3}✓ no findings {3}no change against main \\(${base}\\)$`));
    assert.deepStrictEqual([code, err, repository.worktrees().length], [0, "", 1]);
  });

  it("says that another memory size is a new revision, which the service takes", async () => {
    repository.write("Pulumi.dev.yaml", config(1024, "api", "web").replace("1024", "512"));
    const { code, out, err } = await runGit(repository.folder, "--against", "main");
    const [first = "", lost, more, cost = "", ...lines] = out.split("\n");
    assert.strictEqual(
      first,
      "dev   ✓ no findings   web: memory 512 to 1024, its tasks are replaced one after another",
    );
    assert.deepStrictEqual([lost, more], ["is lost       nothing", "may do more   nobody"]);
    assert.match(
      cost,
      /^dev {3}costs about \$[\d.]+ a month idle, \$1\.62 more than before \(service dev-web \$1\.62 more\); a/,
    );
    assert.match(lines[1] ?? "", new RegExp(`^dev, 1 replaced, 1 changed against main \\(${base}\\) ━`));
    assert.deepStrictEqual(lines.slice(2), [
      "",
      "Update:",
      "    web: memory 512 to 1024, its tasks are replaced one after another",
      "",
      "Resources:",
      '+- aws.ecs.TaskDefinition "web"  replaced, the new one is made first',
      "    memory: 512 → 1024  (replaces)",
      '~ aws.ecs.Service "web"',
      '    taskDefinition: follows aws.ecs.TaskDefinition "web"',
    ]);
    assert.deepStrictEqual(
      [code, err],
      [0, "1 uncommitted file compared as found; to leave out what is not committed: git stash -u"],
    );
  });

  it("refuses, before anything is done, another range of the network, with what it would mean and the way round", async () => {
    repository.write(
      "Pulumi.dev.yaml",
      `${config(512, "api", "web")}  ecs-delivery:network: { cidrBlock: 10.1.0.0/16 }\n`,
    );
    const { code, out } = await runGit(repository.folder, "--against", "main");
    assert.strictEqual(code, 1);
    assert.match(
      out,
      /\+ {3}error update-refused: network-range-stays: awsx\.ec2\.Vpc "dev": .*\n {4}1\. add a stack with/,
    );
    assert.match(out, /^ {4}api: refused$/m);
    assert.match(out, /^dev {3}✗ 1 error .*1 new finding$/m);
    const { out: text } = await runGit(repository.folder, "--against", "main", "--json");
    const { findings, change } = mapOf(JSON.parse(text));
    const [finding] = mapsOf(findings);
    assert.deepStrictEqual([finding?.level, mapsOf(findings).length], ["error", 1]);
    assert.deepStrictEqual(mapOf(change).update, ["api: refused", "web: refused", "dev: network, refused"]);
  });

  it("says a renamed service and another region in one sentence each, and fails", async () => {
    repository.write("Pulumi.dev.yaml", config(512, "shop", "web"));
    const renamed = await runGit(repository.folder, "--against", "main");
    assert.strictEqual(renamed.code, 1);
    assert.match(renamed.out, /^ {4}api: renamed to shop, which makes another service of it$/m);
    assert(renamed.out.split("\n").length < 20, renamed.out);
    repository.write("Pulumi.dev.yaml", config(512, "api", "web").replace("eu-west-1", "eu-central-1"));
    const moved = await runGit(repository.folder, "--against", "main");
    assert.strictEqual(moved.code, 1);
    assert.match(moved.out, /error region-changed: aws:region: from .* to eu-central-1, everything is made anew/);
    assert(moved.out.split("\n").length < 20, moved.out);
  });

  it("says what a service that is taken out takes along, and what nobody may do any more", async () => {
    repository.write("Pulumi.dev.yaml", config(512, "api"));
    const { code, out } = await runGit(repository.folder, "--against", "main", "--json");
    const { change } = mapOf(JSON.parse(out));
    const { resources, permissions, openings, against } = mapOf(change);
    assert.deepStrictEqual([code, against], [0, { ref: "main", commit: base }]);
    const removed = mapsOf(resources).filter(({ fate }) => fate === "removed");
    const lost = removed.filter((one) => one.lost !== undefined).map(({ type, lost: what }) => [type, what]);
    assert.deepStrictEqual(Object.fromEntries(lost), {
      "aws:cloudwatch/logGroup:LogGroup": "its log",
      "aws:ecr/repository:Repository": "every image in it",
      "aws:ecs/service:Service": "its running tasks: nobody serves until another one does",
      "aws:lb/loadBalancer:LoadBalancer": "its address",
      "aws:ssm/parameter:Parameter": "its value and the history of it",
    });
    assert(mapsOf(permissions).every(({ widened }) => Array.isArray(widened) && widened.length === 0));
    const pipeline = mapsOf(permissions).find(({ subject }) => subject === 'aws.iam.Role "dev-pipeline"');
    const service = "arn:aws:ecs:eu-west-1:111122223333:service/dev/dev-web";
    const { narrowed } = mapOf(pipeline);
    assert(Array.isArray(narrowed) && narrowed.includes(`ecs:DescribeServices, ecs:UpdateService on ${service}`));
    assert.deepStrictEqual(openings, {
      widened: [],
      narrowed: [
        "web-targets: ingress 8080 from web-load-balancer",
        "web-load-balancer: ingress 80 from 0.0.0.0/0",
        "web-load-balancer: egress 8080 to web-targets",
      ],
    });
  });

  it("cleans up behind a program that fails at the other commit", async () => {
    const text = "export = () => { throw new TypeError('gone wrong'); };\n";
    repository.git("checkout", "--quiet", "-b", "broken");
    repository.write("index.ts", text);
    const broken = repository.commit();
    repository.git("checkout", "--quiet", "main");
    const { code, out } = await runGit(repository.folder, "--against", "broken");
    assert.match(out, new RegExp(`^dev {3}✓ no findings {3}cannot be compared with broken \\(${broken}\\)\n`));
    assert.match(out, /\n\nAt broken: gone wrong$/);
    assert.deepStrictEqual([code, repository.worktrees().length], [0, 1]);
  });
});
