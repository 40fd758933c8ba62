import type { Output } from "@pulumi/pulumi";
import type { Place } from "../arn";
import { PRICES, PRICES_OF } from "../cost/prices";
import { type TaskSize, taskHourPrice } from "../cost/taskPrice";
import type { ClusterRef } from "../refs";
import type { WatchedService, Widget } from "./widgets";

/** What the tasks of a service on Fargate are paid by. */
export interface WatchedCost extends TaskSize {
  /** Whether some of them run on FARGATE_SPOT, which costs less, and how much less moves. @default false */
  readonly isSpot?: boolean | undefined;
}

/** CloudWatch has the charges of an account in this region alone. */
const CHARGES_REGION = "us-east-1";

/**
 * What the environment's tasks cost a day, by how many of them run, and what the whole account is charged. Tags split
 * charges in Cost Explorer alone, so of one environment only what is counted here can be shown.
 */
export function costWidgets(
  services: readonly WatchedService[],
  cluster: ClusterRef,
  place: Place,
): readonly [tasks: Widget, account: Widget, said: Widget] {
  return [tasksWidget(services, cluster, place), accountWidget(place), said()];
}

/** AWS counts a sample of its CPU for each task that runs, each minute. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-metrics.html */
function tasksWidget(services: readonly WatchedService[], cluster: ClusterRef, { region }: Place): Widget {
  return whole(
    region.apply((here) => {
      const priced = services.flatMap(({ name, service, cost }) => {
        const hour = cost && taskHourPrice(PRICES[here], cost);
        return hour === undefined ? [] : [{ name, service, hour, isSpot: cost?.isSpot ?? false }];
      });
      if (priced.length === 0) {
        return text(
          `No price of tasks is known in ${here}, or none of them runs on Fargate at a size that this stack sets.`,
        );
      }
      const lines = priced.flatMap(({ name, service, hour, isSpot }, index) => [
        [
          "AWS/ECS",
          "CPUUtilization",
          "ClusterName",
          cluster.name,
          "ServiceName",
          service.name,
          { id: `samples${index}`, stat: "SampleCount", visible: false },
        ],
        [
          {
            id: `dollars${index}`,
            // Samples by the minute are tasks, whatever period the dashboard chooses.
            expression: `samples${index} / PERIOD(samples${index}) * 60 * 24 * ${Number(hour.toFixed(6))}`,
            label: isSpot ? `${name}, less on SPOT` : name,
          },
        ],
      ]);
      const all = priced.map((_, index) => `dollars${index}`).join(", ");
      const together = priced.length > 1 ? [[{ id: "together", expression: `SUM([${all}])`, label: "together" }]] : [];
      return metric({
        title: `Tasks that run: US dollars a day, at list prices of ${PRICES_OF}`,
        region: here,
        period: 3600,
        view: "timeSeries",
        metrics: [...lines, ...together],
        yAxis: { left: { min: 0 } },
      });
    }),
  );
}

/**
 * Charges grow through a month and begin anew with the next: what they grow by is a day's. AWS adds to them a few times a
 * day. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/monitor_estimated_charges_with_cloudwatch.html
 */
function accountWidget({ partition }: Place): Widget {
  return whole(
    partition.apply((here) => {
      if (here !== "aws")
        return text(`CloudWatch has no charges of accounts in partition ${here}: see its billing console.`);
      return metric({
        title: "The whole account: US dollars charged",
        region: CHARGES_REGION,
        period: 21_600,
        view: "timeSeries",
        metrics: [
          [
            "AWS/Billing",
            "EstimatedCharges",
            "Currency",
            "USD",
            { id: "charges", stat: "Maximum", label: "this month until now" },
          ],
          [
            {
              id: "day",
              expression: "IF(RATE(charges) < 0, charges / PERIOD(charges), RATE(charges)) * 86400",
              label: "a day",
              yAxis: "right",
            },
          ],
        ],
        yAxis: { left: { min: 0 }, right: { min: 0 } },
      });
    }),
  );
}

function said(): Widget {
  return text(
    [
      "**Left**: tasks on Fargate, by how many run and what they cost on demand. What stands idle beside them, load balancers, endpoints or NAT gateways among it, `npm run preview -- <stack> --cost` adds up.",
      "**Middle**: everything in this account, in every region. It is empty until somebody turns on *Receive CloudWatch billing alerts* in the billing preferences; in an organization the account that pays does.",
      "What one environment was charged, to the cent and a day later: Cost Explorer by its tags, once they are activated as cost allocation tags.",
    ].join("\n\n"),
  );
}

/** A widget whose place is known. */
interface PlacedWidget {
  readonly type: "metric" | "text";
  readonly properties: Readonly<Record<string, unknown>>;
}

function text(markdown: string): PlacedWidget {
  return { type: "text", properties: { markdown } };
}

function metric(properties: PlacedWidget["properties"]): PlacedWidget {
  return { type: "metric", properties };
}

/** What kind of widget it is depends on the place as well. */
function whole(widget: Output<PlacedWidget>): Widget {
  return { type: widget.type, properties: widget.properties };
}
