import * as pulumi from "@pulumi/pulumi";
import type { PipelineAction } from "../../components/pipeline/action";
import { manualApproval } from "../../components/pipeline/approval/manual";
import { alarmQuiet, deploymentWindow, type StageRule } from "../../components/pipeline/condition";
import type { DeliveryContext } from "../deliveryContext";
import type { ServiceDelivery } from "../serviceDelivery";
import type { Sources } from "./sources";

/** Asks a person: with the commit, the link to the change, and the environment to look at. */
export function approval(
  deliveries: readonly ServiceDelivery[],
  sources: Sources,
  { stack, config, foundation, target }: DeliveryContext,
): PipelineAction {
  const commits = sources.actions.map(({ declaration, commitId }) => `${declaration.name} ${commitId}`).join(", ");
  const { environmentUrl, timeoutInMinutes } = config.approval ?? {};
  // Before a release the image runs in this stack; before a build there is nothing of it to look at.
  const running = target ? deliveries.flatMap(({ url }) => url ?? []) : [];
  const urls = environmentUrl === undefined ? running : [environmentUrl];
  const question = `Deliver to ${target?.stack ?? stack}: ${commits}`;
  const changeUrl = sources.actions.find((action) => action.changeUrl !== undefined)?.changeUrl;
  return manualApproval({
    notificationTopic: foundation.topic(),
    customData:
      urls.length === 0
        ? question
        : pulumi.interpolate`${question}; look at ${pulumi.all(urls).apply((all) => all.join(", "))}`,
    externalEntityLink: changeUrl,
    timeoutInMinutes,
  });
}

/** The days and hours in which a stage may begin. */
export function window({ config }: DeliveryContext): StageRule[] {
  const given = config.gates?.deploymentWindow;
  return given ? [deploymentWindow(given)] : [];
}

/** The alarms that must be quiet for a stage to begin. */
export function quiet({ config }: DeliveryContext): StageRule[] {
  return (config.gates?.alarms ?? []).map((alarmName) => alarmQuiet({ alarmName }));
}
