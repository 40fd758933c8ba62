import { z } from "zod";
import { SHARE } from "../../components/loadBalancer/settings";
import { LISTENER_ARN, TARGET_GROUP_ARN } from "../../components/settings/arns";
import { SECURITY_GROUP_ID } from "../../components/settings/places";
import { setting } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";

/** Listeners and target groups that are there already. */
export const EXISTING_TARGETS = settings({
  /** Listener users come to. */
  productionListener: LISTENER_ARN,
  /** Listener the new version is tried on. */
  testListener: LISTENER_ARN,
  /** Target group that serves first. */
  blueTargetGroup: TARGET_GROUP_ARN,
  /** The other one. */
  greenTargetGroup: TARGET_GROUP_ARN,
  /** Group that admits the load balancer to the container port; tasks join it. */
  targetSecurityGroup: SECURITY_GROUP_ID,
});

/** A share of a load balancer that is there already. */
export const SHARED_TARGETS = settings({
  /** Listener of the load balancer that is shared. */
  listener: LISTENER_ARN,
  /** Listener of the same load balancer that new versions are tried on. @default - users are the first to get them */
  testListener: LISTENER_ARN.optional(),
  ...SHARE,
  /** Group that admits the load balancer to the container port; tasks join it. */
  targetSecurityGroup: SECURITY_GROUP_ID,
});

/** Listeners and target groups that a service does not make itself. */
export const targetsSchema = setting(
  z.union([
    z.strictObject({ existing: z.strictObject(EXISTING_TARGETS).describe("Listeners and target groups of its own") }),
    z.strictObject({
      shared: z
        .strictObject(SHARED_TARGETS)
        .describe(
          "A share of a load balancer that is there already, by host name and path; not for `codeDeployBlueGreen`",
        ),
    }),
  ]),
  { expected: "{ existing: <listeners and target groups> } or { shared: <a listener and host names> }" },
  { example: "" },
);
