import { ACTION_PROVIDERS } from "../../model/actions";
import type { ActionProvider } from "../../model/actions/provider";
import type { Rule } from "../../model/graph/graph";
import { type Action, ofAction, pipelinesOf } from "../../model/graph/pipelines";
import { finding, notice } from "../../model/graph/resources";

const RULE = "action-configuration";
/** CodePipeline's limit on any configuration value. */
const MAX_VALUE = 1000;
/** Minutes the Amazon ECS action can wait. */
const MAX_DEPLOYMENT_TIMEOUT = 60;

/** Every action's provider, configuration and number of artifacts are ones that CodePipeline takes. */
export const actionConfiguration: Rule = (graph) =>
  pipelinesOf(graph).flatMap(({ resource, actions, workflow }) =>
    actions.flatMap((action) => [
      ...problemsOf(action, workflow === undefined).map((text) => finding(RULE, resource, ofAction(action) + text)),
      ...unknownsOf(action).map((text) => notice(RULE, resource, ofAction(action) + text)),
    ]),
  );

/** What is not known of an action, and therefore not looked at. */
function unknownsOf({ provider }: Action): readonly string[] {
  const known = ACTION_PROVIDERS[provider];
  if (known?.calls) return [];
  return known
    ? [`provider ${provider}: what it may call is not known here; that its role suffices is not checked`]
    : [
        `provider "${provider}" is not known here: nobody looks at its configuration, its role and what starts it; ` +
          `known are ${Object.keys(ACTION_PROVIDERS).join(", ")}`,
      ];
}

function problemsOf(action: Action, isOfPipeline: boolean): readonly string[] {
  const facts = ACTION_PROVIDERS[action.provider];
  if (!facts) return [];
  return [
    ...categoryProblems(action, facts),
    ...keyProblems(action, facts),
    // A workflow has no such limits.
    ...(isOfPipeline ? valueProblems(action, facts) : []),
    ...ruledProblems(action, facts),
    ...countProblems("input", action.inputs.length, facts.inputs),
    ...countProblems("output", action.outputs.length, facts.outputs),
    ...artifactProblems(action),
  ];
}

function categoryProblems({ category, provider }: Action, { categories }: ActionProvider): readonly string[] {
  if (categories.includes(category)) return [];
  return [`category "${category}" does not go with provider ${provider}; use ${categories.join(" or ")}`];
}

function keyProblems({ configuration, provider }: Action, facts: ActionProvider): readonly string[] {
  const known = [...facts.required, ...facts.optional];
  const missing = facts.required.filter((key) => !configuration[key]);
  const unknown = Object.keys(configuration).filter((key) => !known.includes(key));
  return [
    ...missing.map((key) => `configuration ${key}: ${provider} needs it, it is not set`),
    ...unknown.map((key) => `configuration ${key}: ${provider} does not know it; it takes ${known.join(", ")}`),
  ];
}

function valueProblems({ configuration }: Action, { optional }: ActionProvider): readonly string[] {
  const long = Object.entries(configuration)
    .filter(([, value]) => value.length > MAX_VALUE)
    .map(([key, { length }]) => `configuration ${key}: at most ${MAX_VALUE} characters, got ${length}; shorten it`);
  const polls = optional.includes("PollForSourceChanges") && configuration.PollForSourceChanges !== "false";
  const got = configuration.PollForSourceChanges ?? "nothing, which means 'true'";
  const timeout = Number(configuration.DeploymentTimeout ?? MAX_DEPLOYMENT_TIMEOUT);
  return [
    ...long,
    ...(polls
      ? [`configuration PollForSourceChanges: expected 'false' (an event starts the pipeline), got ${got}`]
      : []),
    ...(timeout >= 1 && timeout <= MAX_DEPLOYMENT_TIMEOUT
      ? []
      : [`configuration DeploymentTimeout: expected 1 to ${MAX_DEPLOYMENT_TIMEOUT} minutes, got ${timeout}`]),
  ];
}

function ruledProblems({ configuration }: Action, { values = {} }: ActionProvider): readonly string[] {
  return Object.entries(values).flatMap(([key, { pattern, max, expected }]) => {
    const got = configuration[key];
    if (!got || (got.length <= max && pattern.test(got))) return [];
    return [`configuration ${key}: expected ${expected}, got "${got}"`];
  });
}

function countProblems(what: string, got: number, [min, max]: readonly [number, number]): readonly string[] {
  if (got >= min && got <= max) return [];
  return [`expected ${min === max ? min : `${min} to ${max}`} ${what} artifact(s), got ${got}`];
}

/** Artifacts that the configuration names must be among the inputs; several inputs need to know the first. */
function artifactProblems({ configuration, inputs, provider }: Action): readonly string[] {
  const named = Object.entries(configuration).filter(([key]) => /Artifact(?:Name)?$|^PrimarySource$/.test(key));
  const wrong = named
    .filter(([, value]) => !inputs.includes(value))
    .map(([key, value]) => `configuration ${key}: "${value}" is none of its input artifacts (${inputs.join(", ")})`);
  if (provider !== "CodeBuild" || inputs.length < 2 || configuration.PrimarySource) return wrong;
  return [...wrong, `configuration PrimarySource: needed with ${inputs.length} input artifacts; name one of them`];
}
