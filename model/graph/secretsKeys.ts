import type { RecordedGraph, RecordedResource } from "./graph";
import { textOf, textsOf } from "./read";
import { arnOf, ofType, physicalName, TYPES } from "./resources";

/** Keys that the component around a resource was told its secrets are encrypted with. */
export function toldSecretsKeys(graph: RecordedGraph, resource: RecordedResource | undefined): readonly string[] {
  const parent = graph.resources.find(({ urn }) => urn === resource?.parent);
  return textsOf(parent?.inputs.secretsKeyArns);
}

/** The customer's key of a parameter or secret that the program itself makes. */
export function keyOfSecret(graph: RecordedGraph, secretArn: string): readonly string[] {
  const parameter = ofType(graph, TYPES.parameter).find((one) => arnOf(one) === secretArn);
  const secret = ofType(graph, TYPES.secret).find((one) => arnOf(one) === secretArn);
  const key = textOf(parameter?.inputs.keyId ?? secret?.inputs.kmsKeyId);
  if (key === undefined || key.startsWith("alias/aws/")) return [];
  const known = ofType(graph, TYPES.key).find((one) => [arnOf(one), one.id, physicalName(one)].includes(key));
  return [(known && arnOf(known)) ?? key].filter((arn) => arn.startsWith("arn:"));
}
