import assert from "node:assert/strict";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { type RecordOptions, recordProgram as record } from "../../preview/record/recordGraph";

/** A recorded graph, with the questions that tests ask. */
export class Graph {
  constructor(readonly recorded: RecordedGraph) {}

  get resources(): readonly RecordedResource[] {
    return this.recorded.resources;
  }

  all(type: string): RecordedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  only(type: string): RecordedResource {
    const found = this.all(type);
    assert.equal(found.length, 1, `expected one ${type}, got ${found.map(({ name }) => name).join(", ") || "none"}`);
    return found[0] as RecordedResource;
  }

  named(type: string, name: string): RecordedResource {
    const found = this.all(type).filter((resource) => resource.name === name);
    assert.equal(
      found.length,
      1,
      `expected one ${type} "${name}", there are ${this.all(type)
        .map((r) => r.name)
        .join(", ")}`,
    );
    return found[0] as RecordedResource;
  }

  count(type: string): number {
    return this.all(type).length;
  }

  /** Every type that was registered, once. */
  types(): string[] {
    return [...new Set(this.resources.map(({ type }) => type))].sort();
  }

  /** Undefined for what stands directly under the stack. */
  parentOf({ parent }: RecordedResource): RecordedResource | undefined {
    return this.resources.find(({ urn }) => urn === parent);
  }

  /** The one child of a type. */
  child(parent: RecordedResource, type: string): RecordedResource {
    const found = this.all(type).filter((resource) => resource.parent === parent.urn);
    const names = found.map(({ name }) => name).join(", ") || "none";
    assert.equal(found.length, 1, `expected one ${type} under "${parent.name}", got ${names}`);
    return found[0] as RecordedResource;
  }

  /** How many there are of each type that is no component. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { type, custom } of this.resources) if (custom) counts[type] = (counts[type] ?? 0) + 1;
    return counts;
  }

  /** Statements of the inline policies of a role, by the role's logical name. */
  statements(roleName: string): DocumentStatement[] {
    return this.all("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => policy.name === roleName)
      .flatMap((policy) => (JSON.parse(String(policy.inputs.policy)) as { Statement: DocumentStatement[] }).Statement);
  }

  /** `type name <- parent`, sorted: what makes a resource the same one. */
  identity(): string {
    const nameOf = (urn: string | undefined) => (urn === undefined ? "stack" : urn.split("::").slice(2).join(" "));
    return `${this.resources
      .map((r) => `${r.type} ${r.name} <- ${nameOf(r.parent)}`)
      .sort()
      .join("\n")}\n`;
  }
}

export interface DocumentStatement {
  Effect: string;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, unknown>>;
}

export async function recordGraph(program: () => unknown, options?: RecordOptions): Promise<Graph> {
  return new Graph(await record(program, options));
}

/** The message a program ends with; fails when it does not fail. */
export async function refusal(program: () => unknown, options?: RecordOptions): Promise<string> {
  try {
    await record(program, options);
  } catch (error) {
    return (error as Error).message;
  }
  throw new assert.AssertionError({ message: "the program was not refused" });
}
