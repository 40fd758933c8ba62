import assert from "node:assert/strict";
import type { Rehearsal } from "../../model/delivery/rehearsal";
import { imageIn } from "../../model/delivery/revisions";
import type { RecordedGraph } from "../../model/graph/graph";
import { pipelinesOf } from "../../model/graph/pipelines";
import { failuresOf } from "../../rehearse/failures";
import { Leftovers } from "../../rehearse/leftovers";
import { at } from "../support/read";
import { releaseGraphs } from "../support/releaseGraphs";
import { WAYS } from "../support/releaseWays";
import { inBash, onPaper, toldBy } from "./play";
import { allStages, type RehearsedStacks } from "./stages";

/**
 * What breaks a promise although nothing is wrong with the stack: AWS does not look at weights that somebody has set by
 * hand, so with one step of traffic the old tasks stop while they are the only ones that get requests.
 */
const AWS_LETS = /^weights$/;

describe("rehearsals of every committed stack and example", function () {
  this.timeout(120_000);
  let stages: readonly RehearsedStacks[] = [];
  const inShell = new Map<string, Rehearsal>();
  const leftovers = new Leftovers();
  after(() => leftovers.clean());
  before(async () => {
    stages = await allStages(leftovers);
    for (const { name, folder, graphs, stacks } of stages) inShell.set(name, await inBash(graphs, { stacks }, folder));
  });

  it("bring the commit to users, with the real scripts, and keep every promise", () => {
    assert.ok(stages.length >= 20, `${stages.length} stages`);
    for (const [name, rehearsal] of inShell) {
      assert.ok(
        rehearsal.reached,
        `${name}\n${toldBy(rehearsal)}\n${JSON.stringify([rehearsal.broken, rehearsal.cloud.refused])}`,
      );
    }
  });

  it("bring the first commit to an environment that waits for it", async () => {
    for (const { name, source, graphs, stacks } of stages) {
      const rehearsal = await onPaper(graphs, { stacks, delivered: false }, source);
      assert.ok(rehearsal.reached, `${name}\n${toldBy(rehearsal)}`);
      for (const service of rehearsal.cloud.services) {
        if (service.deployments.length > 0) assert.ok(service.desired > 0, `${name}: ${service.name}`);
      }
    }
  });

  it("keep every promise whatever fails, and end green only where the commit is with users", async () => {
    let played = 0;
    for (const { name, source, graphs, stacks } of stages) {
      for (const failure of failuresOf(graphs, stacks)) {
        const rehearsal = await onPaper(graphs, { stacks, faults: [failure] }, source);
        played += 1;
        const told = `${name}, ${failure.step}=${failure.how}\n${toldBy(rehearsal)}`;
        assert.deepEqual(rehearsal.cloud.refused, [], told);
        if (AWS_LETS.test(failure.how)) continue;
        assert.deepEqual(rehearsal.broken, [], told);
        const happened = rehearsal.cloud.faults.happened.length > 0;
        if (happened && !failure.survives) assert.equal(rehearsal.reached, false, told);
        if (failure.survives) assert.ok(rehearsal.reached, told);
      }
    }
    assert.ok(played > 200, `${played} failures`);
  });

  it("leave nothing running that no record names where the confirmation of a workflow is stopped, or refused something", async () => {
    // Paper neither stops nor refuses a call in the middle of a script.
    let played = 0;
    for (const { name, folder, graphs, stacks } of stages) {
      const confirms = failuresOf(graphs, stacks).filter(
        ({ step, how }) => /confirm/.test(step) && /^(stopped|refused:aws ecr batch-get-image)$/.test(how),
      );
      for (const fault of graphs.some(isDeliveredByWorkflow) ? confirms : []) {
        const rehearsal = await inBash(graphs, { stacks, faults: [fault] }, folder);
        played += 1;
        const told = `${name}, ${fault.step}=${fault.how}\n${toldBy(rehearsal)}`;
        assert.equal(rehearsal.cloud.faults.happened.length, 1, told);
        assert.deepEqual(rehearsal.broken, [], told);
        assert.equal(rehearsal.reached, false, told);
      }
    }
    assert.ok(played >= 10, `${played} failures`);
  });

  it("make the same calls on paper as in bash", async () => {
    // What a buildspec of the repository's own calls, paper cannot know.
    const generated = stages.filter(({ graphs }) => graphs.every(hasGeneratedBuilds));
    assert.ok(generated.length >= 18, `${generated.length} stages`);
    for (const { name, source, graphs, stacks } of generated) {
      const paper = await onPaper(graphs, { stacks }, source);
      const bash = inShell.get(name) ?? assert.fail(name);
      assert.deepEqual(stateOf(paper), stateOf(bash), name);
      assert.equal(paper.seconds, bash.seconds, `${name}: as long`);
      assert.deepEqual(callsOf(paper), callsOf(bash), name);
    }
  });
});

describe("rehearsals of every way into production", function () {
  this.timeout(60_000);
  for (const [name, { example, changes, services }] of Object.entries(WAYS)) {
    it(`bring the tested image there, in roles that may: ${name}`, async () => {
      const { staging, production } = await releaseGraphs(example, changes);
      const rehearsal = await inBash([staging.recorded, production.recorded], { stacks: ["staging"] });
      assert.ok(rehearsal.reached, `${toldBy(rehearsal)}\n${JSON.stringify(rehearsal.cloud.refused)}`);
      const { cloud } = rehearsal;
      const digest = (stack: string, service: string) => {
        const found = cloud.services.find((one) => one.name === `${stack}-${service}`) ?? assert.fail(service);
        const revision = cloud.revisions.get(found.revision) ?? assert.fail(found.revision);
        return imageIn(revision, found.container)?.split("@")[1] ?? assert.fail("by digest");
      };
      for (const service of services) assert.equal(digest("production", service), digest("staging", service));
      const roles = new Set(
        cloud.demanded.filter(({ action }) => action === "sts:AssumeRole").map(({ resource }) => resource),
      );
      for (const role of ["production-deploy", "production-confirm"]) {
        assert.ok(
          [...roles].some((arn) => arn.endsWith(`:role/ecs-delivery/production/${role}`)),
          role,
        );
      }
    });
  }
});

function isDeliveredByWorkflow(graph: RecordedGraph): boolean {
  return pipelinesOf(graph).some(({ workflow }) => workflow !== undefined);
}

function hasGeneratedBuilds({ resources }: RecordedGraph): boolean {
  const projects = resources.filter(({ type }) => type === "aws:codebuild/project:Project");
  return projects.every(({ inputs }) => String(at(inputs, "source", "buildspec")).startsWith("{"));
}

function stateOf({ cloud }: Rehearsal): readonly unknown[] {
  return cloud.services.map(({ name, revision, desired, tasks }) => [name, revision, desired, tasks.length]);
}

/** Every call that was held against policies, how often, as far as both kinds of builds make it. */
function callsOf({ cloud }: Rehearsal): readonly string[] {
  return [
    ...new Set(
      cloud.demanded.map(
        ({ action, resource, caller }) => `${caller.arn} ${action} ${resource.replace(/0a1b2c3.*/, "")}`,
      ),
    ),
  ].sort();
}
