import type { ServiceView } from "../delivery/deliveredService";
import type { ActionView, Delivery, StageView } from "../delivery/delivery";
import type { Reception } from "../record/reception";
import { describeDeliverer } from "./deliveryText";

/** An action's node: order in the pipeline, id and what stands in it. */
interface Node {
  readonly id: string;
  readonly action: ActionView;
}

/** A delivery as a Mermaid flowchart: a box for each stage, arrows for what runs after what and with which artifact. */
export function renderMermaid(delivery: Delivery): string {
  const stages = delivery.stages.map((stage, s) => ({
    title: titleOf(stage),
    nodes: stage.actions.map((action, a): Node => ({ id: `s${s}a${a}`, action })),
  }));
  const steps = stages.flatMap(({ nodes }) => inSteps(nodes));
  return [
    "flowchart LR",
    ...delivery.triggers.map(
      ({ event }, index) => `  t${index}(["${labelText(event)}"]) --> ${steps[0]?.[0]?.id ?? "s0a0"}`,
    ),
    ...stages.flatMap(({ title, nodes }, index) => [
      `  subgraph s${index}["${title}"]`,
      ...nodes.map(({ id, action }) => `    ${id}${shape(action)}`),
      "  end",
    ]),
    ...flowEdges(steps),
    ...delivery.services.flatMap((service, index) => serviceLines(service, `v${index}`, steps.flat())),
  ].join("\n");
}

/** Services that somebody else delivers to as a Mermaid flowchart: the role that does, and each service. */
export function renderReceptionMermaid({ by, role, services }: Reception): string {
  const who = by.map((one) => labelText(describeDeliverer(one))).join("<br/>");
  return [
    "flowchart LR",
    `  d0(["${who}"])`,
    ...services.flatMap((service, index) => [
      ...serviceLines(service, `v${index}`, []),
      `  d0 ==>|"${labelText(`as ${role}`)}"| v${index}`,
    ]),
  ].join("\n");
}

/** The stage's name, what must hold before it begins, and what becomes of a failure. */
function titleOf({ name, gates = [], onFailure }: StageView): string {
  const notes = [...gates.map((gate) => `begins ${gate}`), ...(onFailure ? [onFailure] : [])];
  return [name, ...notes].map(labelText).join("<br/>");
}

function inSteps(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const orders = [...new Set(nodes.map(({ action }) => action.runOrder))].sort((a, b) => a - b);
  return orders.map((order) => nodes.filter(({ action }) => action.runOrder === order));
}

function shape({ name, category, target, place }: ActionView): string {
  const text = `"${[name, target, ...(place ? [place] : [])].map(labelText).join("<br/>")}"`;
  return category === "Approval" ? `{{${text}}}` : `[${text}]`;
}

/** Solid arrows from step to step; dotted ones for artifacts that come from further back. */
function flowEdges(steps: readonly (readonly Node[])[]): readonly string[] {
  return steps.flatMap((step, index) =>
    step.flatMap((node) => {
      const before = steps[index - 1] ?? [];
      const earlier = steps.slice(0, Math.max(0, index - 1)).flat();
      return [
        ...before.map((from) => {
          const artifact = carried(from, node);
          return `  ${from.id} -->${artifact && `|"${labelText(artifact)}"|`} ${node.id}`;
        }),
        ...earlier
          .filter((from) => carried(from, node) !== "")
          .map((from) => `  ${from.id} -. "${labelText(carried(from, node))}" .-> ${node.id}`),
      ];
    }),
  );
}

function carried(from: Node, to: Node): string {
  return from.action.outputs.filter((output) => to.action.inputs.includes(output)).join(", ");
}

function serviceLines(service: ServiceView, id: string, nodes: readonly Node[]): readonly string[] {
  const { name, cluster, listeners, capacity } = service;
  const deploying = nodes.filter(
    ({ action }) => action.category === "Deploy" && service.deployedBy.includes(action.name),
  );
  return [
    `  ${id}(["${labelText(name)}<br/>${labelText(`${cluster}, ${capacity}`)}"])`,
    ...deploying.map((node) => `  ${node.id} ==> ${id}`),
    ...listeners
      .filter(({ groups }) => groups.length > 0)
      .flatMap(({ kind, protocol, port, requests = "", groups }, index) => {
        const text = groups.map((group) => `${group.name} ${group.weight}`).join(", ");
        return [
          `  ${id}l${index}>"${labelText(`${kind} ${protocol} :${port} ${requests}`.trim())}"] -->|"${labelText(text)}"| ${id}`,
        ];
      }),
  ];
}

/** Text in a Mermaid label: characters that could end it, or start markup, become entities. */
function labelText(text: string): string {
  return text.replace(/[#"<>`&|{}[\]\\]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
