import { z } from "zod";
import { isMap, jsonOf, listOf, mapOf, mapsOf, textOf, type Values } from "../../../model/graph/read";
import { TYPES } from "../../../model/graph/resources";
import { guardrail, type NamedRule, NO_OPTIONS } from "../rule";

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const CONTAINERS = [TYPES.taskDefinition];

const privilegedContainer = guardrail({
  name: "privileged-container",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "No container has the rights of its host",
  remedy: "take it away, and name the single Linux capability that is needed in linuxParameters.capabilities",
  types: CONTAINERS,
  options: NO_OPTIONS,
  problems: ({ inputs }) => [
    ...containers(inputs).flatMap((one) =>
      one.privileged === true ? [`container ${textOf(one.name) ?? ""}: privileged`] : [],
    ),
    ...["pidMode", "ipcMode"].flatMap((key) => (inputs[key] === "host" ? [`${key}: host`] : [])),
  ],
});

const writableRoot = guardrail({
  name: "writable-root",
  enforcement: "advisory",
  looksAt: "resource",
  description: "What breaks into a container cannot write over its programs",
  remedy: "set readonlyRootFilesystem, and mount a volume where the application writes",
  types: CONTAINERS,
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    containers(inputs)
      .filter((one) => one.readonlyRootFilesystem !== true)
      .map((one) => `container ${textOf(one.name) ?? ""}: readonlyRootFilesystem is not true`),
});

const SECRET_NAME = "(PASS(WORD|WD|PHRASE)?|SECRET(_?KEY)?|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)$";

/** The start of a key that AWS, GitHub, Slack or a PEM file has. */
const SECRET_VALUE = /^(?:AKIA|ASIA)[A-Z0-9]{16}$|^gh[pousr]_\w{30,}|^xox[abpr]-|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

const secretInPlainText = guardrail({
  name: "secret-in-plain-text",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "Passwords, keys and tokens are references to Secrets Manager or Parameter Store, never values",
  remedy: "keep it in Secrets Manager or Parameter Store, name it under secrets, and renew it: it has been readable",
  types: [...CONTAINERS, TYPES.project],
  options: z.strictObject({
    names: z
      .array(z.string().refine(isExpression, { error: "expected a regular expression" }))
      .default([SECRET_NAME])
      .describe("Regular expressions, without regard to case: a variable with such a name holds a secret"),
    except: z.array(z.string()).default([]).describe("Names of variables that hold none"),
  }),
  problems: ({ inputs }, { names, except }) =>
    variables(inputs)
      .filter(({ name, value }) => {
        if (except.includes(name) || value === "" || /^(?:arn:|\/|\$\{?\w)/.test(value)) return false;
        return SECRET_VALUE.test(value) || names.some((pattern) => new RegExp(pattern, "i").test(name));
      })
      .map(({ where, name }) => `${where}variable ${name} has its value in plain text`),
});

function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** Variables with a value of their own, of containers and of a build. */
function variables(inputs: Values): readonly { where: string; name: string; value: string }[] {
  const inContainers = containers(inputs).flatMap((one) =>
    mapsOf(one.environment).map((variable) => ({ variable, where: `container ${textOf(one.name) ?? ""}: ` })),
  );
  const inBuild = mapsOf(mapOf(inputs.environment).environmentVariables)
    .filter(({ type }) => type === undefined || type === "PLAINTEXT")
    .map((variable) => ({ variable, where: "" }));
  return [...inContainers, ...inBuild].map(({ variable, where }) => ({
    where,
    name: textOf(variable.name) ?? "",
    value: textOf(variable.value) ?? "",
  }));
}

function containers(inputs: Values): readonly Values[] {
  return listOf(jsonOf(inputs.containerDefinitions)).filter(isMap);
}

export const containerRules: readonly NamedRule[] = [privilegedContainer, writableRoot, secretInPlainText];
