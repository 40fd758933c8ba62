import type { LoadBalancer } from "@aws-sdk/client-ecs";
import type { Action, Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Asking } from "../asking";

/** What a listener, or a rule of it, does with requests. */
export interface TrafficNow {
  /** The listener's port, and whether it is a rule of it. */
  readonly of: string;
  readonly shares: readonly { readonly group: string; readonly percent: number }[];
}

/** The share of each target group, where deployments move traffic between two. */
export async function readTraffic(
  of: string,
  balancers: readonly LoadBalancer[],
  asking: Asking,
): Promise<readonly TrafficNow[]> {
  const groups = new Set(
    balancers.flatMap(({ targetGroupArn, advancedConfiguration: more }) =>
      [targetGroupArn, more?.alternateTargetGroupArn].flatMap((arn) => arn ?? []),
    ),
  );
  if (groups.size === 0) return [];
  const rules = balancers.flatMap(({ advancedConfiguration: more }) =>
    [more?.productionListenerRule, more?.testListenerRule].flatMap((arn) => arn ?? []),
  );
  const found = rules.length > 0 ? await ofRules(of, rules, asking) : await ofListeners(of, groups, asking);
  // One group alone gets everything.
  return found.filter(({ shares }) => shares.length > 1);
}

/** Rules of an application load balancer, listeners of a network load balancer. */
async function ofRules(of: string, given: readonly string[], asking: Asking): Promise<readonly TrafficNow[]> {
  const arns = [...new Set(given)];
  const rules = arns.filter((arn) => arn.includes(":listener-rule/"));
  const listeners = arns.filter((arn) => arn.includes(":listener/"));
  const [ruled, listened] = await Promise.all([
    rules.length > 0 && asking.read("describeRules", of, (cloud) => cloud.describeRules({ RuleArns: rules })),
    listeners.length > 0 &&
      asking.read("describeListeners", of, (cloud) => cloud.describeListeners({ ListenerArns: listeners })),
  ]);
  const named = (arn: string | undefined) => (arn === given[0] ? "production" : "test");
  return [
    ...((ruled || undefined)?.Rules ?? []).map((rule) => shared(named(rule.RuleArn), rule.Actions)),
    ...((listened || undefined)?.Listeners ?? []).map((one) => shared(named(one.ListenerArn), one.DefaultActions)),
  ];
}

/** Of a service that CodeDeploy deploys, every listener that leads to one of its groups. */
async function ofListeners(of: string, groups: ReadonlySet<string>, asking: Asking): Promise<readonly TrafficNow[]> {
  const described = await asking.read("describeTargetGroups", of, (cloud) =>
    cloud.describeTargetGroups({ TargetGroupArns: [...groups] }),
  );
  const arns = new Set((described?.TargetGroups ?? []).flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns));
  const listeners: Listener[] = [];
  for (const LoadBalancerArn of arns) {
    const answer = await asking.read("describeListeners", of, (cloud) => cloud.describeListeners({ LoadBalancerArn }));
    listeners.push(...(answer?.Listeners ?? []));
  }
  const leads = (actions: readonly Action[] | undefined) => targetsOf(actions).some(({ arn }) => groups.has(arn));
  const found: TrafficNow[] = [];
  for (const { ListenerArn, Port, Protocol, DefaultActions } of listeners) {
    if (leads(DefaultActions)) found.push(shared(`port ${Port ?? "?"}`, DefaultActions));
    // A network load balancer has no rules.
    if (ListenerArn === undefined || !Protocol?.startsWith("HTTP")) continue;
    const answer = await asking.read("describeRules", of, (cloud) => cloud.describeRules({ ListenerArn }));
    const own = (answer?.Rules ?? []).filter((rule: Rule) => rule.IsDefault !== true && leads(rule.Actions));
    found.push(...own.map(({ Priority, Actions }) => shared(`port ${Port ?? "?"}, rule ${Priority ?? "?"}`, Actions)));
  }
  return found;
}

function shared(of: string, actions: readonly Action[] | undefined): TrafficNow {
  const targets = targetsOf(actions);
  const all = targets.reduce((sum, { weight }) => sum + weight, 0);
  return {
    of,
    shares: targets.map(({ arn, weight }) => ({
      group: colourOf(arn),
      percent: all === 0 ? 0 : Math.round((1000 * weight) / all) / 10,
    })),
  };
}

function targetsOf(actions: readonly Action[] = []): readonly { readonly arn: string; readonly weight: number }[] {
  return actions.flatMap(({ ForwardConfig, TargetGroupArn }) => {
    const groups = ForwardConfig?.TargetGroups ?? [];
    if (groups.length === 0) return TargetGroupArn === undefined ? [] : [{ arn: TargetGroupArn, weight: 1 }];
    return groups.flatMap(({ TargetGroupArn: arn, Weight }) =>
      arn === undefined ? [] : [{ arn, weight: Weight ?? 1 }],
    );
  });
}

/** Blue or green, where the group's name says so. */
function colourOf(arn: string): string {
  const name = arn.split("/")[1] ?? arn;
  return /(?:^|-)(blue|green)(?:-|$)/.exec(name)?.[1] ?? name;
}
