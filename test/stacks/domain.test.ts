import assert from "node:assert/strict";
import { findingsOf } from "../../preview/rules";
import type { Graph } from "../support/graph";
import { at, list } from "../support/read";
import { stackGraph } from "../support/stack";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "aws:route53/record:Record";
const LISTENER = "aws:lb/listener:Listener";
const ZONE = "Z0123456789ABCDEFGHIJ";
const domain = { name: "api.example.com", hostedZoneId: ZONE };

const dev = (service: Readonly<Record<string, unknown>>, stack: Readonly<Record<string, unknown>> = {}) =>
  stackGraph("dev", {
    changes: { services: [{ name: "api", container: { name: "api", port: 8080 }, ...service }], ...stack },
  });

const named = (graph: Graph, type: string, name: string) => graph.all(type).find((one) => one.name === name);

describe("a domain of one's own", () => {
  let graph: Graph;
  before(async () => {
    graph = await dev({ domain });
  });

  it("is the certificate's, which a record in the zone validates", () => {
    const { inputs } = graph.only(CERTIFICATE);
    assert.deepEqual([inputs.domainName, inputs.validationMethod], [domain.name, "DNS"]);
    const record = named(graph, RECORD, "api-validation");
    assert.equal(record?.inputs.zoneId, ZONE);
    assert.equal(record.inputs.type, "CNAME");
    assert.match(String(record.inputs.name), /^_[0-9a-f]+\.api\.example\.com\.$/);
    assert.match(String(list(record.inputs.records)[0]), /acm-validations\.aws\.$/);
    assert.deepEqual(graph.only(VALIDATION).inputs.validationRecordFqdns, [record.outputs.fqdn]);
  });

  it("is where users come by TLS, once the certificate is valid, and port 80 leads there", () => {
    const production = named(graph, LISTENER, "api-production");
    assert.deepEqual([production?.inputs.port, production?.inputs.protocol], [443, "HTTPS"]);
    assert.equal(production?.inputs.certificateArn, graph.only(CERTIFICATE).outputs.arn);
    assert.ok(production?.dependencies.includes(graph.only(VALIDATION).urn));
    assert.ok(named(graph, LISTENER, "api-redirect"));
  });

  it("leads to the load balancer", () => {
    const balancer = graph.only("aws:lb/loadBalancer:LoadBalancer").outputs;
    const record = named(graph, RECORD, "api-alias");
    assert.deepEqual(
      [record?.inputs.zoneId, record?.inputs.name, record?.inputs.type, list(record?.inputs.aliases)],
      [ZONE, domain.name, "A", [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth: true }]],
    );
  });

  it("is the address that is put out, and that tests and approvers get", () => {
    const api = at(graph.recorded.stackOutputs, "services", "api");
    assert.equal(at(api, "url"), "https://api.example.com");
    assert.equal(at(api, "testUrl"), "https://api.example.com:8443");
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("takes a certificate that is there, a wildcard's for example, and makes none", async () => {
    const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
    const other = await dev({ domain }, { loadBalancer: { certificateArn } });
    assert.equal(other.all(CERTIFICATE).length, 0);
    assert.equal(named(other, LISTENER, "api-production")?.inputs.certificateArn, certificateArn);
    assert.deepEqual(
      other.all(RECORD).map(({ name }) => name),
      ["api-alias"],
    );
  });

  it("is refused where it leads nowhere, twice, or is none", async () => {
    for (const [service, says] of [
      [{ domain: { ...domain, name: "API.example.com" } }, /domain\.name: expected a host name in lower case/],
      [
        { domain: { ...domain, hostedZoneId: "example.com" } },
        /domain\.hostedZoneId: expected the id of a hosted zone/,
      ],
      [{ domain: { ...domain, name: `${"a".repeat(60)}.example.com` } }, /of up to 64 characters/],
      [{ domain, container: { name: "api" } }, /domain: expected nothing: this stack makes no load balancer/],
      [{ domain, loadBalanced: false }, /domain: expected nothing[\s\S]*config rm .*services\[0\]\.domain/],
    ] as const) {
      await assert.rejects(dev(service), says, JSON.stringify(service));
    }
    const two = ["api", "web"].map((name) => ({ name, container: { name, port: 8080 }, domain }));
    await assert.rejects(dev({}, { services: two }), /services\[1\]\.domain\.name: expected another name/);
    await assert.rejects(
      dev({ domain }, { loadBalancer: { testPort: 443 } }),
      /loadBalancer\.testPort: expected another port than the production port, 443/,
    );
  });
});
