import { z } from "zod";
import type { Finding, RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { mapOf, type Values } from "../../model/graph/read";
import { finding } from "../../model/graph/resources";

/** `mandatory` stops an update, and ends the offline preview with exit code 1; `advisory` is said and stops nothing. */
export type Enforcement = "mandatory" | "advisory";

/** A rule with what a person reads about it. It runs in the offline preview, in the policy pack and in tests. */
export interface NamedRule {
  /** As findings and `--policy-pack-config` write it. */
  readonly name: string;
  readonly enforcement: Enforcement;
  /** What holds where nothing is found, in one sentence. */
  readonly description: string;
  /** What to do about a finding. */
  readonly remedy: string;
  /**
   * `resource`: one resource shows it, so the policy pack refuses that one before it is made. `stack`: several together
   * show it, so the policy pack sees it at the end of a preview, and of an update.
   */
  readonly looksAt: "resource" | "stack";
  /** What it can be told, with its defaults. */
  readonly options: z.ZodObject;
  /** Throws `z.ZodError` for options that it does not take. */
  readonly find: (graph: RecordedGraph, options?: unknown) => readonly Finding[];
}

/** Of a rule that can be told nothing. */
export const NO_OPTIONS = z.strictObject({});

/** Of a rule that holds in production alone: which stacks that is. */
export const IN_PRODUCTION = z.strictObject({
  stacks: z.array(z.string()).default(["prod", "production"]).describe("Stacks in which it holds"),
});

/** The options of a rule by name, as JSON schema says them. */
export function optionProperties({ options }: NamedRule): readonly (readonly [name: string, property: Values])[] {
  const { properties } = z.toJSONSchema(options, { io: "input" });
  return Object.entries(mapOf(properties)).map(([name, property]) => [name, mapOf(property)]);
}

type Told<Options extends z.ZodObject> = Omit<NamedRule, "find" | "options"> & {
  readonly options: Options;
};

/** A rule over a whole graph that gives its own findings. */
export function namedRule<Options extends z.ZodObject>(
  told: Told<Options> & { readonly find: (graph: RecordedGraph, options: z.infer<Options>) => readonly Finding[] },
): NamedRule {
  const { find, options } = told;
  return { ...told, find: (graph, given) => find(graph, options.parse(given ?? {})) };
}

/** A rule about resources of some types: says what is wrong with one, and the remedy is added. */
export function guardrail<Options extends z.ZodObject>(
  told: Told<Options> & {
    /** Type tokens. @default - every type */
    readonly types?: readonly string[];
    readonly problems: (
      resource: RecordedResource,
      options: z.infer<Options>,
      graph: RecordedGraph,
    ) => readonly string[];
  },
): NamedRule {
  const { name, enforcement, remedy, types, problems } = told;
  const level = enforcement === "mandatory" ? "error" : "notice";
  return namedRule({
    ...told,
    find: (graph, options) =>
      graph.resources
        .filter(({ type }) => types === undefined || types.includes(type))
        .flatMap((resource) =>
          problems(resource, options, graph).map((text) => finding(name, resource, `${text}; ${remedy}`, level)),
        ),
  });
}
