import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { type Place, placeOf, regionalArn } from "../arn";
import { AUTONAMED_MAX, fittedName } from "../checks/names";
import { allow, type Statement } from "../iam/policyDocument";
import { defineRole } from "../iam/role";
import type { ClusterRef, ServiceRef } from "../refs";
import { scalingPauseDefinition } from "./scalingPauseDefinition";

/** Whose scaling pauses while which deployments run. */
interface ScalingPauseArgs {
  readonly cluster: ClusterRef;
  readonly service: ServiceRef;
  readonly applicationName: Input<string>;
  readonly deploymentGroupName: Input<string>;
}

/**
 * Suspends a service's scaling while CodeDeploy works on it, and resumes it however the deployment ends: a scaling in
 * the middle can make the deployment fail, and a step in the pipeline would be skipped by the failure it must mend.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
 */
export function defineScalingPause(name: string, args: ScalingPauseArgs, parent: pulumi.Resource): void {
  const place = placeOf(parent);
  const machineName = fittedName(`${name}-scaling-pause`, AUTONAMED_MAX.stateMachine);
  const machineRole = defineRole(
    `${name}-scaling-pause`,
    {
      service: "states.amazonaws.com",
      statements: machinePermissions(args, place),
      // Its whole name is not known before it is there, and it is made with the role.
      // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
      sourceArn: regionalArn(place, "states", `stateMachine:${machineName}-*`),
    },
    parent,
  );
  const machine = new aws.sfn.StateMachine(
    machineName,
    {
      definition: pulumi
        .all([args.cluster.name, args.service.name, args.applicationName, args.deploymentGroupName, place.partition])
        .apply(([cluster, service, application, group, partition]) =>
          JSON.stringify(
            scalingPauseDefinition({ resourceId: `service/${cluster}/${service}`, application, group, partition }),
          ),
        ),
      roleArn: machineRole.arn,
      type: "STANDARD",
    },
    { parent, dependsOn: [...machineRole.policies] },
  );
  defineStart(`${name}-deployment-state`, args, machine, parent);
}

function defineStart(
  name: string,
  args: ScalingPauseArgs,
  machine: aws.sfn.StateMachine,
  parent: pulumi.Resource,
): void {
  const rule = new aws.cloudwatch.EventRule(
    fittedName(name, AUTONAMED_MAX.eventRule),
    {
      description: "A CodeDeploy deployment has started or ended: suspend or resume scaling",
      eventPattern: pulumi.jsonStringify({
        source: ["aws.codedeploy"],
        "detail-type": ["CodeDeploy Deployment State-change Notification"],
        detail: {
          application: [args.applicationName],
          deploymentGroup: [args.deploymentGroupName],
          state: ["START", "SUCCESS", "FAILURE", "STOP"],
        },
      }),
    },
    { parent },
  );
  const statements = [allow(["states:StartExecution"], [machine.arn])];
  const role = defineRole(name, { service: "events.amazonaws.com", statements, sourceArn: rule.arn }, parent);
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: machine.arn, roleArn: role.arn },
    { parent, dependsOn: [...role.policies] },
  );
}

function machinePermissions(args: ScalingPauseArgs, place: Place): Statement[] {
  const group = pulumi.interpolate`deploymentgroup:${args.applicationName}/${args.deploymentGroupName}`;
  return [
    allow(
      ["application-autoscaling:RegisterScalableTarget"],
      [regionalArn(place, "application-autoscaling", "scalable-target/*")],
    ),
    // Application Auto Scaling asks, in the caller's name, whether the service may be scaled.
    allow(["ecs:DescribeServices", "ecs:UpdateService"], [args.service.arn]),
    allow(["codedeploy:GetDeployment", "codedeploy:ListDeployments"], [regionalArn(place, "codedeploy", group)]),
  ];
}
