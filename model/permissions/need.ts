/** Calls that a role must be able to make, each on all of these resources. */
export interface Need {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** What for, in messages. */
  readonly why: string;
  /** What AWS knows of the call besides: a condition asks for it. @default - conditions count as met */
  readonly context?: Readonly<Record<string, string>>;
}

/** A need whose reason is said once for several. */
export type Calls = Omit<Need, "why">;

/** How something in a bucket is used. */
export interface Use {
  readonly reads: boolean;
  readonly writes: boolean;
}

/** Reading and writing objects, with the calls on the customer's KMS key that S3 makes for it. */
export function objectCalls(objectArn: string, keyArn: string | undefined, { reads, writes }: Use): readonly Calls[] {
  const calls = [...(reads ? ["s3:GetObject", "s3:GetObjectVersion"] : []), ...(writes ? ["s3:PutObject"] : [])];
  const keyCalls = [...(reads ? ["kms:Decrypt"] : []), ...(writes ? ["kms:GenerateDataKey"] : [])];
  return [
    { actions: calls, resources: [objectArn] },
    ...(keyArn?.includes(":key/") ? [{ actions: keyCalls, resources: [keyArn] }] : []),
  ];
}
