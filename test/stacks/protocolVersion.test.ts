import assert from "node:assert/strict";
import { BlueGreenTargets } from "../../components/loadBalancer/blueGreenTargets";
import { findingsOf } from "../../preview/rules";
import { recordGraph, refusal } from "../support/graph";
import type { ConfigValues } from "../support/pulumiConfig";
import { at } from "../support/read";
import { TEST_NETWORK } from "../support/service";
import { stackGraph, stackRefusal } from "../support/stack";

const GROUP = "aws:lb/targetGroup:TargetGroup";
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b";
const api = (changes: ConfigValues = {}) => ({ name: "api", container: { name: "api", port: 8080 }, ...changes });
const secure = { certificateArn: CERTIFICATE };

describe("the protocol version of target groups", () => {
  it("is gRPC, with its own health check", async () => {
    const services = [api({ loadBalancer: { ...secure, protocolVersion: "GRPC" } })];
    const graph = await stackGraph("dev", { changes: { services } });
    for (const { inputs } of graph.all(GROUP)) {
      assert.deepEqual([inputs.protocol, inputs.protocolVersion], ["HTTP", "GRPC"]);
      assert.deepEqual(
        [at(inputs.healthCheck, "path"), at(inputs.healthCheck, "matcher")],
        ["/AWS.ALB/healthcheck", "12"],
      );
    }
    assert.deepEqual(findingsOf(graph.recorded), []);
  });

  it("takes a method and codes of gRPC", async () => {
    const healthCheck = { path: "/grpc.health.v1.Health/Check", matcher: "0-99" };
    const services = [api({ loadBalancer: { ...secure, protocolVersion: "GRPC" }, healthCheck })];
    const graph = await stackGraph("dev", { changes: { services } });
    const [group] = graph.all(GROUP);
    assert.equal(at(group?.inputs.healthCheck, "matcher"), "0-99");
    assert.equal(at(group?.inputs.healthCheck, "path"), healthCheck.path);
  });

  it("is left to AWS where it is HTTP/1.1", async () => {
    const graph = await stackGraph("dev", {
      changes: { services: [api({ loadBalancer: { protocolVersion: "HTTP1" } })] },
    });
    assert.equal(graph.all(GROUP)[0]?.inputs.protocolVersion, undefined);
    assert.equal(at(graph.all(GROUP)[0]?.inputs.healthCheck, "path"), "/");
  });

  it("is each service's own behind one load balancer", async () => {
    const rpc = {
      name: "rpc",
      container: { name: "rpc", port: 50_051 },
      loadBalancerOf: "api",
      listenerRule: { paths: ["/shop.Orders/*"] },
      loadBalancer: { protocolVersion: "GRPC" },
    };
    const graph = await stackGraph("dev", { changes: { loadBalancer: secure, services: [api(), rpc] } });
    assert.equal(graph.named(GROUP, "rpc-blue").inputs.protocolVersion, "GRPC");
    assert.equal(graph.named(GROUP, "api-blue").inputs.protocolVersion, undefined);
    const changes = { services: [api(), rpc] };
    assert.match(
      await stackRefusal("dev", changes),
      /services\[1\]\.loadBalancer\.protocolVersion: expected HTTP1: the listeners of service "api" speak HTTP/,
    );
  });

  it("needs TLS where it is not HTTP/1.1", async () => {
    for (const protocolVersion of ["HTTP2", "GRPC"]) {
      assert.match(
        await stackRefusal("dev", { services: [api({ loadBalancer: { protocolVersion } })] }),
        /services\[0\]\.loadBalancer\.protocolVersion: expected HTTP1: [\s\S]*protocolVersion' HTTP1/,
      );
      assert.match(
        await stackRefusal("dev", { loadBalancer: { protocolVersion }, services: [api()] }),
        /ecs-delivery:loadBalancer\.protocolVersion: expected HTTP1: /,
      );
    }
    const domain = { name: "api.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
    const services = [api({ domain, loadBalancer: { protocolVersion: "HTTP2" } })];
    const graph = await stackGraph("dev", { changes: { services } });
    assert.equal(graph.all(GROUP)[0]?.inputs.protocolVersion, "HTTP2");
    const args = { network: TEST_NETWORK, containerPort: 80 } as const;
    assert.match(
      await refusal(() => new BlueGreenTargets("api", { ...args, protocolVersion: "GRPC" })),
      /protocolVersion: GRPC takes listeners that speak HTTPS/,
    );
    await recordGraph(() => new BlueGreenTargets("api", { ...args, protocolVersion: "GRPC", ...secure }));
  });

  it("has codes of its own in the health check", async () => {
    const grpc = { loadBalancer: { ...secure, protocolVersion: "GRPC" } };
    assert.match(
      await stackRefusal("dev", { services: [api({ ...grpc, healthCheck: { matcher: "200" } })] }),
      /services\[0\]\.healthCheck\.matcher: expected status codes of gRPC, 0 to 99[\s\S]*matcher' 0/,
    );
    assert.match(
      await stackRefusal("dev", { services: [api({ healthCheck: { matcher: "12" } })] }),
      /services\[0\]\.healthCheck\.matcher: expected status codes from 200 to 499, as protocolVersion is HTTP1/,
    );
  });
});
