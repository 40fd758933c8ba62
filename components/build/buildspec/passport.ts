import type { Input } from "@pulumi/pulumi";
import { allow, type Statement } from "../../iam/policyDocument";

/** Nothing is asked of a passport: what a build that reads one begins with. */
export const NO_PASSPORT = { PASSPORT_STACK: "", PASSPORT_KEY: "", PASSPORT_ALGORITHM: "ECDSA_SHA_256" } as const;

/**
 * What a build that writes an image's passport begins with:
 * - `PASSPORT_STACK`: the stack that it is written for. @default - none is written
 * - `PASSPORT_KEY`, `PASSPORT_ALGORITHM`: KMS key that signs it, and how. @default - it is not signed
 * - `WORKFLOW_NAME`, `TESTS_PASSED`: the workflow of GitHub Actions that delivers, and the tests that have passed before. @default - a
 *   pipeline delivers
 * - `EXECUTION_ID`: the run of the pipeline, which says what passed and who approved
 * - `SCAN_RESULT`: what the gate on the image scan found
 *
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html
 */
export const PASSPORT_VARIABLES = {
  PASSPORT_STACK: NO_PASSPORT.PASSPORT_STACK,
  PASSPORT_KEY: NO_PASSPORT.PASSPORT_KEY,
  PASSPORT_ALGORITHM: NO_PASSPORT.PASSPORT_ALGORITHM,
  EXECUTION_ID: "",
  SCAN_RESULT: "no gate",
} as const;

/** Arguments of `passportRunPermissions`. */
export interface PassportRunPermissionsArgs {
  /** Pipelines that write passports; an empty list where no pipeline does. */
  readonly pipelineArns: readonly Input<string>[];
  /** Key that signs them. @default - they are not signed */
  readonly signingKeyArn?: Input<string> | undefined;
}

/** What a build does for a passport in its own role, whatever role it acts in: asks for the run, and signs. */
export function passportRunPermissions({ pipelineArns, signingKeyArn }: PassportRunPermissionsArgs): Statement[] {
  return [
    ...(pipelineArns.length === 0 ? [] : [allow(["codepipeline:ListActionExecutions"], pipelineArns)]),
    ...(signingKeyArn === undefined ? [] : [allow(["kms:Sign"], [signingKeyArn])]),
  ];
}

/** What writing a passport takes where its parameter is: each names the one before. */
export function passportParameterPermissions(passportArn: Input<string>): Statement[] {
  return [allow(["ssm:GetParameter", "ssm:PutParameter"], [passportArn])];
}
