import assert from "node:assert/strict";
import { GUESSES } from "../../../model/environment/guesses";
import { type LeadTime, leadTimesOf } from "../../../model/pace/leadTime";
import { secondsOf } from "../../../model/pace/step";
import { Leftovers } from "../../../rehearse/leftovers";
import { onPaper, toldBy } from "../../rehearse/play";
import { allStages, type RehearsedStacks } from "../../rehearse/stages";
import { exampleGraph } from "../../support/stack";

describe("how long a commit takes, by the model", function () {
  this.timeout(240_000);
  let stages: readonly RehearsedStacks[] = [];
  const leftovers = new Leftovers();
  after(() => leftovers.clean());
  before(async () => {
    stages = await allStages(leftovers);
  });

  it("is what the rehearsal's clock says of every committed stack and example: the run, and all traffic on the new version", async () => {
    let compared = 0;
    for (const { name, graphs, stacks, source } of stages) {
      const rehearsal = await onPaper(graphs, { stacks }, source);
      const times = rehearsal.pipelines.map(({ graph, pipeline }) => {
        const found = leadTimesOf(graph, graphs).find((one) => one.pipeline.name === pipeline.name);
        assert.ok(found, pipeline.name);
        return found;
      });
      if (times.length === 0) continue;
      const told = `${name}\n${toldBy(rehearsal)}\n${times.map(shown).join("\n")}`;
      // One that waits for a released image begins where the others have ended.
      const begins = (time: LeadTime) =>
        isStartedByImage(time)
          ? sum(times.filter((one) => !isStartedByImage(one)).map(({ seconds }) => ran(seconds)))
          : 0;
      assert.equal(Math.max(...times.map((time) => begins(time) + ran(time.seconds))), rehearsal.seconds, told);
      const served = rehearsal.cloud.timeline.moments.filter(({ traffic }) => traffic?.fresh === 1).map(({ at }) => at);
      const users = times.filter(({ toUsers }) => toUsers.length > 0);
      if (served.length === 0 || users.length === 0) continue;
      compared += 1;
      const reached = users.map((time) => begins(time) + ran(secondsOf(time.toUsers)));
      assert.equal(Math.max(...reached), Math.max(...served), told);
    }
    assert.ok(compared >= 15, `${compared} compared`);
  });
});

describe("how long a commit takes by a workflow", () => {
  it("counts its steps as builds, and one machine for each job", async () => {
    const { recorded } = await exampleGraph("github-actions", "dev");
    const [time, ...others] = leadTimesOf(recorded);
    assert.ok(time && others.length === 0);
    assert.deepEqual(time.unknown, []);
    const { trigger, source, machine, tests, build, push, task, start } = GUESSES;
    // A job for the tests, and one for image, commands before the deployment and deployment; a task's log is waited for.
    const byHand = trigger + source + machine + tests + machine + build + push + (task + 5) + start + 2 * 10;
    assert.equal(secondsOf(time.toUsers), byHand);
    assert.equal(secondsOf(time.toEnd), time.seconds);
  });
});

/** Without what passes before a run begins. */
function ran(seconds: number): number {
  return seconds - GUESSES.trigger;
}

function isStartedByImage({ pipeline }: LeadTime): boolean {
  return pipeline.stages[0]?.actions.some(({ provider }) => provider === "ECR") ?? false;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function shown({ pipeline, toUsers, actions }: LeadTime): string {
  return JSON.stringify([
    pipeline.name,
    toUsers.map(({ what, seconds }) => `${what} ${seconds}`),
    actions.map(({ action, seconds }) => `${action.name} ${seconds}`),
  ]);
}
