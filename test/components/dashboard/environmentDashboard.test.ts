import assert from "node:assert/strict";
import { z } from "zod";
import {
  EnvironmentDashboard,
  type EnvironmentDashboardArgs,
} from "../../../components/dashboard/environmentDashboard";
import { type Graph, recordGraph, refusal } from "../../support/graph";
import { arn } from "../../support/service";

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const axis = z.strictObject({ min: z.number().optional(), max: z.number().optional(), label: z.string().optional() });
/** Begins with a small letter. */
const ID = z.string().regex(/^[a-z][A-Za-z0-9_]{0,254}$/);
const expression = z.strictObject({
  expression: z.string().min(1).max(2048),
  id: ID,
  label: z.string().min(1),
  yAxis: z.enum(["left", "right"]).optional(),
});
const drawn = z.strictObject({
  stat: z.string().regex(/^(?:SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(?:\.\d+)?)$/),
  label: z.string().min(1).optional(),
  id: ID.optional(),
  visible: z.boolean().optional(),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .optional(),
  yAxis: z.enum(["left", "right"]).optional(),
});
const metric = z.union([z.tuple([expression]), z.array(z.union([z.string().min(1), drawn]))]).refine((words) => {
  const [first] = words;
  if (typeof first === "object" && "expression" in first) return true;
  const names = words.filter((word) => typeof word === "string");
  // Namespace and name, and dimensions by twos; how it is drawn comes last, once.
  return (
    names.length % 2 === 0 && names.length >= 4 && words.length === names.length + 1 && typeof words.at(-1) === "object"
  );
});
const BODY = z.strictObject({
  start: z.string().regex(/^-PT?\d+[MHDW]$/),
  widgets: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({
          type: z.literal("text"),
          ...place,
          properties: z.strictObject({ markdown: z.string().min(1) }),
        }),
        z.strictObject({
          type: z.literal("metric"),
          ...place,
          properties: z.strictObject({
            title: z.string().min(1),
            region: z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/),
            period: z.int().refine((seconds) => seconds % 60 === 0),
            view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
            metrics: z.array(metric).min(1).max(500),
            yAxis: z.strictObject({ left: axis.optional(), right: axis.optional() }).optional(),
          }),
        }),
      ]),
    )
    .max(500),
});
type Body = z.output<typeof BODY>;

const listener = { arn: arn("elasticloadbalancing", "listener/app/shop/0a1b/2c3d"), port: 443, protocol: "HTTPS" };
const group = (name: string) => arn("elasticloadbalancing", `targetgroup/${name}/4e5f`);
const service = (name: string) => ({ arn: arn("ecs", `service/shop/${name}`), name });
const API = {
  name: "api",
  service: service("shop-api"),
  traffic: { listener, groups: { blue: group("b"), green: group("g") } },
};
const BROKER = {
  name: "broker",
  service: service("shop-broker"),
  traffic: { type: "network", listener, groups: { tasks: group("t") } },
} as const;
const ARGS: EnvironmentDashboardArgs = {
  cluster: { arn: arn("ecs", "cluster/shop"), name: "shop" },
  containerInsights: true,
  services: [API, BROKER, { name: "worker", service: service("shop-worker") }],
  projects: { "api-image": "shop-api-image", confirm: "shop-confirm" },
  confirmProjects: ["shop-confirm"],
};

function bodyOf(graph: Graph): Body {
  return BODY.parse(JSON.parse(String(graph.only(DASHBOARD).inputs.dashboardBody)));
}

async function bodyWith(changes: Partial<EnvironmentDashboardArgs>): Promise<Body> {
  return bodyOf(await recordGraph(() => new EnvironmentDashboard("shop", { ...ARGS, ...changes })));
}

/** Titles of graphs, and what each shows. */
function graphs({ widgets }: Body): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    widgets.flatMap((widget) =>
      widget.type === "metric"
        ? [
            [
              widget.properties.title,
              widget.properties.metrics.map((words) => words.filter((one) => typeof one === "string").join(" ")),
            ],
          ]
        : [],
    ),
  );
}

describe("EnvironmentDashboard", () => {
  it("has a body as AWS describes it, whose widgets lie beside and below one another", async () => {
    const { widgets } = await bodyWith({});
    for (const [index, one] of widgets.entries()) {
      assert.ok(one.x + one.width <= 24, String(index));
      for (const other of widgets.slice(index + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        assert.ok(apart, JSON.stringify([one, other]));
      }
    }
  });

  it("is named after the environment and its region, which the account's dashboards do not know, and linked", async () => {
    const graph = await recordGraph(() => ({ url: new EnvironmentDashboard("shop", ARGS).url }));
    const [{ inputs }] = [graph.only(DASHBOARD)];
    assert.equal(inputs.dashboardName, "shop-eu-west-1");
  });

  it("shows traffic with deliveries as marks, errors of tasks and of the balancer, latency and health of every group", async () => {
    const all = graphs(await bodyWith({}));
    const balancer = "LoadBalancer app/shop/0a1b";
    const both = (name: string) =>
      ["b", "g"].map((one) => `AWS/ApplicationELB ${name} TargetGroup targetgroup/${one}/4e5f ${balancer}`);
    assert.deepEqual(all["api: requests, and deliveries"], [
      ...both("RequestCount"),
      "AWS/CodeBuild SucceededBuilds ProjectName shop-confirm",
      "AWS/CodeBuild FailedBuilds ProjectName shop-confirm",
    ]);
    assert.deepEqual(all["api: 5xx answers"], [
      ...both("HTTPCode_Target_5XX_Count"),
      `AWS/ApplicationELB HTTPCode_ELB_5XX_Count ${balancer}`,
    ]);
    assert.equal(all["api: seconds until an answer"]?.length, 6);
    assert.deepEqual(all["api: healthy tasks"], [...both("HealthyHostCount"), ...both("UnHealthyHostCount")]);
    assert.deepEqual(
      Object.keys(all).filter((title) => title.startsWith("broker")),
      [
        "broker: new connections, and deliveries",
        "broker: connections that were reset",
        "broker: healthy tasks",
        "broker: CPU and memory, percent",
        "broker: tasks",
      ],
    );
    assert.deepEqual(
      Object.keys(all).filter((title) => title.startsWith("worker")),
      ["worker: CPU and memory, percent", "worker: tasks"],
    );
  });

  describe("what a day costs", () => {
    const SIZE = { cpu: 512, memory: 1024, cpuArchitecture: "X86_64" } as const;
    const priced = [
      { ...API, cost: SIZE },
      { ...BROKER, cost: { ...SIZE, cpuArchitecture: "ARM64", isSpot: true } },
      { name: "worker", service: service("shop-worker") },
    ] as const;

    /** The widgets below the heading. */
    async function costs(region: string, services: EnvironmentDashboardArgs["services"] = priced) {
      const graph = await recordGraph(() => new EnvironmentDashboard("shop", { ...ARGS, services }), {
        config: { "aws:region": region },
      });
      const { widgets } = bodyOf(graph);
      const first = widgets.findIndex((one) => one.type === "text" && one.properties.markdown === "## Cost");
      return widgets.slice(first + 1);
    }
    const lines = (widget: Body["widgets"][number] | undefined) =>
      widget?.type === "metric"
        ? widget.properties.metrics.map(([one]) => one).filter((one) => typeof one === "object")
        : [];
    const said = (widget: Body["widgets"][number] | undefined) =>
      widget?.type === "text" ? widget.properties.markdown : undefined;

    it("is what the tasks that run cost by the price table, of each service and together, whatever the period", async () => {
      const [tasks, ...more] = await costs("eu-west-1");
      assert.equal(more.length, 2);
      // (0.5 x 0.04048 + 1 x 0.004445) an hour, and on ARM (0.5 x 0.03238 + 1 x 0.00356)
      assert.deepEqual(lines(tasks), [
        { id: "dollars0", expression: "samples0 / PERIOD(samples0) * 60 * 24 * 0.024685", label: "api" },
        {
          id: "dollars1",
          expression: "samples1 / PERIOD(samples1) * 60 * 24 * 0.01975",
          label: "broker, less on SPOT",
        },
        { id: "together", expression: "SUM([dollars0, dollars1])", label: "together" },
      ]);
    });

    it("has the whole account's charges, in the one region that has them, and says when it is empty", async () => {
      const [, account, text] = await costs("eu-west-1");
      assert.equal(account?.type === "metric" && account.properties.region, "us-east-1");
      assert.match(JSON.stringify(account), /whole account.*"AWS\/Billing","EstimatedCharges","Currency","USD"/);
      assert.match(said(text) ?? "", /empty until somebody turns on \*Receive CloudWatch billing alerts\*/);
    });

    it("says in words what it does not know: prices of a region, charges of another partition, tasks of someone else", async () => {
      const [china, charges] = await costs("cn-north-1");
      assert.match(said(china) ?? "", /^No price of tasks is known in cn-north-1/);
      assert.match(said(charges) ?? "", /^CloudWatch has no charges of accounts in partition aws-cn/);
      const [unknown] = await costs("eu-west-1", [{ name: "worker", service: service("shop-worker") }]);
      assert.match(said(unknown) ?? "", /^No price of tasks is known in eu-west-1, or none of them runs on Fargate/);
      const big = { ...SIZE, ephemeralStorageGiB: 50 };
      assert.match(
        said((await costs("eu-west-1", [{ ...API, cost: big }]))[0]) ?? "",
        /^No price/,
        "storage has none there",
      );
      const [line] = lines((await costs("us-east-1", [{ ...API, cost: big }]))[0]);
      assert.match(
        line && "expression" in line ? line.expression : "",
        / \* 0\.028015$/,
        "30 GiB above what is included",
      );
    });
  });

  it("asks Container Insights for nothing where it counts nothing, and nothing of who delivers where somebody else does", async () => {
    const body = await bodyWith({ containerInsights: false, projects: {}, confirmProjects: [] });
    const text = JSON.stringify(body);
    assert.doesNotMatch(text, /ContainerInsights|CodeBuild/);
  });

  it("refuses a name that CloudWatch refuses, and more widgets than it takes", async () => {
    const refused = (changes: Partial<EnvironmentDashboardArgs>) =>
      refusal(() => new EnvironmentDashboard("shop", { ...ARGS, ...changes }));
    assert.match(await refused({ dashboardName: "a b" }), /dashboardName: expected 1 to 230 letters, digits, - and _/);
    const services = Array.from({ length: 90 }, (_, index) => ({ ...API, name: `api-${index}` }));
    assert.match(await refused({ services }), /services: they take 638 widgets, and a dashboard has 500 at most/);
  });
});
