import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Output } from "@pulumi/pulumi";
import { z } from "zod";
import { parameterName } from "../parameters";
import { NOTHING_DELIVERED } from "./deliveredImage";

/** Name of the passports of a service's images. */
export function passportParameter(serviceName: string): string {
  return parameterName(serviceName, "passport");
}

/** Name of the passports beside a record of the same service, as `passport.sh` makes it. */
export function passportBeside(record: string): string {
  return record.replace(/[^/]*$/, "passport");
}

/** The parameter with the passports of a service's images. */
export interface PassportRef {
  readonly name: Output<string>;
  readonly arn: Output<string>;
}

/**
 * The passports of a service's images: each version of the parameter is one delivery's, and SSM keeps a hundred. Pulumi
 * creates it, pipelines write it.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
 */
export function definePassport(name: string, serviceName: string, opts: pulumi.CustomResourceOptions): PassportRef {
  return new aws.ssm.Parameter(
    name,
    {
      name: passportParameter(serviceName),
      type: "String",
      value: NOTHING_DELIVERED,
      description: "Passport of the image last delivered or tested; written by the pipeline",
    },
    { ...opts, ignoreChanges: ["value"] },
  );
}

const words = z.union([z.array(z.string()), z.string()]);

/** What a passport says, in the order in which it is written. */
const FIELDS = z.strictObject({
  passport: z.literal(1),
  image: z.string(),
  commit: z.string(),
  stack: z.string(),
  service: z.string(),
  step: z.enum(["delivered", "passed"]),
  pipeline: z.string(),
  execution: z.string(),
  at: z.string(),
  tests: words,
  scan: z.string(),
  approvedBy: words,
  previous: z.string(),
  sha256: z.string(),
  signature: z.string().optional(),
});

/** What is known of a delivery of an image. */
export type Passport = z.output<typeof FIELDS>;

/** What a passport says before it is hashed. */
export type PassportFacts = Omit<Passport, "passport" | "sha256" | "signature">;

/** The same text as `passport.sh` writes; `sign` gives the signature of a hash. */
export function passportText(facts: PassportFacts, sign?: (hash: string) => string): string {
  const { image, commit, stack, service, step, pipeline, execution, at, tests, scan, approvedBy, previous } = facts;
  const body = JSON.stringify({
    passport: 1,
    image,
    commit,
    stack,
    service,
    step,
    pipeline,
    execution,
    at,
    tests,
    scan,
    approvedBy,
    previous,
  }).slice(0, -1);
  const hash = sha256(body);
  return `${body},"sha256":"${hash}"${sign === undefined ? "" : `,"signature":"${sign(hash)}"`}}`;
}

/** A passport that is whole, or what is wrong with it. */
export type PassportRead = { readonly passport: Passport } | { readonly wrong: string };

/** Reads a passport, and recomputes its hash over the text as it was written. Signatures are for who has the key. */
export function readPassport(text: string): PassportRead {
  const parts = /^(\{"passport":1,.*),"sha256":"([0-9a-f]{64})"(?:,"signature":"[A-Za-z0-9+/=]+")?\}$/.exec(text);
  const read = FIELDS.safeParse(parts ? parsed(text) : undefined);
  const [, body = "", said] = parts ?? [];
  if (!read.success) return { wrong: "it is not in the form in which pipelines write passports" };
  const hash = sha256(body);
  if (hash !== said) return { wrong: `it was changed after it was written: its SHA-256 is ${hash}, it says ${said}` };
  return { passport: read.data };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
