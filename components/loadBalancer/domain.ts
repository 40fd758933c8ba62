import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Input, Output } from "@pulumi/pulumi";
import { text } from "../settings/setting";
import { type ArgsOf, settings } from "../settings/settings";

/** A host name; the certificate of ACM takes 64 characters. https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const HOST = /^(?=.{1,64}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** A name of one's own for a load balancer. */
export const DOMAIN = settings({
  /** Name that users come to, in lower case. */
  name: text(
    { pattern: HOST, expected: "a host name in lower case, of up to 64 characters", owned: true },
    { example: "api.example.com" },
  ),
  /** Id of the public hosted zone in Route 53 that the name is in. */
  hostedZoneId: text(
    { pattern: /^Z[A-Z0-9]{5,31}$/, expected: "the id of a hosted zone", owned: true },
    { example: "Z0123456789ABCDEFGHIJ" },
  ),
});

/** A name of one's own for a load balancer: its certificate, how that is validated, and the record that leads there. */
export interface Domain extends Omit<ArgsOf<typeof DOMAIN>, "hostedZoneId"> {
  /** Id of the public hosted zone in Route 53 that the name is in. */
  readonly hostedZoneId: Input<string>;
}

/**
 * A certificate that ACM validates by a record in the zone, and renews as long as that is there; its ARN is known once it
 * is valid.
 * https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
export function defineCertificate(name: string, domain: Domain, parent: pulumi.Resource): Output<string> {
  const certificate = new aws.acm.Certificate(
    `${name}-certificate`,
    { domainName: domain.name, validationMethod: "DNS" },
    { parent },
  );
  const option = (key: "resourceRecordName" | "resourceRecordType" | "resourceRecordValue") =>
    certificate.domainValidationOptions.apply(([first]) => first?.[key] ?? "");
  const record = new aws.route53.Record(
    `${name}-validation`,
    {
      zoneId: domain.hostedZoneId,
      name: option("resourceRecordName"),
      type: option("resourceRecordType"),
      records: [option("resourceRecordValue")],
      ttl: 300,
      // AWS asks for the same record for every certificate of a name.
      allowOverwrite: true,
    },
    { parent },
  );
  const validation = new aws.acm.CertificateValidation(
    `${name}-certificate`,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    { parent },
  );
  return validation.certificateArn;
}

/**
 * The record that leads to the load balancer.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html
 */
export function defineAlias(
  name: string,
  { name: host, hostedZoneId }: Domain,
  { dnsName, zoneId }: aws.lb.LoadBalancer,
  parent: pulumi.Resource,
): aws.route53.Record {
  return new aws.route53.Record(
    `${name}-alias`,
    {
      zoneId: hostedZoneId,
      name: host,
      type: "A",
      aliases: [{ name: dnsName, zoneId, evaluateTargetHealth: true }],
    },
    { parent },
  );
}
