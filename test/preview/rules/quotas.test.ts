import { quotas } from "../../../preview/rules/quotas";
import { arnHere, assertFinds, assertFindsNothing, graphOf, resource } from "./handMade";
import { healthy } from "./healthy";

const many = (type: string, count: number, inputs: Readonly<Record<string, unknown>> = {}) =>
  Array.from({ length: count }, (_, index) => resource(type, `x-${index}`, inputs));
const listener = (balancer: string) => ({
  listenerArn: arnHere("elasticloadbalancing", `listener/app/${balancer}/1/2`),
});
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const RULE = "aws:lb/listenerRule:ListenerRule";

describe("quotas", () => {
  it("have room for a few", () => {
    assertFindsNothing(quotas, healthy);
    assertFindsNothing(quotas, graphOf(...many(BALANCER, 49)));
  });

  it("say what a stack takes all of, and where the account's own are shown", () =>
    assertFinds(
      quotas,
      graphOf(...many(BALANCER, 50)),
      [
        'aws.lb.LoadBalancer "x-0": one of 50 application load balancers in a region, and AWS allows 50 until it is ' +
          "asked for more: aws service-quotas list-service-quotas --service-code elasticloadbalancing shows what this account has",
      ],
      "warning",
    ));

  it("count the rules of each load balancer apart", () => {
    const apart = [...many(RULE, 60, listener("a")), ...many(RULE, 60, listener("b"))];
    assertFindsNothing(quotas, graphOf(...apart));
    assertFinds(
      quotas,
      graphOf(...many(RULE, 100, listener("a"))),
      [
        'aws.lb.ListenerRule "x-0": one of 100 rules of one load balancer, and AWS allows 100 until it is asked for ' +
          "more: aws service-quotas list-service-quotas --service-code elasticloadbalancing shows what this account has",
      ],
      "warning",
    );
  });
});
