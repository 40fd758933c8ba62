import type {
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Finding, RecordedGraph, RecordedResource } from "../model/graph/graph";
import { jsonOf, listOf, mapOf, numberOf, textOf, textsOf, type Values } from "../model/graph/read";
import { type NamedRule, optionProperties } from "../preview/rules/rule";

/** Name of the policy under which is said what a mandatory rule finds and does not mind. */
const GOOD_TO_KNOW = "good-to-know";

/**
 * The rules as policies of a pack. Inputs are kept as the engine asks about each resource: at the end of a run it shows
 * what the provider made of them, defaults filled in, and rules ask what the program wrote.
 */
export function packOf(rules: readonly NamedRule[]): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const written = new Map<string, Values>();
  return [
    ...rules.map((rule) => (rule.looksAt === "resource" ? resourcePolicy(rule, written) : stackPolicy(rule, written))),
    {
      name: GOOD_TO_KNOW,
      description: "What deserves a look, and stops nothing",
      enforcementLevel: "advisory",
      validateStack: (args, report) => {
        const graph = graphOf(args, written);
        if (graph === undefined) return args.notApplicable(LATER);
        for (const rule of rules.filter(({ enforcement }) => enforcement === "mandatory")) {
          for (const { message, urn } of mild(found(rule, graph, undefined))) report(message, urn);
        }
      },
    },
  ];
}

/** Why a policy says nothing yet. */
const LATER = "looks at values that are known during pulumi up";

function resourcePolicy(rule: NamedRule, written: Map<string, Values>): ResourceValidationPolicy {
  return {
    ...told(rule),
    validateResource: (args, report) => {
      written.set(args.urn, args.props);
      say(rule, report, found(rule, graphOfOne(args), args.getConfig<Values>()));
    },
  };
}

function stackPolicy(rule: NamedRule, written: ReadonlyMap<string, Values>): StackValidationPolicy {
  return {
    ...told(rule),
    validateStack: (args, report) => {
      const graph = graphOf(args, written);
      if (graph === undefined) return args.notApplicable(LATER);
      say(rule, report, found(rule, graph, args.getConfig<Values>()));
    },
  };
}

function told(rule: NamedRule) {
  const { name, enforcement, description, remedy } = rule;
  return {
    name,
    description: `${description}.`,
    enforcementLevel: enforcement,
    remediationSteps: remedy,
    configSchema: configSchemaOf(rule),
  };
}

/** An advisory rule says all it finds; a mandatory one what it stops for. */
function say({ enforcement }: NamedRule, report: ReportViolation, findings: readonly Finding[]): void {
  const loud = enforcement === "advisory" ? findings : findings.filter(({ level }) => level === "error");
  for (const { message, urn } of loud) report(message, urn);
}

function mild(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ level }) => level !== "error");
}

/** What a rule finds as far as values are known; the engine asks again when all are. */
function found(rule: NamedRule, graph: RecordedGraph, options: Values | undefined): readonly Finding[] {
  try {
    return rule.find(graph, options);
  } catch (error) {
    if (isUnknownValue(error)) return [];
    throw error;
  }
}

/** What reading an unknown value throws; the class is not exported. */
function isUnknownValue(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith("can't be known during preview");
}

/** Whether everything in a value can be read. */
function isKnown(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch (error) {
    if (isUnknownValue(error)) return false;
    throw error;
  }
}

function graphOfOne(args: ResourceValidationArgs): RecordedGraph {
  return {
    ...placeOf(args.urn),
    resources: [recorded(args, args.props, args.props)],
    stackOutputs: {},
    defaultTags: mapOf(mapOf(jsonOf(args.provider?.props.defaultTags)).tags),
  };
}

/** The stack as rules read it; undefined while an id is not known, since what belongs together cannot be told then. */
function graphOf({ resources }: StackValidationArgs, written: ReadonlyMap<string, Values>): RecordedGraph | undefined {
  const first = resources[0];
  if (first === undefined) return undefined;
  const inputsOf = ({ urn, props }: PolicyResource) => written.get(urn) ?? props;
  if (!resources.every((resource) => isKnown(inputsOf(resource)) && isKnown(resource.props))) return undefined;
  return {
    ...placeOf(first.urn),
    resources: resources
      .filter(({ type }) => type !== STACK)
      .map((resource) => ({
        ...recorded(resource, inputsOf(resource), resource.props),
        parent: resource.parent?.urn,
        dependencies: resource.dependencies.map(({ urn }) => urn),
        propertyDependencies: Object.fromEntries(
          Object.entries(resource.propertyDependencies).map(([key, all]) => [key, all.map(({ urn }) => urn)]),
        ),
      })),
    stackOutputs: mapOf(resources.find(({ type }) => type === STACK)?.props),
  };
}

const STACK = "pulumi:pulumi:Stack";

function recorded(
  { urn, type, name, opts, provider }: ResourceValidationArgs | PolicyResource,
  inputs: Values,
  outputs: Values,
): RecordedResource {
  return {
    urn,
    type,
    name,
    custom: provider !== undefined,
    inputs,
    outputs,
    id: idIn(outputs),
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: opts.ignoreChanges,
    protect: opts.protect,
    deleteBeforeReplace: opts.deleteBeforeReplace ?? false,
    // Not told to policies: what is only retained counts as not kept.
    retainOnDelete: false,
    aliases: opts.aliases,
  };
}

function idIn(outputs: Values): string | undefined {
  return isKnown(outputs) ? textOf(outputs.id) : undefined;
}

/** `urn:pulumi:<stack>::<project>::...`, https://www.pulumi.com/docs/iac/concepts/resources/names/ */
function placeOf(urn: string): Pick<RecordedGraph, "project" | "stack"> {
  const [stack = "", project = ""] = urn.split("::");
  return { stack: stack.split(":").at(-1) ?? "", project };
}

/** The options of a rule as the engine checks them, before a policy runs; undefined for one without any. */
function configSchemaOf(rule: NamedRule): PolicyConfigSchema | undefined {
  const properties = optionProperties(rule).map(([key, property]) => [key, propertyOf(property)] as const);
  return properties.length === 0 ? undefined : { properties: Object.fromEntries(properties) };
}

function propertyOf(property: Values): PolicyConfigSchema["properties"][string] {
  const description = textOf(property.description);
  if (property.type === "array") {
    const items = mapOf(property.items).type === "string" ? "string" : "integer";
    return { type: "array", items: { type: items }, default: [...listOf(property.default)], description };
  }
  if (property.type === "object") {
    const propertyNames = { enum: [...textsOf(mapOf(property.propertyNames).enum)] };
    const numbers = { type: "number", minimum: 0 } as const;
    return { type: "object", propertyNames, additionalProperties: numbers, default: {}, description };
  }
  const [minimum, maximum, byDefault] = [property.minimum, property.maximum, property.default].map(numberOf);
  return { type: "integer", minimum, maximum, default: byDefault, description };
}
