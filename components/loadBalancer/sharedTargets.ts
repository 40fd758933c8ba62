import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerRef, TrafficTargets } from "../refs";
import { type ArgsOf, checkSettings } from "../settings/settings";
import { checkTargets } from "./check";
import { SHARE } from "./settings";
import { defineTargetGroup, type TargetGroupArgs, targetGroupName } from "./targetGroup";
import { weightedForward } from "./weightedForward";

/** Arguments of `SharedTargets`. */
export interface SharedTargetsArgs extends ArgsOf<typeof SHARE>, TargetGroupArgs {
  /** Listener of a load balancer that is there already. */
  readonly listener: ListenerRef;
  /** Security group that admits that load balancer to the container port; tasks join it. */
  readonly targetSecurityGroupId: Input<string>;
}

/**
 * A share of a load balancer that is there already, by host name: for review stacks, which come and go. For the rolling
 * strategy: the listener is shared, so nobody may shift its traffic.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export class SharedTargets extends pulumi.ComponentResource implements TrafficTargets {
  readonly blue: aws.lb.TargetGroup;
  readonly green: aws.lb.TargetGroup;
  readonly productionListener: ListenerRef;
  readonly testListener: ListenerRef;
  readonly targetSecurityGroupId: Input<string>;
  /** Where users reach the service. */
  readonly url: Output<string>;

  constructor(name: string, args: SharedTargetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:SharedTargets", name, { containerPort: args.containerPort }, opts);
    const { hosts, listener, priority = priorityOf(name, hosts) } = args;
    checkTargets(args)
      .range("hosts", hosts.length, 1, 5, "host names")
      .addAll(checkSettings({ priority: SHARE.priority }, args))
      .throwFor(this, `SharedTargets "${name}"`);
    this.blue = defineTargetGroup(targetGroupName(name, "blue"), args, this);
    this.green = defineTargetGroup(targetGroupName(name, "green"), args, this);
    new aws.lb.ListenerRule(
      name,
      {
        listenerArn: listener.arn,
        priority,
        actions: [weightedForward(this)],
        conditions: [{ hostHeader: { values: [...hosts] } }],
      },
      { parent: this },
    );
    this.productionListener = listener;
    this.testListener = listener;
    this.targetSecurityGroupId = args.targetSecurityGroupId;
    this.url = pulumi.output(`https://${hosts[0] ?? ""}`);
    this.registerOutputs({ url: this.url });
  }
}

const HIGHEST_PRIORITY = 50_000;

/** A number that stays, and that hardly any other stack gets; AWS refuses one that is taken, and says so. */
function priorityOf(name: string, hosts: readonly string[]): number {
  let hash = 0;
  for (const char of `${name} ${hosts.join(" ")}`) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  return 1000 + (hash % (HIGHEST_PRIORITY - 1000));
}
