import type { Input } from "@pulumi/pulumi";
import type { BuildKind } from "../build/kind";
import type { Statement } from "../iam/policyDocument";

/** What a step of a workflow runs, as data: a job runs it where a pipeline would start a build of a project. */
export interface JobStep {
  /** What actions call it by. */
  readonly name: string;
  /** What it is there for. */
  readonly description: string;
  /** `test`: commands of the application's own, which get no AWS credentials. */
  readonly kind: BuildKind;
  /** The buildspec whose commands it runs. */
  readonly buildspec: string;
  /** Variables of every run of it. */
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** Variables from SSM parameters or secrets, by name or ARN. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What it calls in AWS, reading its variables too. */
  readonly permissions: readonly Statement[];
  /** Minutes that it may take. */
  readonly timeoutInMinutes: number;
  /** Role of its own, which admits the runs of another environment on GitHub. @default - it runs in the workflow's */
  readonly role?: { readonly name: string; readonly environment: string } | undefined;
  /** Label of the runner that it needs. @default - the workflow's */
  readonly runsOn?: string | undefined;
}
