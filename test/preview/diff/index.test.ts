import assert from "node:assert";
import { mapOf } from "../../../model/graph/read";
import { calm } from "../../../preview/render/plainText";
import { Repository, runGit } from "./repository";

const AWS = JSON.stringify(require.resolve("@pulumi/aws"));

/** A topic, and a role that may do `action`. */
const program = (topic: string, action = "sns:Publish") => `
const aws = require(${AWS});
module.exports = () => {
  const news = new aws.sns.Topic("${topic}", { displayName: "News" });
  const assumeRolePolicy = JSON.stringify({ Statement: [
    { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
  ] });
  const role = new aws.iam.Role("task", { assumeRolePolicy });
  const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "${action}", Resource: "*" }] });
  new aws.iam.RolePolicy("task", { role: role.name, policy });
};
`;

describe("npm run preview -- --against, a small program", () => {
  let repository: Repository;
  let base = "";
  before(() => {
    repository = new Repository();
    repository.write("Pulumi.yaml", "name: shop\nmain: index.js\n");
    repository.write("index.js", program("news"));
    repository.write("Pulumi.dev.yaml", "config: { aws:region: eu-west-1 }\n");
    repository.write("examples/small/Pulumi.yaml", "name: shop\nmain: index.js\n");
    repository.write("examples/small/index.js", program("small"));
    repository.write("examples/small/Pulumi.only.yaml", "");
    base = repository.commit();
  });
  after(() => repository.remove());
  afterEach(() => {
    repository.git("checkout", "--quiet", "main");
    repository.git("reset", "--quiet", "--hard", base);
  });

  it("says what a role may do now; that alone fails nothing", async () => {
    repository.write("index.js", program("news", "ecr:GetAuthorizationToken"));
    repository.commit();
    repository.git("branch", "--force", "wide");
    repository.write("index.js", program("news"));
    repository.commit();
    const { code, out } = await runGit(repository.folder, "--against", base);
    assert.deepStrictEqual([code, out.includes("no change")], [1, true], "the finding was there before");
    const changed = await runGit(repository.folder, "--against", "wide");
    const lines = changed.out.split("\n");
    assert.strictEqual(lines[0], "dev   ✗ 1 error   dev: permissions, in place; 1 permission wider; 1 new finding");
    assert.deepStrictEqual(lines.slice(1, 3), [
      "is lost       nothing",
      'may do more   aws.iam.Role "task": sns:Publish on *',
    ]);
    assert.deepStrictEqual(lines.slice(6, 9), ["Update:", "    dev: permissions, in place", ""]);
    assert.deepStrictEqual(lines.slice(lines.indexOf("Permissions:")), [
      "Permissions:",
      '  aws.iam.Role "task", permissions',
      "+   sns:Publish on *",
      "-   ecr:GetAuthorizationToken on *",
      "",
      "Resources:",
      '~ aws.iam.RolePolicy "task"',
    ]);
    const raw = await runGit(repository.folder, "--against", "wide", "--raw");
    assert.ok(raw.out.endsWith("\n    policy.Statement[0].Action: ecr:GetAuthorizationToken → sns:Publish"), raw.out);
    repository.git("checkout", "--quiet", "wide");
    const { code: widened, out: text } = await runGit(repository.folder, "--against", base);
    assert.strictEqual(widened, 0);
    assert.match(
      text,
      /Findings:\n- {3}error role-too-wide: aws\.iam\.RolePolicy "task": allows sns:Publish on Resource "\*"/,
    );
    assert.match(
      text,
      new RegExp(`^dev, 1 changed, permissions widened and narrowed, 1 finding gone against ${base} ━`, "m"),
    );
  });

  it("warns of a rename without an alias", async () => {
    repository.write("index.js", program("told"));
    repository.commit();
    const { out } = await runGit(repository.folder, "--against", base);
    assert(
      out.includes(
        '\n> aws.sns.Topic "told"  was "news": deleted and made anew, for no alias says so; add aliases: [{ name: "news" }]\n' +
          "    lost with the old one: its subscriptions, which people have to confirm again",
      ),
    );
  });

  it("tells of settings of the provider, which no resource has", async () => {
    repository.write("Pulumi.dev.yaml", "config: { aws:region: eu-west-1, aws:defaultTags: { tags: { team: a } } }\n");
    const { out } = await runGit(repository.folder, "--against", "main");
    assert(out.endsWith('\nProvider:\n    aws:defaultTags: now {"tags":{"team":"a"}}'), out);
    assert(out.startsWith(`dev   ✗ 1 error   the provider's settings changed against main (${base})\n`), out);
  });

  for (const setting of [
    "aws:profile: other",
    "aws:assumeRole: { roleArn: 'arn:aws:iam::444455556666:role/x' }",
    "aws:allowedAccountIds: ['444455556666']",
  ]) {
    it(`warns that another account may be meant: ${setting.split(": ")[0] ?? ""}`, async () => {
      repository.write("Pulumi.dev.yaml", `config: { aws:region: eu-west-1, ${setting} }\n`);
      const { out } = await runGit(repository.folder, "--against", "main");
      assert.match(out, /warning account-may-change: aws:\w+ is another one: .*\n {4}1\. compare the accounts/);
    });
  }

  it("shows a stack that is only on one side", async () => {
    repository.git("mv", "Pulumi.dev.yaml", "Pulumi.qa.yaml");
    const { code, out } = await runGit(repository.folder, "--against", "main");
    assert.deepStrictEqual(out.split("\n").slice(0, 2), [
      `qa    ✗ 1 error   new, not at main (${base})`,
      `dev   - gone      only at main (${base}); what it made stays in AWS until pulumi destroy`,
    ]);
    const gone = await runGit(repository.folder, "dev", "--against", "main", "--json");
    assert.deepStrictEqual([code, gone.code], [1, 0]);
    const { stack, resources, findings, change } = mapOf(JSON.parse(gone.out));
    assert.deepStrictEqual([stack, resources, findings, mapOf(change).only], ["dev", [], [], "there"]);
    const unknown = await runGit(repository.folder, "prod", "--against", "main");
    assert.deepStrictEqual(
      [unknown.code, unknown.err.split("\n").at(-1)],
      [2, 'no Pulumi.<stack>.yaml for "prod"; stacks are qa, dev'],
    );
  });

  it("compares examples, also one that is new", async () => {
    const { out } = await runGit(repository.folder, "--example", "small", "--against", "main");
    assert.match(out, /^only {3}✗ 1 error {3}no change against main/);
    repository.git("mv", "examples/small", "examples/other");
    const other = await runGit(repository.folder, "--example", "other", "--against", "main");
    assert.match(other.out, /^only {3}✗ 1 error {3}new, not at main/);
  });

  it("writes Markdown, the changes folded under a line that counts them", async () => {
    repository.write("index.js", program("told"));
    const { out } = await runGit(repository.folder, "--against", "main", "--mermaid");
    assert.ok(
      out.startsWith(
        '- **Is lost**: its subscriptions, which people have to confirm again (aws.sns.Topic "told")\n- **May do more**: nobody\n\n',
      ),
    );
    assert.match(out, /\n\n### dev: 3 resources, 1 error\n\n- dev: notifications, in place\n/);
    assert(
      out.includes(
        `\n\n<details><summary>1 renamed against main (${calm(base)})</summary>\n\n\`\`\`diff\nResources:\n! aws.sns`,
      ),
    );
    assert(out.includes("\n```\n\n</details>\n\n<details><summary>3 resources"));
    repository.write("index.js", program("news"));
    const same = await runGit(repository.folder, "--against", "main", "--mermaid");
    assert.ok(same.out.startsWith(`- **No change against main (${calm(base)})**\n\n### dev`));
  });

  it("refuses a ref that it does not know or that is not said, and leaves nothing behind", async () => {
    const unknown = await runGit(repository.folder, "--against", "mian");
    assert.deepStrictEqual([unknown.code, unknown.out], [2, ""]);
    assert.match(unknown.err, /^--against mian: no such branch, tag or commit here; branches are main/);
    const none = await runGit(repository.folder, "--against");
    assert.deepStrictEqual(none, {
      code: 2,
      out: "",
      err: "--against needs a branch, tag or commit; for example --against origin/main",
    });
    assert.strictEqual(repository.worktrees().length, 1);
  });
});
