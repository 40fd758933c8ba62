import { sessionSeconds, type WorkflowJob } from "../../components/workflow/jobs";
import type { Action, Pipeline } from "../graph/pipelines";
import { arnOf } from "../graph/resources";
import type { RecordedWorkflow } from "../graph/workflows";
import { AWAITING, deploySteps, READING } from "./deploySteps";
import type { FileStep } from "./document";
import { imagesElsewhere } from "./imageElsewhere";
import { filesFromElsewhere } from "./imageFiles";
import { PINNED } from "./pinned";
import { attemptStep, NOTED_ATTEMPT } from "./rerun";
import { onlyAfterDeployment, shellSteps, shellText } from "./shellStep";
import { SUMMARY, summaryStep } from "./summaryStep";
import { expression, STACK_STEP } from "./values";
import { confirmationOf, type ShellText, type WrittenJob } from "./written";

/** Steps of a job, and the address that GitHub shows beside its environment. */
export interface JobSteps {
  readonly steps: readonly FileStep[];
  readonly url?: string | undefined;
}

/** Every job begins with the files of the commit, and with the role where it takes one. */
export function stepsOfJob(of: WrittenJob): JobSteps {
  const { pipeline, workflow, job } = of;
  const actions = job.actions.flatMap((name) => pipeline.actions.find((one) => one.name === name) ?? []);
  const deployed = actions.filter(({ deploysTo }) => deploysTo !== undefined);
  const shared = sharedTexts([
    ...actions.flatMap((action) => shellText(workflow, action) ?? []),
    ...deployed.flatMap(() => [READING, AWAITING, SUMMARY]),
    // A confirmation may have to look again.
    ...deployed.flatMap(({ deploysTo }) => {
      const confirm = confirmationOf(actions, deploysTo?.service);
      return (confirm && shellText(workflow, confirm)) ?? [];
    }),
  ]);
  const own = rolesIn(of, actions).flatMap(({ role, actions: together }, index) => {
    const steps = inJobOrder(together).flatMap((group) => actionSteps(of, group, shared));
    // The first role is taken where the job begins; one that cleans up after a failure is taken after one, too, and what looks again
    // needs it in a run that is cancelled.
    const when = together.map((action) => onlyAfterDeployment(of, action)?.replace("!cancelled()", "always()"));
    return index === 0 ? steps : [credentials(of, role, conditionOf(when)), ...steps];
  });
  return {
    url: deployed.length === 1 ? addressOf(of, deployed) : undefined,
    steps: [
      ...attemptStep(of),
      ...beginningOf(of),
      ...(shared.length > 0 ? [scriptsStep(shared)] : []),
      ...filesFromElsewhere(of),
      ...own,
      ...deployed.map((action) => summaryStep(of, action, shared)),
    ],
  };
}

/** What a job begins with: the files of the commit, where it reads them, and the role, where it takes one. */
export function beginningOf(of: WrittenJob): readonly FileStep[] {
  const { pipeline, workflow, job } = of;
  const actions = job.actions.flatMap((name) => pipeline.actions.find((one) => one.name === name) ?? []);
  return [
    ...(readsSource(pipeline, [...actions, ...imagesElsewhere(of)]) ? [checkout(pipeline)] : []),
    ...(job.environment === undefined
      ? []
      : [credentials(of, rolesIn(of, actions)[0]?.role), stackStep(workflow, job)]),
  ];
}

/** Where the one service answers that the job deploys to. */
function addressOf(
  { workflow: { addresses }, job, values }: WrittenJob,
  [action]: readonly Action[],
): string | undefined {
  const address = addresses[action?.deploysTo?.service ?? ""];
  return address === undefined ? undefined : values.of(address, job.id);
}

function actionSteps(of: WrittenJob, actions: readonly Action[], shared: readonly ShellText[]): readonly FileStep[] {
  return actions.every(({ deploysTo }) => deploysTo !== undefined)
    ? deploySteps(of, actions, shared)
    : actions.flatMap((action) => shellSteps(of, action, shared));
}

/** Deployments that a stage has at the same time go at the same time; everything else is one after the other. */
export function inJobOrder(actions: readonly Action[]): readonly (readonly Action[])[] {
  const groups: Action[][] = [];
  for (const action of actions) {
    const last = groups.at(-1);
    const [before] = last ?? [];
    const isBeside =
      before?.deploysTo !== undefined &&
      action.deploysTo !== undefined &&
      before.stage === action.stage &&
      before.runOrder === action.runOrder;
    if (isBeside) last?.push(action);
    else groups.push([action]);
  }
  return groups;
}

function checkout({ actions }: Pipeline): FileStep {
  const depth = actions.find(({ category }) => category === "Source")?.configuration.FetchDepth ?? "1";
  const history: Readonly<Record<string, string>> = depth === "1" ? {} : { "fetch-depth": depth };
  return { uses: PINNED.checkout, with: { ...history, "persist-credentials": "false" } };
}

/** A role, its region, and the actions one after another that are done in it. */
interface InRole {
  readonly role: { readonly arn: string; readonly region: string };
  readonly actions: Action[];
}

/** The actions of a job by the roles that they take, in their order. */
function rolesIn({ workflow }: WrittenJob, actions: readonly Action[]): readonly InRole[] {
  const own = (workflow.role && arnOf(workflow.role)) ?? "";
  const groups: InRole[] = [];
  for (const action of actions) {
    const role = { arn: action.roleArn ?? own, region: action.region ?? workflow.region };
    const last = groups.at(-1);
    if (last?.role.arn === role.arn && last.role.region === role.region) last.actions.push(action);
    else groups.push({ role, actions: [action] });
  }
  return groups;
}

/** Any of these; nothing where one of them is not asked for. */
function conditionOf(conditions: readonly (string | undefined)[]): string | undefined {
  const bodies = conditions.flatMap((one) => (one === undefined ? [] : [one.slice(4, -3)]));
  if (bodies.length < conditions.length || bodies.length === 0) return undefined;
  return expression(bodies.length === 1 ? (bodies[0] ?? "") : bodies.map((body) => `(${body})`).join(" || "));
}

/** Whether a job reads files of the commit: what takes the files of an earlier step, or goes on elsewhere, has no part in them. */
function readsSource({ actions: all }: Pipeline, actions: readonly Action[]): boolean {
  const sources = all.filter(({ category }) => category === "Source").flatMap(({ outputs }) => outputs);
  return actions.some(({ inputs }) => inputs.some((one) => sources.includes(one)));
}

/** A role for as long as the job may take; no step has to ask again. */
function credentials({ workflow, job, values }: WrittenJob, role: InRole["role"] | undefined, when?: string): FileStep {
  const { arn = "", region = workflow.region } = role ?? {};
  return {
    if: when,
    uses: PINNED.credentials,
    with: {
      "role-to-assume": values.of(arn, job.id),
      "role-session-name": `${sessionName(values.nameOf(job.id))}-${expression("github.run_id")}`,
      "role-duration-seconds": String(sessionSeconds(job)),
      "aws-region": region,
    },
  };
}

/** AWS takes 64 characters, and the number of a run is one of eleven, or of some more one day. */
function sessionName(name: string): string {
  return name.replaceAll(/[^\w+=,.@-]/g, "-").slice(0, 48);
}

function stackStep({ published, publishedIn, environment }: RecordedWorkflow, job: WorkflowJob): FileStep {
  const started = `printf 'started=%s\\n${NOTED_ATTEMPT}=%s\\n' "$EPOCHSECONDS" "$GITHUB_RUN_ATTEMPT" >>"$GITHUB_OUTPUT"`;
  const read = `aws ssm get-parameter --name "$STACK_PARAMETER" --query Parameter.Value --output text >>"$GITHUB_OUTPUT"`;
  return Object.keys(published).length === 0 || job.environment !== environment
    ? { id: STACK_STEP, name: "Note when it starts", run: started }
    : {
        id: STACK_STEP,
        name: "Ask what only the stack knows",
        env: { STACK_PARAMETER: publishedIn },
        run: `${started}\n${read}`,
      };
}

/** Commands that more than one action of a job runs. */
export function sharedTexts(texts: readonly ShellText[]): readonly ShellText[] {
  const several = texts.filter(({ text }) => texts.filter((other) => other.text === text).length > 1);
  return several.filter(({ text }, index) => several.findIndex((other) => other.text === text) === index);
}

/** They are written once. */
export function scriptsStep(shared: readonly ShellText[]): FileStep {
  const files = shared.map(
    ({ file, text }) => `cat >"$RUNNER_TEMP/delivery/${file}" <<'END_OF_COMMANDS' || exit\n${text}\nEND_OF_COMMANDS`,
  );
  return {
    name: "Write down what several steps run",
    run: [`mkdir -p "$RUNNER_TEMP/delivery" || exit`, ...files].join("\n"),
  };
}
