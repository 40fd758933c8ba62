import { unpackedCommands } from "../../components/build/buildspec/packed";
import type { WorkflowJob } from "../../components/workflow/jobs";
import type { Action, Pipeline } from "../graph/pipelines";
import { jsonOf, mapOf, textOf, textsOf } from "../graph/read";
import type { RecordedWorkflow } from "../graph/workflows";
import { deploySteps, READING } from "./deploySteps";
import type { FileStep } from "./document";
import { scriptsStep, sharedTexts } from "./jobSteps";
import { shellSteps, shellText, stepOfAction } from "./shellStep";
import { expression, type WorkflowValues } from "./values";
import { confirmationOf, readingStep, type WrittenJob } from "./written";

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
  const shared = sharedTexts(deployed.flatMap(({ confirm }) => [READING, shellText(workflow, confirm) ?? []].flat()));
  const before = (one: Deployed, name: string) => values.output(readingStep(one.deploy), name, one.from, TAKE_BACK_JOB);
  const conditions = deployed.map(
    (one) =>
      `${bare(values.outcome(one.confirm.name, one.from, TAKE_BACK_JOB))} == 'success' && ${bare(before(one, "BEFORE_IMAGE"))} != ''`,
  );
  const builds = [...new Map(deployed.map((one, index) => [one.build.name, { one, index }])).values()];
  const failed = conditions.map((one) => `failure() && ${one}`);
  return {
    job,
    when: expression(failed.length === 1 ? (failed[0] ?? "") : failed.map((one) => `(${one})`).join(" || ")),
    steps: [
      ...(shared.length > 0 ? [scriptsStep(shared)] : []),
      ...builds.map(({ one, index }) => filesStep(of, one.build, before(one, "BEFORE_IMAGE"), conditions[index] ?? "")),
      ...deployed.flatMap((one, index) => {
        const when = expression(conditions[index] ?? "");
        return [
          ...deploySteps(of, one.deploy, shared).map((step) => ({ ...step, if: when })),
          ...shellSteps(of, one.confirm, shared).map((step) => asBefore(step, before(one, "BEFORE_COMMIT"))),
          saidStep(of, one, before(one, "BEFORE_COMMIT")),
        ];
      }),
    ],
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

/** The files of a deployment, as the build writes them, with the image that went before. */
function filesStep(of: WrittenJob, build: Action, image: string, when: string): FileStep {
  const step = stepOfAction(of.workflow, build);
  const { phases } = mapOf(jsonOf(textOf(mapOf(step?.inputs.source).buildspec) ?? ""));
  const commands = unpackedCommands(textsOf(mapOf(mapOf(phases).build).commands));
  // After the script that builds come the lines that write files.
  const script = commands.findIndex((command) => command.includes("\nprovide_image"));
  const [built] = shellSteps(of, build, []).filter(({ id }) => id === build.name);
  const copies = (built?.run ?? "").split("\n").slice(-2);
  return {
    id: build.name,
    name: "Write what a deployment of the image before is made of",
    if: expression(when),
    env: { ...built?.env, IMAGE_URI: image },
    run: [
      "set -o pipefail || exit",
      ...commands.slice(script + 1).map((command) => `${command} || exit`),
      ...copies,
    ].join("\n"),
  };
}

/** The confirmation of what went before: its commit goes into the record, and of its tests nothing is known here. */
function asBefore(step: FileStep, commit: string): FileStep {
  const env = Object.fromEntries(Object.entries(step.env ?? {}).filter(([name]) => name !== "TESTS_PASSED"));
  return { ...step, env: { ...env, COMMIT_ID: commit } };
}

function saidStep({ values, job }: WrittenJob, { deploy, confirm }: Deployed, commit: string): FileStep {
  const text = "### %s: taken back\\n\\nWhat came after its deployment failed. %s\\n\\n";
  return {
    name: `Say what became of ${deploy.deploysTo?.service ?? ""}`,
    if: expression(`!cancelled() && steps.${deploy.name}.outcome != 'skipped'`),
    env: {
      SERVICE_NAME: values.of(deploy.deploysTo?.service ?? "", job.id),
      BEFORE_COMMIT: commit,
      OUTCOME: expression(`steps.${confirm.name}.outcome`),
    },
    run: [
      'RESULT="It runs commit $BEFORE_COMMIT again."',
      '[[ $OUTCOME == success ]] || RESULT="Commit $BEFORE_COMMIT could not be brought back: look at what runs (npm run status)."',
      `printf '${text}' "$SERVICE_NAME" "$RESULT" >>"$GITHUB_STEP_SUMMARY"`,
    ].join("\n"),
  };
}

/** An expression without what stands around it. */
function bare(text: string): string {
  return text.slice("${{ ".length, -" }}".length);
}
