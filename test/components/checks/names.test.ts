import assert from "node:assert/strict";
import { fittedName, NAMES, type NameRule, STACK_NAME_MAX } from "../../../components/checks/names";
import { Problems } from "../../../components/checks/problems";

const cases: Record<keyof typeof NAMES, { good: string[]; bad: string[] }> = {
  service: {
    good: ["a", "api", "web-2", "a".repeat(60)],
    bad: ["", "2web", "Api", "api-", "a--b", "a_b", "a".repeat(61)],
  },
  container: { good: ["api", "Api_1-x", "a".repeat(255)], bad: ["", "-api", "api web", "a".repeat(256)] },
  repository: {
    good: ["api", "shop/api", "a.b_c-d/e"],
    bad: ["a", "Shop/api", "shop//api", "/api", "api/", "a..b", "a".repeat(257)],
  },
  pipeline: { good: ["dev-delivery", "a.b@c_d", "a".repeat(100)], bad: ["", "a b", "a/b", "a".repeat(101)] },
  project: { good: ["ab", "A_1-b"], bad: ["a", "-ab", "a b", "a.b", "a".repeat(151)] },
  cluster: { good: ["shop_1", "a".repeat(255)], bad: ["", "a b", "a/b", "a".repeat(256)] },
  dashboard: { good: ["prod", "Shop_prod-1", "a".repeat(230)], bad: ["", "a b", "a.b", "a".repeat(231)] },
  bucket: { good: ["abc", "a.b-c1"], bad: ["ab", "Abc", "-abc", "abc-", "a_b", "a".repeat(64)] },
  role: { good: ["a", "dev-build_1", "a+b=c,d.e@f", "a".repeat(64)], bad: ["", "a b", "a/b", "a".repeat(65)] },
  imageTag: {
    good: ["1", "_a", "release-1.4.0_b", "a".repeat(128)],
    bad: ["", ".a", "-a", "a/b", "a:b", "a*", "a".repeat(129)],
  },
};

describe("name rules", () => {
  for (const [what, { good, bad }] of Object.entries(cases)) {
    const rule: NameRule = NAMES[what as keyof typeof NAMES];
    const refuses = (name: string) => new Problems().text("name", name, rule).list.length === 1;
    it(`take what AWS takes as the name of a ${what}`, () => assert.deepEqual(good.filter(refuses), []));
    it(`refuse what AWS refuses as the name of a ${what}`, () =>
      assert.deepEqual(
        bad.filter((name) => !refuses(name)),
        [],
      ));
  }

  it("leave a service's pipeline room: <stack>-<name>-delivery is 100 characters at most", () => {
    assert.equal(STACK_NAME_MAX + NAMES.service.max + "--delivery".length, NAMES.pipeline.max);
  });
});

describe("a name that is shortened", () => {
  it("stays as it is where it fits, to the last character", () => {
    assert.equal(fittedName("api-green", 24), "api-green");
    assert.equal(fittedName("a".repeat(24), 24), "a".repeat(24));
  });

  it("keeps its beginning and its last word, and is the same at every run", () => {
    assert.equal(fittedName("customer-statements-green", 24), "customer-s-be622f8-green");
    assert.equal(fittedName("customer-statements-blue", 23), "customer-s-276045d-blue");
  });

  it("never ends in a hyphen, begins with one, or has two in a row", () => {
    for (let length = 25; length <= 60; length += 1) {
      const name = fittedName(`${"ab-".repeat(20).slice(0, length - 6)}-green`, 24);
      assert.match(name, /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/);
      assert.ok(name.length <= 24, name);
    }
  });

  it("leaves out a last word that would leave no beginning", () => {
    assert.match(fittedName(`a-${"b".repeat(40)}`, 24), /^a-b{14}-[0-9a-f]{7}$/);
  });

  it("is another one for another name", () => {
    const names = Array.from({ length: 500 }, (_, index) => fittedName(`customer-statements-${index}-green`, 24));
    assert.equal(new Set(names).size, 500);
  });
});
