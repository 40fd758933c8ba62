import type * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerRef, ListenerRules, TrafficTargets } from "../refs";
import { type ArgsOf, checkSettings } from "../settings/settings";
import { checkTargets } from "./check";
import { defineListenerRule, pathOf, ruleProblem } from "./listenerRule";
import { hashOf } from "./priorities";
import { RULE_LIMITS, SHARE } from "./settings";
import { defineTargetGroup, type TargetGroupArgs, targetGroupName } from "./targetGroup";

/** Arguments of `SharedTargets`. */
export interface SharedTargetsArgs extends ArgsOf<typeof SHARE>, TargetGroupArgs {
  /** Listener of a load balancer that is there already. */
  readonly listener: ListenerRef;
  /** Listener of the same load balancer that new versions are tried on. @default - they are tried by nobody before users get them */
  readonly testListener?: ListenerRef | undefined;
  /** Security group that admits that load balancer to the container port; tasks join it. */
  readonly targetSecurityGroupId: Input<string>;
}

/**
 * A share of a load balancer that is there already, by host name and path: for review stacks, which come and go. What
 * deploys changes the rule of this service alone; CodeDeploy, which rewrites listeners, cannot.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export class SharedTargets extends pulumi.ComponentResource implements TrafficTargets {
  readonly blue: aws.lb.TargetGroup;
  readonly green: aws.lb.TargetGroup;
  readonly productionListener: ListenerRef;
  readonly testListener: ListenerRef;
  readonly rules: ListenerRules;
  readonly targetSecurityGroupId: Input<string>;
  /** Where users reach the service. */
  readonly url: Output<string>;

  constructor(name: string, args: SharedTargetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:SharedTargets", name, { containerPort: args.containerPort }, opts);
    const { hosts, paths, listener, priority = priorityOf(name, hosts) } = args;
    checkTargets(args)
      .addAll(checkSettings(SHARE, args))
      .add(ruleProblem({ hosts, paths }))
      .throwFor(this, `SharedTargets "${name}"`);
    this.blue = defineTargetGroup(targetGroupName(name, "blue"), args, this);
    this.green = defineTargetGroup(targetGroupName(name, "green"), args, this);
    const lead = (what: string, to: ListenerRef) =>
      defineListenerRule(what, { listener: to, priority, hosts, paths }, this, this);
    this.rules = {
      production: lead(name, listener),
      test: args.testListener && lead(`${name}-test`, args.testListener),
    };
    this.productionListener = listener;
    this.testListener = args.testListener ?? listener;
    this.targetSecurityGroupId = args.targetSecurityGroupId;
    this.url = pulumi.output(`https://${hosts[0] ?? ""}${pathOf(paths)}`);
    this.registerOutputs({ url: this.url });
  }
}

/** A number that stays, and that hardly any other stack gets; AWS refuses one that is taken, and says so. */
function priorityOf(name: string, hosts: readonly string[]): number {
  return 1000 + (hashOf(`${name} ${hosts.join(" ")}`) % (RULE_LIMITS.priority - 1000));
}
