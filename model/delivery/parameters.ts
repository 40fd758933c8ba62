/** SSM parameters, by ARN, with all their versions. */
export class Parameters {
  private readonly versions = new Map<string, string[]>();

  /** All versions, oldest first; undefined where there is no such parameter. */
  history(arn: string): readonly string[] | undefined {
    return this.versions.get(arn);
  }

  /** The newest version. */
  value(arn: string): string | undefined {
    return this.versions.get(arn)?.at(-1);
  }

  /** Writes a version. */
  put(arn: string, value: string): number {
    const versions = [...(this.versions.get(arn) ?? []), value];
    this.versions.set(arn, versions);
    return versions.length;
  }

  /** ARNs of what is there. */
  get arns(): readonly string[] {
    return [...this.versions.keys()];
  }
}
