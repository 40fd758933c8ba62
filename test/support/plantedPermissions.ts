import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { isMap, jsonOf, listOf, mapsOf, textsOf, type Values } from "../../model/graph/read";

/** One fault in the permissions of a graph. */
export interface Planted {
  /** What is wrong now: `action removed`, `resource widened` ... */
  readonly kind: string;
  /** Where, as a person reads it. */
  readonly what: string;
  /** Replaces the resource that has the policy; the graph itself is not touched. */
  readonly plant: () => RecordedGraph;
}

type Document = Values & { readonly Statement: readonly Values[] };

/** A place in a resource where a policy stands. */
interface Place {
  readonly resource: RecordedResource;
  readonly property: string;
  readonly document: Document;
  readonly put: (document: Document) => RecordedResource;
}

/** Every fault that one change of one statement makes, in every policy of a graph. */
export function plantedIn(graph: RecordedGraph): readonly Planted[] {
  return graph.resources.flatMap(placesIn).flatMap((place) => {
    const { resource, property, document } = place;
    return document.Statement.flatMap((statement, index) =>
      changesOf(
        statement,
        document.Statement.filter((_, at) => at !== index),
      ).map(
        ({ kind, detail, next }): Planted => ({
          kind,
          what: `${resource.type.split(":")[2] ?? ""} ${resource.name}, ${property}, statement ${index} (${nameOf(statement)}): ${kind} ${detail}`,
          plant: () => {
            const Statement = document.Statement.flatMap((one, at) => (at === index ? (next ? [next] : []) : [one]));
            const changed = place.put({ ...document, Statement });
            return { ...graph, resources: graph.resources.map((one) => (one === resource ? changed : one)) };
          },
        }),
      ),
    );
  });
}

function nameOf(statement: Values): string {
  const actions = textsOf(statement.Action);
  return actions.length > 3 ? `${actions.slice(0, 3).join(", ")} ...` : actions.join(", ");
}

function placesIn(resource: RecordedResource): readonly Place[] {
  const own = ["policy", "assumeRolePolicy"].flatMap((property): Place[] => {
    const document = documentIn(resource.inputs[property]);
    if (!document) return [];
    const put = (next: Document) => ({ ...resource, inputs: { ...resource.inputs, [property]: JSON.stringify(next) } });
    return [{ resource, property, document, put }];
  });
  const inline = mapsOf(resource.inputs.inlinePolicies).flatMap((policy, index, all): Place[] => {
    const document = documentIn(policy.policy);
    if (!document) return [];
    const put = (next: Document) => {
      const inlinePolicies = all.map((one, at) => (at === index ? { ...one, policy: JSON.stringify(next) } : one));
      return { ...resource, inputs: { ...resource.inputs, inlinePolicies } };
    };
    return [{ resource, property: `inlinePolicies[${index}]`, document, put }];
  });
  return [...own, ...inline];
}

function documentIn(value: unknown): Document | undefined {
  const document = jsonOf(value);
  if (!isMap(document) || document.Statement === undefined) return undefined;
  return { ...document, Statement: listOf(document.Statement).filter(isMap) };
}

interface Change {
  readonly kind: string;
  readonly detail: string;
  /** @default - the statement is gone */
  readonly next?: Values;
}

/** Whether something goes on to be allowed by another statement: taking it away is no fault. */
function isElsewhere(action: string, resources: readonly string[], others: readonly Values[]): boolean {
  return (
    resources.length > 0 &&
    others.some(
      (one) =>
        one.Effect === "Allow" &&
        one.Condition === undefined &&
        textsOf(one.Action).includes(action) &&
        resources.every((resource) => textsOf(one.Resource).includes(resource)),
    )
  );
}

function changesOf(statement: Values, others: readonly Values[]): readonly Change[] {
  const actions = textsOf(statement.Action);
  const resources = textsOf(statement.Resource);
  const needed = statement.Effect === "Allow" ? actions.filter((one) => !isElsewhere(one, resources, others)) : actions;
  return [
    ...(needed.length > 0 ? [{ kind: "statement removed", detail: "" }] : []),
    ...(actions.length > 1
      ? needed.map((action) => ({
          kind: "action removed",
          detail: action,
          next: { ...statement, Action: actions.filter((one) => one !== action) },
        }))
      : []),
    ...resources.flatMap((resource) => {
      const wide = widened(resource);
      if (wide === resource) return [];
      const next = { ...statement, Resource: resources.map((one) => (one === resource ? wide : one)) };
      return [{ kind: "resource widened", detail: `${resource} to ${wide}`, next }];
    }),
    ...conditionChanges(statement),
  ];
}

function conditionChanges(statement: Values): readonly Change[] {
  const condition = isMap(statement.Condition) ? statement.Condition : {};
  return Object.entries(condition).flatMap(([operator, block]) =>
    Object.entries(isMap(block) ? block : {}).flatMap(([key, value]) => {
      const rest = Object.fromEntries(Object.entries(isMap(block) ? block : {}).filter(([other]) => other !== key));
      const others = Object.fromEntries(Object.entries(condition).filter(([other]) => other !== operator));
      const left = Object.keys(rest).length > 0 ? { ...others, [operator]: rest } : others;
      const bare = Object.fromEntries(Object.entries(statement).filter(([name]) => name !== "Condition"));
      const wrong = { ...condition, [operator]: { ...(isMap(block) ? block : {}), [key]: textsOf(value).map(other) } };
      return [
        {
          kind: "condition dropped",
          detail: key,
          next: Object.keys(left).length > 0 ? { ...bare, Condition: left } : bare,
        },
        { kind: "condition wrong", detail: key, next: { ...bare, Condition: wrong } },
      ];
    }),
  );
}

/** The last part of an ARN that names something gives way to a star; what is nothing but a star stays. */
export function widened(resource: string): string {
  return resource.replace(/[^:/]+(?:[:/]\*)?$/, (last) => (last === "*" ? last : "*"));
}

/** Something else of the same form: another account, another service, the other truth. */
function other(value: string): string {
  if (value === "true" || value === "false") return value === "true" ? "false" : "true";
  if (/^\d{12}$/.test(value)) return "999988887777";
  if (value.startsWith("arn:")) {
    const [elsewhere, named] = [value.replace(/:\d{12}:/, ":999988887777:"), value.replace(/[^:]*$/, "other")];
    return elsewhere === value ? named : elsewhere;
  }
  return `other-${value}`;
}
