import { taskDefinitionCommand } from "../../components/build/buildspec/workflowSteps";
import { defined } from "../../components/defined";
import type { Action } from "../graph/pipelines";
import type { FileStep } from "./document";
import { PINNED } from "./pinned";
import { expression, folderOf } from "./values";
import { readingStep, type ShellText, toldToConfirmation, type WrittenJob, withoutNotes, writtenOnce } from "./written";

/** The commands of the step before a deployment. */
export const READING: ShellText = { file: "task-definition.sh", text: withoutNotes(taskDefinitionCommand()) };

/** What the step before a deployment hands on. */
const HANDED_ON = ["IMAGE", "CONTAINERS", "REVISION", "TASK_DEFINITION", "BEFORE_IMAGE", "BEFORE_COMMIT"] as const;

/**
 * A deployment by GitHub's official actions: the revision that the service uses, with the new image, registered and brought into
 * service; for CodeDeploy the template and the appspec that the stack publishes. The settings are the stack's either way.
 */
export function deploySteps(of: WrittenJob, action: Action, shared: readonly ShellText[]): readonly FileStep[] {
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
  const waiting = {
    "wait-for-service-stability": "true",
    "wait-for-minutes": String(action.timeoutInMinutes ?? 30),
  };
  const service = { service: write(deploysTo?.service ?? ""), cluster: write(deploysTo?.cluster ?? "") };
  const reading: FileStep = {
    id: readingStep(action),
    name: `Read what ${action.name} is made of`,
    "working-directory": folder,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, write(value)])),
    run: [
      `{\n${writtenOnce(READING, shared)}\n} || exit`,
      ...HANDED_ON.map((name) => `printf '${name}=%s\\n' "$${name}" >>"$GITHUB_OUTPUT"`),
    ].join("\n"),
  };
  if (isCodeDeploy) {
    return [
      reading,
      {
        id: action.name,
        name: `Deploy ${deploysTo?.service ?? ""} by CodeDeploy`,
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
    ];
  }
  const rendered = `${action.name}-revision`;
  return [
    reading,
    {
      id: rendered,
      name: `Put the image into the revision that ${deploysTo?.service ?? ""} uses`,
      uses: PINNED.renderTaskDefinition,
      with: {
        "task-definition-arn": from("REVISION"),
        "container-name": from("CONTAINERS"),
        image: from("IMAGE"),
      },
    },
    {
      id: action.name,
      name: `Deploy ${deploysTo?.service ?? ""}`,
      uses: PINNED.deployTaskDefinition,
      with: { "task-definition": expression(`steps.${rendered}.outputs.task-definition`), ...service, ...waiting },
    },
  ];
}
