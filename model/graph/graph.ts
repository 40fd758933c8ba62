/** One resource as the program registered it, with the options the engine would see. */
export interface RecordedResource {
  /** As the real engine writes it: every ancestor component's type, joined by `$`. */
  readonly urn: string;
  /** Type token, for example `aws:ecs/service:Service`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** URN of the parent; absent for what stands directly under the stack. */
  readonly parent?: string;
  /** False for component resources. */
  readonly custom: boolean;
  /** Plain values: secrets unwrapped, resource references replaced by their id. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What AWS would answer: inputs, ids, ARNs and names of the right form. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly id?: string;
  /** URNs, explicit `dependsOn` and those implied by inputs. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly ignoreChanges: readonly string[];
  /** Properties whose change makes another resource, which AWS itself would change in place. @default - none */
  readonly replaceOnChanges?: readonly string[];
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  readonly aliases: readonly string[];
}

/** Everything one run of the program registered. */
export interface RecordedGraph {
  readonly project: string;
  readonly stack: string;
  readonly resources: readonly RecordedResource[];
  /** What the program exported. */
  readonly stackOutputs: Readonly<Record<string, unknown>>;
  /** Tags that the provider gives to everything, `aws:defaultTags`. @default - none */
  readonly defaultTags?: Readonly<Record<string, unknown>>;
  /** Type tokens and look-ups whose answers are made up, because nobody has described them. @default - none */
  readonly undescribed?: readonly string[];
}

/** Something that would go wrong, or deserves a look. */
export interface Finding {
  /**
   * `error`: AWS or Pulumi would refuse, or something is lost; it ends the preview with exit code 1. `warning`: it works,
   * but production is not served for a time, or a promise is not kept. `notice`: good to know.
   */
  readonly level: "error" | "warning" | "notice";
  /** Name of the rule, for example `artifact-not-made`. */
  readonly rule: string;
  /** URN of the resource it is about, where there is one. */
  readonly urn?: string;
  /** What is wrong, with the value, what is expected and what mends it. */
  readonly message: string;
  /** What to do instead, one step after another. @default - the message says it */
  readonly steps?: readonly string[];
}

const LEVELS: readonly Finding["level"][] = ["error", "warning", "notice"];

/** Findings, errors first; among equals the order stays. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}

/** One rule over a recorded graph. */
export type Rule = (graph: RecordedGraph) => readonly Finding[];
