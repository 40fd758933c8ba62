import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { callsOf, MANAGED_SERVICES, ROLE_TAKERS } from "../../../components/access/managedServices";
import { like } from "../../support/iam";
import { ROOT } from "../../support/stack";

/** IAM prefixes of the provider's modules; roles have permissions of their own. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  appautoscaling: ["application-autoscaling"],
  cloudwatch: ["cloudwatch", "events", "logs"],
  codestarnotifications: ["codestar-notifications"],
  iam: [],
  lb: ["elasticloadbalancing"],
  sfn: ["states"],
  vpc: ["ec2"],
};

/** Every line of TypeScript that makes something. */
function sources(): string {
  const files = ["components", "stacks"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) => join(ROOT, folder, file)),
  );
  return (
    files
      // Service-linked roles are AWS's: nobody passes them.
      .filter((file) => file.endsWith(".ts") && !file.endsWith("serviceLinkedRoleNames.ts"))
      .map((file) => readFileSync(file, "utf8"))
      .join("\n")
  );
}

describe("the services that the program is made of", () => {
  it("are those whose resources it makes", () => {
    const made = [...sources().matchAll(/new aws\.([a-z0-9]+)\./g)].map(([, module = ""]) => module);
    const needed = made.flatMap((module) => PREFIXES[module] ?? [module]);
    const passed = ["codeconnections", "codestar-connections"];
    assert.deepEqual([...new Set([...needed, ...passed])].sort(), Object.keys(MANAGED_SERVICES).sort());
  });

  it("are given every role that the program makes for a service", () => {
    const trusted = [...sources().matchAll(/(?:service|assumeRoleBy)[:(] ?"([a-z-]+)\.amazonaws\.com"/g)].map(
      ([, service]) => service,
    );
    assert.ok(trusted.length >= 8, `${trusted.length} found`);
    const takers: readonly string[] = ROLE_TAKERS;
    assert.deepEqual(
      [...new Set(trusted)].filter((service) => !takers.includes(service ?? "")),
      [],
    );
  });

  it("are read without what is in them", () => {
    const data = [
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
      "kms:Decrypt",
      "logs:GetLogEvents",
      "s3:GetObject",
      "sns:Publish",
      "ssm:GetParameter",
      "states:GetExecutionHistory",
      "codebuild:BatchGetBuilds",
      "ec2:DescribeInstanceAttribute",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:DescribeInstances",
      "ec2:DescribeVpnConnections",
      "ec2:DescribeClientVpnEndpoints",
      "ec2:DescribeSpotInstanceRequests",
    ];
    for (const call of data) assert.ok(!callsOf("read").some((pattern) => like(pattern, call)), call);
  });

  it("are read as far as the provider reads what a stack makes of a network", () => {
    const calls = ["DescribeVpcs", "DescribeVpcAttribute", "DescribeNetworkAcls", "DescribeAddressesAttribute"];
    for (const call of [...calls, "DescribeSecurityGroupRules", "DescribeFlowLogs", "GetManagedPrefixListEntries"]) {
      assert.ok(callsOf("read").includes(`ec2:${call}`), call);
    }
    assert.ok(!callsOf("read").includes("ec2:Describe*"));
  });

  it("are read by no call that changes anything", () => {
    for (const call of callsOf("read")) assert.match(call, /^[a-z0-9-]+:(BatchGet|Describe|Get|List|Validate)/);
  });

  it("are changed without plain texts, objects, commands and instances", () => {
    const withheld = [
      "kms:Decrypt",
      "kms:CreateGrant",
      "kms:GenerateDataKey",
      "s3:GetObject",
      "s3:PutObject",
      "logs:GetLogEvents",
      "ec2:RunInstances",
      "ec2:TerminateInstances",
      "ec2:GetPasswordData",
      "ssm:SendCommand",
      "ssm:PutParameter",
    ];
    for (const call of withheld) assert.ok(!callsOf("change").some((pattern) => like(pattern, call)), call);
  });
});
