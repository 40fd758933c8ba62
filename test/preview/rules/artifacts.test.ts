import { pipelineStructure } from "../../../preview/rules/pipelineStructure";
import { assertFinds, assertFindsNothing, changed } from "./handMade";
import { BUILD_ACTION, DEPLOY_ACTION, healthy, SOURCE_ACTION, stages } from "./healthy";

const named = (name: string) => (graph: typeof healthy) => pipelineStructure(graph).filter(({ rule }) => rule === name);
const PIPELINE = 'aws.codepipeline.Pipeline "dev"';
const withStages = (...args: Parameters<typeof stages>) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages(...args) });

describe("artifact-not-made", () => {
  it("takes artifacts of an earlier stage and of a lower run order", () => {
    assertFindsNothing(named("artifact-not-made"), healthy);
    const later = {
      ...BUILD_ACTION,
      name: "scan",
      runOrder: 2,
      inputArtifacts: ["image"],
      outputArtifacts: ["report"],
    };
    assertFindsNothing(named("artifact-not-made"), withStages({ more: [later] }));
  });

  it("finds an artifact that no action makes", () => {
    assertFinds(named("artifact-not-made"), withStages({ deploy: { ...DEPLOY_ACTION, inputArtifacts: ["imgae"] } }), [
      `${PIPELINE}, stage Deploy, action api-deploy: reads artifact "imgae", which no action makes; expected one of ` +
        "source, image: correct the name, or let an earlier action make it",
    ]);
  });

  it("finds an artifact that is made at the same time", () => {
    const beside = { ...BUILD_ACTION, name: "scan", inputArtifacts: ["image"], outputArtifacts: [] };
    assertFinds(named("artifact-not-made"), withStages({ more: [beside] }), [
      `${PIPELINE}, stage Build, action scan: reads artifact "image", which action api-image (stage Build, run order 1) ` +
        "has not made by then; give scan a run order above 1",
    ]);
  });
});

describe("artifact-made-twice", () => {
  it("takes one maker for each artifact", () => assertFindsNothing(named("artifact-made-twice"), healthy));

  it("finds a second maker", () => {
    assertFinds(named("artifact-made-twice"), withStages({ more: [{ ...BUILD_ACTION, name: "bff-image" }] }), [
      `${PIPELINE}, stage Build, action bff-image: makes artifact "image", which action api-image makes already; ` +
        "give it a name of its own",
    ]);
  });
});

describe("artifact-name", () => {
  it("takes letters, digits, - and _", () => assertFindsNothing(named("artifact-name"), healthy));

  it("finds a dot, which action names may have", () => {
    assertFinds(named("artifact-name"), withStages({ source: { ...SOURCE_ACTION, outputArtifacts: ["source.zip"] } }), [
      `${PIPELINE}, stage Source, action Source: artifact "source.zip": expected 1 to 100 letters, digits, - and _; rename it`,
    ]);
  });
});
