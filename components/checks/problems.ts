import * as pulumi from "@pulumi/pulumi";

/** Collects what is wrong with a component's arguments, and throws once. */
export class Problems {
  private readonly found: string[] = [];

  /** Notes a problem unless `problem` is undefined. */
  add(problem: string | undefined): this {
    if (problem !== undefined) this.found.push(problem);
    return this;
  }

  /** Notes each problem in the list. */
  addAll(problems: readonly string[]): this {
    this.found.push(...problems);
    return this;
  }

  /** What was noted so far. */
  get list(): readonly string[] {
    return this.found;
  }

  /** Notes a share outside `min` to `max` percent. */
  share(field: string, value: number, min: number, max: number): this {
    if (value >= min && value <= max) return this;
    return this.add(`${field}: expected ${min} to ${max} percent, got ${value}`);
  }

  /** Notes a number outside `min` to `max`; undefined is left to the default. */
  range(field: string, value: number | undefined, min: number, max: number, unit = ""): this {
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return this;
    return this.add(`${field}: expected a whole number from ${min} to ${max}${unit && ` ${unit}`}, got ${value}`);
  }

  /** Notes a text that is longer than `max` or does not match. */
  text(field: string, value: string | undefined, rule: { pattern: RegExp; max: number; expected: string }): this {
    if (value === undefined || (value.length <= rule.max && rule.pattern.test(value))) return this;
    return this.add(`${field}: expected ${rule.expected}, got "${value}"`);
  }

  /** Throws one ResourceError on the component when anything was noted. */
  throwFor(component: pulumi.ComponentResource, title: string): void {
    if (this.found.length > 0) throw new pulumi.ResourceError(describeProblems(title, this.found), component, true);
  }
}

/** A title line, and one line for each problem. */
export function describeProblems(title: string, problems: readonly string[]): string {
  return [`${title} has ${problems.length} problem(s):`, ...problems.map((problem) => `  ${problem}`)].join("\n");
}
