import { z } from "zod";
import { TYPES } from "../../../model/graph/resources";
import { EVERYONE, openingsOf } from "../../../model/graph/securityGroups";
import { guardrail, type NamedRule } from "../rule";

/** SSH, Telnet, SMB, Windows, databases, caches, queues and search: nobody serves these to the internet. */
const CLOSED = [22, 23, 445, 1433, 1521, 2375, 2376, 3306, 3389, 5432, 5601, 6379, 9042, 9092, 9200, 11211, 27017];

/** As many ports as one rule may open to everyone: 80 and 443 are two rules. */
const FEW = 10;

const adminPortOpen = guardrail({
  name: "admin-port-open",
  enforcement: "mandatory",
  looksAt: "resource",
  description: "The internet reaches no port of administrators, databases or caches, and no long range of ports",
  remedy: "name the addresses or the security group that may connect; people reach tasks by ECS Exec without any",
  types: [
    TYPES.securityGroup,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
  ],
  options: z.strictObject({
    ports: z.array(z.int().min(0).max(65_535)).default(CLOSED).describe("Ports that are never open to everyone"),
  }),
  problems: (resource, { ports }) =>
    openingsOf({ project: "", stack: "", resources: [resource], stackOutputs: {} })
      .filter(({ direction, cidrs }) => direction === "ingress" && cidrs.some((cidr) => EVERYONE.includes(cidr)))
      .flatMap(({ fromPort, toPort }) => {
        if (toPort - fromPort >= FEW) return [`ports ${fromPort} to ${toPort} are open to everyone`];
        return ports
          .filter((port) => fromPort <= port && port <= toPort)
          .map((port) => `port ${port} is open to everyone`);
      }),
});

export const networkRules: readonly NamedRule[] = [adminPortOpen];
