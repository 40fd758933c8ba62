import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { jsonOf, listOf, mapOf } from "../../model/graph/read";
import { urnOf } from "../../model/graph/urn";
import { answerCall, answerResource, type Known, type Overrides } from "../mocks/answers";
import { keepNoTraces, monitorOf, type RegisterRequest } from "./monitor";
import { plain, UNKNOWN } from "./plain";

keepNoTraces();

/** How a program is run. */
export interface RecordOptions {
  /** @default "ecs-delivery" */
  readonly project?: string;
  /** @default "dev" */
  readonly stack?: string;
  /** Values as the engine hands them over: objects as JSON text. @default - none */
  readonly config?: Readonly<Record<string, string>>;
  /** Account that it runs in, where `aws:allowedAccountIds` names none. @default - the account of every preview */
  readonly account?: string | undefined;
  /** Run as a first `pulumi preview`: ids and computed outputs are unknown. @default false */
  readonly preview?: boolean;
  /** What `aws:ssm/getParameter` answers, by parameter name. @default - the recorded parameter's own value */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What runs before: look-ups of services answer from it. @default - nothing that is known */
  readonly live?: RecordedGraph;
  /** Answers in place of the usual ones. @default - none */
  readonly overrides?: Overrides;
}

/**
 * Runs a program under Pulumi's mocks and records every resource it registers, with the options the engine would see.
 * Throws the program's first error, as it is.
 */
export async function recordProgram(program: () => unknown, options: RecordOptions = {}): Promise<RecordedGraph> {
  const { project = "ecs-delivery", stack = "dev", config = {}, preview = false } = options;
  const recorder = new Recorder(project, stack, { "aws:region": "eu-west-1", ...config }, options);
  await pulumi.runtime.setMocks(recorder, project, stack, preview, "organization");
  pulumi.runtime.setAllConfig({ ...config });
  recorder.listen();
  await collectingFailures(() =>
    pulumi.runtime.runInPulumiStack(async () => {
      const result = await program();
      return typeof result === "function" ? (result as () => unknown)() : result;
    }),
  );
  const { stackOutputs, undescribed } = recorder;
  const defaultTags = mapOf(mapOf(jsonOf(config["aws:defaultTags"])).tags);
  return { project, stack, resources: recorder.resources(), stackOutputs, defaultTags, undescribed };
}

/**
 * Runs to the very end, and throws the first failure: one inside an `apply` is the rejection of a promise that nobody
 * awaits, surfaces a turn later, and would otherwise be taken for the next run's.
 */
async function collectingFailures(run: () => Promise<unknown>): Promise<void> {
  const failures = new Set<unknown>();
  const collect = (reason: unknown) => failures.add(reason);
  process.on("unhandledRejection", collect);
  const before = underWay();
  await run().catch(collect);
  await settled(before).catch(collect);
  await pulumi.runtime.disconnect().catch(collect);
  await turn();
  process.removeListener("unhandledRejection", collect);
  for (const failure of failures) throw failure;
}

/** How long a program may go on after its last line. */
const PATIENCE_SECONDS = 20;

/**
 * Waits as the engine's own runner does, until nothing is left to happen: an `apply` may read a file before it makes a
 * resource or fails, and nothing that is registered stands for it meanwhile.
 */
async function settled(before: number): Promise<void> {
  // Present at run time, and hidden from the typings. Public `disconnect` does the same, and ends the run.
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs: () => Promise<void> };
  const end = performance.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    await waitForRPCs();
    await turn();
    if (underWay() <= before) return;
    if (performance.now() > end)
      throw new Error(`the program still waits for something after ${PATIENCE_SECONDS} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Timers and requests that are open. Others have some, too (a test's own timeout), so only the difference counts. */
function underWay(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(Timeout|Immediate)$|Req/.test(kind)).length;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

type Draft = { -readonly [K in keyof RecordedResource]: RecordedResource[K] };

/** Answers as AWS would, and keeps what was asked. */
class Recorder implements pulumi.runtime.Mocks {
  /** What the program exported: the outputs that it registers for the stack. */
  stackOutputs: Readonly<Record<string, unknown>> = {};

  private readonly drafts = new Map<string, Draft>();
  private readonly known: Known;

  constructor(
    private readonly project: string,
    private readonly stack: string,
    config: Readonly<Record<string, string>>,
    private readonly options: RecordOptions,
  ) {
    const [account = options.account] = listOf(jsonOf(config["aws:allowedAccountIds"])).filter(
      (id) => typeof id === "string",
    );
    this.known = {
      region: config["aws:region"] ?? "eu-west-1",
      account,
      parameters: new Map(Object.entries(options.parameters ?? {})),
      undescribed: [],
      live: options.live,
      overrides: options.overrides,
    };
  }

  newResource(args: pulumi.runtime.MockResourceArgs): { id: string | undefined; state: Record<string, unknown> } {
    const inputs = asRecord(plain(args.inputs));
    if (args.custom === false && !args.type.startsWith("awsx:")) return { id: undefined, state: inputs };
    const answer = this.answer(args.type, args.name, inputs);
    // What exists is read in a preview, too: only what the program makes is not known yet.
    if (args.id) return { id: args.id, state: answer.state };
    if (this.options.preview) return { id: undefined, state: args.custom === false ? {} : inputs };
    return { id: args.custom === false ? undefined : answer.id, state: answer.state };
  }

  private answer(type: string, name: string, inputs: Record<string, unknown>) {
    const hash = createHash("sha256").update([this.project, this.stack, type, name].join("|")).digest("hex");
    return answerResource({ type, name, inputs, hash }, this.known);
  }

  call(args: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    return answerCall(args.token, asRecord(plain(args.inputs)), this.known);
  }

  /** Records registrations on their way to the mocks, which are not told of parents and options. */
  listen(): void {
    const monitor = monitorOf();
    const register = monitor.registerResource.bind(monitor);
    const outputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.newUrn = (parent, type, name) => urnOf({ project: this.project, stack: this.stack }, parent, type, name);
    monitor.registerResourceHook = (_request, done) => done(null, {});
    monitor.registerResource = (request, done) =>
      register(request, (error, response) => {
        if (!error && response) this.record(request, response.getUrn(), response.getId(), response.getObject());
        done(error, response);
      });
    monitor.registerResourceOutputs = (request, done) => {
      const registered = asRecord(plain(request.getOutputs()?.toJavaScript() ?? {}));
      const draft = this.drafts.get(request.getUrn());
      if (draft) draft.outputs = { ...draft.outputs, ...registered };
      else if (isStack(request.getUrn())) this.stackOutputs = registered;
      outputs(request, done);
    };
  }

  private record(
    request: RegisterRequest,
    urn: string,
    id: string,
    object: { toJavaScript(): unknown } | undefined,
  ): void {
    if (request.getType() === "pulumi:pulumi:Stack") return;
    if (this.drafts.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    const parent = request.getParent();
    const propertyDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((value, key) => {
      if (value.getUrnsList().length > 0) propertyDependencies[key] = value.getUrnsList();
    });
    this.drafts.set(urn, {
      urn,
      type: request.getType(),
      name: request.getName(),
      parent: parent && !isStack(parent) ? parent : undefined,
      custom: request.getCustom(),
      inputs: asRecord(plain(request.getObject()?.toJavaScript() ?? {})),
      outputs: { ...this.unknowns(request), ...asRecord(plain(object?.toJavaScript() ?? {})) },
      id: id || undefined,
      dependencies: request.getDependenciesList(),
      propertyDependencies,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      protect: request.getProtect() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete() ?? false,
      aliases: request.getAliasesList().map((alias) => JSON.stringify(alias.toObject())),
    });
  }

  /** What AWS will work out, by the word for what is not known yet; nothing where everything is known. */
  private unknowns(request: RegisterRequest): Record<string, unknown> {
    const type = request.getType();
    const answered = request.getCustom() || type.startsWith("awsx:");
    if (!this.options.preview || !answered) return {};
    const inputs = asRecord(plain(request.getObject()?.toJavaScript() ?? {}));
    const { state } = this.answer(type, request.getName(), inputs);
    return Object.fromEntries(Object.keys(state).map((key) => [key, UNKNOWN]));
  }

  /** Type tokens and look-ups whose answers are made up. */
  get undescribed(): readonly string[] {
    return [...new Set(this.known.undescribed)].sort();
  }

  /** Everything recorded, parents before children, in an order that does not depend on timing. */
  resources(): RecordedResource[] {
    const all = [...this.drafts.values()];
    return all.sort((a, b) => (a.urn < b.urn ? -1 : 1));
  }
}

function isStack(urn: string): boolean {
  return urn.includes("::pulumi:pulumi:Stack::");
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
