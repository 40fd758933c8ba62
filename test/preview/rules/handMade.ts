import assert from "node:assert";
import type { Finding, RecordedGraph, RecordedResource, Rule } from "../../../model/graph/graph";

type Inputs = Readonly<Record<string, unknown>>;

const PLACE = "eu-west-1:111122223333";

/** A resource as it would be recorded; id and ARN are made up where none are given. */
export function resource(
  type: string,
  name: string,
  inputs: Inputs,
  more: Partial<RecordedResource> = {},
): RecordedResource {
  const service = type.split(":")[1]?.split("/")[0] ?? "";
  return {
    urn: `urn:pulumi:dev::shop::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs,
    outputs: { name, arn: `arn:aws:${service}:${PLACE}:${name}`, ...inputs, ...more.outputs },
    id: more.id ?? name,
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    aliases: [],
    protect: false,
    deleteBeforeReplace: false,
    retainOnDelete: false,
    ...(more.parent !== undefined && { parent: more.parent }),
    ...(more.custom !== undefined && { custom: more.custom }),
  };
}

/** A graph of these resources. */
export function graphOf(...resources: readonly RecordedResource[]): RecordedGraph {
  return { project: "shop", stack: "dev", resources, stackOutputs: {} };
}

/** An ARN in the place where everything is. */
export function arnHere(service: string, rest: string): string {
  return `arn:aws:${service}:${PLACE}:${rest}`;
}

/** Actions, resources and condition of a statement that allows. */
export type Allowed = readonly [string[], string[], Inputs?];

/** An IAM policy document with these statements. */
export function policy(...statements: readonly Allowed[]): string {
  const Statement = statements.map(([Action, Resource, Condition]) => ({
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition && { Condition }),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A trust policy for an AWS service; not every one says for which account it takes a role. */
export function trust(service: string, saysAccount = true): string {
  const ArnLike = { "aws:SourceArn": "arn:aws:*:*:111122223333:*" };
  const Condition = saysAccount ? { StringEquals: { "aws:SourceAccount": "111122223333" }, ArnLike } : undefined;
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole", Condition };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** The graph with some inputs of one resource changed; `undefined` takes an input away. */
export function changed(graph: RecordedGraph, type: string, name: string, inputs: Inputs): RecordedGraph {
  assert(
    graph.resources.some((one) => one.type === type && one.name === name),
    `no ${type} "${name}"`,
  );
  const resources = graph.resources.map((one) =>
    one.type === type && one.name === name ? { ...one, inputs: { ...one.inputs, ...inputs } } : one,
  );
  return { ...graph, resources };
}

/** The graph without one resource. */
export function without(graph: RecordedGraph, type: string, name: string): RecordedGraph {
  assert(
    graph.resources.some((one) => one.type === type && one.name === name),
    `no ${type} "${name}"`,
  );
  return { ...graph, resources: graph.resources.filter((one) => one.type !== type || one.name !== name) };
}

/** The graph with more resources. */
export function withMore(graph: RecordedGraph, ...resources: readonly RecordedResource[]): RecordedGraph {
  return { ...graph, resources: [...graph.resources, ...resources] };
}

/** A rule finds exactly these messages, all of level error unless said. */
export function assertFinds(
  rule: Rule,
  graph: RecordedGraph,
  messages: readonly string[],
  level: Finding["level"] = "error",
): void {
  const found = rule(graph);
  assert.deepStrictEqual(
    found.map((one) => one.message),
    messages,
  );
  assert(found.every((one) => one.level === level && one.urn !== undefined));
}

/** A rule finds nothing. */
export function assertFindsNothing(rule: Rule, graph: RecordedGraph): void {
  assert.deepStrictEqual(rule(graph), []);
}
