import { createHash } from "node:crypto";
import { partitionOf } from "../../components/partition";
import { ACCOUNT, type Answer, type Asked, answerText, hex, type Known, textOr } from "./asked";
import { awsxAnswers } from "./awsx";
import { computeAnswers } from "./compute";
import { deliveryAnswers } from "./delivery";
import { fileSystemAnswers } from "./fileSystem";
import { identityAnswers } from "./identity";
import { loadBalancingAnswers } from "./loadBalancing";
import { LOOKUPS } from "./lookups";
import { networkAnswers } from "./network";
import { operationsAnswers } from "./operations";
import { storageAnswers } from "./storage";
import { answerUndescribed, lookUpUndescribed } from "./undescribed";

export type { Known, Overrides } from "./asked";

/** A resource as the program registers it. */
interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of project, stack, type and name: what makes ids and names look random and stay the same. */
  readonly hash: string;
}

/** Another stack, which has no outputs unless an override gives it some. None of them is secret. */
const stackReference: Answer = ({ inputs }) => ({ id: textOr(inputs.name), outputs: {}, secretOutputNames: [] });

const ANSWERS: Readonly<Record<string, Answer>> = {
  ...awsxAnswers,
  ...computeAnswers,
  ...deliveryAnswers,
  ...fileSystemAnswers,
  ...identityAnswers,
  ...loadBalancingAnswers,
  ...networkAnswers,
  ...operationsAnswers,
  ...storageAnswers,
  "pulumi:pulumi:StackReference": stackReference,
};

/** Type tokens that have an answer. */
export const ANSWERED = Object.keys(ANSWERS);

/** Tokens of look-ups that have an answer. */
export const LOOKED_UP = Object.keys(LOOKUPS);

/** What AWS would answer: the id, and the inputs with what is computed; made up for a type that nobody has described. */
export function answerResource(
  registration: Registration,
  known: Known,
): { id: string; state: Record<string, unknown> } {
  const { type, name, inputs, hash } = registration;
  const answer = known.overrides?.resources?.[type] ?? ANSWERS[type];
  if (!answer && type.startsWith("pulumi:providers:")) return { id: hex(hash, 8), state: { ...inputs } };
  // A resource may be in another region than its provider.
  const place = askedPlace({ ...known, region: answerText(inputs.region) ?? known.region });
  if (!answer) {
    known.undescribed.push(type);
    return answerUndescribed({ token: type, name, inputs, hash, arn: place.arn });
  }
  const asked: Asked = {
    inputs,
    hash,
    ...place,
    logicalName: name,
    name: answerText(inputs.name) ?? `${name}-${hex(hash, 7)}`,
  };
  const { id, ...computed } = answer(asked);
  const parameter = answerText(inputs.name);
  if (type === "aws:ssm/parameter:Parameter" && parameter !== undefined && !known.parameters.has(parameter)) {
    known.parameters.set(parameter, answerText(inputs.value) ?? "");
  }
  const tagsAll = inputs.tags === undefined ? {} : { tagsAll: inputs.tags };
  return { id, state: { ...inputs, ...tagsAll, ...computed } };
}

function askedPlace({ region, account = ACCOUNT }: Known): Pick<Asked, "region" | "account" | "partition" | "arn"> {
  const partition = partitionOf(region);
  return {
    region,
    account,
    partition,
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
  };
}

/** What AWS would answer to a look-up; made up for one that nobody has described. */
export function answerCall(
  token: string,
  inputs: Readonly<Record<string, unknown>>,
  known: Known,
): Record<string, unknown> {
  const lookup = known.overrides?.lookups?.[token] ?? LOOKUPS[token];
  const hash = createHash("sha256")
    .update(`${token}|${JSON.stringify(inputs)}`)
    .digest("hex");
  if (lookup) return lookup({ inputs, hash, ...askedPlace(known) }, known);
  known.undescribed.push(token);
  return lookUpUndescribed({ token, inputs, hash, arn: askedPlace(known).arn });
}
