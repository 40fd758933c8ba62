import { takeBackDueCommand } from "../../components/build/buildspec/workflowSteps";
import type { WorkflowJob } from "../../components/workflow/jobs";
import { type Action, type Pipeline, variableGiven } from "../graph/pipelines";
import type { RecordedWorkflow } from "../graph/workflows";
import { AWAITING, deploymentsOf, READING } from "./deploySteps";
import type { FileStep } from "./document";
import { filesOfImage } from "./imageFiles";
import { scriptsStep, sharedTexts } from "./jobSteps";
import { NOTED_ATTEMPT } from "./rerun";
import { lookAgainStep, RECORD_VERSION, shellSteps, shellText } from "./shellStep";
import { expression, STACK_STEP, type WorkflowValues } from "./values";
import {
  confirmationOf,
  readingStep,
  type ShellText,
  stepOfAction,
  type WrittenJob,
  withoutNotes,
  writtenOnce,
} from "./written";

/** The commands that look whether there is something to be taken back. */
const DUE: ShellText = { file: "take-back-due.sh", text: withoutNotes(takeBackDueCommand()) };

/** Job that brings back what went before. */
const TAKE_BACK_JOB = "take-back";

/** A job that is run when something after a good deployment has failed, and what it does. */
export interface TakingBack {
  readonly job: WorkflowJob;
  readonly when: string;
  readonly steps: readonly FileStep[];
}

/** A deployment that is taken back: its confirmation, the build that wrote its files, and the job that has done them. */
interface Deployed {
  readonly deploy: Action;
  readonly confirm: Action;
  readonly build: Action;
  readonly from: string;
}

/**
 * What brings back the images that went before, by the same actions and scripts, when a step after a good deployment fails: a test
 * of what runs, another service, the record. A pipeline runs the stage again for that, with what last went through it. A first
 * delivery has nothing before it, and stays.
 */
export function takingBack(
  pipeline: Pipeline,
  workflow: RecordedWorkflow,
  here: readonly WorkflowJob[],
  values: WorkflowValues,
): TakingBack | undefined {
  const deployed = deployedIn(pipeline, workflow, here);
  const [first] = deployed;
  // Nothing comes after the one deployment and its confirmation, which cleans up after itself.
  const stages = pipeline.stages.filter(({ onFailure }) => onFailure === "ROLLBACK");
  const last = here.flatMap(({ actions }) => actions).at(-1);
  if (!first || (deployed.length === 1 && last === first.confirm.name) || stages.length === 0) return undefined;
  const ids = here.map(({ id }) => id);
  const since = Math.min(...deployed.map(({ from }) => ids.indexOf(from)));
  const names = [...new Set(deployed.flatMap(({ build, deploy, confirm }) => [build.name, deploy.name, confirm.name]))];
  const minutes = here.find(({ id }) => id === first.from)?.timeoutInMinutes ?? 0;
  const job: WorkflowJob = {
    id: TAKE_BACK_JOB,
    needs: ids.slice(since),
    environment: workflow.environment,
    actions: names,
    asks: false,
    timeoutInMinutes: minutes,
  };
  const of: WrittenJob = { pipeline, workflow, job, values };
  const shared = sharedTexts(
    deployed.flatMap(({ confirm }) => {
      // A confirmation may have to look again.
      const text = shellText(workflow, confirm);
      return [DUE, READING, AWAITING, ...(text ? [text, text] : [])];
    }),
  );
  const conditions = deployed.map(
    (one) =>
      `${bare(values.outcome(one.confirm.name, one.from, TAKE_BACK_JOB))} == 'success' && ${bare(said(of, one, "BEFORE_IMAGE"))} != ''`,
  );
  const builds = [...new Set(deployed.map(({ build }) => build))];
  const failed = conditions.map((one) => `failure() && ${one}`);
  const steps = deploymentsOf(
    of,
    deployed.map(({ deploy }) => deploy),
    shared,
  );
  return {
    job,
    when: expression(failed.length === 1 ? (failed[0] ?? "") : failed.map((one) => `(${one})`).join(" || ")),
    // Whatever becomes of one service, the others are brought back as well.
    steps: [
      ...(shared.length > 0 ? [scriptsStep(shared)] : []),
      ...deployed.map((one, index) => dueStep(of, one, conditions[index] ?? "", shared)),
      ...builds.map((build) => filesStep(of, build, deployed)),
      ...deployed.flatMap((one, index) => {
        const { before = [] } = steps[index] ?? {};
        return before.map((step, at) => ({
          ...step,
          if: at === 0 ? whenWell(one.build.name, isDue(one)) : whenWell(before[at - 1]?.id),
        }));
      }),
      ...steps.map(({ before, deploy }) => ({ ...deploy, if: whenWell(before.at(-1)?.id) })),
      ...steps.flatMap(({ wait }) => wait ?? []),
      ...deployed.flatMap((one) =>
        shellSteps(of, one.confirm, shared).map((step) => asBefore(step, said(of, one, "BEFORE_COMMIT"))),
      ),
      ...deployed.map((one, index) => saidStep(of, one, conditions[index] ?? "")),
    ],
  };
}

/** What the job that has deployed says of it. */
function said({ values }: WrittenJob, { deploy, from }: Deployed, name: string): string {
  return values.output(readingStep(deploy), name, from, TAKE_BACK_JOB);
}

/** Where a step has ended well, whatever else has not. */
function whenWell(step: string | undefined, besides?: string): string {
  const more = besides === undefined ? "" : ` && ${besides}`;
  return expression(`!cancelled() && steps.${step ?? ""}.outcome == 'success'${more}`);
}

/** Id of the step that looks whether a service is to be taken back. */
function dueId({ deploy }: Deployed): string {
  return `${deploy.name}-due`;
}

function isDue(one: Deployed): string {
  return `steps.${dueId(one)}.outputs.DUE == 'yes'`;
}

/**
 * Whether what this run has delivered is still recorded, and something has failed after it: its run may be an old one, or one that
 * ended well, that somebody runs again.
 */
function dueStep(of: WrittenJob, one: Deployed, when: string, shared: readonly ShellText[]): FileStep {
  const { values, job } = of;
  const service = one.deploy.deploysTo?.service ?? "";
  return {
    id: dueId(one),
    name: `Look whether ${service} still runs what this run has delivered`,
    if: expression(`!cancelled() && ${when}`),
    env: {
      SERVICE_NAME: values.of(service, job.id),
      DELIVERED_IMAGE_PARAMETER: values.of(variableGiven(one.confirm, "DELIVERED_IMAGE_PARAMETER") ?? "", job.id),
      RECORD_VERSION: values.output(one.confirm.name, RECORD_VERSION, one.from, job.id),
      DEPLOYED_IN: values.output(STACK_STEP, NOTED_ATTEMPT, one.from, job.id),
      JOBS: job.needs.join(" "),
      GH_TOKEN: expression("github.token"),
    },
    run: [
      `{\n${writtenOnce(DUE, shared)}\n} || exit`,
      ...["DUE", "NOW"].map((name) => `printf '${name}=%s\\n' "$${name}" >>"$GITHUB_OUTPUT"`),
    ].join("\n"),
  };
}

function deployedIn(pipeline: Pipeline, workflow: RecordedWorkflow, here: readonly WorkflowJob[]): readonly Deployed[] {
  return here.flatMap(({ id, actions, environment }) =>
    actions.flatMap((name): readonly Deployed[] => {
      const deploy = pipeline.actions.find((action) => action.name === name && action.deploysTo !== undefined);
      const confirm = deploy && confirmationOf(pipeline.actions, deploy.deploysTo?.service);
      const build = pipeline.actions.find(({ outputs }) => outputs.some((one) => deploy?.inputs.includes(one)));
      const isWhole = confirm && build && actions.includes(confirm.name) && stepOfAction(workflow, build);
      return deploy && isWhole && environment === workflow.environment ? [{ deploy, confirm, build, from: id }] : [];
    }),
  );
}

/** The files of the deployments of an image, as the build writes them, with the image that went before. */
function filesStep(of: WrittenJob, build: Action, all: readonly Deployed[]): FileStep {
  const deployed = all.filter((one) => one.build === build);
  const [first] = deployed;
  const due = deployed.map(isDue);
  const { env, run } = filesOfImage(of, build, first ? said(of, first, "BEFORE_IMAGE") : "");
  return {
    id: build.name,
    name: "Write what a deployment of the image before is made of",
    if: expression(`!cancelled() && ${due.length === 1 ? (due[0] ?? "") : `(${due.join(" || ")})`}`),
    env,
    run,
  };
}

/** The confirmation of what went before: its commit goes into the record, and of its tests nothing is known here. */
function asBefore(step: FileStep, commit: string): FileStep {
  const env = Object.fromEntries(Object.entries(step.env ?? {}).filter(([name]) => name !== "TESTS_PASSED"));
  return { ...step, env: { ...env, COMMIT_ID: commit } };
}

function saidStep(of: WrittenJob, one: Deployed, when: string): FileStep {
  const { values, job } = of;
  const { deploy, confirm } = one;
  const text = "### %s: %s\\n\\n%s %s\\n\\n";
  return {
    name: `Say what became of ${deploy.deploysTo?.service ?? ""}`,
    if: expression(`!cancelled() && ${when}`),
    env: {
      SERVICE_NAME: values.of(deploy.deploysTo?.service ?? "", job.id),
      BEFORE_COMMIT: said(of, one, "BEFORE_COMMIT"),
      DUE: expression(`steps.${dueId(one)}.outputs.DUE`),
      NOW: expression(`steps.${dueId(one)}.outputs.NOW`),
      DEPLOYED_IN: values.output(STACK_STEP, NOTED_ATTEMPT, one.from, job.id),
      OUTCOME: expression(`steps.${confirm.name}.outcome`),
      AGAIN: expression(`steps.${lookAgainStep(confirm)}.outcome`),
    },
    run: [
      "[[ $AGAIN != success ]] || OUTCOME=success",
      'WHY="Something failed after its deployment."',
      'WORD="not taken back" RESULT="Commit $BEFORE_COMMIT could not be brought back: look at what runs (npm run status)."',
      '[[ $DUE != no ]] || RESULT="Commit $NOW runs now, or is being delivered: nothing is taken back."',
      '[[ $DUE/$OUTCOME != yes/success ]] || WORD="taken back" RESULT="It runs commit $BEFORE_COMMIT again."',
      '[[ $DUE != stays ]] || WHY="Nothing failed after its deployment in attempt $DEPLOYED_IN, which has deployed it." RESULT="It stays: commit $NOW."',
      `printf '${text}' "$SERVICE_NAME" "$WORD" "$WHY" "$RESULT" >>"$GITHUB_STEP_SUMMARY"`,
      `[[ $DUE == no || $DUE == stays || $OUTCOME == success ]] || printf '::error title=%s is not taken back::%s\\n' "$SERVICE_NAME" "$RESULT"`,
    ].join("\n"),
  };
}

/** An expression without what stands around it. */
function bare(text: string): string {
  return text.slice("${{ ".length, -" }}".length);
}
