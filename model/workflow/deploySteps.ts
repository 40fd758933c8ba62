import { awaitDeploymentCommand, taskDefinitionCommand } from "../../components/build/buildspec/workflowSteps";
import { defined } from "../../components/defined";
import type { Action } from "../graph/pipelines";
import type { FileStep } from "./document";
import { PINNED } from "./pinned";
import { expression, folderOf } from "./values";
import {
  confirmationOf,
  readingStep,
  type ShellText,
  toldToConfirmation,
  type WrittenJob,
  withoutNotes,
  writtenOnce,
} from "./written";

/** The commands of the step before a deployment. */
export const READING: ShellText = { file: "task-definition.sh", text: withoutNotes(taskDefinitionCommand()) };

/** The commands that wait for a deployment which was started before. */
export const AWAITING: ShellText = { file: "await-deployment.sh", text: withoutNotes(awaitDeploymentCommand()) };

/** What the step before a deployment hands on. */
const HANDED_ON = ["IMAGE", "CONTAINERS", "REVISION", "TASK_DEFINITION", "BEFORE_IMAGE", "BEFORE_COMMIT"] as const;

/** The steps of one deployment. */
export interface DeploymentSteps {
  /** They change nothing that runs. */
  readonly before: readonly FileStep[];
  readonly deploy: FileStep;
  /** It waits for the end of what was started. @default - the deployment itself does */
  readonly wait?: FileStep | undefined;
}

/**
 * Deployments of one job, at the same time as a pipeline's actions of one stage: everything is read before anything is deployed, all
 * are started, and then each is waited for.
 */
export function deploySteps(
  of: WrittenJob,
  actions: readonly Action[],
  shared: readonly ShellText[],
): readonly FileStep[] {
  const all = deploymentsOf(of, actions, shared);
  return [
    ...all.flatMap(({ before }) => before),
    ...all.map(({ deploy }) => deploy),
    ...all.flatMap(({ wait }) => wait ?? []),
  ];
}

/** The same, deployment by deployment. */
export function deploymentsOf(
  of: WrittenJob,
  actions: readonly Action[],
  shared: readonly ShellText[],
): readonly DeploymentSteps[] {
  return actions.map((action) => deploymentOf(of, action, shared, actions.length > 1));
}

/** Whether a step of the same job says how a deployment has ended: then the deployment's own step decides nothing. */
function isConfirmed({ pipeline, job }: WrittenJob, { deploysTo }: Action): boolean {
  const confirmation = confirmationOf(pipeline.actions, deploysTo?.service);
  return confirmation !== undefined && job.actions.includes(confirmation.name);
}

/** Id of the step that waits for a deployment. */
function waitingStep({ name }: Action): string {
  return `${name}-end`;
}

/**
 * A deployment by GitHub's official actions: the revision that the service uses, with the new image, registered and brought into
 * service; for CodeDeploy the template and the appspec that the stack publishes. The settings are the stack's either way.
 */
function deploymentOf(
  of: WrittenJob,
  action: Action,
  shared: readonly ShellText[],
  isOneOfSeveral: boolean,
): DeploymentSteps {
  const { pipeline, job, values } = of;
  const { deploysTo, configuration, inputs } = action;
  const [artifact = ""] = inputs;
  const isCodeDeploy = action.provider === "CodeDeployToECS";
  const folder = folderOf(artifact);
  const record = toldToConfirmation(pipeline, action, "DELIVERED_IMAGE_PARAMETER") ?? "";
  const env = defined({
    CLUSTER_NAME: deploysTo?.cluster,
    SERVICE_NAME: deploysTo?.service,
    IMAGE_DEFINITIONS: configuration.FileName,
    TASK_DEFINITION_FILE: isCodeDeploy ? (configuration.TaskDefinitionTemplatePath ?? "taskdef.json") : undefined,
    DELIVERED_IMAGE_PARAMETER: record === "" ? undefined : record,
  });
  const from = (name: (typeof HANDED_ON)[number]) => expression(`steps.${readingStep(action)}.outputs.${name}`);
  const write = (text: string) => values.of(text, job.id);
  const minutes = action.timeoutInMinutes ?? 30;
  const confirmed = isConfirmed(of, action);
  const startsOnly = confirmed && isOneOfSeveral;
  const waiting: Readonly<Record<string, string>> = startsOnly
    ? { "wait-for-service-stability": "false" }
    : { "wait-for-service-stability": "true", "wait-for-minutes": String(minutes) };
  const decided = { "continue-on-error": confirmed ? true : undefined } as const;
  const service = { service: write(deploysTo?.service ?? ""), cluster: write(deploysTo?.cluster ?? "") };
  const reading: FileStep = {
    id: readingStep(action),
    name: `Read what ${action.name} is made of`,
    "working-directory": folder,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, write(value)])),
    run: [
      `{\n${writtenOnce(READING, shared)}\n} || exit`,
      ...HANDED_ON.map((name) => `printf '${name}=%s\\n' "$${name}" >>"$GITHUB_OUTPUT"`),
      ...(startsOnly ? [`printf 'READ_AT=%s\\n' "$EPOCHSECONDS" >>"$GITHUB_OUTPUT"`] : []),
    ].join("\n"),
  };
  const wait: FileStep | undefined = startsOnly
    ? {
        id: waitingStep(action),
        name: `Wait for the deployment of ${deploysTo?.service ?? ""}`,
        if: expression(`!cancelled() && steps.${action.name}.outcome == 'success'`),
        ...decided,
        env: defined({
          CLUSTER_NAME: isCodeDeploy ? undefined : service.cluster,
          SERVICE_NAME: service.service,
          DEPLOYMENT_ID: isCodeDeploy ? expression(`steps.${action.name}.outputs.codedeploy-deployment-id`) : undefined,
          STARTED_AT: expression(`steps.${readingStep(action)}.outputs.READ_AT`),
          TIMEOUT_SECONDS: String(minutes * 60),
        }),
        run: writtenOnce(AWAITING, shared),
      }
    : undefined;
  if (isCodeDeploy) {
    return {
      before: [reading],
      wait,
      deploy: {
        id: action.name,
        name: `Deploy ${deploysTo?.service ?? ""} by CodeDeploy`,
        ...decided,
        uses: PINNED.deployTaskDefinition,
        with: {
          "task-definition": from("TASK_DEFINITION"),
          ...service,
          "codedeploy-appspec": `${folder}/${configuration.AppSpecTemplatePath ?? "appspec.yaml"}`,
          "codedeploy-application": write(configuration.ApplicationName ?? ""),
          "codedeploy-deployment-group": write(configuration.DeploymentGroupName ?? ""),
          "codedeploy-deployment-description": `Commit ${values.commit(job.id)}`,
          ...waiting,
        },
      },
    };
  }
  const rendered = `${action.name}-revision`;
  const render: FileStep = {
    id: rendered,
    name: `Put the image into the revision that ${deploysTo?.service ?? ""} uses`,
    uses: PINNED.renderTaskDefinition,
    with: {
      "task-definition-arn": from("REVISION"),
      "container-name": from("CONTAINERS"),
      image: from("IMAGE"),
    },
  };
  return {
    before: [reading, render],
    wait,
    deploy: {
      id: action.name,
      name: `Deploy ${deploysTo?.service ?? ""}`,
      ...decided,
      uses: PINNED.deployTaskDefinition,
      with: { "task-definition": expression(`steps.${rendered}.outputs.task-definition`), ...service, ...waiting },
    },
  };
}
