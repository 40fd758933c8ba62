const { strict: assert } = require("node:assert");
const { describe, it } = require("node:test");
const { page, products, start } = require("../server");

describe("the front end", () => {
  it("shows names and prices", () => assert.match(page([{ name: "Tea", cents: 450 }]), /<li>Tea: 4\.50<\/li>/));

  it("shows names as text, whatever is in them", () =>
    assert.doesNotMatch(page([{ name: "<script>", cents: 1 }]), /<script>/));

  it("is open while its backend is not", async () => {
    const down = () => Promise.reject(new Error("connection refused"));
    assert.equal(await products("http://backend", down), undefined);
    assert.match(page(undefined), /closed/);
  });

  it("answers the load balancer's health check without its backend", async () => {
    const server = start(0, "http://localhost:1");
    try {
      const response = await fetch(`http://localhost:${server.address().port}/healthz`);
      assert.deepEqual([response.status, await response.text()], [200, "ok"]);
    } finally {
      server.close();
    }
  });
});
