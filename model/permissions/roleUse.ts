import type { RecordedResource } from "../graph/graph";
import { textOf } from "../graph/read";
import type { Need } from "./need";

/** A role in use: which AWS service takes it, for what, and what it must be able to do then. */
export interface RoleUse {
  /** ARN or name of the role. */
  readonly role: string;
  /** For example `codebuild.amazonaws.com`; undefined where another role takes it. */
  readonly service?: string | undefined;
  /** The resource that uses it. */
  readonly user: RecordedResource;
  readonly needs: readonly Need[];
  /** Whether more is done in it than anybody here knows: what an application calls, what a function does. @default false */
  readonly isOpen?: boolean;
  /** Whether the service says for which account it takes the role. @default true */
  readonly saysAccount?: boolean;
  /** ARN of what it says that it works on; `*` in it stands for what AWS alone knows. @default - it does not say */
  readonly sourceArn?: string | undefined;
}

/** A use of a role that a property names; none where it names none. */
export function uses(
  role: unknown,
  service: string | undefined,
  user: RecordedResource,
  needs: readonly Need[],
  more: Pick<RoleUse, "isOpen" | "saysAccount" | "sourceArn"> = {},
): RoleUse[] {
  const text = textOf(role);
  return text === undefined ? [] : [{ ...more, role: text, user, needs, service: service || undefined }];
}
