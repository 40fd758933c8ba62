import { createHash } from "node:crypto";
import type {
  CheckResult,
  CreateResult,
  DiffResult,
  InvokeResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider";
import { keepsWhenLeftOut, replaces as replacedBy } from "../../../model/update/replaces";
import { answerCall, answerResource, type Known } from "../../../preview/mocks/answers";
import { plain } from "../../../preview/record/plain";
import { list, textAt } from "../../support/read";
import { type Cloud, type CloudValues, readCloud, writeCloud } from "./cloud";
import { lookups } from "./lookups";
import { refuseDeleting, refuseDiffering, refuseMaking } from "./refusals";

/** Where a state says which of its properties the program gave. */
const GIVEN = "__given";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const PARAMETER = "aws:ssm/parameter:Parameter";

/** Properties whose change makes a new task definition revision. */
const REVISED = [
  "containerDefinitions",
  "cpu",
  "memory",
  "executionRoleArn",
  "taskRoleArn",
  "volumes",
  "runtimePlatform",
];

/**
 * A provider that stands in for AWS's: it answers like the offline preview, and remembers. It knows four things of AWS
 * that matter here: revisions of task definitions, what a service runs, parameters that others write, and what is refused.
 */
export class StandInAws implements Provider {
  readonly version = "7.48.0";

  constructor(private readonly path: string) {}

  getSchema = (): Promise<string> =>
    Promise.resolve(JSON.stringify({ name: "aws", version: this.version, resources: {}, functions: {} }));

  check = (_urn: string, _olds: unknown, news: unknown): Promise<CheckResult> => Promise.resolve({ inputs: news });

  diff = (_id: string, urn: string, olds: unknown, news: unknown): Promise<DiffResult> => {
    const [before, after] = [asValues(olds), asValues(news)];
    const type = typeOf(urn);
    const changed = [
      ...Object.keys(after).filter((key) => !key.startsWith("__") && !same(key, before[key], after[key])),
      ...leftOut(type, before, after),
    ];
    refuseDiffering(type, before, after);
    const replaces = changed.filter((key) =>
      type === TASK_DEFINITION ? REVISED.includes(key) : replacedBy(type, key) && key in before,
    );
    // Two of a name cannot be there at once.
    const named = type !== TASK_DEFINITION && after.name !== undefined && after.name === before.name;
    const deleteBeforeReplace = named || type === "aws:ecr/lifecyclePolicy:LifecyclePolicy";
    return Promise.resolve({ changes: changed.length > 0, replaces, deleteBeforeReplace });
  };

  create = (urn: string, given: unknown): Promise<CreateResult> =>
    this.withCloud((cloud, known) => {
      const inputs = asValues(given);
      const type = typeOf(urn);
      const { id, state } = answerTo(urn, inputs, cloud, known);
      const outs: CloudValues = { ...state, [GIVEN]: Object.keys(inputs) };
      if (keyOf(type, id) in cloud.resources && type !== TASK_DEFINITION)
        throw new Error(`${type} ${id} exists already`);
      refuseMaking(cloud, { type, after: outs });
      if (type === TASK_DEFINITION) Object.assign(outs, register(cloud, outs));
      if (type === PARAMETER) cloud.parameters[String(outs.name)] = String(outs.value);
      cloud.resources[keyOf(type, id)] = outs;
      return { id, outs };
    });

  read = (id: string, urn: string, props?: unknown): Promise<ReadResult> =>
    this.withCloud((cloud) => {
      const type = typeOf(urn);
      const stored = cloud.resources[keyOf(type, id)];
      if (!stored) return {};
      const now = { ...stored };
      if (type === PARAMETER) now.value = cloud.parameters[String(now.name)];
      if (type === TASK_DEFINITION && stored.trackLatest === true) Object.assign(now, cloud.revisions[id]?.at(-1));
      const inputs = Object.fromEntries(givenOf(asValues(props)).map((key) => [key, now[key]]));
      return { id, props: now, inputs };
    });

  update = (id: string, urn: string, olds: unknown, news: unknown): Promise<UpdateResult> =>
    this.withCloud((cloud) => {
      const type = typeOf(urn);
      const before = asValues(olds);
      const inputs = asValues(news);
      const outs: CloudValues = { ...before, ...inputs, [GIVEN]: Object.keys(inputs) };
      for (const key of leftOut(type, before, inputs)) delete outs[key];
      refuseMaking(cloud, { type, id, before, after: outs });
      if (type === PARAMETER) cloud.parameters[String(outs.name)] = String(outs.value);
      cloud.resources[keyOf(type, id)] = outs;
      return { outs };
    });

  delete = (id: string, urn: string): Promise<void> =>
    this.withCloud((cloud) => {
      refuseDeleting(cloud, typeOf(urn), id);
      // Task definitions are kept (skipDestroy): the id is the family's, and the next revision has it, too.
      if (typeOf(urn) !== TASK_DEFINITION) delete cloud.resources[keyOf(typeOf(urn), id)];
    });

  invoke = (token: string, args: unknown): Promise<InvokeResult> =>
    this.withCloud((_cloud, known) => ({
      outputs: answerCall(token, asValues(args), known),
    }));

  private withCloud<T>(use: (cloud: Cloud, known: Known) => T): Promise<T> {
    const cloud = readCloud(this.path);
    const known: Known = {
      region: "eu-west-1",
      parameters: new Map(Object.entries(cloud.parameters)),
      undescribed: [],
      overrides: { lookups: lookups(cloud) },
    };
    const result = use(cloud, known);
    writeCloud(this.path, cloud);
    return Promise.resolve(result);
  }
}

/** Ids that AWS makes up are never the same twice: a replacement has another one beside the old. */
function answerTo(
  urn: string,
  inputs: CloudValues,
  cloud: Cloud,
  known: Known,
): { id: string; state: Record<string, unknown> } {
  const type = typeOf(urn);
  for (let count = 0; ; count += 1) {
    const hash = createHash("sha256")
      .update(count === 0 ? urn : `${urn} ${count}`)
      .digest("hex");
    const answer = answerResource({ type, name: urn.split("::").at(-1) ?? "", inputs, hash }, known);
    const taken = keyOf(type, answer.id) in cloud.resources;
    if (!taken || type === TASK_DEFINITION || inputs.name !== undefined || count === 9) return answer;
  }
}

/** Registers a revision, as ECS does. */
export function register(cloud: Cloud, settings: CloudValues): CloudValues {
  const family = String(settings.family);
  const revisions = cloud.revisions[family] ?? [];
  cloud.revisions[family] = revisions;
  const revision = Number(revisions.at(-1)?.revision ?? 0) + 1;
  const arnWithoutRevision = `arn:aws:ecs:eu-west-1:111122223333:task-definition/${family}`;
  const registered = { ...settings, revision, arnWithoutRevision, arn: `${arnWithoutRevision}:${revision}` };
  revisions.push(registered);
  return registered;
}

/** The service of the only one in the cloud: what a pipeline's update changes. */
export function onlyService(cloud: Cloud): CloudValues {
  const found = Object.entries(cloud.resources).filter(([key]) => key.startsWith(SERVICE));
  if (found.length !== 1 || !found[0]) throw new Error(`expected one service, found ${found.length}`);
  return found[0][1];
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function asValues(value: unknown): CloudValues {
  const opened = plain(value);
  return typeof opened === "object" && opened !== null ? { ...opened } : {};
}

/** Properties that the program gave before, and gives no more; those that the provider then leaves alone are not among them. */
function leftOut(type: string, before: CloudValues, after: CloudValues): readonly string[] {
  return givenOf(before).filter((path) => !(path in after) && !keepsWhenLeftOut(type, { path }));
}

/** Properties that the program gave, and not AWS. */
function givenOf(state: CloudValues): readonly string[] {
  return list(state[GIVEN]).map(textAt);
}

/** JSON texts are the same when what they say is. */
function same(key: string, before: unknown, after: unknown): boolean {
  if (key === "containerDefinitions") return normal(before) === normal(after);
  return JSON.stringify(before) === JSON.stringify(after);
}

function normal(value: unknown): string {
  const text = typeof value === "string" ? value : "";
  // At a preview it may not be known yet.
  return text.startsWith("[") ? JSON.stringify(JSON.parse(text)) : text;
}
