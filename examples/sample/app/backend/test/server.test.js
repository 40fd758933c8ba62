const { strict: assert } = require("node:assert");
const { describe, it } = require("node:test");
const { answer, start } = require("../server");

describe("the backend", () => {
  it("lists products", () => assert.equal(answer("GET", "/products").body.length, 2));

  it("knows one by its id", () => assert.equal(answer("GET", "/products/2").body.name, "Coffee"));

  it("says what it does not have", () => assert.equal(answer("GET", "/products/9").status, 404));

  it("changes nothing", () => assert.equal(answer("DELETE", "/products/1").status, 405));

  it("answers the load balancer's health check", async () => {
    const server = start(0);
    try {
      const response = await fetch(`http://localhost:${server.address().port}/healthz`);
      assert.deepEqual([response.status, await response.json()], [200, { status: "ok" }]);
    } finally {
      server.close();
    }
  });
});
