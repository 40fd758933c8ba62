import { inRunOrder } from "../../model/graph/pipelines";
import type { ServiceView } from "../delivery/deliveredService";
import type { ActionView, Delivery, StageView } from "../delivery/delivery";
import type { Reception } from "../record/reception";
import { describeDeliverer } from "./deliveryText";

/** Services of which each has a node of its own; more are one list, so that a comment is wide enough. */
const SIDE_BY_SIDE = 2;

/**
 * A delivery as a Mermaid flowchart, from top to bottom: a node for each stage with its actions in their order, what holds a
 * stage back on the way there, and what it brings a new version to at its side.
 */
export function renderMermaid({ triggers, stages, services, elsewhere }: Delivery): string {
  return [
    "flowchart TB",
    ...triggers.map(({ event }, index) => `  t${index}(["${labelText(event)}"]) --> s0`),
    ...stages.map((stage, index) => `  s${index}${stageNode(stage)}`),
    ...stages.slice(1).map(({ gates = [] }, index) => {
      const label = gates.map((gate) => labelText(`begins ${gate}`)).join("<br/>");
      return `  s${index} -->${label && `|"${label}"|`} s${index + 1}`;
    }),
    ...serviceLines(services, (names) =>
      stages.flatMap(({ actions }, index) => (actions.some((one) => deploys(one, names)) ? [`s${index}`] : [])),
    ),
    ...elsewhereLines(stages, elsewhere),
  ].join("\n");
}

/** Services that somebody else delivers to as a Mermaid flowchart: the role that does, and each service. */
export function renderReceptionMermaid({ by, role, services }: Reception): string {
  const who = [...by.map(describeDeliverer), `as ${role}`].map(labelText).join("<br/>");
  return ["flowchart TB", `  d0(["${who}"])`, ...serviceLines(services, () => ["d0"])].join("\n");
}

/** What deploy actions name that the stack does not make, beneath the last stage that deploys. */
function elsewhereLines(stages: readonly StageView[], elsewhere: readonly string[]): readonly string[] {
  if (elsewhere.length === 0) return [];
  const at = stages.map(({ actions }) => actions.some(({ category }) => category === "Deploy")).lastIndexOf(true);
  return [`  s${at} ==> e(["${[...elsewhere, "not of this stack"].map(labelText).join("<br/>")}"])`];
}

function deploys({ category, name }: ActionView, names: readonly string[]): boolean {
  return category === "Deploy" && names.includes(name);
}

/** The stage's name, its actions in their order, those of one time side by side, and what becomes of a failure. */
function stageNode(stage: StageView): string {
  const { name, actions, onFailure } = stage;
  const steps = inRunOrder(stage.actions).map((together) => together.map(actionText));
  const lines = [
    ...steps.map((texts, index) => (steps.length > 1 ? `${index + 1}. ${texts.join(" + ")}` : texts.join(" + "))),
    ...(onFailure === undefined ? [] : [`(${onFailure})`]),
  ];
  const asks = actions.some(({ category }) => category === "Approval");
  const text = `"${[`■ ${name}`, ...lines].map(labelText).join("<br/>")}"`;
  return asks ? `{{${text}}}` : `[${text}]`;
}

/** What an action is called, and what it works on where its name does not say it. */
function actionText({ name, category, target, place }: ActionView): string {
  const where = place ? ` in ${place}` : "";
  if (category === "Approval") return `${name}: a person`;
  return category === "Source" ? `${name}: ${target}${where}` : `${name}${where}`;
}

/** Services at the side of what deploys them: `from` says which nodes those are, by the names of actions. */
function serviceLines(
  services: readonly ServiceView[],
  from: (actions: readonly string[]) => readonly string[],
): readonly string[] {
  const groups = services.length > SIDE_BY_SIDE ? [services] : services.map((service) => [service]);
  return groups.flatMap((group, index) => {
    const text = group.flatMap((service) => serviceText(service, group.length === 1)).map(labelText);
    const ends = from(group.flatMap(({ deployedBy }) => deployedBy));
    return [`  v${index}(["${text.join("<br/>")}"])`, ...ends.map((id) => `  ${id} ==> v${index}`)];
  });
}

/** A service: where it runs, how it is renewed, and who reaches it. */
function serviceText(
  { name, cluster, capacity, deployment, listeners }: ServiceView,
  alone: boolean,
): readonly string[] {
  if (!alone) return [`${name}: ${deployment}`];
  return [
    name,
    `${cluster}, ${capacity}`,
    deployment,
    ...listeners
      .filter(({ groups }) => groups.length > 0)
      .map(({ kind, protocol, port, requests = "", groups }) => {
        const to = groups.map((group) => (groups.length > 1 ? `${group.name} ${group.weight}` : group.name)).join(", ");
        return `${[kind, protocol, `:${port}`, requests].filter((word) => word !== "").join(" ")} → ${to}`;
      }),
  ];
}

/** Text in a Mermaid label: characters that could end it, or start markup, become entities. */
function labelText(text: string): string {
  return text.replace(/[#"<>`&|{}[\]\\]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
