import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input } from "@pulumi/pulumi";
import { type TrafficDimensions, trafficDimensions } from "../loadBalancer/trafficDimensions";
import { listSetting, percent, text } from "../settings/setting";
import { type ArgsOf, passedOn, settings, withDefaults } from "../settings/settings";
import type { DeploymentServiceArgs, PreparationScope } from "./strategy";

/** Name of a CloudWatch alarm. */
export const ALARM_NAME = text(
  { pattern: /^(?!\s)[^\p{Cc}]+(?<!\s)$/u, max: 255, expected: "the name of a CloudWatch alarm" },
  { example: "api-latency" },
);

/** What stops a deployment and takes it back. */
export const GUARDS = settings({
  /** Share of answers with a 5xx status, in percent, at which a deployment is taken back. @default 5 */
  maximumErrorPercent: percent(0, 100, { default: 5 }),
  /** CloudWatch alarms that guard deployments besides. @default - none */
  alarmNames: listSetting(passedOn(ALARM_NAME), { distinct: true }).optional(),
});

/** Arguments of every strategy: what stops a deployment and takes it back. */
export interface GuardArgs extends ArgsOf<typeof GUARDS> {}

const COLOURS = ["blue", "green"] as const;

/**
 * Alarms over target groups: too many 5xx answers, and tasks that fail their health check. Where traffic moves, which group is
 * new changes with every deployment, so both are watched; else the one that tasks register in (docs/adr/0011). Missing data is
 * fine: a group without traffic is not red.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function defineGuardAlarms(scope: PreparationScope, args: GuardArgs, movesTraffic = true): Input<string>[] {
  const { targets, name, parent, alarmTopic } = scope;
  const told = alarmTopic && [alarmTopic.arn];
  const colours = movesTraffic ? COLOURS : (["blue"] as const);
  const own = targets
    ? colours.flatMap((colour) => {
        const group = movesTraffic ? targets[colour].arn : (scope.servingGroupArn ?? targets.blue.arn);
        const dimensions = trafficDimensions(targets.productionListener, group);
        const watched = { dimensions, told, parent };
        const unhealthy = (namespace: string) =>
          defineUnhealthyAlarm(`${name}-${colour}-unhealthy`, { ...watched, namespace });
        // What a network load balancer hands on has no status.
        if (targets.type === "network") return [unhealthy("AWS/NetworkELB")];
        return [
          defineErrorAlarm(`${name}-${colour}-5xx`, watched, withDefaults(GUARDS, args)),
          unhealthy("AWS/ApplicationELB"),
        ];
      })
    : [];
  return [...own.map((alarm) => alarm.name), ...(args.alarmNames ?? [])];
}

/** The alarms as a service of the ECS controller watches them; nothing where there are none. */
export function defineGuards(
  scope: PreparationScope,
  args: GuardArgs,
  movesTraffic = true,
): Pick<DeploymentServiceArgs, "alarms"> {
  const alarmNames = defineGuardAlarms(scope, args, movesTraffic);
  return alarmNames.length === 0 ? {} : { alarms: { alarmNames, enable: true, rollback: true } };
}

/** What an alarm watches, and whom it tells. */
interface Watched {
  readonly dimensions: TrafficDimensions;
  readonly told: Input<string>[] | undefined;
  readonly parent: pulumi.Resource;
}

function defineErrorAlarm(
  name: string,
  { dimensions, told, parent }: Watched,
  { maximumErrorPercent: percent }: { readonly maximumErrorPercent: number },
) {
  const metric = (id: string, metricName: string) => ({
    id,
    metric: { namespace: "AWS/ApplicationELB", metricName, dimensions, period: 60, stat: "Sum" },
  });
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: `More than ${percent}% of answers have a 5xx status; deployments are taken back`,
      metricQueries: [
        metric("errors", "HTTPCode_Target_5XX_Count"),
        metric("requests", "RequestCount"),
        {
          id: "share",
          expression: "100 * FILL(errors, 0) / requests",
          label: "5xx answers, percent",
          returnData: true,
        },
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: percent,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
      alarmActions: told,
      okActions: told,
    },
    { parent },
  );
}

function defineUnhealthyAlarm(
  name: string,
  { namespace, dimensions, told, parent }: Watched & { readonly namespace: string },
) {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      alarmDescription: "A task fails the load balancer's health check; deployments are taken back",
      namespace,
      metricName: "UnHealthyHostCount",
      dimensions,
      statistic: "Maximum",
      period: 60,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "notBreaching",
      alarmActions: told,
      okActions: told,
    },
    { parent },
  );
}
