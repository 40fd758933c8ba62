import { CIDR_RANGE } from "../network/cidrBlock";
import { CERTIFICATE_ARN, WEB_ACL_ARN } from "../settings/arns";
import { flag, listSetting, oneOf, port, seconds, text, wholeNumber } from "../settings/setting";
import { type ArgsOf, passedOn, settings } from "../settings/settings";

/** How the load balancer finds out whether a task serves. */
export const HEALTH_CHECK = settings({
  /** Path that is asked for; with gRPC the method, `/package.Service/Method`. @default - "/"; with gRPC "/AWS.ALB/healthcheck" */
  path: text({ pattern: /^\/\S{0,1023}$/, expected: "a path that starts with /" }, { example: "/healthz" }).optional(),
  /** Status codes that mean healthy: one, a list or a range; with gRPC its own, 0 to 99. @default - "200-299"; with gRPC "12" */
  matcher: text(
    {
      pattern: /^(?:[2-4]\d\d(?:[-,][2-4]\d\d)*|\d{1,2}(?:[-,]\d{1,2})*)$/,
      expected: "status codes from 200 to 499, of gRPC from 0 to 99: one, a list or a range",
    },
    { example: "200-399" },
  ).optional(),
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

/** HTTP as tasks speak it. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html */
export const PROTOCOL_VERSIONS = ["HTTP1", "HTTP2", "GRPC"] as const;

/** How a target group hands requests to tasks. */
export const TARGET_GROUP = settings({
  /**
   * HTTP as the tasks speak it: HTTP/1.1, HTTP/2 or gRPC. The last two need listeners with a certificate; and with gRPC errors
   * are no 5xx answers, so that only failing health checks take a deployment back, unless `alarmNames` has more. @default "HTTP1"
   */
  protocolVersion: oneOf(PROTOCOL_VERSIONS, { default: "HTTP1" }),
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
  /**
   * `application` for HTTP; `network` for whatever comes by TCP, with a certificate by TLS. Health checks of the latter are TCP
   * connections, unless `healthCheck` has a path or a matcher. @default "application"
   */
  type: oneOf(["application", "network"], { default: "application", example: "network" }),
  /** ACM certificate of both listeners; with it they speak HTTPS and port 80 redirects. @default - HTTP, no TLS */
  certificateArn: passedOn(CERTIFICATE_ARN).optional(),
  /**
   * Whether port 80 leads to the production port, where there is a certificate. To take the certificate away, first `false`
   * and `pulumi up`: the redirect has to leave the port before production comes to it. @default true
   */
  redirect: flag({ default: true, example: false }),
  /** Port users come to. @default - 443 with a certificate, else 80; of a network load balancer the container's */
  productionPort: port({ example: 80 }).optional(),
  /** Port the new version is tried on. @default - 8443 with a certificate, else 8080; of a network load balancer the next one */
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

/** What a load balancer does with HTTP, and cannot where it does not read it. */
export const HTTP_SETTINGS = [
  "redirect",
  "webAclArn",
  "protocolVersion",
  "stickinessSeconds",
  "slowStartSeconds",
  "idleTimeoutSeconds",
] as const satisfies readonly (keyof typeof LOAD_BALANCER)[];

/**
 * What a rule of a listener holds; AWS raises none of them.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
export const RULE_LIMITS = { values: 5, wildcards: 5, priority: 50_000 } as const;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
const HOSTS = listSetting(
  text(
    {
      pattern: /^(?=.{1,128}$)[A-Za-z0-9*?.-]*\.[A-Za-z]+$/,
      expected:
        "a host name of up to 128 characters with a dot, letters alone after the last one; * and ? stand for others",
    },
    { example: "pr-42.dev.example.com" },
  ),
  { min: 1, max: RULE_LIMITS.values, expected: `1 to ${RULE_LIMITS.values} host names`, distinct: true },
);

const PATHS = listSetting(
  text(
    {
      pattern: /^[/*][A-Za-z0-9_\-.$/~"'@:+&*?]{0,127}$/,
      expected: "a path of up to 128 characters that starts with / or *; * and ? stand for others",
    },
    { example: "/api/*" },
  ),
  { min: 1, max: RULE_LIMITS.values, expected: `1 to ${RULE_LIMITS.values} paths`, distinct: true },
);

/** Which requests of another service's load balancer come to a service. */
export const LISTENER_RULE = settings({
  /**
   * Host names whose requests come to this service; `*` stands for any text, `?` for one character.
   * @default - the name in `domain`; without one, every host
   */
  hosts: HOSTS.optional(),
  /** Paths whose requests come to this service, as the container gets them: `/api/*` and what is below. @default - every path */
  paths: PATHS.optional(),
  /**
   * Which rule is looked at first, the lowest number; each number once. @default - worked out: host and path before host,
   * host before path, longer before shorter
   */
  priority: wholeNumber(1, RULE_LIMITS.priority - 1, { example: 42 }).optional(),
});

/** Which requests of another service's load balancer come to a service. */
export interface ListenerRule extends ArgsOf<typeof LISTENER_RULE> {}

/** Which requests of a load balancer that is there already come to a service. */
export const SHARE = settings({
  /** Host names whose requests come to this service; `*` stands for any text. */
  hosts: HOSTS,
  /** Paths whose requests come to this service. @default - every path */
  paths: PATHS.optional(),
  /** Which rule of the listener is looked at first, each number once. @default - worked out from service and hosts */
  priority: wholeNumber(1, RULE_LIMITS.priority, { example: 42 }).optional(),
});
