import * as pulumi from "@pulumi/pulumi";
import { fittedName, NAMES } from "../../checks/names";
import { defined } from "../../defined";
import { allow } from "../../iam/policyDocument";
import type { ProjectRef } from "../../refs";
import { type Artifact, artifactOf, type BuildAction, declare } from "../action";

/** Where CodeBuild takes a variable's value from. */
export type VariableType = "PLAINTEXT" | "PARAMETER_STORE" | "SECRETS_MANAGER";

/** A variable that an action hands to its build: the value, or the name it is looked up by. */
export type BuildVariable =
  | pulumi.Input<string>
  | { readonly type: VariableType; readonly value: pulumi.Input<string> };

/** Arguments of `codeBuildAction`. */
export interface CodeBuildActionArgs {
  /** Action name; its artifact is named after it. */
  readonly name: string;
  readonly project: ProjectRef;
  /** Files the build starts from. */
  readonly input: Artifact;
  /** Further files; the build finds those of an artifact in `$CODEBUILD_SRC_DIR_<its name>`. @default - none */
  readonly further?: readonly Artifact[];
  /** @default "Build" */
  readonly category?: "Build" | "Test";
  /** Few and short: CodePipeline takes 1000 characters for all of them. @default - none */
  readonly environmentVariables?: Readonly<Record<string, BuildVariable>>;
}

/** CodePipeline's limit on any configuration value, here the JSON text of all variables. */
const MAX_CONFIGURATION_VALUE = 1000;

/**
 * A CodeBuild action. Throws when its variables are more than CodePipeline takes.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
 */
export function codeBuildAction(args: CodeBuildActionArgs): BuildAction {
  const { further = [] } = args;
  const output = artifactOf(args.name);
  return {
    declaration: declare(args.category ?? "Build", "CodeBuild", {
      name: args.name,
      namespace: namespaceOf(args.name),
      inputArtifacts: [args.input, ...further].map(({ name }) => name),
      outputArtifacts: args.category === "Test" ? [] : [output.name],
      configuration: defined<pulumi.Input<string>>({
        ProjectName: args.project.name,
        EnvironmentVariables: variablesText(args),
        PrimarySource: further.length > 0 ? args.input.name : undefined,
      }),
    }),
    permissions: [
      allow(["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codebuild:StopBuild"], [args.project.arn]),
    ],
    output,
  };
}

function namespaceOf(actionName: string): string {
  return fittedName(`${actionName}Variables`, NAMES.pipeline.max);
}

/** A variable that the build of a CodeBuild action exports, as later actions write it. */
export function variableOf(actionName: string, variable: string): string {
  return `#{${namespaceOf(actionName)}.${variable}}`;
}

function variablesText(args: CodeBuildActionArgs): pulumi.Output<string> {
  const variables = Object.entries(args.environmentVariables ?? {}).map(([name, given]) => {
    const { type, value } = isTyped(given) ? given : { type: "PLAINTEXT" as const, value: given };
    return { name, value, type };
  });
  return pulumi.jsonStringify(variables).apply((text) => {
    if (text.length > MAX_CONFIGURATION_VALUE) {
      throw new pulumi.RunError(
        `pipeline action "${args.name}": its environment variables are ${text.length} characters as JSON, ` +
          `CodePipeline takes ${MAX_CONFIGURATION_VALUE}; shorten names or move variables to the build project`,
      );
    }
    return text;
  });
}

function isTyped(given: BuildVariable): given is { type: VariableType; value: pulumi.Input<string> } {
  return typeof given === "object" && "type" in given && !pulumi.Output.isInstance(given);
}
