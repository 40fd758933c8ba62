/** What the state machine is about. */
interface ScalingPauseSettings {
  /** `service/<cluster>/<service>`, as Application Auto Scaling names it. */
  readonly resourceId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: the integrations have it in their names. */
  readonly partition: string;
  readonly application: string;
  readonly group: string;
}

/**
 * Seconds between looks at a running deployment. An execution fails at 25,000 events and a look makes nine of them: with
 * old tasks kept for two days, a look every minute would not last to the end.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
const LOOK_EVERY_SECONDS = 180;

/** Whatever goes wrong on the way, scaling must not stay suspended. */
const RESUME = [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Resume" }];

const RETRY = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2 }];

/**
 * Amazon States Language, SDK integrations only. An event of a start suspends and then watches the deployment to its
 * end, so scaling resumes even if the event of the end is lost; an event of an end resumes at once. While another
 * deployment of the group runs (the rollback after a failure is one) scaling stays suspended: that one has a watcher of
 * its own.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export function scalingPauseDefinition(settings: ScalingPauseSettings): object {
  return {
    Comment: `Pauses the scaling of ${settings.resourceId} while CodeDeploy deploys to it`,
    StartAt: "HasItStarted",
    States: {
      HasItStarted: {
        Type: "Choice",
        Choices: [{ Variable: "$.detail.state", StringEquals: "START", Next: "Suspend" }],
        Default: "DoesAnotherRun",
      },
      Suspend: { ...setSuspended(settings, true), Catch: RESUME, Next: "WaitForDeployment" },
      ...watchDeployment(settings),
      ...lookForOthers(settings),
      StaysSuspended: { Type: "Succeed" },
      Resume: { ...setSuspended(settings, false), End: true },
    },
  };
}

/** Looks at the deployment again and again, until it has ended. */
function watchDeployment(settings: ScalingPauseSettings) {
  return {
    WaitForDeployment: { Type: "Wait", Seconds: LOOK_EVERY_SECONDS, Next: "LookAtDeployment" },
    LookAtDeployment: {
      Type: "Task",
      Resource: `arn:${settings.partition}:states:::aws-sdk:codedeploy:getDeployment`,
      Parameters: { "DeploymentId.$": "$.detail.deploymentId" },
      ResultSelector: { "status.$": "$.DeploymentInfo.Status" },
      ResultPath: "$.deployment",
      Retry: RETRY,
      Catch: RESUME,
      Next: "HasItEnded",
    },
    HasItEnded: {
      Type: "Choice",
      Choices: ["Succeeded", "Failed", "Stopped"].map((status) => ({
        Variable: "$.deployment.status",
        StringEquals: status,
        Next: "DoesAnotherRun",
      })),
      Default: "WaitForDeployment",
    },
  };
}

/** Scaling resumes only when no other deployment of the group runs. */
function lookForOthers(settings: ScalingPauseSettings) {
  return {
    DoesAnotherRun: {
      Type: "Task",
      Resource: `arn:${settings.partition}:states:::aws-sdk:codedeploy:listDeployments`,
      Parameters: {
        ApplicationName: settings.application,
        DeploymentGroupName: settings.group,
        IncludeOnlyStatuses: ["Created", "Queued", "InProgress", "Baking", "Ready"],
      },
      ResultPath: "$.others",
      Retry: RETRY,
      Catch: RESUME,
      Next: "IsItTheLast",
    },
    IsItTheLast: {
      Type: "Choice",
      // Not counted: an error about a list that AWS left out could not be caught, and scaling would stay suspended.
      Choices: [{ Variable: "$.others.Deployments[0]", IsPresent: true, Next: "StaysSuspended" }],
      Default: "Resume",
    },
  };
}

function setSuspended(settings: ScalingPauseSettings, suspended: boolean) {
  return {
    Type: "Task",
    Resource: `arn:${settings.partition}:states:::aws-sdk:applicationautoscaling:registerScalableTarget`,
    Parameters: {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: settings.resourceId,
      SuspendedState: {
        DynamicScalingInSuspended: suspended,
        DynamicScalingOutSuspended: suspended,
        ScheduledScalingSuspended: suspended,
      },
    },
    ResultPath: null,
    Retry: RETRY,
  };
}
