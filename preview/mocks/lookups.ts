import {
  answerText,
  CREATED,
  hex,
  hostsOf,
  idLike,
  type LookedUp,
  type Lookup,
  lastPart,
  textOr,
  uuid,
  zoneId,
} from "./asked";
import { containerLookups } from "./containerLookups";
import { LOAD_BALANCER_ZONE } from "./loadBalancing";
import { policyDocument } from "./policyDocument";
import { BUCKET_ZONE } from "./storage";

const zones: Lookup = ({ region }) => ({
  id: region,
  region,
  names: ["a", "b", "c"].map((letter) => `${region}${letter}`),
  zoneIds: [1, 2, 3].map((number) => zoneId(region, number)),
  groupNames: [region],
});

const parameter: Lookup = ({ inputs, region, arn }, { parameters }) => {
  const name = textOr(inputs.name);
  const value = parameters.get(name) ?? "none";
  return {
    name,
    value,
    insecureValue: value,
    type: "String",
    version: 1,
    id: name,
    region,
    arn: arn("ssm", `parameter/${name.replace(/^\//, "")}`),
  };
};

const vpc: Lookup = ({ inputs, hash, region, account, arn }) => {
  const id = answerText(inputs.id) ?? idLike("vpc", hash);
  return {
    id,
    arn: arn("ec2", `vpc/${id}`),
    cidrBlock: answerText(inputs.cidrBlock) ?? "10.0.0.0/16",
    state: "available",
    default: inputs.default === true,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    instanceTenancy: "default",
    mainRouteTableId: idLike("rtb", hash),
    ownerId: account,
    region,
    tags: inputs.tags ?? {},
  };
};

const subnet: Lookup = ({ inputs, hash, region, account, arn }) => {
  const id = answerText(inputs.id) ?? idLike("subnet", hash);
  return {
    id,
    arn: arn("ec2", `subnet/${id}`),
    vpcId: answerText(inputs.vpcId) ?? idLike("vpc", hash),
    state: "available",
    cidrBlock: "10.0.0.0/20",
    availabilityZone: `${region}a`,
    availabilityZoneId: zoneId(region, 1),
    mapPublicIpOnLaunch: false,
    ownerId: account,
    region,
    tags: inputs.tags ?? {},
  };
};

const subnets: Lookup = ({ hash, region, inputs }) => ({
  id: region,
  region,
  tags: inputs.tags ?? {},
  ids: ["a", "b", "c"].map((letter) => `subnet-0${letter}${hex(hash, 15)}`),
});

const prefixList: Lookup = ({ inputs, hash, region, arn }) => {
  const id = answerText(inputs.id) ?? `pl-${hex(hash, 8)}`;
  return {
    id,
    arn: arn("ec2", `prefix-list/${id}`),
    name: answerText(inputs.name) ?? `com.amazonaws.${region}.s3`,
    addressFamily: "IPv4",
    maxEntries: 0,
    ownerId: "AWS",
    region,
    version: 1,
    tags: {},
    entries: [{ cidr: "3.5.64.0/21", description: "" }],
  };
};

/** `loadbalancer/app/<name>/<id>` of an ARN, or of the name; without either, of a name that nobody gave. */
function suffixOf({ inputs, hash }: LookedUp, kind: string): string {
  const given = answerText(inputs.arn);
  if (given) return given.split(":").slice(5).join(":");
  return `${kind}/${answerText(inputs.name) ?? "existing"}/${hex(hash, 16)}`;
}

const loadBalancer: Lookup = (asked) => {
  const suffix = suffixOf(asked, "loadbalancer/app");
  const [, , name = ""] = suffix.split("/");
  const arn = asked.arn("elasticloadbalancing", suffix);
  return {
    id: arn,
    arn,
    name,
    arnSuffix: suffix.replace("loadbalancer/", ""),
    loadBalancerType: "application",
    dnsName: `${name}-1234567890.${asked.region}.elb.${hostsOf(asked)}`,
    zoneId: LOAD_BALANCER_ZONE,
    internal: false,
    vpcId: idLike("vpc", asked.hash),
    securityGroups: [idLike("sg", asked.hash)],
    subnets: ["a", "b", "c"].map((letter) => `subnet-0${letter}${hex(asked.hash, 15)}`),
    region: asked.region,
    ipAddressType: "ipv4",
    tags: asked.inputs.tags ?? {},
  };
};

const listener: Lookup = ({ inputs, hash, region, arn }) => {
  const balancer =
    answerText(inputs.loadBalancerArn) ?? arn("elasticloadbalancing", "loadbalancer/app/existing/0a1b2c3d");
  const own = answerText(inputs.arn) ?? `${balancer.replace(":loadbalancer/", ":listener/")}/${hex(hash, 16)}`;
  const above = own.slice(0, own.lastIndexOf("/")).replace(":listener/", ":loadbalancer/");
  const port = Number(inputs.port ?? 443);
  return {
    id: own,
    arn: own,
    loadBalancerArn: above,
    port,
    protocol: port === 443 ? "HTTPS" : "HTTP",
    region,
    tags: {},
  };
};

const targetGroup: Lookup = (asked) => {
  const arnSuffix = suffixOf(asked, "targetgroup");
  const arn = asked.arn("elasticloadbalancing", arnSuffix);
  return {
    id: arn,
    arn,
    arnSuffix,
    name: arnSuffix.split("/")[1],
    port: 80,
    protocol: "HTTP",
    targetType: "ip",
    vpcId: idLike("vpc", asked.hash),
    loadBalancerArns: [],
    region: asked.region,
    tags: {},
  };
};

const role: Lookup = ({ inputs, account, partition, hash }) => {
  const name = textOr(inputs.name);
  return {
    id: name,
    name,
    arn: `arn:${partition}:iam::${account}:role/${name}`,
    path: "/",
    createDate: CREATED,
    uniqueId: `AROA${hex(hash, 17).toUpperCase()}`,
    maxSessionDuration: 3600,
    description: "",
    tags: {},
    permissionsBoundary: "",
    assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
  };
};

const bucket: Lookup = ({ inputs, region, partition }) => {
  const name = textOr(inputs.bucket);
  return {
    id: name,
    bucket: name,
    arn: `arn:${partition}:s3:::${name}`,
    region,
    bucketRegion: region,
    bucketDomainName: `${name}.s3.${hostsOf({ partition })}`,
    hostedZoneId: BUCKET_ZONE,
    bucketRegionalDomainName: `${name}.s3.${region}.${hostsOf({ partition })}`,
  };
};

const key: Lookup = ({ inputs, account, region, hash, arn }) => {
  const asked = textOr(inputs.keyId);
  // An alias says nothing of the key's id; an ARN and an id do.
  const id = asked.includes("alias/") ? uuid(hash) : lastPart(asked);
  return {
    id,
    keyId: asked,
    arn: arn("kms", `key/${id}`),
    awsAccountId: account,
    enabled: true,
    region,
    keyState: "Enabled",
    keyUsage: "ENCRYPT_DECRYPT",
    keyManager: "CUSTOMER",
    creationDate: CREATED,
  };
};

/** Whoever looks for roles finds one: what an account has nobody knows here. */
const roles: Lookup = ({ inputs, region, account, partition }) => {
  const path = textOr(inputs.pathPrefix) || "/";
  return {
    id: region,
    pathPrefix: path,
    names: ["found"],
    arns: [`arn:${partition}:iam::${account}:role${path}found`],
  };
};

const alias: Lookup = ({ inputs, region, hash, arn }) => {
  const name = textOr(inputs.name);
  const targetKeyId = uuid(hash);
  return {
    id: arn("kms", name),
    arn: arn("kms", name),
    name,
    region,
    targetKeyId,
    targetKeyArn: arn("kms", `key/${targetKeyId}`),
  };
};

/** Look-ups by their token. */
export const LOOKUPS: Readonly<Record<string, Lookup>> = {
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": prefixList,
  "aws:ec2/getSubnet:getSubnet": subnet,
  "aws:ec2/getSubnets:getSubnets": subnets,
  "aws:ec2/getVpc:getVpc": vpc,
  "aws:iam/getPolicyDocument:getPolicyDocument": policyDocument,
  "aws:iam/getRole:getRole": role,
  "aws:iam/getRoles:getRoles": roles,
  "aws:index/getAvailabilityZones:getAvailabilityZones": zones,
  "aws:index/getCallerIdentity:getCallerIdentity": ({ account, partition }) => ({
    accountId: account,
    id: account,
    userId: "AIDAEXAMPLE",
    arn: `arn:${partition}:iam::${account}:user/preview`,
  }),
  "aws:index/getDefaultTags:getDefaultTags": () => ({ id: "default_tags", tags: {} }),
  "aws:index/getPartition:getPartition": ({ partition }) => ({
    partition,
    id: partition,
    dnsSuffix: hostsOf({ partition }),
    reverseDnsPrefix: partition === "aws-cn" ? "cn.com.amazonaws" : "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": ({ region, partition }) => ({
    region,
    name: region,
    id: region,
    endpoint: `ec2.${region}.${hostsOf({ partition })}`,
    description: region,
  }),
  "aws:kms/getAlias:getAlias": alias,
  "aws:kms/getKey:getKey": key,
  "aws:lb/getListener:getListener": listener,
  "aws:lb/getLoadBalancer:getLoadBalancer": loadBalancer,
  "aws:lb/getTargetGroup:getTargetGroup": targetGroup,
  "aws:s3/getBucket:getBucket": bucket,
  "aws:sns/getTopic:getTopic": ({ inputs, region, arn }) => {
    const topic = arn("sns", textOr(inputs.name));
    return { id: topic, arn: topic, name: textOr(inputs.name), region, tags: {} };
  },
  "aws:ssm/getParameter:getParameter": parameter,
  ...containerLookups,
};
