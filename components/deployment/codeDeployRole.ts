import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf, regionalArn } from "../arn";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole, type RoleWithPolicies } from "../iam/role";
import type { TrafficTargets } from "../refs";
import type { BoundScope } from "./strategy";

/** What CodeDeploy deploys by. */
interface CodeDeployRoleArgs {
  readonly applicationName: Input<string>;
  readonly deploymentGroupName: string;
  /** Functions that it asks. */
  readonly hooks: readonly string[];
  /** Whether it watches alarms. */
  readonly alarms: boolean;
}

type Scope = BoundScope & { readonly targets: TrafficTargets };

/**
 * Role in which CodeDeploy deploys to one service: its task sets, its listeners, its hooks.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/codedeploy_IAM_role.html
 */
export function defineCodeDeployRole(name: string, scope: Scope, args: CodeDeployRoleArgs): RoleWithPolicies {
  const statements = permissions(scope, args);
  const group = pulumi.interpolate`deploymentgroup:${args.applicationName}/${args.deploymentGroupName}`;
  // https://docs.aws.amazon.com/codedeploy/latest/userguide/security_confused_deputy.html
  const sourceArn = regionalArn(placeOf(scope.parent), "codedeploy", group);
  return defineRole(name, { service: "codedeploy.amazonaws.com", statements, sourceArn }, scope.parent);
}

function permissions(scope: Scope, { hooks, alarms }: CodeDeployRoleArgs): Statement[] {
  const place = placeOf(scope.parent);
  const hookArns = hooks.map((hook) =>
    hook.startsWith("arn:") ? hook : regionalArn(place, "lambda", `function:${hook}`),
  );
  const { service, cluster, targets } = scope;
  const taskSets = pulumi.interpolate`task-set/${cluster.name}/${service.name}/*`;
  const listeners = [targets.productionListener.arn, targets.testListener.arn];
  return [
    allow(["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"], [service.arn]),
    allow(["ecs:CreateTaskSet", "ecs:DeleteTaskSet"], [service.arn, regionalArn(place, "ecs", taskSets)]),
    // These elasticloadbalancing:Describe calls and cloudwatch:DescribeAlarms have no resource level that helps here.
    allow(
      [
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        ...(alarms ? ["cloudwatch:DescribeAlarms"] : []),
      ],
      ["*"],
    ),
    allow(["elasticloadbalancing:ModifyListener"], listeners),
    allow(["elasticloadbalancing:ModifyRule"], listeners.map(rulesOf)),
    allow(["iam:PassRole"], scope.passRoleArns, {
      StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com"] },
    }),
    ...(hookArns.length > 0 ? [allow(["lambda:InvokeFunction"], hookArns)] : []),
  ];
}

/** Every rule of a listener: `...:listener/app/x/1/2` to `...:listener-rule/app/x/1/2/*`. */
function rulesOf(listenerArn: Input<string>): Input<string> {
  return pulumi.output(listenerArn).apply((arn) => `${arn.replace(":listener/", ":listener-rule/")}/*`);
}
