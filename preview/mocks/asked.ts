import type { RecordedGraph } from "../../model/graph/graph";

/** Account that a preview plays in, unless the stack says which one it is for. */
export const ACCOUNT = "111122223333";

/** When everything was made, as far as a preview is asked. */
export const CREATED = "2024-01-01T00:00:00Z";

/** What a run knows beside the resource that is asked about. */
export interface Known {
  readonly region: string;
  /** @default - the account of every preview */
  readonly account?: string;
  /** Values of SSM parameters, by name; those of the program join as they are registered. */
  readonly parameters: Map<string, string>;
  /** What runs before: look-ups of services and task definitions answer from it. @default - nothing that is known */
  readonly live?: RecordedGraph;
  /** Type tokens and look-ups that were answered without a description; they join as they come. */
  readonly undescribed: string[];
  /** @default - none */
  readonly overrides?: Overrides;
}

/** Answers that take the place of the usual ones. */
export interface Overrides {
  /** By type token, for example `aws:ecs/service:Service`. @default - none */
  readonly resources?: Readonly<Record<string, Answer>>;
  /** By token of the look-up, for example `aws:ec2/getVpc:getVpc`. @default - none */
  readonly lookups?: Readonly<Record<string, Lookup>>;
}

/** What the answer to a look-up is made from. */
export interface LookedUp {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: as the region has it. */
  readonly partition: string;
  /** Of the token and the inputs. */
  readonly hash: string;
  readonly arn: (service: string, resource: string) => string;
}

/** What a look-up of something that exists comes to. */
export type Lookup = (asked: LookedUp, known: Known) => Record<string, unknown>;

/** What an answer is made from. */
export interface Asked {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly region: string;
  /** `aws`, `aws-cn`, `aws-us-gov`: as the region has it. */
  readonly partition: string;
  readonly hash: string;
  readonly logicalName: string;
  /** Name in AWS: the one given, else the one that autonaming makes. */
  readonly name: string;
  readonly arn: (service: string, resource: string) => string;
}

/** Where the names of a partition's hosts end. https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function hostsOf({ partition }: Pick<Asked, "partition">): string {
  return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
}

/** The id, and whatever AWS works out. */
export type Answer = (asked: Asked) => { readonly id: string; readonly [computed: string]: unknown };

/** The first digits of a hash. */
export function hex(hash: string, digits: number): string {
  return hash.slice(0, digits);
}

/** A UUID made of a hash. */
export function uuid(hash: string): string {
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-");
}

/** A text, or undefined. */
export function answerText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A text, or one that has nothing in it. */
export function textOr(value: unknown, otherwise = ""): string {
  return answerText(value) ?? otherwise;
}

/** An id like `sg-0a1b2c3d4e5f6a7b8`. */
export function idLike(prefix: string, hash: string): string {
  return `${prefix}-0${hex(hash, 16)}`;
}

/** AWS's own name of an availability zone, for example `euw1-az1` in eu-west-1. */
export function zoneId(region: string, number: number): string {
  const short = region.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0)).replace(/-/g, "");
  return `${short}-az${number}`;
}

/** What comes after the last slash of an ARN; all of it where there is none. */
export function lastPart(arn: unknown, otherwise = ""): string {
  const text = textOr(arn, otherwise);
  return text.slice(text.lastIndexOf("/") + 1);
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
  return ({ inputs }) => ({ id: answerText(inputs[property]) ?? "" });
}
