import { endpointMissing } from "../../../preview/rules/endpointMissing";
import { noWayOut } from "../../../preview/rules/noWayOut";
import { openToTheInternet } from "../../../preview/rules/openToTheInternet";
import { arnHere, assertFinds, assertFindsNothing, changed, resource, withMore, without } from "./handMade";
import { HEALTHY_CONTAINER, healthy } from "./healthy";
import { endpoint, ingress } from "./healthyNetwork";

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";
const SERVICE = "aws:ecs/service:Service";
const VPC = "awsx:ec2:Vpc";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const missing = (why: string, name: string, kind = "interface", vpc = 'awsx.ec2.Vpc "dev"') =>
  `aws.ecs.Service "api": ${why} without a way there: ${vpc} has neither a NAT gateway nor the ${kind} endpoint ${name}; ` +
  "add the endpoint, or a NAT gateway";

const withContainer = (container: Readonly<Record<string, unknown>>) =>
  changed(healthy, "aws:ecs/taskDefinition:TaskDefinition", "api", {
    containerDefinitions: JSON.stringify([{ ...HEALTHY_CONTAINER, ...container }]),
  });

describe("endpoint-missing", () => {
  it("takes the endpoints that tasks need", () => assertFindsNothing(endpointMissing, healthy));

  it("wants no endpoints where there is a NAT gateway, or a public address", () => {
    const bare = without(without(healthy, ENDPOINT, "ecr.api"), ENDPOINT, "s3");
    assertFindsNothing(endpointMissing, changed(bare, VPC, "dev", { natGateways: { strategy: "Single" } }));
    const networkConfiguration = { subnets: ["subnet-1"], securityGroups: ["sg-tasks"], assignPublicIp: true };
    assertFindsNothing(endpointMissing, changed(bare, SERVICE, "api", { networkConfiguration }));
  });

  it("finds each endpoint that is not there", () => {
    assertFinds(endpointMissing, without(healthy, ENDPOINT, "ecr.api"), [missing("asks ECR for a login", "ecr.api")]);
    assertFinds(endpointMissing, without(healthy, ENDPOINT, "ecr.dkr"), [missing("pulls its image", "ecr.dkr")]);
    assertFinds(endpointMissing, without(healthy, ENDPOINT, "logs"), [missing("writes its log", "logs")]);
    const s3 = missing("pulls the layers of its image", "s3", "gateway");
    assertFinds(endpointMissing, without(healthy, ENDPOINT, "s3"), [s3]);
  });

  it("wants more for secrets, parameters and ECS Exec", () => {
    const secrets = [{ valueFrom: arnHere("secretsmanager", "secret:db-a1b2c3") }, { valueFrom: "/dev/api/url" }];
    assertFinds(endpointMissing, withContainer({ secrets }), [
      missing("reads its secrets", "secretsmanager"),
      missing("reads its parameters", "ssm"),
    ]);
    const exec = changed(healthy, SERVICE, "api", { enableExecuteCommand: true });
    assertFinds(endpointMissing, exec, [missing("allows ECS Exec", "ssmmessages")]);
    assertFindsNothing(endpointMissing, withMore(exec, endpoint("ssmmessages")));
  });

  it("wants KMS for ECS Exec where the cluster says that sessions are encrypted", () => {
    const exec = withMore(changed(healthy, SERVICE, "api", { enableExecuteCommand: true }), endpoint("ssmmessages"));
    const encrypted = changed(exec, "aws:ecs/cluster:Cluster", "dev", {
      configuration: { executeCommandConfiguration: { kmsKeyId: arnHere("kms", "key/0a1b") } },
    });
    assertFinds(endpointMissing, encrypted, [missing("allows ECS Exec in sessions that a key encrypts", "kms")]);
    assertFindsNothing(endpointMissing, withMore(encrypted, endpoint("kms")));
  });

  it("knows the endpoints of China's regions by their names", () => {
    const there = endpoint("ecr.dkr", { serviceName: "cn.com.amazonaws.cn-north-1.ecr.dkr" });
    assertFindsNothing(endpointMissing, withMore(without(healthy, ENDPOINT, "ecr.dkr"), there));
  });

  it("finds an image that is not in ECR", () => {
    assertFinds(endpointMissing, withContainer({ image: "nginx:1.27" }), [
      'aws.ecs.Service "api": container api, image "nginx:1.27": not in ECR, and awsx.ec2.Vpc "dev" has no NAT gateway; ' +
        "copy the image to an ECR repository, or use a NAT gateway",
    ]);
  });

  it("finds an endpoint that nobody gets to", () => {
    const where = (name: string, wrong: string, mend: string) => [
      `aws.ec2.VpcEndpoint "${name}": ${wrong}, so aws.ecs.Service "api" cannot reach it; ${mend}`,
    ];
    const change = (name: string, inputs: Readonly<Record<string, unknown>>) =>
      changed(healthy, ENDPOINT, name, inputs);
    const noDns = where("logs", "privateDnsEnabled: tasks look for the usual address", "set it to true");
    assertFinds(endpointMissing, change("logs", { privateDnsEnabled: false }), noDns);
    const gateway = where("logs", "it is a Gateway endpoint", "set vpcEndpointType to Interface");
    assertFinds(endpointMissing, change("logs", { vpcEndpointType: undefined }), gateway);
    const noRoute = where("s3", "routeTableIds: it is on no route table", "add those of the private subnets");
    assertFinds(endpointMissing, change("s3", { routeTableIds: [] }), noRoute);
    const closed = where(
      "logs",
      "its security groups admit port 443 from none of the tasks' groups",
      "admit one, or put the tasks into the group that is admitted",
    );
    assertFinds(endpointMissing, change("logs", { securityGroupIds: ["sg-balancer"] }), closed);
  });

  it("looks at a VPC made of single resources as well", () => {
    const vpc = resource("aws:ec2/vpc:Vpc", "dev", {}, { id: "vpc-1" });
    const bare = withMore(without(without(healthy, VPC, "dev"), ENDPOINT, "logs"), vpc);
    assertFinds(endpointMissing, bare, [missing("writes its log", "logs", "interface", 'aws.ec2.Vpc "dev"')]);
    const subnet = resource("aws:ec2/subnet:Subnet", "public", { vpcId: "vpc-1" }, { id: "subnet-9" });
    const nat = resource("aws:ec2/natGateway:NatGateway", "dev", { subnetId: "subnet-9" });
    assertFindsNothing(endpointMissing, withMore(bare, subnet, nat));
  });
});

describe("open-to-the-internet", () => {
  const wrong = (name: string, port: number, allowed: string, range = "0.0.0.0/0") =>
    `aws.vpc.SecurityGroupIngressRule "${name}": ingress from ${range} on port ${port}: ${allowed}; ` +
    "name the addresses or the security group that may connect";

  it("takes the production port and the redirect to it", () => {
    assertFindsNothing(openToTheInternet, healthy);
    const redirect = changed(healthy, "aws:lb/listener:Listener", "api-test", {
      port: 8000,
      defaultActions: [{ type: "redirect" }],
    });
    assertFindsNothing(
      openToTheInternet,
      withMore(redirect, ingress("redirect", "sg-balancer", 8000, { cidrIpv6: "::/0" })),
    );
  });

  it("finds an open test port, in either address family", () => {
    const open = withMore(healthy, ingress("test", "sg-balancer", 8080, { cidrIpv6: "::/0" }));
    assertFinds(openToTheInternet, open, [
      wrong("test", 8080, "only the production listener is for everyone (port 80)", "::/0"),
    ]);
  });

  it("knows the test listener by who uses it, whatever its name", () => {
    const rule = resource("aws:lb/listenerRule:ListenerRule", "api", {
      listenerArn: arnHere("lb", "api-production"),
      actions: [],
    });
    const loadBalancers = [{ advancedConfiguration: { testListenerRule: arnHere("lb", "api") } }];
    const graph = withMore(changed(healthy, SERVICE, "api", { loadBalancers }), rule);
    assertFinds(openToTheInternet, graph, [
      wrong("production", 80, "this is no public load balancer's security group"),
    ]);
  });

  it("finds any opening of an internal load balancer, or of the tasks", () => {
    const internal = changed(healthy, "aws:lb/loadBalancer:LoadBalancer", "api", { internal: true });
    assertFinds(openToTheInternet, internal, [
      wrong("production", 80, "this is no public load balancer's security group"),
    ]);
    const inline = { ingress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] };
    assertFinds(openToTheInternet, changed(healthy, "aws:ec2/securityGroup:SecurityGroup", "sg-tasks", inline), [
      'aws.ec2.SecurityGroup "sg-tasks": ingress from 0.0.0.0/0 on ports 0 to 65535: this is no public load balancer\'s ' +
        "security group; name the addresses or the security group that may connect",
    ]);
  });

  it("takes openings to a range or a group", () => {
    assertFindsNothing(openToTheInternet, changed(healthy, INGRESS, "endpoints", { cidrIpv4: "10.0.0.0/8" }));
  });
});

describe("no-way-out", () => {
  const out = (cidrIpv4: string) =>
    resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "api-out", {
      securityGroupId: "sg-tasks",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4,
    });
  const nat = { natGateways: { strategy: "Single" } };

  it("finds what is let out to the internet where no NAT gateway leads there", () => {
    assertFinds(
      noWayOut,
      withMore(healthy, out("203.0.113.0/24")),
      [
        'aws.vpc.SecurityGroupEgressRule "api-out": port 443 of 203.0.113.0/24 is let out of aws.ecs.Service "api", whose network has no ' +
          "NAT gateway: nothing gets there; use network.egress: natSingle, or take the rule away (outbound)",
      ],
      "warning",
    );
  });

  it("takes private ranges, and a NAT gateway", () => {
    for (const cidr of ["10.1.0.0/16", "172.31.0.0/16", "192.168.0.0/24", "100.64.0.0/10"]) {
      assertFindsNothing(noWayOut, withMore(healthy, out(cidr)));
    }
    assertFindsNothing(noWayOut, changed(withMore(healthy, out("0.0.0.0/0")), VPC, "dev", nat));
  });
});
