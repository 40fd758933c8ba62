import * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { placeOf } from "../arn";
import { APPSPEC_HOOKS, TASK_DEFINITION } from "../build/buildspec/appspec";
import {
  containerVariables,
  deploymentFile,
  fromSource,
  imageDefinitionsOf,
  imageDetail,
} from "../build/buildspec/deploymentFiles";
import { Problems } from "../checks/problems";
import { codeDeployToEcsAction, IMAGE_PLACEHOLDER } from "../pipeline/deploy/codeDeployToEcs";
import type { TrafficTargets } from "../refs";
import { FUNCTION } from "../settings/arns";
import { minutes, text } from "../settings/setting";
import { type ArgsOf, checkSettings, settings, withDefaults } from "../settings/settings";
import { defineGuardAlarms, GUARDS, type GuardArgs } from "./alarms";
import { defineCodeDeployRole } from "./codeDeployRole";
import { defineReleaseTemplate, type ReleaseTemplate } from "./releaseTemplate";
import { rolling } from "./rolling";
import type { BoundScope, Deployment, DeploymentScope, DeploymentStrategy } from "./strategy";
import {
  CODEDEPLOY_MAX_MINUTES,
  checkTrafficRouting,
  deploymentConfigName,
  shiftMinutes,
  TRAFFIC_ROUTING,
} from "./trafficRouting";

/** Functions that decide, by the hook at which they are asked. */
const HOOKS = z.partialRecord(z.enum(APPSPEC_HOOKS), FUNCTION);

const NAME = text({ pattern: /^\S(?:.*\S)?$/, max: 100, expected: "1 to 100 characters" }, { example: "api" });

/** A CodeDeploy group that is there already. */
const EXISTING_GROUP = z.strictObject({
  applicationName: NAME.describe("Name of the application"),
  deploymentGroupName: NAME.describe("Name of the deployment group"),
});

/** Settings of the `codeDeployBlueGreen` strategy, beside its guards. */
export const CODE_DEPLOY = settings({
  /** How production traffic moves. @default { type: "AllAtOnce" } */
  trafficRouting: TRAFFIC_ROUTING,
  /** Minutes the old tasks run on after all traffic has moved: as long, the way back is at once. @default 15 */
  terminationWaitTimeInMinutes: minutes(0, CODEDEPLOY_MAX_MINUTES, { default: 15 }),
  /** Hook to the Lambda function that decides, by its ARN, or its name where it is in this account and region. @default - none */
  hooks: HOOKS.optional(),
  /** CodeDeploy application and group that are there already; for services that are, too. @default - new ones */
  existing: EXISTING_GROUP.optional(),
});

/** Arguments of `codeDeployBlueGreen`. */
export interface CodeDeployBlueGreenArgs extends GuardArgs, ArgsOf<typeof CODE_DEPLOY> {}

/** CodeDeploy watches ten alarms a group, and the target groups have four. */
const MAX_OWN_ALARMS = 6;

/** Minutes that starting the new tasks takes, at a guess. */
const START_MINUTES = 5;

/**
 * CodeDeploy starts the new version beside the old one, lets the test listener at it, moves production traffic at once,
 * in steps or a share first, keeps the old tasks for a while, and goes back on failure, on a stop and on alarms.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
 */
export function codeDeployBlueGreen(args: CodeDeployBlueGreenArgs = {}): DeploymentStrategy {
  const { trafficRouting, terminationWaitTimeInMinutes: keep, hooks = {} } = withDefaults(CODE_DEPLOY, args);
  const { maximumErrorPercent } = GUARDS;
  const { terminationWaitTimeInMinutes } = CODE_DEPLOY;
  const problems = new Problems()
    .addAll(checkTrafficRouting(trafficRouting))
    .addAll(checkSettings({ maximumErrorPercent, terminationWaitTimeInMinutes }, args));
  const alarms = args.alarmNames?.length ?? 0;
  if (alarms > MAX_OWN_ALARMS) {
    problems.add(`alarmNames: expected at most ${MAX_OWN_ALARMS} besides the target groups' own, got ${alarms}`);
  }
  for (const hook of Object.keys(hooks).filter((name) => !APPSPEC_HOOKS.some((known) => known === name))) {
    problems.add(`hooks: expected ${APPSPEC_HOOKS.join(", ")}, got ${hook}`);
  }
  return {
    kind: "codeDeployBlueGreen",
    controller: "CODE_DEPLOY",
    needsTargets: true,
    withoutTargets: () => rolling({ alarmNames: args.alarmNames }),
    takesTemplate: true,
    problems: problems.list,
    leastMinutes: START_MINUTES + shiftMinutes(trafficRouting) + keep,
    minutesBySetting: { trafficRouting: shiftMinutes(trafficRouting), terminationWaitTimeInMinutes: keep },
    prepare: () => ({
      serviceArgs: { deploymentController: { type: "CODE_DEPLOY" } },
      // All that CodeDeploy itself sets: AWS lets nobody else change it on such a service.
      changedByDeployment: [
        "taskDefinition",
        "loadBalancers",
        "desiredCount",
        "networkConfiguration",
        "platformVersion",
        "capacityProviderStrategies",
      ],
      forcesDeployment: false,
      taskDefinition: "frozen",
      dependsOn: [],
      bind: (scope) => bindCodeDeploy(scope, { ...args, trafficRouting, terminationWaitTimeInMinutes: keep, hooks }),
    }),
    adopt: (scope) => adoptCodeDeploy(scope, args),
  };
}

type Settings = CodeDeployBlueGreenArgs &
  Required<Pick<CodeDeployBlueGreenArgs, "trafficRouting" | "terminationWaitTimeInMinutes" | "hooks">>;

function bindCodeDeploy(scope: BoundScope, settings: Settings): Deployment {
  const { targets, name, parent } = scope;
  if (!targets) throw new Error(`${name}: CodeDeploy moves traffic between two target groups, so it needs targets`);
  const bound = { ...scope, targets };
  const { deploymentFiles: own } = scope;
  const template = scope.templateInSource ? templateInSource(own) : defineReleaseTemplate(name, bound, settings.hooks);
  const group = settings.existing ?? defineDeploymentGroup(bound, settings);
  return {
    buildFiles: [imageDefinitionsOf(own), imageDetail, ...template.buildFiles],
    readsSource: scope.templateInSource === true,
    buildEnvironment: {
      ...containerVariables(scope.container, scope.furtherContainers, own),
      ...template.buildEnvironment,
    },
    buildPermissions: template.buildPermissions,
    codeDeploy: group,
    deployAction: (action) =>
      codeDeployToEcsAction({
        ...action,
        ...templatePaths(own),
        deploymentConfigName: "*",
        ...group,
        taskDefinitionArnPattern: scope.taskDefinitionArnPattern,
        passRoleArns: scope.passRoleArns,
        place: placeOf(parent),
        clusterName: scope.cluster.name,
        service: scope.service,
      }),
  };
}

/** The service's repository brings the template. */
function templateInSource(own: string | undefined): ReleaseTemplate {
  const { taskDefinitionTemplatePath, appSpecTemplatePath } = templatePaths(own);
  return {
    buildFiles: [
      fromSource(taskDefinitionTemplatePath, `<${IMAGE_PLACEHOLDER}>`),
      fromSource(appSpecTemplatePath, TASK_DEFINITION),
    ],
    buildEnvironment: {},
    buildPermissions: [],
  };
}

function templatePaths(own: string | undefined) {
  return {
    taskDefinitionTemplatePath: deploymentFile("taskdef.json", own),
    appSpecTemplatePath: deploymentFile("appspec.yaml", own),
  };
}

/** Someone else's service: its repository brings the template. */
function adoptCodeDeploy(scope: DeploymentScope, { existing }: CodeDeployBlueGreenArgs): Deployment {
  if (!existing) {
    throw new pulumi.RunError(
      `${scope.name}: a service that is there already and is deployed by CodeDeploy needs its application and ` +
        "deployment group: codeDeployBlueGreen({ existing: { applicationName, deploymentGroupName } })",
    );
  }
  const { deploymentFiles: own } = scope;
  return {
    buildFiles: [imageDefinitionsOf(own), imageDetail, ...templateInSource(own).buildFiles],
    readsSource: true,
    buildEnvironment: containerVariables(scope.container, scope.furtherContainers, own),
    buildPermissions: [],
    deployAction: (action) =>
      codeDeployToEcsAction({
        ...action,
        ...templatePaths(own),
        ...existing,
        deploymentConfigName: "*",
        place: placeOf(),
        clusterName: scope.cluster.name,
        service: scope.service,
        taskDefinitionArnPattern: scope.taskDefinitionArnPattern,
        passRoleArns: scope.passRoleArns,
      }),
  };
}

interface GroupNames {
  readonly applicationName: Input<string>;
  readonly deploymentGroupName: Input<string>;
  readonly deploymentConfigName: Input<string>;
}

function defineDeploymentGroup(
  scope: BoundScope & { readonly targets: TrafficTargets },
  settings: Settings,
): GroupNames {
  const { name, parent, targets, cluster, service } = scope;
  const application = new aws.codedeploy.Application(name, { computePlatform: "ECS" }, { parent });
  const alarms = defineGuardAlarms(scope, settings);
  const role = defineCodeDeployRole(`${name}-codedeploy`, scope, {
    applicationName: application.name,
    deploymentGroupName: scope.serviceName,
    hooks: Object.values(settings.hooks),
    alarms: alarms.length > 0,
  });
  const configName = deploymentConfigName(name, settings.trafficRouting, parent);
  const group = new aws.codedeploy.DeploymentGroup(
    name,
    {
      appName: application.name,
      deploymentGroupName: scope.serviceName,
      serviceRoleArn: role.arn,
      deploymentConfigName: configName,
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      blueGreenDeploymentConfig: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT" },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: "TERMINATE",
          terminationWaitTimeInMinutes: settings.terminationWaitTimeInMinutes,
        },
      },
      ecsService: { clusterName: cluster.name, serviceName: service.name },
      loadBalancerInfo: { targetGroupPairInfo: pairOf(targets) },
      alarmConfiguration: { alarms, enabled: true },
      autoRollbackConfiguration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
      },
    },
    { parent, dependsOn: [...role.policies] },
  );
  return {
    applicationName: application.name,
    deploymentGroupName: group.deploymentGroupName,
    deploymentConfigName: configName,
  };
}

function pairOf(targets: TrafficTargets) {
  return {
    prodTrafficRoute: { listenerArns: [targets.productionListener.arn] },
    testTrafficRoute: { listenerArns: [targets.testListener.arn] },
    targetGroups: [{ name: targets.blue.name }, { name: targets.green.name }],
  };
}
