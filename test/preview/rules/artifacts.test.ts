import { artifactMadeTwice } from "../../../preview/rules/artifactMadeTwice";
import { artifactName } from "../../../preview/rules/artifactName";
import { artifactNotMade } from "../../../preview/rules/artifactNotMade";
import { assertFinds, assertFindsNothing, changed } from "./handMade";
import { BUILD, DEPLOY, healthy, SOURCE, stages } from "./healthy";

const PIPELINE = 'aws.codepipeline.Pipeline "dev"';
const withStages = (...args: Parameters<typeof stages>) =>
  changed(healthy, "aws:codepipeline/pipeline:Pipeline", "dev", { stages: stages(...args) });

describe("artifact-not-made", () => {
  it("takes artifacts of an earlier stage and of a lower run order", () => {
    assertFindsNothing(artifactNotMade, healthy);
    const later = { ...BUILD, name: "scan", runOrder: 2, inputArtifacts: ["image"], outputArtifacts: ["report"] };
    assertFindsNothing(artifactNotMade, withStages({ more: [later] }));
  });

  it("finds an artifact that no action makes", () => {
    assertFinds(artifactNotMade, withStages({ deploy: { ...DEPLOY, inputArtifacts: ["imgae"] } }), [
      `${PIPELINE}, stage Deploy, action api-deploy: reads artifact "imgae", which no action makes; expected one of ` +
        "source, image: correct the name, or let an earlier action make it",
    ]);
  });

  it("finds an artifact that is made at the same time", () => {
    const beside = { ...BUILD, name: "scan", inputArtifacts: ["image"], outputArtifacts: [] };
    assertFinds(artifactNotMade, withStages({ more: [beside] }), [
      `${PIPELINE}, stage Build, action scan: reads artifact "image", which action api-image (stage Build, run order 1) ` +
        "has not made by then; give api-image an earlier stage or a run order below 1",
    ]);
  });
});

describe("artifact-made-twice", () => {
  it("takes one maker for each artifact", () => assertFindsNothing(artifactMadeTwice, healthy));

  it("finds a second maker", () => {
    assertFinds(artifactMadeTwice, withStages({ more: [{ ...BUILD, name: "bff-image" }] }), [
      `${PIPELINE}, stage Build, action bff-image: makes artifact "image", which action api-image makes already; ` +
        "give it a name of its own",
    ]);
  });
});

describe("artifact-name", () => {
  it("takes letters, digits, - and _", () => assertFindsNothing(artifactName, healthy));

  it("finds a dot, which action names may have", () => {
    assertFinds(artifactName, withStages({ source: { ...SOURCE, outputArtifacts: ["source.zip"] } }), [
      `${PIPELINE}, stage Source, action Source: artifact "source.zip": expected 1 to 100 letters, digits, - and _; rename it`,
    ]);
  });
});
