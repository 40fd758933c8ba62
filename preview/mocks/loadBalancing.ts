import { type Answer, type Asked, hex, idLike, textOr } from "./asked";

/** Load balancers and target groups: AWS takes 32 characters, and autonaming adds eight. */
const MAX_NAME = 32;

/** Zone in which AWS keeps the names of load balancers; that of eu-west-1 stands for all. */
export const LOAD_BALANCER_ZONE = "Z32O12XQLNTSW2";

function balanced(asked: Asked): string {
  if (asked.name.length <= MAX_NAME) return asked.name;
  throw new Error(
    `"${asked.logicalName}": name "${asked.name}" is ${asked.name.length} characters, AWS takes ${MAX_NAME}`,
  );
}

const loadBalancer: Answer = (asked) => {
  const suffix = `app/${balanced(asked)}/${hex(asked.hash, 16)}`;
  const arn = asked.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
  const internal = asked.inputs.internal === true ? "internal-" : "";
  const dnsName = `${internal}${asked.name}-1234567890.${asked.region}.elb.amazonaws.com`;
  return {
    id: arn,
    arn,
    name: asked.name,
    arnSuffix: suffix,
    dnsName,
    zoneId: LOAD_BALANCER_ZONE,
    vpcId: idLike("vpc", asked.hash),
  };
};

const targetGroup: Answer = (asked) => {
  const arnSuffix = `targetgroup/${balanced(asked)}/${hex(asked.hash, 16)}`;
  const arn = asked.arn("elasticloadbalancing", arnSuffix);
  return { id: arn, arn, name: asked.name, arnSuffix, loadBalancerArns: [] };
};

function below(kind: string, parent: string): Answer {
  return ({ inputs, hash }) => {
    const arn = `${textOr(inputs[parent]).replace(/:(loadbalancer|listener)\//, `:${kind}/`)}/${hex(hash, 16)}`;
    return { id: arn, arn };
  };
}

/** Load balancers, and how they find the services. */
export const loadBalancingAnswers: Readonly<Record<string, Answer>> = {
  "aws:lb/listener:Listener": below("listener", "loadBalancerArn"),
  "aws:lb/listenerRule:ListenerRule": below("listener-rule", "listenerArn"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:wafv2/webAclAssociation:WebAclAssociation": ({ inputs }) => ({
    id: `${textOr(inputs.webAclArn)},${textOr(inputs.resourceArn)}`,
  }),
};
