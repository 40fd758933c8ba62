import { type Answer, type Asked, hex, textOf } from "./answers/asked";
import { computeAnswers } from "./answers/compute";
import { deliveryAnswers } from "./answers/delivery";
import { networkAnswers } from "./answers/network";
import { storageAnswers } from "./answers/storage";

/** Account every preview plays in. */
export const ACCOUNT = "111122223333";

/** What a run knows beside the resource that is asked about. */
export interface Known {
  readonly region: string;
  /** Values of SSM parameters, by name; those of the program join as they are registered. */
  readonly parameters: Map<string, string>;
}

/** A resource as the program registers it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of project, stack, type and name: what makes ids and names look random and stay the same. */
  readonly hash: string;
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  ...computeAnswers,
  ...deliveryAnswers,
  ...networkAnswers,
  ...storageAnswers,
};

/** Type tokens that have an answer. */
export const ANSWERED = Object.keys(ANSWERS);

/** What AWS would answer: the id, and the inputs with what is computed. Throws for a type that nobody has described. */
export function answerResource(
  registration: Registration,
  known: Known,
): { id: string; state: Record<string, unknown> } {
  const { type, name, inputs, hash } = registration;
  if (type.startsWith("pulumi:providers:")) return { id: hex(hash, 8), state: { ...inputs } };
  const answer = ANSWERS[type];
  if (!answer) throw new Error(`the preview has no answer for ${type} ("${name}"); add it to preview/answers/`);
  const asked: Asked = {
    ...{ inputs, hash, account: ACCOUNT, region: known.region, logicalName: name },
    name: textOf(inputs.name) ?? `${name}-${hex(hash, 7)}`,
    arn: (service, resource) => `arn:aws:${service}:${known.region}:${ACCOUNT}:${resource}`,
  };
  const { id, ...computed } = answer(asked);
  const parameter = textOf(inputs.name);
  if (type === "aws:ssm/parameter:Parameter" && parameter !== undefined && !known.parameters.has(parameter)) {
    known.parameters.set(parameter, textOf(inputs.value) ?? "");
  }
  return { id, state: { ...inputs, ...computed } };
}

type Call = (inputs: Readonly<Record<string, unknown>>, known: Known) => Record<string, unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    ...{ accountId: ACCOUNT, id: ACCOUNT, userId: "AIDAEXAMPLE" },
    arn: `arn:aws:iam::${ACCOUNT}:user/preview`,
  }),
  "aws:index/getRegion:getRegion": (_, { region }) => ({
    region,
    name: region,
    id: region,
    endpoint: "",
    description: "",
  }),
  "aws:index/getPartition:getPartition": () => ({
    ...{ partition: "aws", id: "aws", dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" },
  }),
  "aws:ssm/getParameter:getParameter": (inputs, known) => {
    const name = textOf(inputs.name) ?? "";
    const value = known.parameters.get(name) ?? "none";
    return { name, value, insecureValue: value, type: "String", version: 1, id: name };
  },
};

/** What AWS would answer to a look-up. Throws for one that nobody has described. */
export function answerCall(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  known: Known,
): Record<string, unknown> {
  const call = CALLS[token];
  if (call) return call(inputs, known);
  const details = `the preview has no answer for the look-up ${token}; add it to preview/answers.ts`;
  // Pulumi shows `details` of an error that has a code, and nothing of any other.
  throw Object.assign(new Error(details), { code: 2, details });
}
