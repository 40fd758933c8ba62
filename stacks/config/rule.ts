import type { z } from "zod";
import type { Scalar } from "../../components/settings/setting";

/** Where a rule's problem stands, and what would be right there. */
interface RuleOptions<T> {
  readonly path: readonly string[];
  /** Where below `path` it stands, if that depends on the value. @default - there */
  readonly at?: (value: T) => readonly PropertyKey[];
  readonly mend?: (value: T) => Scalar | undefined;
  /** What else has to be set, from what the rule is about, so that nothing is missing then. @default - nothing */
  readonly also?: (value: T) => readonly { readonly path: readonly PropertyKey[]; readonly value: Scalar }[];
  /** Whether nothing is right there: the command that mends it removes the key. */
  readonly remove?: boolean;
}

/** How a rule is handed to `refine`, and what it says of a value that would be right. */
export interface RuleParams {
  path: string[];
  when: (payload: { value: unknown }) => boolean;
  error: (issue: { input?: unknown }) => string;
  params: {
    rule: (value: unknown) => Scalar | undefined;
    /** Path of what is wrong, in the value that the rule is about. */
    at: (value: unknown) => readonly PropertyKey[];
    also: (value: unknown) => readonly { readonly path: readonly PropertyKey[]; readonly value: Scalar }[];
    /** How much of it is the issue's own path. */
    depth: number;
    remove: boolean;
  };
}

/** A rule over several fields, as `refine` takes it. */
export type ConfigRule = [check: (value: unknown) => boolean, how: RuleParams];

/**
 * Arguments of `refine` for a rule over several fields: it runs as soon as those fields are right in themselves, so that
 * all problems come in one message. `problem` says what is expected, or nothing.
 */
export function rule<T extends z.ZodType>(
  fields: T,
  problem: (value: z.output<T>) => string | undefined,
  options: RuleOptions<z.output<T>>,
): ConfigRule {
  const read = (value: unknown) => fields.safeParse(value);
  const said = (value: unknown) => {
    const { success, data } = read(value);
    return success ? problem(data) : undefined;
  };
  return [
    (value: unknown) => said(value) === undefined,
    {
      path: [...options.path],
      when: ({ value }: { value: unknown }) => read(value).success,
      error: ({ input }: { input?: unknown }) => said(input) ?? "",
      params: {
        rule: (value: unknown) => options.mend?.(fields.parse(value)),
        at: (value: unknown) => [...options.path, ...(options.at?.(fields.parse(value)) ?? [])],
        also: (value: unknown) => options.also?.(fields.parse(value)) ?? [],
        depth: options.path.length,
        remove: options.remove ?? false,
      },
    },
  ];
}
