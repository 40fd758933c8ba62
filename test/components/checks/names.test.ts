import assert from "node:assert/strict";
import { NAMES, type NameRule } from "../../../components/checks/names";
import { Problems } from "../../../components/checks/problems";

const cases: Record<keyof typeof NAMES, { good: string[]; bad: string[] }> = {
  service: {
    good: ["a", "api", "web-2", "a".repeat(18)],
    bad: ["", "2web", "Api", "api-", "a--b", "a_b", "a".repeat(19)],
  },
  container: { good: ["api", "Api_1-x", "a".repeat(255)], bad: ["", "-api", "api web", "a".repeat(256)] },
  repository: {
    good: ["api", "shop/api", "a.b_c-d/e"],
    bad: ["a", "Shop/api", "shop//api", "/api", "api/", "a..b", "a".repeat(257)],
  },
  pipeline: { good: ["dev-delivery", "a.b@c_d", "a".repeat(100)], bad: ["", "a b", "a/b", "a".repeat(101)] },
  project: { good: ["ab", "A_1-b"], bad: ["a", "-ab", "a b", "a.b", "a".repeat(151)] },
  cluster: { good: ["shop_1", "a".repeat(255)], bad: ["", "a b", "a/b", "a".repeat(256)] },
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

  it("leave a service's target groups room: <name>-green-<7 hex digits> is 32 characters at most", () => {
    assert.equal(NAMES.service.max + "-green-1234567".length, 32);
  });
});
