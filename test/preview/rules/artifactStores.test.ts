import { artifactStores } from "../../../preview/rules/artifactStores";
import { assertFinds, assertFindsNothing, changed } from "./handMade";
import { DEPLOY_ACTION, healthy, stages } from "./healthy";

const PIPELINE = 'aws.codepipeline.Pipeline "dev"';
const store = (location: string, region?: string) => ({ location, type: "S3", ...(region && { region }) });
const withStores = (stores: readonly object[], inputs: object = {}) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { artifactStores: stores, ...inputs });
const there = { stages: stages({ deploy: { ...DEPLOY_ACTION, region: "us-east-1" } }) };

describe("artifact-stores", () => {
  it("takes one store without a region, and one for each region", () => {
    assertFindsNothing(artifactStores, healthy);
    assertFindsNothing(artifactStores, withStores([store("a", "eu-west-1"), store("b", "us-east-1")], there));
    const own = { stages: stages({ deploy: { ...DEPLOY_ACTION, region: "eu-west-1" } }) };
    assertFindsNothing(artifactStores, withStores([store("a")], own));
  });

  it("finds a region where there is one store, and none where there are several", () => {
    assertFinds(artifactStores, withStores([store("a", "eu-west-1")]), [
      `${PIPELINE}: artifactStores: a single store has no region, got eu-west-1`,
    ]);
    assertFinds(artifactStores, withStores([store("a"), store("b", "us-east-1"), store("c", "us-east-1")]), [
      `${PIPELINE}: artifactStores: of several stores each needs a region, one has none`,
      `${PIPELINE}: artifactStores: two stores in us-east-1; a region has one`,
    ]);
  });

  it("finds an action in a region without a store", () => {
    assertFinds(artifactStores, withStores([store("a")], there), [
      `${PIPELINE}, stage Deploy, action api-deploy: works in us-east-1, where the pipeline has no artifact store; add one`,
    ]);
  });
});
