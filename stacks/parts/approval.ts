import * as pulumi from "@pulumi/pulumi";
import type { PipelineAction } from "../../components/pipeline/action";
import { MAX_CUSTOM_DATA, manualApproval } from "../../components/pipeline/approval/manual";
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
  const commits = sources.actions.map(({ declaration, commitId }) => `${declaration.name} ${commitId}`);
  const { environmentUrl, timeoutInMinutes } = config.approval ?? {};
  // Before a release the image runs in this stack; before a build there is nothing of it to look at.
  const running = target ? deliveries.flatMap(({ url }) => url ?? []) : [];
  const urls = environmentUrl === undefined ? running : [environmentUrl];
  // Commits leave room for the addresses.
  const room = urls.length === 0 ? MAX_CUSTOM_DATA : MAX_CUSTOM_DATA / 2;
  const question = asManyAsFit(`Deliver to ${target?.stack ?? stack}: `, commits, room);
  const changeUrl = sources.actions.find((action) => action.changeUrl !== undefined)?.changeUrl;
  return manualApproval({
    notificationTopic: foundation.topic(),
    customData:
      urls.length === 0
        ? question
        : pulumi.all(urls).apply((all) => asManyAsFit(`${question}; look at `, all, MAX_CUSTOM_DATA)),
    externalEntityLink: changeUrl,
    timeoutInMinutes,
  });
}

/** Room for what is said of those that are left out. */
const OTHERS_LENGTH = " and 50 more".length;

/** A list in the text that the approver reads, which has an end: as many as there is room for, and how many others there are. */
function asManyAsFit(beginning: string, items: readonly string[], max: number): string {
  const whole = beginning + items.join(", ");
  if (whole.length <= max) return whole;
  const counts = items.map((_, index) => index);
  const room = max - OTHERS_LENGTH;
  const fits = counts.filter((count) => (beginning + items.slice(0, count).join(", ")).length <= room).at(-1) ?? 0;
  return `${beginning}${items.slice(0, fits).join(", ")} and ${items.length - fits} more`;
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
