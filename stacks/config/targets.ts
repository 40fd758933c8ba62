import { z } from "zod";
import { text, wholeNumber } from "./leaf";

const ARN = /^arn:aws[\w-]*:elasticloadbalancing:/;
const arn = (what: string) =>
  text(
    { pattern: ARN, expected: `the ARN of a ${what}` },
    `arn:aws:elasticloadbalancing:eu-west-1:111122223333:${what.replace(" ", "")}/0a1b`,
  );
const targetSecurityGroup = text(
  { pattern: /^sg-[0-9a-z]+$/, expected: "a security group id" },
  "sg-0a1b2c3d",
).describe("Group that admits the load balancer to the container port; tasks join it");
const host = text({ pattern: /^[A-Za-z0-9*?.-]{1,128}$/, expected: "a host name" }, "pr-42.dev.example.com");
/** Listeners and target groups that a service does not make itself. */
export const targetsSchema = z
  .union([
    z.strictObject({
      existing: z.strictObject({
        productionListener: arn("listener").describe("Listener users come to"),
        testListener: arn("listener").describe("Listener the new version is tried on"),
        blueTargetGroup: arn("targetgroup").describe("Target group that serves first"),
        greenTargetGroup: arn("targetgroup").describe("The other one"),
        targetSecurityGroup,
      }),
    }),
    z.strictObject({
      shared: z
        .strictObject({
          listener: arn("listener").describe("Listener of the load balancer that is shared"),
          hosts: z
            .array(host)
            .min(1)
            .max(5)
            .meta({ expected: "1 to 5 host names", example: "" })
            .describe("Host names whose requests come to this service"),
          priority: wholeNumber(1, 50_000, 42)
            .optional()
            .describe("Priority of the rule, each once on a listener. Default: worked out from service and hosts"),
          targetSecurityGroup,
        })
        .describe("A share of a load balancer that is there already, by host name; for `rolling`"),
    }),
  ])
  .meta({
    expected: "{ existing: <listeners and target groups> } or { shared: <a listener and host names> }",
    example: "",
  });
