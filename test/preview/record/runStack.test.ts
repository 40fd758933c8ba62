import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStacks } from "../../../preview/record/runStack";

const AWS = JSON.stringify(require.resolve("@pulumi/aws"));

/** A build whose role may take one of another account, and a group whose log is kept too short. */
const PROGRAM = `
const aws = require(${AWS});
module.exports = () => {
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "codebuild.amazonaws.com" } };
  const take = { Effect: "Allow", Action: "sts:AssumeRole", Resource: "arn:aws:iam::444455556666:role/there" };
  const role = new aws.iam.Role("build", { assumeRolePolicy: JSON.stringify({ Statement: [trust] }) });
  new aws.iam.RolePolicy("build", { role: role.name, policy: JSON.stringify({ Statement: [take] }) });
  const logsConfig = { cloudwatchLogs: { status: "DISABLED" } };
  new aws.codebuild.Project("build", { serviceRole: role.arn, source: {}, artifacts: {}, environment: {}, logsConfig });
  new aws.cloudwatch.LogGroup("build", { retentionInDays: 8 });
};
`;

describe("runStacks", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stacks-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nmain: index.js\n");
    writeFileSync(join(folder, "index.js"), PROGRAM);
    for (const [stack, region] of [
      ["a", "eu-west-1"],
      ["b", "us-east-1"],
    ] as const) {
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config: { aws:region: ${region}, secret: x }\n`);
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const rules = async (...stacks: string[]) =>
    (await runStacks(folder, stacks)).map(({ findings }) => findings.map(({ level, rule }) => `${level} ${rule}`));

  it("checks one stack alone", async () =>
    assert.deepStrictEqual(await rules("a"), [["error limits", "warning not-needed"]]));

  it("checks several with one another too, and keeps errors first", async () => {
    const both = ["error limits", "warning not-needed", "notice made-elsewhere"];
    assert.deepStrictEqual(await rules("a", "b"), [both, both]);
  });

  it("keeps the provider's settings, and no others", async () => {
    const [result] = await runStacks(folder, ["b"]);
    assert.deepStrictEqual(result?.provider, { "aws:region": "us-east-1" });
  });

  it("takes the account that a stack beside it names, where its own file names none", async () => {
    const write = (stack: string, config: string) =>
      writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config: { aws:region: eu-west-1${config} }\n`);
    write("here", ', releaseTo: { stack: there, account: "444455556666" }');
    const account = async () => {
      const [result] = await runStacks(folder, ["there"]);
      const arns = result?.graph?.resources.flatMap(({ outputs: { arn } }) => (typeof arn === "string" ? [arn] : []));
      return /:(\d{12}):/.exec(arns?.[0] ?? "")?.[1];
    };
    write("there", "");
    assert.strictEqual(await account(), "444455556666");
    write("there", ', aws:allowedAccountIds: ["777788889999"]');
    assert.strictEqual(await account(), "777788889999");
  });
});
