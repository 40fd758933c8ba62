import { z } from "zod";
import { setting } from "../settings/setting";

/** An IPv4 range in CIDR notation. */
export const CIDR_BLOCK = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:3[0-2]|[12]?\d)$/;

/** An IPv4 range; what is set beyond its length would be dropped by AWS, or refused. */
export const CIDR_RANGE = setting(
  z
    .string()
    .regex(CIDR_BLOCK, { abort: true })
    .refine((block) => networkOf(block) === block),
  { expected: "an IPv4 range like 10.0.0.0/8", meant: asNetwork },
  { example: "10.0.0.0/8" },
);

/** Sizes that a VPC can have: from 65,536 addresses to 16. */
const VPC_LENGTHS = { min: 16, max: 28 } as const;

/** Addresses that no VPC can have: this network, loopback, link-local, multicast and what is reserved. */
const NEVER_IN_A_VPC = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/**
 * The range of a VPC.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
export const VPC_RANGE = setting(
  z
    .string()
    .regex(CIDR_BLOCK, { abort: true })
    .refine((block) => networkOf(block) === block && isVpcRange(block)),
  {
    expected: `an IPv4 range like 10.0.0.0/16, of length ${VPC_LENGTHS.min} to ${VPC_LENGTHS.max}, that a VPC may have`,
    meant: asNetwork,
  },
  { default: "10.0.0.0/16" },
);

function isVpcRange(block: string): boolean {
  const length = lengthOf(block);
  return (
    length >= VPC_LENGTHS.min &&
    length <= VPC_LENGTHS.max &&
    !NEVER_IN_A_VPC.some((never) => maskedTo(addressOf(block), lengthOf(never)) === addressOf(never))
  );
}

/** A public and a private subnet in each zone, none of them smaller than AWS takes: whether they fit into a range. */
export function holdsZones(block: string, zones: number): boolean {
  return lengthOf(block) + Math.ceil(Math.log2(zones)) + 2 <= VPC_LENGTHS.max;
}

function asNetwork(given: unknown): string | undefined {
  return typeof given === "string" && CIDR_BLOCK.test(given) ? networkOf(given) : undefined;
}

/** The range with nothing set beyond its length: 10.0.0.1/16 is 10.0.0.0/16. */
function networkOf(block: string): string {
  const length = lengthOf(block);
  const address = maskedTo(addressOf(block), length);
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".")}/${length}`;
}

function lengthOf(block: string): number {
  return Number(block.split("/")[1]);
}

function addressOf(block: string): number {
  const [address = ""] = block.split("/");
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function maskedTo(address: number, length: number): number {
  const rest = 2 ** (32 - length);
  return address - (address % rest);
}
