import { scriptCommand } from "./buildspec";

/** Commands of a workflow's own steps, beside those of buildspecs. Each is one text for bash. */

/**
 * Reads what a deployment by GitHub's official action is made of. It reads what the build left and
 * - `CLUSTER_NAME`, `SERVICE_NAME`
 * - `IMAGE_DEFINITIONS`: which containers get the image. @default "imagedefinitions.json"
 * - `TASK_DEFINITION_FILE`: the template, where CodeDeploy deploys. @default - the revision that the service uses
 * - `DELIVERED_IMAGE_PARAMETER`: the record of what was delivered. @default - nothing is recorded
 *
 * and sets `IMAGE`, `CONTAINERS`, `REVISION`, `TASK_DEFINITION`, `BEFORE_IMAGE` and `BEFORE_COMMIT`.
 */
export function taskDefinitionCommand(): string {
  return ["ecr-image.sh", "image-definitions.sh", "task-definition.sh"].map(scriptCommand).join("\n\n");
}

/**
 * Writes the summary of one service's delivery. It reads `SERVICE_NAME`, `ADDRESS`, `COMMIT_ID`, `IMAGE_URI`, `BEFORE_COMMIT`,
 * `STARTED_AT` (seconds), `OUTCOME` (`success`, or another word of GitHub's) and `AGAIN`, the same of a second look.
 */
export function workflowSummaryCommand(): string {
  return scriptCommand("workflow-summary.sh");
}

/**
 * Waits for the end of a deployment that a step before has started. It reads `CLUSTER_NAME`, `SERVICE_NAME`, `DEPLOYMENT_ID` (where
 * CodeDeploy deploys), `STARTED_AT` and `TIMEOUT_SECONDS`. It never fails: the confirmation says how the deployment has ended.
 */
export function awaitDeploymentCommand(): string {
  return scriptCommand("await-deployment.sh");
}

/**
 * Looks whether what a run has delivered is still what is recorded, and whether something has failed after it. It reads
 * `SERVICE_NAME`, `DELIVERED_IMAGE_PARAMETER`, `RECORD_VERSION` (the version that the run has written), `DEPLOYED_IN` (the attempt that
 * has deployed it), `JOBS` (those that may have failed) and what GitHub sets, and sets `DUE` (`yes`, `no` or `stays`) and `NOW`, the
 * commit that is recorded.
 */
export function takeBackDueCommand(): string {
  return scriptCommand("take-back-due.sh");
}
