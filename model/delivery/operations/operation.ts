import { textOf, type Values } from "../../graph/read";
import type { ArnPlace } from "../../graph/resources";
import type { AccessCaller, Context } from "../../permissions/evaluate/request";
import type { PlayedCloud } from "../cloud";

/** A call of an AWS API. */
export interface ApiCall {
  /** As IAM names it: `ecs`, `application-autoscaling`. */
  readonly service: string;
  /** For example `DescribeServices`. */
  readonly operation: string;
  readonly input: unknown;
  readonly caller: AccessCaller;
  readonly region: string;
  /** Where it is made from, in the timeline. */
  readonly where: string;
}

/** What an operation works with. */
export interface GivenCall {
  readonly cloud: PlayedCloud;
  readonly input: Values;
  /** Account and region that are called. */
  readonly place: ArnPlace;
  readonly call: ApiCall;
}

/** One operation of an API: what IAM asks for, and what AWS does. */
export interface Operation {
  /** ARNs of what it is made on. @default - `*` */
  readonly resources?: (given: GivenCall) => readonly string[];
  /** Condition keys besides those of every call. */
  readonly context?: (given: GivenCall) => Context;
  /** The actions that IAM asks for, where they are not the operation's own name. */
  readonly actions?: readonly string[];
  readonly act: (given: GivenCall) => Values;
}

/** A text of a call's input. */
export function given(input: Values, key: string): string {
  return textOf(input[key]) ?? "";
}
