/** What an answer is made from. */
export interface Asked {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
  readonly hash: string;
  readonly logicalName: string;
  /** Name in AWS: the one given, else the one that autonaming makes. */
  readonly name: string;
  arn(service: string, resource: string): string;
}

/** The id, and whatever AWS works out. */
export type Answer = (asked: Asked) => { readonly id: string; readonly [computed: string]: unknown };

/** The first digits of a hash. */
export function hex(hash: string, digits: number): string {
  return hash.slice(0, digits);
}

/** A text, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** An id like `sg-0a1b2c3d4e5f6a7b8`. */
export function resourceId(prefix: string): Answer {
  return ({ hash }) => ({ id: `${prefix}-0${hex(hash, 16)}` });
}

/** A resource that is known by its name, and has an ARN. */
export function named(service: string, resource: (name: string, asked: Asked) => string): Answer {
  return (asked) => {
    const arn = asked.arn(service, resource(asked.name, asked));
    return { id: asked.name, name: asked.name, arn };
  };
}

/** A resource whose id is its ARN. */
export function byArn(service: string, resource: (name: string, asked: Asked) => string): Answer {
  return (asked) => {
    const arn = asked.arn(service, resource(asked.name, asked));
    return { id: arn, name: asked.name, arn };
  };
}

/** A setting of another resource: its id is that one's. */
export function settingOf(property: string): Answer {
  return ({ inputs }) => ({ id: textOf(inputs[property]) ?? "" });
}
