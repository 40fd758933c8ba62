import type { RecordedResource } from "../graph/graph";
import { textOf } from "../graph/read";
import { label, TYPES } from "../graph/resources";
import type { Step } from "./plan";
import { precedence } from "./plan";

/** Something that only one can have at a time. */
export interface Claim {
  /** What it is, with whose it is; equal where it is the same. */
  readonly what: string;
  /** As a sentence says it: `port 80 of the load balancer`. */
  readonly words: string;
  readonly rule: "listener-port-taken" | "security-group-rule-there" | "priority-taken" | "name-taken";
}

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** Whether a type is one rule of a security group. */
export function isOpening(type: string): boolean {
  return type === INGRESS || type === EGRESS;
}

/** Types whose given name nobody else in the account and region can have. */
const NAMED: readonly string[] = [
  TYPES.cluster,
  TYPES.logGroup,
  TYPES.pipeline,
  TYPES.project,
  TYPES.repository,
  TYPES.role,
  TYPES.targetGroup,
  TYPES.loadBalancer,
  "aws:codedeploy/application:Application",
  "aws:servicediscovery/httpNamespace:HttpNamespace",
  "aws:ssm/parameter:Parameter",
];

/**
 * What a resource has for itself alone. Two listeners of a load balancer cannot share a port, two rules of a listener no
 * priority, a security group has no rule twice, and names are taken.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
 */
export function claimsOf(resource: RecordedResource): readonly Claim[] {
  const { type } = resource;
  const text = (key: string) => textOf(resource.inputs[key]) ?? "";
  switch (type) {
    case TYPES.listener:
      return [
        claimed(
          "listener-port-taken",
          text("loadBalancerArn"),
          text("port"),
          `port ${text("port")} of the load balancer`,
        ),
      ];
    case TYPES.listenerRule:
      return text("priority") === "" ? [] : [priorityOf(text)];
    case INGRESS:
    case EGRESS:
      return [openingOf(type === INGRESS ? "ingress" : "egress", text)];
    case TYPES.service:
      return [claimed("name-taken", `${type} ${text("cluster")}`, text("name"), `the name ${text("name")}`)];
    default:
      return NAMED.includes(type) && text("name") !== ""
        ? [claimed("name-taken", type, text("name"), `the name ${text("name")}`)]
        : [];
  }
}

function claimed(rule: Claim["rule"], whose: string, what: string, words: string): Claim {
  return { what: `${rule} ${whose} ${what}`, words, rule };
}

function priorityOf(text: (key: string) => string): Claim {
  const priority = text("priority");
  return claimed("priority-taken", text("listenerArn"), priority, `priority ${priority} of the listener`);
}

function openingOf(direction: string, text: (key: string) => string): Claim {
  const ports = `${text("ipProtocol")} ${text("fromPort")}-${text("toPort")}`;
  const peer = ["cidrIpv4", "cidrIpv6", "referencedSecurityGroupId", "prefixListId"].map(text).join("|");
  const words = `${direction} ${ports} of the security group`;
  return claimed("security-group-rule-there", text("securityGroupId"), `${direction} ${ports} ${peer}`, words);
}

/** Two steps of which one takes what the other has not given up yet. */
export interface Conflict {
  readonly taking: Step;
  readonly claim: Claim;
  readonly holder: RecordedResource;
  /** Whether the holder never gives it up, gives it up later, or at a time that nothing orders. */
  readonly when: "never" | "later" | "unordered";
}

/** Every step that takes something which is not free for certain when it does. */
export function conflictsIn(steps: readonly Step[], resources: readonly RecordedResource[]): readonly Conflict[] {
  const held = new Map(resources.flatMap((holder) => claimsOf(holder).map((claim) => [claim.what, holder] as const)));
  const precedes = precedence(steps);
  return steps.flatMap((taking) => {
    const had = new Set(
      taking.kind === "update" && taking.before ? claimsOf(taking.before).map(({ what }) => what) : [],
    );
    const taken = taking.after ? claimsOf(taking.after).filter(({ what }) => !had.has(what)) : [];
    return taken.flatMap((claim): Conflict[] => {
      const holder = held.get(claim.what);
      if (!holder || (taking.kind === "update" && holder.urn === taking.urn)) return [];
      const release = steps.find(
        (one) => one.before?.urn === holder.urn && one.before.id === holder.id && givesUp(one, claim),
      );
      if (!release) return [{ taking, claim, holder, when: "never" }];
      if (precedes(release, taking)) return [];
      return [
        { taking, claim, holder, when: precedes(taking, release) || release.kind === "delete" ? "later" : "unordered" },
      ];
    });
  });
}

function givesUp({ kind, after }: Step, { what }: Claim): boolean {
  return (
    kind === "delete" || (kind === "update" && after !== undefined && !claimsOf(after).some((one) => one.what === what))
  );
}

/** A conflict as a sentence. */
export function describeConflict({ claim, holder, when }: Conflict): string {
  const whose = `${claim.words} is ${label(holder)}'s`;
  if (when === "never") return `${whose}, and stays so`;
  return when === "later"
    ? `${whose} until later in the same update`
    : `${whose}, and nothing makes that one move first`;
}
