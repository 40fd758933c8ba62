import { type Answer, type Asked, hex, hostsOf, idLike, textOr, uuid } from "./asked";

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
  const kind = asked.inputs.loadBalancerType === "network" ? "net" : "app";
  const suffix = `${kind}/${balanced(asked)}/${hex(asked.hash, 16)}`;
  const arn = asked.arn("elasticloadbalancing", `loadbalancer/${suffix}`);
  const internal = asked.inputs.internal === true ? "internal-" : "";
  const dnsName = `${internal}${asked.name}-1234567890.${asked.region}.elb.${hostsOf(asked)}`;
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

const certificate: Answer = (asked) => {
  const arn = asked.arn("acm", `certificate/${uuid(asked.hash)}`);
  const domainName = textOr(asked.inputs.domainName);
  const record = {
    domainName,
    resourceRecordName: `_${hex(asked.hash, 32)}.${domainName}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${hex(asked.hash, 31)}.acm-validations.aws.`,
  };
  return {
    id: arn,
    arn,
    domainName,
    domainValidationOptions: [record],
    status: "PENDING_VALIDATION",
    type: "AMAZON_ISSUED",
    notBefore: "",
    notAfter: "",
    pendingRenewal: false,
    renewalEligibility: "INELIGIBLE",
    renewalSummaries: [],
    validationEmails: [],
  };
};

const record: Answer = ({ inputs }) => {
  const name = textOr(inputs.name).replace(/\.$/, "");
  return { id: `${textOr(inputs.zoneId)}_${name}_${textOr(inputs.type)}`, fqdn: name };
};

/** Load balancers, and how they find the services. */
export const loadBalancingAnswers: Readonly<Record<string, Answer>> = {
  "aws:acm/certificate:Certificate": certificate,
  "aws:acm/certificateValidation:CertificateValidation": ({ inputs }) => ({ id: textOr(inputs.certificateArn) }),
  "aws:route53/record:Record": record,
  "aws:lb/listener:Listener": below("listener", "loadBalancerArn"),
  "aws:lb/listenerCertificate:ListenerCertificate": ({ inputs }) => ({
    id: `${textOr(inputs.listenerArn)}_${textOr(inputs.certificateArn)}`,
  }),
  "aws:lb/listenerRule:ListenerRule": below("listener-rule", "listenerArn"),
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:lb/targetGroup:TargetGroup": targetGroup,
  "aws:wafv2/webAclAssociation:WebAclAssociation": ({ inputs }) => ({
    id: `${textOr(inputs.webAclArn)},${textOr(inputs.resourceArn)}`,
  }),
};
