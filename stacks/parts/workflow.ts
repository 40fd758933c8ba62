import type { DeploymentStrategy } from "../../components/deployment/strategy";
import type { PipelineAction } from "../../components/pipeline/action";
import { gitHubCheckout } from "../../components/workflow/checkout";
import { environmentGate } from "../../components/workflow/environmentGate";
import type { StackWorkflow } from "../deliveryContext";
import type { ServiceDelivery } from "../serviceDelivery";
import type { Sources } from "./sources";

/** Where the files of a workflow come from: its own repository, at the commit that it runs for. */
export function checkout(deliveries: readonly ServiceDelivery[], workflow: StackWorkflow): Sources {
  const { repository, branch, filePaths, excludedFilePaths } = workflow;
  const fullHistory = deliveries.some(({ config: { build } }) => build?.fullHistory ?? false);
  const action = gitHubCheckout({ name: "Source", repository, branch, filePaths, excludedFilePaths, fullHistory });
  return { actions: [action], of: () => action, repository: () => action };
}

/** Asks the reviewers of the environment. */
export function askReviewers({ environment }: StackWorkflow): PipelineAction {
  return environmentGate({ environment });
}

/** Minutes that a deployment may take beside what its settings alone decide. */
const DEPLOYMENT_MARGIN_MINUTES = 30;

/** The deployment, with how long the job waits for it. */
export function waiting(
  action: PipelineAction,
  { leastMinutes, minutesBySetting: bySetting = {} }: DeploymentStrategy,
): PipelineAction {
  const waited = waitingMinutes(action, leastMinutes + DEPLOYMENT_MARGIN_MINUTES);
  return { ...waited, takes: { leastMinutes, bySetting } };
}

/** The deployment with the minutes that its settings say, or else these. */
export function waitingMinutes(action: PipelineAction, otherwise = DEPLOYMENT_MARGIN_MINUTES): PipelineAction {
  const { configuration } = action.declaration;
  const given =
    typeof configuration === "object" && "DeploymentTimeout" in configuration
      ? Number(configuration.DeploymentTimeout)
      : Number.NaN;
  const timeoutInMinutes = Number.isNaN(given) ? otherwise : given;
  return { ...action, declaration: { ...action.declaration, timeoutInMinutes } };
}
