import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ListenerRef, TrafficTargets } from "../refs";
import { type ListenerRule, RULE_LIMITS } from "./settings";
import { weightedForward } from "./weightedForward";

/**
 * A rule that leads the requests of these hosts and paths to a pair of target groups. Deployments shift the weights, and
 * Pulumi leaves them alone.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export function defineListenerRule(
  name: string,
  args: ListenerRule & { readonly listener: ListenerRef; readonly priority: number },
  targets: Pick<TrafficTargets, "blue" | "green">,
  parent: pulumi.Resource,
): aws.lb.ListenerRule {
  const { listener, priority, hosts, paths } = args;
  return new aws.lb.ListenerRule(
    name,
    {
      listenerArn: listener.arn,
      priority,
      actions: [weightedForward(targets)],
      conditions: [
        ...(hosts ? [{ hostHeader: { values: [...hosts] } }] : []),
        ...(paths ? [{ pathPattern: { values: [...paths] } }] : []),
      ],
    },
    { parent, ignoreChanges: ["actions"] },
  );
}

/** What AWS has no room for in one rule, in words. */
export function ruleProblem({ hosts = [], paths = [] }: ListenerRule): string | undefined {
  const all = [...hosts, ...paths];
  if (all.length === 0) return "hosts or paths: without any, all requests would come to it";
  if (all.length > RULE_LIMITS.values) {
    return `at most ${RULE_LIMITS.values} hosts and paths together, as one rule of a listener holds, got ${all.length}`;
  }
  const wildcards = all.join("").replace(/[^*?]/g, "").length;
  return wildcards > RULE_LIMITS.wildcards
    ? `at most ${RULE_LIMITS.wildcards} * and ? in all hosts and paths, as one rule of a listener holds, got ${wildcards}`
    : undefined;
}

/** What an address ends in that a rule for these paths leads to the service: `/api` of `/api/*`. */
export function pathOf([path = ""]: readonly string[] = []): string {
  return path.startsWith("/") ? path.replace(/[*?].*$/, "").replace(/\/$/, "") : "";
}
