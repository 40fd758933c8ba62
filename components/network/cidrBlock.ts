import { text } from "../settings/setting";

/** An IPv4 range in CIDR notation. */
export const CIDR_BLOCK = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\/(?:3[0-2]|[12]?\d)$/;

/** An IPv4 range. */
export const CIDR_RANGE = text(
  { pattern: CIDR_BLOCK, expected: "an IPv4 range like 10.0.0.0/8" },
  { example: "10.0.0.0/8" },
);
