import { controllerOf } from "../../environment/service";
import type { Finding, RecordedGraph, RecordedResource } from "../../graph/graph";
import { ofType, TYPES } from "../../graph/resources";
import { containersOf, targetGroupsOf } from "../../graph/services";
import type { PropertyChange } from "../change";
import { type ChangedPair, isReplaced } from "../followers";
import { changes } from "../plan";
import type { UpdateContext } from "../updateRun";
import { perRun } from "./perRun";

/** What of a change the image that runs has to be ready for: it was built before. */
export function fittingFindings(context: UpdateContext): readonly Finding[] {
  return perRun(context, ({ asked, wanted }) => {
    const kept = asked.filter((pair) => !isReplaced(pair) || pair.after.type === TYPES.taskDefinition);
    return ofType(wanted, TYPES.service).flatMap((service) => [
      ...askedAtOnce(service, kept, wanted),
      ...startedAtOnce(service, kept),
    ]);
  });
}

/** Load balancers ask the tasks that run by the new check, from the same moment on. */
function askedAtOnce(
  service: RecordedResource,
  asked: readonly ChangedPair[],
  wanted: RecordedGraph,
): readonly Finding[] {
  const groups = targetGroupsOf(wanted, service).map(({ urn }) => urn);
  const found = asked.filter(({ after }) => groups.includes(after.urn)).flatMap(({ properties }) => properties);
  const one = found.find(
    (change) => changes(change) && /^healthCheck\.(?:path|matcher|port|protocol)$/.test(change.path),
  );
  if (!one) return [];
  const word = one.path.replace("healthCheck.", "");
  return [
    {
      level: "warning",
      rule: "health-check-of-what-runs",
      urn: service.urn,
      message:
        `${service.name}: the tasks that run are asked by the new health check at once (${word} ${JSON.stringify(one.after)}): where they do ` +
        "not pass it, ECS stops them and starts the same image again, without end",
      steps: [
        `deliver a version that passes both checks, with ${word} ${JSON.stringify(one.before)} and with the new one`,
        "then make the change",
      ],
    },
  ];
}

/** What a delivered image may not be ready for, by where it stands in the task definition. */
const DEMANDS: readonly (readonly [path: RegExp, demand: (change: PropertyChange) => string | undefined])[] = [
  [/\]\.portMappings/, ({ after }) => (typeof after === "number" ? `listens on port ${after}` : undefined)],
  [/\]\.healthCheck/, ({ after }) => (after === undefined ? undefined : "passes the container's health check")],
  [
    /\]\.readonlyRootFilesystem$/,
    ({ after }) => (after === true ? "writes nowhere but to its writablePaths" : undefined),
  ],
  [/\]\.user$/, ({ after }) => (after === undefined ? undefined : `runs as user ${JSON.stringify(after)}`)],
  [/\]\.(?:command|entryPoint)/, () => "has what the command calls"],
  [
    /\]\.(?:environment|secrets)\b/,
    ({ after }) => (after === undefined ? "does without the variable that goes" : undefined),
  ],
];

/** Pulumi starts the delivered image with the new settings; CodeDeploy waits for the next image. */
function startedAtOnce(service: RecordedResource, asked: readonly ChangedPair[]): readonly Finding[] {
  if (controllerOf(service.inputs.deploymentController) === "CODE_DEPLOY") return [];
  const own = asked.filter(
    ({ after }) => after.type === TYPES.taskDefinition && after.inputs.family === service.inputs.name,
  );
  // Sidecars have images of their own, which nobody delivers.
  const changed = own.flatMap(({ after, properties }) => {
    const [serves] = containersOf(after);
    return properties.filter(
      (one) => changes(one) && one.path.startsWith(`containerDefinitions[${serves?.name ?? ""}]`),
    );
  });
  const demands = changed.flatMap((change) =>
    DEMANDS.flatMap(([path, demand]) => (path.test(change.path) ? (demand(change) ?? []) : [])),
  );
  if (demands.length === 0) return [];
  return [
    {
      level: "notice",
      rule: "image-has-to-fit",
      urn: service.urn,
      message:
        `${service.name}: the image that was delivered last is started with it at once: this works if it ${[...new Set(demands)].join(", ")}; ` +
        "else the new tasks do not come up, and the old ones go on",
      steps: ["where it does not, deliver a version that works with both first, then make the change"],
    },
  ];
}
