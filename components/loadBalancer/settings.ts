import { CIDR_RANGE } from "../network/cidrBlock";
import { CERTIFICATE_ARN, WEB_ACL_ARN } from "../settings/arns";
import { flag, listSetting, port, seconds, text, wholeNumber } from "../settings/setting";
import { type ArgsOf, passedOn, settings } from "../settings/settings";

/** How the load balancer finds out whether a task serves. */
export const HEALTH_CHECK = settings({
  /** Path that is asked for. @default "/" */
  path: text(
    { pattern: /^\/\S{0,1023}$/, expected: "a path that starts with /" },
    { default: "/", example: "/healthz" },
  ),
  /** Status codes that mean healthy: one, a list or a range. @default "200-299" */
  matcher: text(
    { pattern: /^[2-4]\d\d(?:[-,][2-4]\d\d)*$/, expected: "status codes from 200 to 499: one, a list or a range" },
    { default: "200-299" },
  ),
  /** Seconds between checks. @default 10 */
  intervalSeconds: seconds(5, 300, { default: 10 }),
  /** Seconds to wait for an answer, less than the interval. @default 5 */
  timeoutSeconds: seconds(2, 120, { default: 5 }),
  /** Good answers in a row that make a task healthy. @default 2 */
  healthyThreshold: wholeNumber(2, 10, { default: 2 }),
  /** Failures in a row that make it unhealthy. @default 3 */
  unhealthyThreshold: wholeNumber(2, 10, { default: 3 }),
});

/** How the load balancer finds out whether a task serves. */
export interface HealthCheck extends ArgsOf<typeof HEALTH_CHECK> {}

/** How a target group hands requests to tasks. */
export const TARGET_GROUP = settings({
  /** Seconds a task that leaves keeps its open connections. @default 30 */
  deregistrationDelaySeconds: seconds(0, 3600, { default: 30 }),
  /**
   * Seconds in which a user stays with the task that answered first, by a cookie of the balancer's; 0 takes that back.
   * @default - any task answers
   */
  stickinessSeconds: seconds(0, 604_800, { example: 3600 }).optional(),
  /** Seconds in which a new task gets more requests little by little. @default - it gets its share at once */
  slowStartSeconds: seconds(30, 900, { example: 60 }).optional(),
});

/** A load balancer and its listeners. */
export const LOAD_BALANCER = settings({
  /** ACM certificate of both listeners; with it they speak HTTPS and port 80 redirects. @default - HTTP, no TLS */
  certificateArn: passedOn(CERTIFICATE_ARN).optional(),
  /**
   * Whether port 80 leads to the production port, where there is a certificate. To take the certificate away, first `false`
   * and `pulumi up`: the redirect has to leave the port before production comes to it. @default true
   */
  redirect: flag({ default: true, example: false }),
  /** Port users come to. @default - 443 with a certificate, else 80 */
  productionPort: port({ example: 80 }).optional(),
  /** Port the new version is tried on. @default - 8443 with a certificate, else 8080 */
  testPort: port({ example: 8080 }).optional(),
  /** IPv4 ranges that may reach the production port. @default - everyone; private ranges when internal */
  ingressCidrBlocks: listSetting(CIDR_RANGE, { distinct: true }).optional(),
  /** IPv4 ranges that may reach the test port. @default - nobody */
  testIngressCidrBlocks: listSetting(CIDR_RANGE, { distinct: true }).optional(),
  /** Web ACL (AWS WAF) that every request passes first. @default - none */
  webAclArn: WEB_ACL_ARN.optional(),
  /** In the private subnets, without a public address. @default false */
  internal: flag({ default: false, example: true }),
  ...TARGET_GROUP,
  /** Seconds after which a connection on which nothing comes is closed: more than the longest answer takes. @default 60 */
  idleTimeoutSeconds: seconds(1, 4000, { default: 60 }),
});

/** Which requests of a load balancer that is there already come to a service. */
export const SHARE = settings({
  /** Host names whose requests come to this service; `*` stands for any text. */
  hosts: listSetting(
    text({ pattern: /^[A-Za-z0-9*?.-]{1,128}$/, expected: "a host name" }, { example: "pr-42.dev.example.com" }),
    {
      min: 1,
      max: 5,
      expected: "1 to 5 host names",
      distinct: true,
    },
  ),
  /** Which rule of the listener is looked at first, each number once. @default - worked out from service and hosts */
  priority: wholeNumber(1, 50_000, { example: 42 }).optional(),
});
