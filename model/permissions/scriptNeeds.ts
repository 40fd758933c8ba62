import { passportBeside } from "../../components/images/passport";
import { ECR_PULL, ECR_PUSH, repositoryIn } from "../graph/ecr";
import type { RecordedGraph } from "../graph/graph";
import { mapOf, textOf } from "../graph/read";
import { type ArnPlace, arnIn, parameterArnIn } from "../graph/resources";
import { containersOf, serviceNamed, taskDefinitionOf } from "../graph/services";
import { keyOfTopic } from "../graph/topics";
import { type Build, imageRepository } from "./builds";
import { type Calls, publishKeyCalls } from "./need";

/** What a build calls: in its own role, or in one that it takes. */
export interface ScriptCalls {
  readonly calls: readonly Calls[];
  /** What it calls in its own role, where `calls` are made in another. @default - nothing */
  readonly own?: readonly Calls[];
  /** The role that its script takes. @default - it works in its own */
  readonly roleArn?: string;
}

/** The function that a generated buildspec runs, and what it calls in AWS. */
const SCRIPTS: readonly (readonly [
  name: string,
  calls: (graph: RecordedGraph, build: Build, place: ArnPlace, services: RecordedGraph) => ScriptCalls,
])[] = [
  ["confirm_delivery", confirmDelivery],
  ["run_before_deployment", runBeforeDeployment],
  ["promote_image", promoteImage],
  ["record_passed", recordPassed],
  ["scan_gate", scanGate],
  ["take_image", (_graph, build, place) => ({ calls: fileCalls(build, place) })],
  ["resolve_image", resolveImage],
  ["provide_image", provideImage],
];

/**
 * What the script of a build calls, read from what it is called and from its variables. Beside what the scripts' own tests
 * and the rehearsal hold against a role, this says it before anything is there.
 */
export function scriptCalls(
  graph: RecordedGraph,
  build: Build,
  place: ArnPlace,
  /** The stack with the services that it is about. */
  services = graph,
): ScriptCalls {
  const found = SCRIPTS.find(([name]) => build.text.includes(`\\n${name}`));
  if (found) return found[1](graph, build, place, services);
  // A buildspec in the source: it pushes, if it is told where to.
  return build.env.IMAGE_REPOSITORY_URI === undefined || build.text.startsWith("{")
    ? { calls: [] }
    : provideImage(graph, build, place);
}

/** Commands of the buildspec that write files for the deploy action from parameters. */
function fileCalls({ text, env }: Build, place: ArnPlace): readonly Calls[] {
  const named = [...text.matchAll(/aws ssm get-parameter --name \\"\$(\w+)\\"/g)].flatMap(
    ([, variable = ""]) => env[variable] ?? [],
  );
  return named.length === 0
    ? []
    : [{ actions: ["ssm:GetParameter"], resources: named.map((name) => parameterArnIn(place, name)) }];
}

function onRepository(verbs: readonly string[], arn: string | undefined): readonly Calls[] {
  return arn === undefined ? [] : [{ actions: verbs.map((verb) => `ecr:${verb}`), resources: [arn] }];
}

const LOGIN: Calls = { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] };

function provideImage(graph: RecordedGraph, build: Build, place: ArnPlace): ScriptCalls {
  const arn = repositoryIn(graph, build.env.IMAGE_REPOSITORY_URI);
  const named = (addresses = "") => addresses.split(" ").flatMap((address) => repositoryIn(graph, address) ?? []);
  const [bases, caches] = [named(build.env.BASE_REPOSITORIES), named(build.env.PULL_THROUGH_CACHES)];
  return {
    calls: [
      ...(arn === undefined && bases.length + caches.length === 0 ? [] : [LOGIN]),
      // The newest image is pulled as a layer cache; a builder of indexes looks which layers are there already.
      ...onRepository(["DescribeImages", ...ECR_PUSH, ...(pulls(build) ? ECR_PULL : [])], arn),
      ...bases.flatMap((base) => onRepository(ECR_PULL, base)),
      // The first pull makes the repository, and brings the image there.
      ...caches.flatMap((cache) =>
        onRepository([...ECR_PULL, "BatchImportUpstreamImage", "CreateRepository"], `${cache}/*`),
      ),
      ...fileCalls(build, place),
    ],
  };
}

/** Whether a build pulls from the repository that it pushes to. */
export function pulls({
  env: { BUILD_CACHE: cache = "", BUILD_PLATFORMS: platforms = "" },
}: Pick<Build, "env">): boolean {
  return cache === "" || cache === "registry" || platforms !== "";
}

function resolveImage(graph: RecordedGraph, build: Build, place: ArnPlace): ScriptCalls {
  const { env } = build;
  const tags = (env.ADDITIONAL_TAG ?? "") !== "";
  const arn = repositoryIn(graph, env.IMAGE_REPOSITORY_URI);
  return {
    calls: [...onRepository(["BatchGetImage", ...(tags ? ["PutImage"] : [])], arn), ...fileCalls(build, place)],
  };
}

function promoteImage(graph: RecordedGraph, build: Build, place: ArnPlace): ScriptCalls {
  const { PASSED_IMAGE_PARAMETER: passed = "", TARGET_REPOSITORY_URI: to } = build.env;
  const source = repositoryIn(graph, imageRepository(graph, build));
  const target = repositoryIn(graph, to);
  return {
    calls: [
      {
        actions: ["ssm:GetParameterHistory"],
        resources: [passed, ...(writesPassport(build) ? [passportBeside(passed)] : [])].map((name) =>
          parameterArnIn(place, name),
        ),
      },
      ...keyCalls("Verify", build),
      ...(source === undefined && target === undefined ? [] : [LOGIN]),
      ...onRepository(ECR_PULL, source),
      ...onRepository(["DescribeImages", "BatchGetImage", ...ECR_PUSH], target),
    ],
  };
}

function recordPassed(_graph: RecordedGraph, build: Build, place: ArnPlace): ScriptCalls {
  const record = build.env.PASSED_IMAGE_PARAMETER ?? "";
  const put: Calls = { actions: ["ssm:PutParameter"], resources: [parameterArnIn(place, record)] };
  const delivered = (build.env.DELIVERED_IMAGE_PARAMETERS ?? "").split(" ").filter((name) => name !== "");
  const read = delivered.map((name): Calls => {
    return { actions: ["ssm:GetParameter"], resources: [parameterArnIn(place, name)] };
  });
  return { calls: [...read, put, ...passportCalls(build, record, place), ...runCalls(build, place)] };
}

function writesPassport({ env }: Build): boolean {
  return (env.PASSPORT_STACK ?? "") !== "";
}

/** Writing a passport beside a record, which names the one before. */
function passportCalls(build: Build, record: string, place: ArnPlace): readonly Calls[] {
  if (!writesPassport(build) || record === "") return [];
  return [
    { actions: ["ssm:GetParameter", "ssm:PutParameter"], resources: [parameterArnIn(place, passportBeside(record))] },
  ];
}

/** What a passport takes in the build's own role: the run, and the key. */
function runCalls(build: Build, place: ArnPlace): readonly Calls[] {
  if (!writesPassport(build)) return [];
  // A workflow knows of its own run.
  if (build.pipeline.workflow) return keyCalls("Sign", build);
  const run = {
    actions: ["codepipeline:ListActionExecutions"],
    resources: [arnIn(place, "codepipeline", build.pipeline.name)],
  };
  return [run, ...keyCalls("Sign", build)];
}

function keyCalls(verb: "Sign" | "Verify", { env }: Build): readonly Calls[] {
  const key = env.PASSPORT_KEY ?? "";
  return key === "" ? [] : [{ actions: [`kms:${verb}`], resources: [key] }];
}

/** With enhanced scanning ECR asks Inspector in the caller's name. */
function scanGate(graph: RecordedGraph, build: Build): ScriptCalls {
  const arn = repositoryIn(graph, imageRepository(graph, build));
  return {
    calls: [
      ...onRepository(["BatchGetImage", "DescribeImageScanFindings", "StartImageScan"], arn),
      { actions: ["inspector2:ListCoverage", "inspector2:ListFindings"], resources: ["*"] },
    ],
  };
}

function confirmDelivery(graph: RecordedGraph, build: Build, here: ArnPlace, services: RecordedGraph): ScriptCalls {
  const { env } = build;
  const { CLUSTER_NAME: cluster = "", SERVICE_NAME: service = "", TARGET_ROLE_ARN: roleArn } = env;
  const place =
    roleArn === undefined
      ? here
      : { ...here, account: roleArn.split(":")[4] ?? "", region: env.TARGET_REGION ?? here.region };
  const record = env.DELIVERED_IMAGE_PARAMETER ?? "";
  const tagged = (env.RELEASED_TAG_PREFIX ?? "") !== "";
  const calls: readonly Calls[] = [
    {
      actions: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"],
      resources: [arnIn(place, "ecs", `service/${cluster}/${service}`)],
    },
    ...(env.STOP_DEPLOYMENT === "yes"
      ? [
          {
            actions: ["ecs:StopServiceDeployment"],
            resources: [arnIn(place, "ecs", `service-deployment/${cluster}/${service}/*`)],
          },
        ]
      : []),
    {
      actions: ["ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"],
      resources: ["*"],
    },
    {
      actions: ["ecs:ListTasks"],
      resources: ["*"],
      context: { "ecs:cluster": arnIn(place, "ecs", `cluster/${cluster}`) },
    },
    { actions: ["ecs:DescribeTasks"], resources: [arnIn(place, "ecs", `task/${cluster}/*`)] },
    ...logReads(services, cluster, service, place),
    ...(record === ""
      ? []
      : [{ actions: ["ssm:GetParameter", "ssm:PutParameter"], resources: [parameterArnIn(place, record)] }]),
    ...passportCalls(build, record, place),
    ...(tagged ? onRepository(["BatchGetImage", "PutImage"], repositoryIn(graph, imageRepository(graph, build))) : []),
  ];
  const own = [...(record === "" ? [] : runCalls(build, here)), ...tellCalls(graph, env.TOPIC_ARN ?? "")];
  return roleArn === undefined ? { calls: [...calls, ...own] } : { calls, own, roleArn };
}

/** The last lines of a container that failed. */
function logReads(graph: RecordedGraph, cluster: string, name: string, place: ArnPlace): readonly Calls[] {
  const service = serviceNamed(graph, cluster, name);
  const definition = service && taskDefinitionOf(graph, service);
  const groups = (definition ? containersOf(definition) : []).flatMap(({ definition: { logConfiguration } }) => {
    const { logDriver, options } = mapOf(logConfiguration);
    return logDriver === "awslogs" ? (textOf(mapOf(options)["awslogs-group"]) ?? []) : [];
  });
  return [...new Set(groups)].map((group) => ({
    actions: ["logs:GetLogEvents"],
    resources: [arnIn(place, "logs", `log-group:${group}:log-stream:*`)],
  }));
}

/** Telling a topic why a delivery failed. */
function tellCalls(graph: RecordedGraph, topicArn: string): readonly Calls[] {
  if (topicArn === "") return [];
  return [
    { actions: ["sns:Publish"], resources: [topicArn] },
    ...publishKeyCalls(keyOfTopic(graph, topicArn), topicArn),
  ];
}

/** The task runs in the roles of its service, whose family its own begins with. */
function runBeforeDeployment(graph: RecordedGraph, { env }: Build, place: ArnPlace): ScriptCalls {
  const { CLUSTER_NAME: cluster = "", CONTAINER_NAME: container = "", TASK_FAMILY: family = "" } = env;
  const { TASK_DEFINITION_PARAMETER: parameter = "", LOG_GROUP: group = "" } = env;
  const revision = arnIn(place, "ecs", `task-definition/${family}:42`);
  const within = [arnIn(place, "ecs", `task-definition/${family}:*`)];
  const context = { "ecs:cluster": arnIn(place, "ecs", `cluster/${cluster}`) };
  const service = serviceNamed(graph, cluster, family.replace(/-before-deployment$/, ""));
  const definition = service && taskDefinitionOf(graph, service);
  const roles = [definition?.inputs.taskRoleArn, definition?.inputs.executionRoleArn].flatMap(
    (role) => textOf(role) ?? [],
  );
  const stream = arnIn(place, "logs", `log-group:${group}:log-stream:${container}/${container}/*`);
  return {
    calls: [
      ...(parameter === "" ? [] : [{ actions: ["ssm:GetParameter"], resources: [parameterArnIn(place, parameter)] }]),
      { actions: ["ecs:RegisterTaskDefinition"], resources: [revision], within },
      { actions: ["ecs:DeregisterTaskDefinition"], resources: ["*"] },
      { actions: ["ecs:RunTask"], resources: [revision], within, context },
      {
        actions: ["ecs:DescribeTasks", "ecs:StopTask"],
        resources: [arnIn(place, "ecs", `task/${cluster}/*`)],
        context,
      },
      ...(roles.length === 0
        ? []
        : [
            {
              actions: ["iam:PassRole"],
              resources: roles,
              context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
            },
          ]),
      ...(group === "" ? [] : [{ actions: ["logs:GetLogEvents"], resources: [stream] }]),
    ],
  };
}
