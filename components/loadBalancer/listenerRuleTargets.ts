import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import type { ListenerRef, ListenerRules, TrafficTargets } from "../refs";
import { checkSettings } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import type { BlueGreenTargets } from "./blueGreenTargets";
import { checkTargets } from "./check";
import { type Domain, defineAlias, defineCertificate } from "./domain";
import { defineListenerRule, pathOf, ruleProblem } from "./listenerRule";
import { rulePriorities } from "./priorities";
import { defineTargetsSecurityGroup } from "./securityGroups";
import { LISTENER_RULE, type ListenerRule } from "./settings";
import { defineTargetGroup, type TargetGroupArgs, targetGroupName } from "./targetGroup";

/** What a service needs to know of the load balancer of another one. */
export type SharedLoadBalancer = Pick<
  BlueGreenTargets,
  "loadBalancer" | "productionListener" | "testListener" | "securityGroupId" | "url" | "testUrl" | "type"
>;

/** Arguments of `ListenerRuleTargets`. */
export interface ListenerRuleTargetsArgs
  extends ListenerRule,
    TargetGroupArgs,
    Pick<BlueGreenTargetsArgs, "formerContainerPort"> {
  /** Load balancer of another service. */
  readonly loadBalancer: SharedLoadBalancer;
  /** A name of one's own that leads to the load balancer. @default - the load balancer's name, or the hosts' */
  readonly domain?: Domain | undefined;
  /** ACM certificate that both listeners show besides, to those who ask for a name in it. @default - the one of `domain`, if there is one */
  readonly certificateArn?: Input<string> | undefined;
  /** Whether a certificate that the listeners have already is good for the name in `domain`. @default false */
  readonly isCovered?: boolean;
}

/**
 * Two target groups behind another service's load balancer: a rule of each listener leads the requests of these hosts and
 * paths to them, whatever deploys there.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
 */
export class ListenerRuleTargets extends pulumi.ComponentResource implements TrafficTargets {
  readonly blue: aws.lb.TargetGroup;
  readonly green: aws.lb.TargetGroup;
  readonly productionListener: ListenerRef;
  readonly testListener: ListenerRef;
  readonly rules: ListenerRules;
  readonly targetSecurityGroupId: Output<string>;
  /** Where users reach the service. */
  readonly url: Output<string>;
  /** Where the new version is tried before users get it. */
  readonly testUrl: Output<string>;

  constructor(name: string, args: ListenerRuleTargetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ecs-delivery:index:ListenerRuleTargets", name, { containerPort: args.containerPort }, opts);
    const rule = withHosts(args);
    checkTargets({ ...args, certificateArn: undefined })
      .addAll(checkSettings(LISTENER_RULE, args))
      .add(ruleProblem(rule))
      .add(args.loadBalancer.type === "network" ? "loadBalancer: a network load balancer has no rules" : undefined)
      .throwFor(this, `ListenerRuleTargets "${name}"`);
    const { loadBalancer } = args;
    this.productionListener = loadBalancer.productionListener;
    this.testListener = loadBalancer.testListener;
    this.targetSecurityGroupId = defineTargetsSecurityGroup(name, args, loadBalancer.securityGroupId, this).id;
    this.blue = defineTargetGroup(targetGroupName(name, "blue"), args, this);
    this.green = defineTargetGroup(targetGroupName(name, "green"), args, this);
    const [worked = 1] = rulePriorities([{ ...rule, name }]);
    const define = (what: string, listener: ListenerRef) =>
      defineListenerRule(`${name}-${what}`, { priority: worked, ...rule, listener }, this, this);
    this.rules = {
      production: define("production", this.productionListener),
      test: define("test", this.testListener),
    };
    defineName(name, args, this);
    this.url = addressAt(loadBalancer.url, rule);
    this.testUrl = addressAt(loadBalancer.testUrl, rule);
    this.registerOutputs({ url: this.url, testUrl: this.testUrl });
  }
}

/** The name of one's own is a host, where none is said. */
function withHosts({ hosts, paths, priority, domain }: ListenerRuleTargetsArgs): ListenerRule {
  return { hosts: hosts ?? (domain && [domain.name]), paths, priority };
}

/** The record that leads to the load balancer, and the certificate that its listeners show besides. */
function defineName(name: string, args: ListenerRuleTargetsArgs, parent: pulumi.Resource): void {
  const { domain, loadBalancer, isCovered } = args;
  const made = domain && !isCovered ? () => defineCertificate(name, domain, parent) : () => undefined;
  const certificateArn = args.certificateArn ?? made();
  if (certificateArn !== undefined) {
    defineListenerCertificate(`${name}-production`, loadBalancer.productionListener, certificateArn, parent);
    defineListenerCertificate(`${name}-test`, loadBalancer.testListener, certificateArn, parent);
  }
  if (domain) defineAlias(name, domain, loadBalancer.loadBalancer, parent);
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html */
function defineListenerCertificate(
  name: string,
  { arn: listenerArn }: ListenerRef,
  certificateArn: Input<string>,
  parent: pulumi.Resource,
): void {
  new aws.lb.ListenerCertificate(name, { listenerArn, certificateArn }, { parent });
}

/** The load balancer's address, by a host and below a path that lead to the service. */
function addressAt(url: Output<string>, { hosts = [], paths }: ListenerRule): Output<string> {
  const host = hosts.find((one) => !/[*?]/.test(one));
  const below = pathOf(paths);
  return url.apply((known) => `${host === undefined ? known : known.replace(HOST, `$1${host}`)}${below}`);
}

/** What comes before the host, and the host, in an address. */
const HOST = /^([a-z]+:\/\/)[^:/]+/;
