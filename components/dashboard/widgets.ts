import type { Input, Output } from "@pulumi/pulumi";
import { type TrafficDimensions, trafficDimensions } from "../loadBalancer/trafficDimensions";
import type { ClusterRef, ListenerRef, ServiceRef } from "../refs";
import type { WatchedCost } from "./costWidgets";

/** A service on a dashboard. */
export interface WatchedService {
  /** What it goes by for people. */
  readonly name: string;
  readonly service: ServiceRef;
  /** What brings its requests. @default - nothing, or nobody here knows: a worker */
  readonly traffic?: WatchedTraffic | undefined;
  /** What its tasks are paid by. @default - it is not shown what they cost */
  readonly cost?: WatchedCost | undefined;
}

/** Listener and target groups of a service on a dashboard. */
export interface WatchedTraffic {
  /** What the load balancer is. @default "application" */
  readonly type?: "application" | "network" | undefined;
  readonly listener: ListenerRef;
  /** Target groups by what people call them; the one that serves, or both where traffic moves between them. */
  readonly groups: Readonly<Record<string, Input<string>>>;
}

/** A metric of a graph: namespace, name, dimensions by turns, and how it is drawn. */
type Metric = Input<readonly Input<string | Readonly<Record<string, string>>>[]>;

/** A graph, or a text, without its place. */
export interface Widget {
  readonly type: Input<"metric" | "text">;
  readonly properties: Input<Readonly<Record<string, unknown>>>;
}

/** What the graphs of a dashboard have in common. */
export interface Watching {
  readonly region: Input<string>;
  readonly cluster: ClusterRef;
  /** Whether Container Insights counts the tasks of the cluster. */
  readonly containerInsights: boolean;
  /** Projects whose successful builds are the deliveries, and whose failed ones are those that were not. */
  readonly confirmProjects: readonly Input<string>[];
}

/** The graphs of a service: what people ask of it, what it answers, how fast, and what runs. */
export function serviceWidgets(of: WatchedService, watching: Watching): readonly Widget[] {
  return [
    ...(of.traffic ? trafficWidgets(of.name, of.traffic, watching) : []),
    graph(`${of.name}: CPU and memory, percent`, watching, {
      metrics: ["CPUUtilization", "MemoryUtilization"].flatMap((metric) =>
        (["Average", "Maximum"] as const).map((stat) =>
          ecs("AWS/ECS", metric, of.service, watching, {
            stat,
            label: `${metric.replace("Utilization", "")} ${stat.toLowerCase()}`,
          }),
        ),
      ),
      yAxis: { left: { min: 0 } },
    }),
    ...(watching.containerInsights
      ? [
          graph(`${of.name}: tasks`, watching, {
            metrics: ["DesiredTaskCount", "RunningTaskCount", "PendingTaskCount"].map((metric) =>
              ecs("ECS/ContainerInsights", metric, of.service, watching, {
                stat: "Average",
                label: metric.replace("TaskCount", "").toLowerCase(),
              }),
            ),
            yAxis: { left: { min: 0 } },
          }),
        ]
      : []),
  ];
}

function ecs(
  namespace: string,
  metric: string,
  { name }: ServiceRef,
  { cluster }: Watching,
  drawn: Readonly<Record<string, string>>,
): Metric {
  return [namespace, metric, "ClusterName", cluster.name, "ServiceName", name, drawn];
}

function trafficWidgets(
  name: string,
  { type, listener, groups }: WatchedTraffic,
  watching: Watching,
): readonly Widget[] {
  const each = (metric: string, drawn: Readonly<Record<string, string>>, label = "") =>
    Object.entries(groups).map(
      ([group, arn]): Metric =>
        trafficMetric(trafficDimensions(listener, arn), type, metric, { ...drawn, label: `${label}${group}` }),
    );
  const whole = (metric: string, label: string): Metric =>
    trafficDimensions(listener, "").apply(({ LoadBalancer }) => [
      namespaceOf(type),
      metric,
      "LoadBalancer",
      LoadBalancer,
      { stat: "Sum", label },
    ]);
  const healthy = graph(`${name}: healthy tasks`, watching, {
    metrics: [
      ...each("HealthyHostCount", { stat: "Minimum" }, "healthy in "),
      ...each("UnHealthyHostCount", { stat: "Maximum" }, "unhealthy in "),
    ],
    yAxis: { left: { min: 0 } },
  });
  if (type === "network")
    return [
      graph(`${name}: new connections, and deliveries`, watching, {
        metrics: [...each("NewFlowCount", { stat: "Sum" }), ...deliveries(watching)],
        yAxis: { left: { min: 0 }, right: { min: 0 } },
      }),
      graph(`${name}: connections that were reset`, watching, {
        metrics: [
          ...each("TCP_Target_Reset_Count", { stat: "Sum" }, "by tasks in "),
          whole("TCP_ELB_Reset_Count", "by the load balancer"),
        ],
        yAxis: { left: { min: 0 } },
      }),
      healthy,
    ];
  return [
    graph(`${name}: requests, and deliveries`, watching, {
      metrics: [...each("RequestCount", { stat: "Sum" }), ...deliveries(watching)],
      yAxis: { left: { min: 0 }, right: { min: 0 } },
    }),
    graph(`${name}: 5xx answers`, watching, {
      metrics: [
        ...each("HTTPCode_Target_5XX_Count", { stat: "Sum" }, "of tasks in "),
        whole("HTTPCode_ELB_5XX_Count", "of the load balancer itself"),
      ],
      yAxis: { left: { min: 0 } },
    }),
    graph(`${name}: seconds until an answer`, watching, {
      metrics: ["p50", "p95", "p99"].flatMap((stat) => each("TargetResponseTime", { stat }, `${stat} `)),
      yAxis: { left: { min: 0 } },
    }),
    healthy,
  ];
}

function namespaceOf(type: WatchedTraffic["type"]): string {
  return type === "network" ? "AWS/NetworkELB" : "AWS/ApplicationELB";
}

function trafficMetric(
  dimensions: TrafficDimensions,
  type: WatchedTraffic["type"],
  metric: string,
  drawn: Readonly<Record<string, string>>,
): Output<(string | Readonly<Record<string, string>>)[]> {
  return dimensions.apply(({ LoadBalancer, TargetGroup }) => [
    namespaceOf(type),
    metric,
    "TargetGroup",
    TargetGroup,
    "LoadBalancer",
    LoadBalancer,
    drawn,
  ]);
}

/**
 * Deliveries as marks: a point at the minute in which one was confirmed, or failed. CloudWatch draws a line for a time that
 * stands in the dashboard, and for none that is only known later.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
 */
function deliveries({ confirmProjects }: Watching): readonly Metric[] {
  return confirmProjects.flatMap((project): Metric[] => [
    build(project, "SucceededBuilds", { stat: "Sum", yAxis: "right", label: "delivered", color: "#2ca02c" }),
    build(project, "FailedBuilds", { stat: "Sum", yAxis: "right", label: "failed deliveries", color: "#d62728" }),
  ]);
}

function build(project: Input<string>, metric: string, drawn: Readonly<Record<string, string>>): Metric {
  return ["AWS/CodeBuild", metric, "ProjectName", project, drawn];
}

/** The graphs of what delivers: builds that failed, how long they take. */
export function deliveryWidgets(
  projects: Readonly<Record<string, Input<string>>>,
  watching: Watching,
): readonly Widget[] {
  const all = Object.entries(projects);
  if (all.length === 0) return [];
  const each = (metric: string, stat: string) =>
    all.map(([label, project]): Metric => build(project, metric, { stat, label }));
  return [
    ...(watching.confirmProjects.length === 0
      ? []
      : [
          graph("Deliveries", watching, {
            metrics: deliveries(watching),
            yAxis: { right: { min: 0 } },
          }),
        ]),
    graph("Builds and checks that failed", watching, {
      metrics: each("FailedBuilds", "Sum"),
      yAxis: { left: { min: 0 } },
    }),
    graph("Seconds that builds and checks take", watching, {
      metrics: each("Duration", "Average"),
      yAxis: { left: { min: 0 } },
    }),
  ];
}

/** A line of text. */
export function heading(markdown: Input<string>): Widget {
  return { type: "text", properties: { markdown } };
}

function graph(title: string, { region }: Watching, properties: Readonly<Record<string, unknown>>): Widget {
  return { type: "metric", properties: { title, region, period: 60, view: "timeSeries", ...properties } };
}
