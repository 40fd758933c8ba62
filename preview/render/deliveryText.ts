import { inRunOrder } from "../../model/graph/pipelines";
import { count } from "../count";
import type { ListenerView, ServiceView } from "../delivery/deliveredService";
import type { ActionView, Delivery, StageView, WorkflowView } from "../delivery/delivery";
import type { Deliverer, Reception } from "../record/reception";
import { type Style, widest } from "./style";
import { withinWidth } from "./withinWidth";

/** A delivery as a picture: what starts it, stage by stage what happens, and what it brings a new version to. */
export function renderDelivery(delivery: Delivery, style: Style, width: number): readonly string[] {
  const { stages, services, triggers, elsewhere } = delivery;
  const columns = columnsOf(stages.flatMap(({ actions }) => actions));
  const starts = triggers.length > 0 ? triggers : [{ event: "a person", by: "" }];
  const events = starts.map(
    ({ event, by }) => `${style.green("●")} ${style.bold(event)}${by && style.dim(` (${by})`)}`,
  );
  return [
    ...events.slice(0, -1),
    `${events.at(-1) ?? ""} ${style.dim("──▶")} ${delivery.workflow ? "workflow" : "pipeline"} ${style.bold(delivery.pipeline)}`,
    ...(delivery.workflow ? renderJobs(delivery.workflow, style, width) : []),
    ...stages.flatMap((stage) => renderStage(stage, columns, style, width)),
    ...services.flatMap((service, index) =>
      renderService(service, index + elsewhere.length === services.length - 1, style, width),
    ),
    ...elsewhere.flatMap((target, index) => [
      ...(index === 0 ? [style.dim("│")] : []),
      `${style.dim(index === elsewhere.length - 1 ? "╰──▶" : "├──▶")} ${target} ${style.dim("(not of this stack)")}`,
    ]),
  ];
}

/** Services that somebody else delivers to: by which role, and what a new version comes to. */
export function renderReception({ by, role, services }: Reception, style: Style, width: number): readonly string[] {
  const [who, where] = [by.map(describeDeliverer).join(" and "), `${style.dim("──▶")} as role ${style.bold(role)}`];
  return [
    ...withinWidth(`${style.green("●")} delivered by ${style.bold(who)} ${where}`, { indent: 4 }, width),
    ...services.flatMap((service, index) => renderService(service, index === services.length - 1, style, width)),
  ];
}

/** `role staging-pipeline of account 111122223333`, or `jobs of environment production of acme/shop`. */
export function describeDeliverer(who: Deliverer): string {
  if (!("jobs" in who)) return `role ${who.role} of account ${who.account}`;
  const [, repository, environment] = /^repo:(.+):environment:(.+)$/.exec(who.jobs) ?? [];
  return environment === undefined ? `jobs ${who.jobs}` : `jobs of environment ${environment} of ${repository ?? ""}`;
}

/** The jobs that stages are parted into: what each waits for, whose reviewers are asked, and the role that it takes. */
function renderJobs({ jobs }: WorkflowView, style: Style, width: number): readonly string[] {
  const side = style.dim("│");
  const named = widest(jobs.map(({ id }) => id));
  return [
    side,
    ...jobs.flatMap(({ id, needs, environment, asks, actions, roles, startedWorkflow }) => {
      const of = startedWorkflow === undefined ? "" : `in workflow ${startedWorkflow}, which this one starts, `;
      const as = environment === undefined ? "no role" : `${of}environment ${environment}, ${rolesText(roles)}`;
      const asked = asks ? style.yellow(", asks its reviewers") : "";
      const after = needs.length === 0 ? "" : style.dim(` after ${needs.join(", ")}`);
      const line = `${side}  job ${style.bold(id.padEnd(named))}  ${style.dim(as)}${asked}${after}  ${style.cyan(actions.join(", "))}`;
      return withinWidth(line, { side, indent: named + 9 }, width);
    }),
  ];
}

function rolesText(roles: readonly string[]): string {
  return `${roles.length === 1 ? "role" : "roles"} ${roles.join(", then ")}`;
}

interface Columns {
  readonly name: number;
  readonly provider: number;
  readonly target: number;
}

function columnsOf(actions: readonly ActionView[]): Columns {
  return {
    name: widest(actions.map(({ name }) => name)),
    provider: widest(actions.map(providerOf)),
    target: widest(actions.map(({ target }) => target)),
  };
}

function providerOf({ provider, category }: ActionView): string {
  if (category === "Approval") return "a person";
  return category === "Test" ? `${provider} test` : provider;
}

function renderStage(stage: StageView, columns: Columns, style: Style, width: number): readonly string[] {
  const side = style.dim("│");
  const heading = `${style.cyan("■")} ${style.bold(stage.name)}${style.dim(stage.onFailure ? `  ${stage.onFailure}` : "")}`;
  return [
    side,
    ...[...(stage.gates ?? []).map((gate) => `${style.yellow("◆")} begins ${style.yellow(gate)}`), heading].flatMap(
      (line) => withinWidth(line, { side, indent: 4 }, width),
    ),
    ...inRunOrder(stage.actions).flatMap((together) =>
      together.flatMap((action, index) => {
        const label = index === 0 ? String(action.runOrder) : " ";
        const line = `${side}  ${label} ${style.dim(bracket(index, together.length))} ${renderAction(action, columns, style)}`;
        return withinWidth(line, { side, indent: columns.name + 9 }, width);
      }),
    ),
  ];
}

/** Actions that run at the same time hang together. */
function bracket(index: number, length: number): string {
  if (length === 1) return "─";
  if (index === 0) return "┬";
  return index === length - 1 ? "└" : "├";
}

function renderAction(action: ActionView, columns: Columns, style: Style): string {
  const name = action.name.padEnd(columns.name);
  const provider = providerOf(action).padEnd(columns.provider);
  const painted =
    action.category === "Approval" ? style.yellow(`${name}  ${provider}`) : `${name}  ${style.dim(provider)}`;
  const place = action.place ? `  ${style.dim(`in ${action.place}`)}` : "";
  return `${painted}  ${action.target.padEnd(columns.target)}  ${style.cyan(flow(action))}${place}`.trimEnd();
}

/** `Source → api-image`: what an action reads and what it makes. */
function flow({ inputs, outputs }: ActionView): string {
  const [read, made] = [inputs.join(", "), outputs.join(", ")];
  if (read && made) return `${read} → ${made}`;
  if (made) return `→ ${made}`;
  return read && `${read} →`;
}

/** What there is to say of a service, line by line; a line without a title goes on with the one above. */
export function serviceFactsOf(service: ServiceView, style: Style): readonly (readonly [string, string])[] {
  const { containers, repository, listeners, deployment } = service;
  return [
    ["runs", [containers.join(", "), sizeOf(service), tasksOf(service)].filter((text) => text !== "").join(", ")],
    ["renewed by", [deployment, ...service.shift].join("; ")],
    ...rows("scales", service.scales),
    ...(repository
      ? [["image", `${repository.name}, keeps ${repository.keeps.join(" and ") || "everything"}`] as const]
      : []),
    ...listeners.map(
      (listener, index) => [index === 0 ? "reached by" : "", renderListener(listener, listeners, style)] as const,
    ),
    ...rows("also runs", service.ownTasks),
    ...(service.secrets.length > 0 ? [["is told", `secrets ${service.secrets.join(", ")}`] as const] : []),
    ...rows("goes to", service.connectsTo),
    ...rows("may", service.may),
  ];
}

function renderService(service: ServiceView, last: boolean, style: Style, width: number): readonly string[] {
  const below = last ? " " : style.dim("│");
  return [
    style.dim("│"),
    `${style.dim(last ? "╰──▶" : "├──▶")} service ${style.bold(service.name)} on cluster ${style.bold(service.cluster)}`,
    ...serviceFactsOf(service, style).flatMap(([title, text]) =>
      withinWidth(`${below}    ${style.dim(title.padEnd(10))}  ${text}`, { side: below, indent: 19 }, width),
    ),
  ];
}

/** One line each, the title at the first. */
function rows(title: string, texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text, index) => [index === 0 ? title : "", text]);
}

function sizeOf({ capacity, cpu, memory, architecture }: ServiceView): string {
  const size = cpu === undefined || memory === undefined ? "" : ` ${cpu / 1024} vCPU ${memory} MiB`;
  return `${capacity}${size}${architecture === undefined ? "" : ` ${architecture}`}`;
}

function tasksOf({ desiredCount, deliveredCount }: ServiceView): string {
  if (deliveredCount === undefined || deliveredCount === desiredCount) return count(desiredCount, "task");
  return `${count(desiredCount, "task")} now, ${deliveredCount} after a delivery`;
}

function renderListener(listener: ListenerView, all: readonly ListenerView[], style: Style): string {
  const { kind, protocol, port, requests, groups } = listener;
  const name = kind.padEnd(widest(all.map((one) => one.kind)));
  const where = `${protocol} :${port}`.padEnd(widest(all.map((one) => `${one.protocol} :${one.port}`)));
  const production = all.find((one) => one.kind === "production");
  const to =
    kind === "redirect"
      ? `:${production?.port ?? ""}`
      : groups.map((group) => (groups.length > 1 ? `${group.name} ${group.weight}` : group.name)).join(", ");
  const asked = requests === undefined ? "" : `${requests}  `;
  const shown = [
    ...(listener.from === undefined ? [] : [`from ${listener.from}`]),
    ...(listener.certificate === undefined ? [] : [`certificate ${listener.certificate}`]),
  ].join(", ");
  return `${name}  ${where}  ${asked}${style.dim("──▶")} ${to || "nothing"}${shown && style.dim(`  (${shown})`)}`;
}
