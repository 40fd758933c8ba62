import { LOOK_AGAIN } from "../../components/build/buildspec/confirmDelivery";
import { unpackedCommands } from "../../components/build/buildspec/packed";
import { shellWord } from "../../components/shellWord";
import { type Action, type RecordedVariable, variableGiven, variablesIn, variablesOf } from "../graph/pipelines";
import { jsonOf, mapOf, mapsOf, numberOf, type Values as Texts, textOf, textsOf } from "../graph/read";
import { physicalName } from "../graph/resources";
import type { RecordedWorkflow } from "../graph/workflows";
import type { FileStep } from "./document";
import { isWrittenAnew } from "./imageElsewhere";
import { PINNED } from "./pinned";
import { expression, folderOf, literal } from "./values";
import { confirmationOf, type ShellText, stepOfAction, type WrittenJob, withoutNotes, writtenOnce } from "./written";

/** Phases whose commands are run; what CodeBuild does after them is about CodeBuild. */
const PHASES = ["install", "pre_build", "build"] as const;

/** Output of a confirmation: the version of the record that it has written. */
export const RECORD_VERSION = "RECORD_VERSION";

/** Output of a confirmation that failed: `yes` where the deployment itself has, and was taken back. */
const KNOWN_BAD = "KNOWN_BAD";

/** What an action's commands are; undefined for an action that is none of a shell. */
export function shellText(workflow: RecordedWorkflow, action: Action): ShellText | undefined {
  const step = stepOfAction(workflow, action);
  if (!step) return undefined;
  const { phases } = specOf(step.inputs);
  const written = PHASES.flatMap((phase) => textsOf(mapOf(mapOf(phases)[phase]).commands));
  const commands = unpackedCommands(written).map((one) => withoutNotes(one));
  const [first = "", ...others] = commands;
  const text = others.length === 0 ? first : commands.map(guarded).join("\n");
  return { file: `${physicalName(step)}.sh`, text };
}

/** The first command that fails ends the step. */
function guarded(command: string): string {
  return command.includes("\n") ? `{\n${command}\n} || exit` : `${command} || exit`;
}

/** A step's buildspec, as it is written. */
export function specOf(inputs: Texts): Texts {
  return mapOf(jsonOf(textOf(mapOf(inputs.source).buildspec) ?? ""));
}

/** An action that a step of a workflow does: its commands, with what it hands on. */
export function shellSteps(of: WrittenJob, action: Action, shared: readonly ShellText[]): readonly FileStep[] {
  const { workflow, job, values } = of;
  const step = stepOfAction(workflow, action);
  const commands = shellText(workflow, action);
  if (!step || !commands) return [];
  const spec = specOf(step.inputs);
  const all = [...variablesIn(mapOf(step.inputs.environment).environmentVariables), ...variablesOf(action)];
  const env = environmentOf(spec, all);
  const named = all.filter(({ type }) => type !== "PLAINTEXT");
  const where = placeOf(of, action);
  const run = [...named.map(readParameter), writtenOnce(commands, shared)];
  const after = [...exportsOf(spec), ...recordOf(of, action), ...filesOf(spec, action)];
  const isConfirmation = confirmedDeployment(of, action) !== undefined;
  const guard = isConfirmation ? tellingGuard : lastGuarded;
  const texts = after.length === 0 && !isConfirmation ? run : [...run.map(guard), ...after];
  const own: FileStep = {
    id: action.name,
    name: textOf(step.inputs.description) ?? action.name,
    if: onlyAfterDeployment(of, action),
    // Commands of the application's own may hang; what hangs has failed.
    "timeout-minutes": step.inputs.kind === "test" ? numberOf(step.inputs.buildTimeout) : undefined,
    "working-directory": where,
    env:
      Object.keys(env).length === 0
        ? undefined
        : Object.fromEntries(Object.entries(env).map(([key, value]) => [key, values.of(value, job.id)])),
    run: texts.join("\n"),
  };
  return [...runtimeSteps(spec), own, ...lookAgain(of, action, own), ...reportSteps(spec, action)];
}

/** Id of the step that looks again after a confirmation which was stopped or failed. */
export function lookAgainStep({ name }: Action): string {
  return `${name}-again`;
}

/**
 * A deployment goes on by itself where its run is cancelled, and what runs well may only have been refused its record: then nothing
 * would say what runs, and the next `pulumi up` would take it back. The same script looks again, whatever has happened to the run.
 */
function lookAgain(of: WrittenJob, action: Action, own: FileStep): readonly FileStep[] {
  const deployment = confirmedDeployment(of, action);
  if (!deployment) return [];
  const service = of.values.of(deployment.deploysTo?.service ?? "", of.job.id);
  const env = Object.entries({ ...own.env, ...LOOK_AGAIN }).filter(([, value]) => value !== "");
  return [
    {
      ...own,
      id: lookAgainStep(action),
      name: `Record what ${service} runs, where that is well and was not recorded`,
      if: expression(
        `always() && steps.${deployment.name}.outcome != 'skipped' && steps.${action.name}.outcome != 'success' && steps.${action.name}.outputs.${KNOWN_BAD} != 'yes'`,
      ),
      env: Object.fromEntries(env),
    },
  ];
}

/** The same of a confirmation, which says whether a second look could find anything else. */
function tellingGuard(text: string): string {
  if (text.endsWith("|| exit")) return text;
  const told = `{\n  printf '${KNOWN_BAD}=%s\\n' "$${KNOWN_BAD}" >>"$GITHUB_OUTPUT"\n  exit 1\n}`;
  return text.includes("\n") ? `{\n${text}\n} || ${told}` : `${text} || ${told}`;
}

/** What follows must not happen after a failure. */
function lastGuarded(text: string): string {
  if (text.endsWith("|| exit")) return text;
  return text.includes("\n") ? `{\n${text}\n} || exit` : `${text} || exit`;
}

/** The buildspec's variables, the step's and the action's, which win; the shell takes what is not there for empty. */
function environmentOf(spec: Texts, all: readonly RecordedVariable[]): Readonly<Record<string, string>> {
  const own = Object.entries(mapOf(mapOf(spec.env).variables)).map(([name, value]) => [name, textOf(value) ?? ""]);
  const given = all.map((one) => [one.name, one.type === "SECRETS_MANAGER" ? secretIn(one).id : one.value]);
  const merged = new Map([...own, ...given].map(([name = "", value = ""]) => [name, value]));
  return Object.fromEntries([...merged].filter(([, value]) => value !== ""));
}

/** A confirmation cleans up after a deployment that failed; where none was begun there is nothing to confirm. */
export function onlyAfterDeployment(of: WrittenJob, action: Action): string | undefined {
  const deployment = confirmedDeployment(of, action);
  return deployment && expression(`!cancelled() && steps.${deployment.name}.outcome != 'skipped'`);
}

/** The deployment of the same job that an action confirms. */
function confirmedDeployment({ pipeline, job }: WrittenJob, action: Action): Action | undefined {
  return pipeline.actions.find(
    ({ deploysTo, name }) =>
      deploysTo !== undefined &&
      job.actions.includes(name) &&
      confirmationOf(pipeline.actions, deploysTo.service) === action,
  );
}

/** The folder with what an earlier step has left; the root of the files for what starts from them. */
function placeOf(of: WrittenJob, { inputs: [input] }: Action): string | undefined {
  const { pipeline, job } = of;
  const maker = pipeline.actions.find(({ outputs }) => input !== undefined && outputs.includes(input));
  if (!maker || maker.category === "Source") return undefined;
  // What a step of another job has left is on another machine.
  if (!job.actions.includes(maker.name) && !isWrittenAnew(of, maker)) return undefined;
  return folderOf(input ?? "");
}

function exportsOf(spec: Texts): readonly string[] {
  return textsOf(mapOf(spec.env)["exported-variables"]).map(
    (name) => `printf '${name}=%s\\n' "$${name}" >>"$GITHUB_OUTPUT" || exit`,
  );
}

/** Which version of the record a confirmation has written: whoever takes the delivery back looks whether it is still the newest. */
function recordOf({ pipeline }: WrittenJob, action: Action): readonly string[] {
  const isConfirmation = pipeline.actions.some(
    ({ deploysTo }) => deploysTo !== undefined && confirmationOf(pipeline.actions, deploysTo.service) === action,
  );
  const writes = isConfirmation && (variableGiven(action, "DELIVERED_IMAGE_PARAMETER") ?? "") !== "";
  return writes ? [`printf '${RECORD_VERSION}=%s\\n' "$((RECORD_VERSION + 1))" >>"$GITHUB_OUTPUT" || exit`] : [];
}

function filesOf(spec: Texts, { outputs: [output] }: Action): readonly string[] {
  const files = textsOf(mapOf(spec.artifacts).files);
  if (files.length === 0 || output === undefined) return [];
  return [
    `mkdir -p "$RUNNER_TEMP/${output}" || exit`,
    `cp -- ${files.map(shellWord).join(" ")} "$RUNNER_TEMP/${output}/"`,
  ];
}

/** A variable whose value AWS keeps; no line of it is shown. */
function readParameter(variable: RecordedVariable): string {
  const { name, type } = variable;
  const ask =
    type === "SECRETS_MANAGER"
      ? askSecret(variable)
      : `aws ssm get-parameters --names "$${name}" --with-decryption --query 'Parameters[0].Value' --output text`;
  const mask = `while IFS= read -r LINE; do printf '::add-mask::%s\\n' "$LINE"; done <<<"$${name}"`;
  return `${name}=$(${ask}) || exit\n${mask}\nexport ${name}`;
}

/** ARN of a secret, and what may stand behind it: a key of its JSON, a stage, a version. */
function secretIn({ value }: RecordedVariable) {
  const parts = value.split(":");
  const [key = "", stage = "", version = ""] = parts.slice(7);
  return { id: parts.slice(0, 7).join(":"), key, stage, version };
}

function askSecret(variable: RecordedVariable): string {
  const { key, stage, version } = secretIn(variable);
  const which = `${stage && ` --version-stage ${shellWord(stage)}`}${version && ` --version-id ${shellWord(version)}`}`;
  const ask = `aws secretsmanager get-secret-value --secret-id "$${variable.name}"${which} --query SecretString --output text`;
  return key === "" ? ask : `${ask} | jq -er --arg key ${shellWord(key)} '.[$key]'`;
}

/** Versions of runtimes; the image of a runner has others. */
function runtimeSteps(spec: Texts): readonly FileStep[] {
  const versions = mapOf(mapOf(mapOf(spec.phases).install)["runtime-versions"]);
  const node = textOf(versions.nodejs);
  return node === undefined ? [] : [{ uses: PINNED.setupNode, with: { "node-version": node } }];
}

function reportSteps(spec: Texts, action: Action): readonly FileStep[] {
  const reports = mapsOf(Object.values(mapOf(spec.reports)));
  return reports.map((report, index) => {
    const base = textOf(report["base-directory"]);
    const paths = textsOf(report.files).map((file) => (base === undefined ? file : `${base}/${file}`));
    return {
      name: "Keep the results",
      if: expression("!cancelled()"),
      uses: PINNED.uploadArtifact,
      with: {
        name: index === 0 ? `${action.name}-results` : `${action.name}-results-${index + 1}`,
        path: literal(paths.join("\n")),
        "if-no-files-found": "ignore",
      },
    };
  });
}
