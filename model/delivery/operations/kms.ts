import { createHash } from "node:crypto";
import { AwsError } from "../awsError";
import { type GivenCall, given, type Operation } from "./operation";

const key = ({ input }: GivenCall): readonly string[] => [given(input, "keyId")];

/** What stands for a signature by a key: nobody else's call gives it. */
function signatureOf({ input }: GivenCall): string {
  const signed = [given(input, "keyId"), given(input, "signingAlgorithm"), given(input, "message")].join("\n");
  return createHash("sha256").update(signed).digest("base64");
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html */
export const KMS: Readonly<Record<string, Operation>> = {
  Sign: {
    resources: key,
    act: (call) => ({ KeyId: given(call.input, "keyId"), Signature: signatureOf(call) }),
  },
  Verify: {
    resources: key,
    act: (call) => {
      if (given(call.input, "signature") !== signatureOf(call)) throw new AwsError("KMSInvalidSignatureException", "");
      return { KeyId: given(call.input, "keyId"), SignatureValid: true };
    },
  },
};
