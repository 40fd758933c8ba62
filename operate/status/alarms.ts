import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Service } from "@aws-sdk/client-ecs";
import type { Asking } from "../asking";

/** An alarm that guards a service. */
export interface AlarmNow {
  readonly name: string;
  readonly state: string;
  readonly why: string | undefined;
}

/** The alarms that guard a service's deployments. CodeDeploy keeps them to itself, so they are found by what they watch. */
export async function readAlarms(
  of: string,
  name: string,
  { deploymentConfiguration, deploymentController, taskSets = [] }: Service,
  asking: Asking,
): Promise<readonly AlarmNow[]> {
  const names = deploymentConfiguration?.alarms?.alarmNames ?? [];
  if (names.length > 0) {
    const answer = await asking.read("describeAlarms", of, (cloud) => cloud.describeAlarms({ AlarmNames: names }));
    return (answer?.MetricAlarms ?? []).map(alarmOf);
  }
  if (deploymentController?.type !== "CODE_DEPLOY") return [];
  const groups = taskSets.flatMap((set) =>
    (set.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
  );
  if (groups.length === 0) return [];
  const balancers = await asking.read("describeTargetGroups", of, (cloud) =>
    cloud.describeTargetGroups({ TargetGroupArns: [...new Set(groups)] }),
  );
  const watched = new Set(
    (balancers?.TargetGroups ?? []).flatMap(({ LoadBalancerArns = [] }) =>
      LoadBalancerArns.flatMap((arn) => arn.split(":loadbalancer/")[1] ?? []),
    ),
  );
  const answer = await asking.read("describeAlarms", of, (cloud) =>
    cloud.describeAlarms({ AlarmNamePrefix: `${name}-` }),
  );
  return (answer?.MetricAlarms ?? [])
    .filter((alarm) => dimensionsOf(alarm).some((one) => watched.has(one)))
    .map(alarmOf);
}

function dimensionsOf({ Dimensions = [], Metrics = [] }: MetricAlarm): readonly string[] {
  const all = [...Dimensions, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric?.Dimensions ?? [])];
  return all.flatMap(({ Name, Value }) => (Name === "LoadBalancer" && Value !== undefined ? [Value] : []));
}

function alarmOf({ AlarmName, StateValue, StateReason }: MetricAlarm): AlarmNow {
  return { name: AlarmName ?? "?", state: StateValue ?? "?", why: StateReason };
}
