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
import { answerCall, answerResource, type Known } from "../../../preview/mocks/answers";
import { plain } from "../../../preview/record/plain";
import { type Cloud, readCloud, type Values, writeCloud } from "./cloud";

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
 * A provider that stands in for AWS's: it answers like the offline preview, and remembers. It knows three things of AWS
 * that matter here: revisions of task definitions, what a service runs, and parameters that others write.
 */
export class StandInAws implements Provider {
  readonly version = "7.48.0";

  constructor(private readonly path: string) {}

  getSchema = (): Promise<string> =>
    Promise.resolve(JSON.stringify({ name: "aws", version: this.version, resources: {}, functions: {} }));

  check = (_urn: string, _olds: unknown, news: unknown): Promise<CheckResult> => Promise.resolve({ inputs: news });

  diff = (_id: string, urn: string, olds: unknown, news: unknown): Promise<DiffResult> => {
    const [before, after] = [asValues(olds), asValues(news)];
    const changed = Object.keys(after).filter((key) => !key.startsWith("__") && !same(key, before[key], after[key]));
    const replaces = typeOf(urn) === TASK_DEFINITION ? changed.filter((key) => REVISED.includes(key)) : [];
    return Promise.resolve({ changes: changed.length > 0, replaces });
  };

  create = (urn: string, given: unknown): Promise<CreateResult> =>
    this.withCloud((cloud, known) => {
      const inputs = asValues(given);
      const type = typeOf(urn);
      const hash = createHash("sha256").update(urn).digest("hex");
      const { id, state } = answerResource({ type, name: urn.split("::").at(-1) ?? "", inputs, hash }, known);
      const outs = { ...state };
      if (keyOf(type, id) in cloud.resources && type !== TASK_DEFINITION)
        throw new Error(`${type} ${id} exists already`);
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
      const inputs = Object.fromEntries(
        Object.keys(asValues(props))
          .filter((key) => key in now)
          .map((key) => [key, now[key]]),
      );
      return { id, props: now, inputs };
    });

  update = (id: string, urn: string, olds: unknown, news: unknown): Promise<UpdateResult> =>
    this.withCloud((cloud) => {
      const type = typeOf(urn);
      const outs = { ...asValues(olds), ...asValues(news) };
      if (type === PARAMETER) cloud.parameters[String(outs.name)] = String(outs.value);
      cloud.resources[keyOf(type, id)] = outs;
      return { outs };
    });

  delete = (id: string, urn: string): Promise<void> =>
    this.withCloud((cloud) => {
      // Task definitions are kept (skipDestroy): the id is the family's, and the next revision has it, too.
      if (typeOf(urn) !== TASK_DEFINITION) delete cloud.resources[keyOf(typeOf(urn), id)];
    });

  invoke = (token: string, args: unknown): Promise<InvokeResult> =>
    this.withCloud((_cloud, known) => ({
      outputs: answerCall(token, asValues(args), known),
    }));

  private withCloud<T>(use: (cloud: Cloud, known: Known) => T): Promise<T> {
    const cloud = readCloud(this.path);
    const known = { region: "eu-west-1", parameters: new Map(Object.entries(cloud.parameters)), undescribed: [] };
    const result = use(cloud, known);
    writeCloud(this.path, cloud);
    return Promise.resolve(result);
  }
}

/** Registers a revision, as ECS does. */
export function register(cloud: Cloud, settings: Values): Values {
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
export function onlyService(cloud: Cloud): Values {
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

function asValues(value: unknown): Values {
  const opened = plain(value);
  return typeof opened === "object" && opened !== null ? { ...opened } : {};
}

/** JSON texts are the same when what they say is. */
function same(key: string, before: unknown, after: unknown): boolean {
  if (key === "containerDefinitions") return normal(before) === normal(after);
  return JSON.stringify(before) === JSON.stringify(after);
}

function normal(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(JSON.parse(value)) : "";
}
