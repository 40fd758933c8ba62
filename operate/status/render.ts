import { causeOf } from "../../components/service/stopCauses";
import { commandLine } from "../command";
import type { StackPlace } from "../stackPlace";
import { approvalsOf, goesOn, lastRun, type PipelineNow } from "./pipelineNow";
import type { RolloutNow, ServiceNow } from "./serviceNow";
import type { StackNow } from "./stackNow";
import { codeDeployment, failedActions, runNamed, statusVerdictOf, verdictLine } from "./verdict";

/** Everything that is known of a stack: the verdict first. */
export function renderStack(now: StackNow, clock: Date): string {
  const { place, pipelines, services, refusals } = now;
  const delivered =
    place.deliveredBy === undefined
      ? []
      : ["", `delivered by stack ${place.deliveredBy}: npm run status -- ${place.deliveredBy}`];
  const unread = refusals.length === 0 ? [] : ["", "not read", ...refusals.map((why) => `  ${why}`)];
  return [
    verdictLine(place.stack, statusVerdictOf(now)),
    ...pipelines.flatMap((one) => ["", ...pipelineLines(one, place, clock)]),
    ...delivered,
    ...services.flatMap((one) => ["", ...serviceLines(one, place, clock)]),
    ...unread,
  ].join("\n");
}

function field(name: string, text: string): string {
  return `  ${name.padEnd(11)} ${text}`;
}

/** Fields of the same name: the name stands once. */
function fields(name: string, texts: readonly string[]): readonly string[] {
  return texts.map((text, index) => field(index === 0 ? name : "", text));
}

function pipelineLines(pipeline: PipelineNow, { region }: StackPlace, clock: Date): readonly string[] {
  const { name, is, stages, runs } = pipeline;
  if (is !== "there") return [`pipeline ${name}  ${is === "missing" ? "there is none" : "cannot be read"}`];
  const last = lastRun(pipeline);
  const failed = last?.status === "Failed" ? failedActions(last, stages) : [];
  return [
    `pipeline ${name}`,
    ...fields(
      "stages",
      stages.map(({ name: stage, status, run, waits, actions }) => {
        const doing = actions.filter((one) => one.status === "InProgress").map((one) => one.name);
        const of = runs.find(({ id }) => id === run);
        const words = [
          stage.padEnd(18),
          status.padEnd(11),
          run === undefined ? "" : runNamed(of ?? { id: run, commit: undefined }),
        ];
        const more = [doing.length > 0 ? doing.join(", ") : undefined, waits].flatMap((one) => one ?? []);
        return `${words.join(" ")}${more.length > 0 ? `  ${more.join("; ")}` : ""}`.trimEnd();
      }),
    ),
    ...fields(
      "runs",
      runs.map((run) => {
        const why = run.backTo === undefined ? "" : `  goes back to run ${run.backTo.slice(0, 8)}`;
        return `${runNamed(run).padEnd(12)} ${run.status.padEnd(11)} ${ago(run.started, clock)}${why}${run.says ? `  ${run.says}` : ""}`;
      }),
    ),
    ...failed.flatMap(({ stage, action, said }) => [
      field("failed", `${action} in stage ${stage}${said ? `: ${said}` : ""}`),
      ...explained(said),
    ]),
    ...approvalsOf(pipeline, region).flatMap(({ stage, action, command }) => [
      field("waits", `${action.name} in stage ${stage} waits for a person${sinceSaid(action.since, clock)}`),
      ...(action.link === undefined ? [] : [field("", action.link)]),
      field("yes", command),
      field("no", command.replace("status=Approved", "status=Rejected")),
    ]),
  ];
}

function sinceSaid(since: Date | undefined, clock: Date): string {
  return since === undefined ? "" : `, since ${ago(since, clock)}`;
}

function explained(said: string | undefined): readonly string[] {
  const known = said === undefined ? undefined : causeOf(said);
  return known ? [field("cause", known.cause), field("fix", known.fix)] : [];
}

function serviceLines(service: ServiceNow, place: StackPlace, clock: Date): readonly string[] {
  const { name, is, isOthers, running, pending, desired } = service;
  const title = `service ${name}${isOthers ? "  (someone else's: its image is not recorded)" : ""}`;
  if (is !== "there") {
    const why = is === "missing" ? "there is none in the cluster" : "cannot be read";
    return [`${title}  ${why}`, ...deliveredLines(service)];
  }
  const rings = service.alarms.filter(({ state }) => state === "ALARM");
  return [
    title,
    ...deliveredLines(service),
    field("tasks", `${running} running, ${pending} pending, ${desired} desired`),
    ...fields("rollout", service.rollouts.map(rolloutSaid)),
    ...deploymentLines(service, place, clock),
    ...codeDeployLines(service, place),
    ...fields(
      "traffic",
      service.traffic.map(
        ({ of, shares }) => `${of}: ${shares.map(({ group, percent }) => `${group} ${percent} %`).join(", ")}`,
      ),
    ),
    ...fields(
      "alarms",
      service.alarms.length === 0
        ? []
        : rings.length === 0
          ? [`${service.alarms.length} quiet`]
          : rings.map(({ name: alarm, why }) => `${alarm} rings${why ? `: ${why}` : ""}`),
    ),
    ...fields(
      "events",
      service.events.map(({ at, says }) => `${ago(at, clock).padEnd(11)} ${says}`),
    ),
    ...service.stopped.flatMap(({ reason, count, newest, known, lines }) => [
      field("stopped", `${count} × ${reason} (${ago(newest, clock)})`),
      ...(known ? [field("cause", known.cause), field("fix", known.fix)] : []),
      ...fields(
        "last lines",
        lines.map((line) => `| ${line}`),
      ),
    ]),
  ];
}

function deliveredLines({ delivered, image, isOthers }: ServiceNow): readonly string[] {
  const digest = (text: string) => text.replace(/@sha256:([0-9a-f]{12})[0-9a-f]+$/, "@sha256:$1");
  if (delivered === "nothing") return [field("delivered", "nothing yet")];
  if (delivered === "unknown") return image === undefined ? [] : [field("image", digest(image))];
  const commit = delivered.commit ? `commit ${delivered.commit}` : "commit not recorded";
  // While a deployment runs, or after one that nobody recorded.
  const differs = image !== undefined && image !== delivered.image && !isOthers;
  return [
    field("delivered", `${commit}${delivered.at ? `, ${delivered.at}` : ""}`),
    field("image", digest(delivered.image)),
    ...(differs ? [field("runs", `${digest(image)}, which is not (yet) recorded as delivered`)] : []),
  ];
}

function rolloutSaid({ status, state, taskDefinition, running, pending, desired, why }: RolloutNow): string {
  const revision = taskDefinition.split("/").at(-1) ?? taskDefinition;
  const counts = `${running} running, ${pending} pending, ${desired} desired`;
  return `${status} ${state} ${revision}: ${counts}${why && state !== "COMPLETED" ? `; ${why}` : ""}`;
}

function deploymentLines({ deployment }: ServiceNow, { region }: StackPlace, clock: Date): readonly string[] {
  if (!deployment) return [];
  const { arn, status, stage, why, rings, traffic, created, pauses } = deployment;
  const shares = [
    traffic.production === undefined ? undefined : `${traffic.production} % of production`,
    traffic.test === undefined ? undefined : `${traffic.test} % of test`,
  ].flatMap((one) => one ?? []);
  const moving = status === "IN_PROGRESS" || status === "ROLLBACK_IN_PROGRESS";
  const words = [
    status,
    moving && stage ? `at ${stage}` : undefined,
    moving && shares.length > 0 ? `the new version has ${shares.join(", ")}` : undefined,
  ].flatMap((one) => one ?? []);
  const failed = status.startsWith("ROLLBACK") || status === "STOPPED";
  const place = region === undefined ? [] : ["--region", region];
  const call = ["ecs", "continue-service-deployment", ...place, "--service-deployment-arn", arn];
  const answer = (hook: string, action: string) => commandLine("aws", ...call, "--hook-id", hook, "--action", action);
  return [
    field("deployment", `${words.join(", ")} (${ago(created, clock)})`),
    ...(failed && why ? [field("why", why), ...explained(why)] : []),
    ...(rings.length > 0 ? [field("rang", rings.join(", "))] : []),
    ...pauses.flatMap(({ hook, until, atTheEnd }) => [
      field(
        "waits",
        `for a person${until ? `, until ${utc(until)}` : ""}${atTheEnd ? `; then it ${atTheEnd === "CONTINUE" ? "goes on" : "goes back"} by itself` : ""}`,
      ),
      field("go on", answer(hook, "CONTINUE")),
      field("go back", answer(hook, "ROLLBACK")),
    ]),
  ];
}

function codeDeployLines(service: ServiceNow, { region }: StackPlace): readonly string[] {
  const id = codeDeployment(service);
  if (id === undefined) return [];
  return [field("go back", stopDeployment(id, region))];
}

/** The command that takes a deployment of CodeDeploy back. */
export function stopDeployment(id: string, region: string | undefined): string {
  const place = region === undefined ? [] : ["--region", region];
  return commandLine("aws", "deploy", "stop-deployment", ...place, "--deployment-id", id, "--auto-rollback-enabled");
}

/** How long ago, in the largest unit. */
export function ago(date: Date | undefined, clock: Date): string {
  if (date === undefined) return "some time ago";
  const seconds = Math.max(0, Math.round((clock.getTime() - date.getTime()) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** What moves, in few lines: those that are new since the last look are told. */
export function progressOf({ pipelines, services }: StackNow): readonly string[] {
  return [
    ...pipelines.flatMap(({ stages, runs }) => {
      const moving = new Map(runs.filter(goesOn).map((run) => [run.id, run]));
      return stages.flatMap(({ name, run, status, actions }) => {
        const of = run === undefined ? undefined : moving.get(run);
        if (!of) return [];
        const acting = actions.filter((one) => one.status === "InProgress").map((one) => one.name);
        return [`${runNamed(of)} ${name} ${status}${acting.length > 0 ? ` (${acting.join(", ")})` : ""}`];
      });
    }),
    ...services.flatMap(({ name, rollouts, events, deployment }) => [
      ...rollouts.map((one) => `${name} ${rolloutSaid(one)}`),
      ...(deployment?.stage && deployment.status === "IN_PROGRESS"
        ? [
            `${name} ${deployment.stage}${deployment.traffic.production === undefined ? "" : `: ${deployment.traffic.production} % of production`}`,
          ]
        : []),
      ...[...events].reverse().map(({ says }) => says),
    ]),
  ];
}
