import { textOf } from "../../../model/graph/read";
import { TYPES } from "../../../model/graph/resources";
import { guardrail, type NamedRule, NO_OPTIONS } from "../rule";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const oldTls = guardrail({
  name: "old-tls",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "Listeners speak TLS 1.2 or newer",
  remedy: "set sslPolicy to ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09 or ELBSecurityPolicy-TLS13-1-2-2021-06",
  types: [TYPES.listener, "aws:alb/listener:Listener"],
  options: NO_OPTIONS,
  problems: ({ inputs }) => {
    if (!["HTTPS", "TLS"].includes(textOf(inputs.protocol) ?? "")) return [];
    const policy = textOf(inputs.sslPolicy) ?? "";
    if (policy === "") return ["sslPolicy is not set: AWS takes one with TLS 1.0"];
    // Names say the oldest version: TLS13-1-2, TLS13-1-3, TLS-1-2, FS-1-2.
    return /(?:TLS13|TLS|FS)-1-[23]-/.test(policy) ? [] : [`sslPolicy ${policy} speaks TLS 1.0 or 1.1`];
  },
});

const invalidHeaders = guardrail({
  name: "invalid-headers",
  enforcement: "advisory",
  looksAt: "resource",
  description: "Load balancers drop headers that no HTTP client sends",
  remedy: "set dropInvalidHeaderFields; such headers smuggle requests past the balancer",
  types: [TYPES.loadBalancer, "aws:alb/loadBalancer:LoadBalancer"],
  options: NO_OPTIONS,
  problems: ({ inputs }) =>
    (textOf(inputs.loadBalancerType) ?? "application") === "application" && inputs.dropInvalidHeaderFields !== true
      ? ["dropInvalidHeaderFields is not true"]
      : [],
});

export const balancerRules: readonly NamedRule[] = [oldTls, invalidHeaders];
