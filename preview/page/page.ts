import { GUESSES, type Guesses } from "../../model/environment/guesses";
import type { Finding, RecordedGraph } from "../../model/graph/graph";
import { inRunOrder } from "../../model/graph/pipelines";
import { className, nameById } from "../../model/graph/resources";
import { openingsOf } from "../../model/graph/securityGroups";
import { count } from "../count";
import type { ServiceView } from "../delivery/deliveredService";
import { deliveriesOf, type StageView } from "../delivery/delivery";
import { type ConditionView, rolesIn } from "../delivery/roleView";
import { figuresOf, type StackFigures } from "../figures";
import { receptionsOf } from "../record/reception";
import type { StackResult } from "../record/runStack";
import { describeDeliverer, serviceFactsOf } from "../render/deliveryText";
import { figuresInWords } from "../render/figureText";
import { stepLines } from "../render/findings";
import { styleFor } from "../render/style";
import { madeOf } from "../render/summary";
import { verdictOf } from "../render/verdict";
import { block } from "./block";
import { changeSection } from "./changeSection";
import { costSection } from "./costSection";
import { codes, element, escaped, table } from "./html";
import { SCRIPT, STYLE } from "./look";
import { type PagedRehearsal, rehearsalSection } from "./rehearsalSection";
import { timeSection } from "./timeSection";

const PLAIN = styleFor(false);

/** Nothing but what is in the file: no network, no other script, no form. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What a page shows besides what came of the stacks. */
export interface PageExtras {
  /** Seconds of what no setting says. @default - as they are guessed */
  readonly guesses?: Guesses;
  /** A delivery that was played. @default - none was */
  readonly rehearsal?: PagedRehearsal;
}

/**
 * Stacks as one page of HTML that needs nothing beside itself: verdicts, findings, changes, costs, times, how each is delivered, who reaches
 * what, which role may do what and why, and every resource.
 */
export function renderPage(title: string, results: readonly StackResult[], more: PageExtras = {}): string {
  const { guesses = GUESSES, rehearsal } = more;
  const figures = figuresOf(results, guesses);
  const links = [
    ...(rehearsal ? [element("a", { href: "#rehearsal" }, "rehearsal")] : []),
    ...results.map(({ stack }) => element("a", { href: `#${idOf(stack)}` }, escaped(stack))),
  ];
  const find = element("label", { for: "find", class: "soft" }, "Find (/)");
  const body = [
    element("header", {}, element("h1", {}, escaped(title))),
    element(
      "nav",
      { "aria-label": "Stacks and search" },
      ...links,
      find,
      '<input id="find" type="search" autocomplete="off">',
      '<span id="told" class="soft" role="status"></span>',
    ),
    element(
      "main",
      {},
      verdicts(results, figures),
      ...(rehearsal ? [rehearsalSection(rehearsal)] : []),
      ...results.map((result, index) => section(result, figures[index], guesses)),
    ),
  ];
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    element("title", {}, escaped(title)),
    `<style>${STYLE}</style>`,
    "</head>",
    `<body>${body.join("\n")}`,
    `<script>${SCRIPT}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function idOf(stack: string): string {
  return `stack-${stack.replace(/[^A-Za-z0-9-]/g, "_")}`;
}

function verdicts(results: readonly StackResult[], figures: readonly StackFigures[]): string {
  const rows = results.map((result, index) => {
    const one = figures[index];
    const { stack, state, facts } = verdictOf(result, PLAIN);
    const link = element("a", { href: `#${idOf(stack)}` }, escaped(stack));
    return [
      link,
      element("span", { class: tone(result) }, escaped(state)),
      facts.map(escaped).join("<br>"),
      (one ? figuresInWords(one) : []).map(escaped).join("<br>"),
    ];
  });
  return element(
    "div",
    { class: "block" },
    table("Verdicts", ["stack", "findings", "what becomes of it", "cost and time"], rows),
  );
}

function tone({ graph, findings }: StackResult): string {
  if (!graph || findings.some(({ level }) => level === "error")) return "bad";
  return findings.length > 0 ? "warn" : "good";
}

function section(result: StackResult, figures: StackFigures | undefined, guesses: Guesses): string {
  const { stack, graph, findings } = result;
  const heading = element("h2", { id: idOf(stack) }, escaped(stack));
  const inner = [
    findings.length > 0 ? block("Findings", ...findings.map(finding)) : "",
    changeSection(result),
    ...(figures ? [costSection(figures), timeSection(figures, guesses)] : []),
    ...(graph ? [delivery(graph), reach(graph), roles(graph), resources(graph)] : []),
  ];
  return element("section", { "aria-labelledby": idOf(stack) }, heading, ...inner);
}

function finding(one: Finding): string {
  const steps = stepLines(one).map((line) => element("li", {}, escaped(line.replace(/^\d+\. /, ""))));
  const kind = one.level === "error" ? "bad" : "warn";
  return element(
    "div",
    { class: "card item" },
    element("strong", { class: kind }, escaped(`${one.level}: ${one.rule}`)),
    element("p", {}, escaped(one.message).replace(/\n/g, "<br>")),
    steps.length > 0 ? element("ol", {}, ...steps) : "",
  );
}

function delivery(graph: RecordedGraph): string {
  const pipelines = deliveriesOf(graph).map(({ pipeline, triggers, stages, services }) => {
    const starts = triggers.map(({ event, by }) => `${event} (${by})`).join(", ") || "a person";
    return (
      element("h4", {}, escaped(`Pipeline ${pipeline}`)) +
      element("p", {}, escaped(`Starts with ${starts}.`)) +
      element("ol", { class: "stages" }, ...stages.map(stageBox)) +
      cards(services)
    );
  });
  const received = receptionsOf(graph).map(({ by, role, services }) => {
    const text = `Delivered by ${by.map(describeDeliverer).join(" and ")}, as role ${role}.`;
    return element("p", {}, escaped(text)) + cards(services);
  });
  const all = [...pipelines, ...received];
  return all.length > 0 ? block("How it is delivered", ...all) : "";
}

function stageBox(stage: StageView): string {
  const { name, gates = [], onFailure } = stage;
  const steps = inRunOrder(stage.actions).map((together) =>
    element(
      "li",
      {},
      together.map((one) => `${escaped(one.name)} <span class="soft">${escaped(one.target)}</span>`).join("<br>"),
    ),
  );
  return element(
    "li",
    { class: "item" },
    element("strong", {}, escaped(name)),
    ...gates.map((gate) => element("div", { class: "warn" }, escaped(`begins ${gate}`))),
    element("ol", {}, ...steps),
    onFailure === undefined ? "" : element("div", { class: "soft" }, escaped(onFailure)),
  );
}

function cards(services: readonly ServiceView[]): string {
  const boxes = services.map((service) => {
    const facts = serviceFactsOf(service, PLAIN).map(([title, text]) => {
      return element("dt", {}, escaped(title)) + element("dd", {}, escaped(text));
    });
    return element(
      "div",
      { class: "card item" },
      element("strong", {}, escaped(service.name)),
      element("dl", {}, ...facts),
    );
  });
  return boxes.length > 0 ? element("div", { class: "cards" }, ...boxes) : "";
}

function reach(graph: RecordedGraph): string {
  const named = (id: string) => nameById(graph, id);
  const rows = openingsOf(graph).map(({ direction, groupId, cidrs, peers, prefixLists, fromPort, toPort }) => {
    const others = [...cidrs, ...peers.map(named), ...prefixLists.map(named)];
    const ports = fromPort === toPort ? String(fromPort) : `${fromPort} to ${toPort}`;
    const [from, to] = direction === "ingress" ? [others, [named(groupId)]] : [[named(groupId)], others];
    return [codes(from), codes(to), escaped(ports)];
  });
  return rows.length === 0
    ? ""
    : block("Who reaches what", table("Openings of security groups", ["from", "to", "port"], rows));
}

function roles(graph: RecordedGraph): string {
  const all = rolesIn(graph).map(({ name, takenBy, statements }) => {
    const takers = takenBy.map(
      ({ who, when }) => `${who.join(", ")}${when.length > 0 ? ` when ${when.map(condition).join("; ")}` : ""}`,
    );
    const rows = statements.map(({ denies, may, on, when, why }) => [
      (denies ? element("strong", { class: "bad" }, "may not ") : "") + codes(may),
      codes(on),
      codes(when.map(condition)),
      escaped(why),
    ]);
    return element(
      "details",
      { class: "item" },
      element(
        "summary",
        {},
        `${element("code", {}, escaped(name))} <span class="soft">${count(statements.length, "statement")}</span>`,
      ),
      element("p", {}, escaped(`Taken by ${takers.join("; ")}.`)),
      rows.length > 0
        ? table(`What ${name} may do`, ["may", "on", "when", "why"], rows, {})
        : element("p", {}, "It may do nothing."),
    );
  });
  return all.length > 0 ? block("Roles", ...all) : "";
}

function condition({ operator, key, values }: ConditionView): string {
  return `${operator} ${key} ${values.join(", ")}`;
}

function resources(graph: RecordedGraph): string {
  const names = new Map(graph.resources.map(({ urn, type, name }) => [urn, `${className(type)} ${name}`]));
  const rows = graph.resources
    .filter(({ custom }) => custom)
    .map(({ type, name, parent = "" }) => [
      codes([className(type)]),
      escaped(name),
      escaped(names.get(parent) ?? "the stack itself"),
    ]);
  return element(
    "details",
    {},
    element("summary", {}, escaped(`Resources: ${madeOf(graph)}`)),
    table("Resources", ["type", "name", "in"], rows),
  );
}
