import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { consoleIn, type Place, placeOf } from "../arn";
import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { ClusterRef } from "../refs";
import { costWidgets } from "./costWidgets";
import { deliveryWidgets, heading, serviceWidgets, type WatchedService, type Widget } from "./widgets";

/** Widgets that a dashboard takes. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
export const WIDGETS_MAX = 500;

/** Columns of a dashboard, and the size of a graph: three stand beside one another. */
const GRID = { columns: 24, width: 8, height: 6 };

/** Arguments of `EnvironmentDashboard`. */
export interface EnvironmentDashboardArgs {
  /** What its name begins with; the region follows, for the dashboards of an account know none. @default - the component's name */
  readonly dashboardName?: string;
  readonly cluster: ClusterRef;
  /** Whether Container Insights counts the tasks of the cluster. @default false */
  readonly containerInsights?: boolean;
  readonly services: readonly WatchedService[];
  /** Build projects of what delivers, by what people call them. @default - none: somebody else delivers */
  readonly projects?: Readonly<Record<string, Input<string>>>;
  /** Those of them that confirm deliveries: their builds are drawn as marks. @default - none */
  readonly confirmProjects?: readonly Input<string>[];
}

/**
 * What an environment does, on one page: requests with deliveries as marks, errors, latency, tasks, CPU and memory of every
 * service, what delivers, and what the tasks and the whole account cost a day.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class EnvironmentDashboard extends pulumi.ComponentResource {
  readonly dashboard: aws.cloudwatch.Dashboard;
  /** Where a person looks at it. */
  readonly url: Output<string>;

  constructor(name: string, args: EnvironmentDashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:EnvironmentDashboard", name, {}, opts);
    const { dashboardName = name } = args;
    const place = placeOf(this);
    const sections = sectionsOf(args, place);
    checkDashboard(dashboardName, sections.flat().length).throwFor(this, `EnvironmentDashboard "${name}"`);
    this.dashboard = new aws.cloudwatch.Dashboard(
      name,
      {
        dashboardName: pulumi.interpolate`${dashboardName}-${place.region}`,
        dashboardBody: pulumi.jsonStringify({ start: "-PT12H", widgets: placed(sections) }),
      },
      { parent: this },
    );
    this.url = pulumi.interpolate`${consoleIn(place.region)}/cloudwatch/home?region=${place.region}#dashboards:name=${this.dashboard.dashboardName}`;
    this.registerOutputs({ url: this.url });
  }
}

function checkDashboard(dashboardName: string, widgets: number): Problems {
  const problems = new Problems().text("dashboardName", dashboardName, NAMES.dashboard);
  if (widgets > WIDGETS_MAX)
    problems.add(
      `services: they take ${widgets} widgets, and a dashboard has ${WIDGETS_MAX} at most; make two, each of some of the services`,
    );
  return problems;
}

/** A heading, and graphs below it. */
type Section = readonly Widget[];

function sectionsOf(args: EnvironmentDashboardArgs, place: Place): readonly Section[] {
  const { cluster, containerInsights = false, services, projects = {}, confirmProjects = [] } = args;
  const watching = { region: place.region, cluster, containerInsights, confirmProjects };
  const delivers = deliveryWidgets(projects, watching);
  return [
    ...services.map((one): Section => [heading(`## ${one.name}`), ...serviceWidgets(one, watching)]),
    ...(delivers.length === 0 ? [] : [[heading("## Deliveries"), ...delivers]]),
    [heading("## Cost"), ...costWidgets(services, cluster, place)],
  ];
}

/** Widgets in their places: each heading has a row of its own, the graphs below it stand in rows. */
function placed(sections: readonly Section[]): readonly object[] {
  const perRow = GRID.columns / GRID.width;
  let top = 0;
  return sections.flatMap(([title, ...graphs]) => {
    const first = top;
    top += 1 + Math.ceil(graphs.length / perRow) * GRID.height;
    const below = graphs.map((widget, index) => ({
      type: widget.type,
      x: (index % perRow) * GRID.width,
      y: first + 1 + Math.floor(index / perRow) * GRID.height,
      width: GRID.width,
      height: GRID.height,
      properties: widget.properties,
    }));
    return title ? [{ ...title, x: 0, y: first, width: GRID.columns, height: 1 }, ...below] : below;
  });
}
