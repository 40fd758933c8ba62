import { z } from "zod";
import type { Finding, RecordedGraph, RecordedResource } from "../../model/graph/graph";
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
  /** What it can be told, with its defaults. @default - nothing */
  readonly options?: z.ZodObject;
  /** Throws `z.ZodError` for options that it does not take. */
  readonly find: (graph: RecordedGraph, options?: unknown) => readonly Finding[];
}

type Told<Options extends z.ZodObject> = Omit<NamedRule, "find" | "options"> & {
  readonly options?: Options;
};

/** A rule over a whole graph that gives its own findings. */
export function namedRule<Options extends z.ZodObject>(
  told: Told<Options> & { readonly find: (graph: RecordedGraph, options: z.infer<Options>) => readonly Finding[] },
): NamedRule {
  const { find, options } = told;
  // A rule without options has nobody who could tell it any.
  const schema = options ?? (z.strictObject({}) as unknown as Options);
  return { ...told, find: (graph, given) => find(graph, schema.parse(given ?? {})) };
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
