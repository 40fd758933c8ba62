import assert from "node:assert/strict";
import { moments, onGroup, SETTLED_SECONDS } from "../../model/environment/advance";
import { type Environment, resourceOf, withInputs } from "../../model/environment/environment";
import { livesOf } from "../../model/environment/life";
import { shiftsTraffic, strategyOf } from "../../model/environment/service";
import { idleGroup, startDeployment } from "../../model/environment/tasks";
import type { RecordedGraph, RecordedResource } from "../../model/graph/graph";
import { mapOf, mapsOf } from "../../model/graph/read";
import { label, ofType, TYPES } from "../../model/graph/resources";
import { changedProperties } from "../../model/update/followers";
import { changes } from "../../model/update/plan";
import { recordProgram } from "../../preview/record/recordGraph";
import { stackConfig } from "../../scripts/changes/record";
import { deployStack } from "../../stacks/environment";

const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api";
const [OLD, NEW] = ["a", "b"].map((digit) => `${REPOSITORY}@sha256:${digit.repeat(64)}`) as [string, string];
const RECORD = "/ecs-delivery/dev-api/delivered-image";
const recorded = (image: string) => ({
  [RECORD]: JSON.stringify({ image, commit: "c0ffee", deliveredAt: "2026-01-01T00:00:00Z" }),
});

/** A moment of a delivery: what AWS has then, and what the record says. */
interface Instant {
  readonly told: string;
  readonly environment: Environment;
  readonly record: string;
}

const STRATEGIES = ["rolling", "codeDeployBlueGreen", "ecsBlueGreen", "ecsLinear", "ecsCanary"];
const SCALING = { service: { scaling: { minCapacity: 2, maxCapacity: 6 } } };

for (const deployment of STRATEGIES) {
  describe(`pulumi up with nothing changed, in every minute of a delivery by ${deployment}`, function () {
    this.timeout(240_000);
    const config = { "aws:region": "eu-west-1", ...stackConfig(deployment, SCALING) };
    const run = (record: string, live?: RecordedGraph) =>
      recordProgram(() => deployStack(), { config, live, parameters: recorded(record) });

    it("changes nothing that the delivery does", async () => {
      const lives = livesOf(await run(OLD));
      assert.equal(lives.length, deployment === "rolling" ? 1 : 2);
      for (const { environment, told: life } of lives) {
        const instants = [...instantsOf(environment)];
        assert(instants.length >= 4, `only ${instants.length} moments`);
        for (const { told, environment: now, record } of instants) {
          const wanted = await run(record, now);
          assert.deepEqual(updatesOf(now, wanted), [], `${told}, ${life}`);
        }
      }
    });

    it("changes something where it does not ask what runs", async () => {
      const [life] = livesOf(await run(OLD));
      assert(life);
      const [, started] = instantsOf(life.environment);
      assert(started);
      const unasked = updatesOf(started.environment, await run(OLD));
      // CodeDeploy alone changes what it deploys to, whatever the program renders.
      assert.equal(unasked.length > 0, deployment !== "codeDeployBlueGreen", unasked.join());
    });
  });
}

/** What an update would change of what is there. */
function updatesOf(now: Environment, wanted: RecordedGraph): readonly string[] {
  return wanted.resources.flatMap((after) => {
    const before = resourceOf(now, after.urn);
    if (!after.custom) return [];
    if (!before) return [`${label(after)}: made`];
    return changedProperties({ before, after })
      .filter(changes)
      .map(({ path }) => `${label(after)}: ${path}`);
  });
}

/** Every moment at which a delivery changes something, each minute of it, and the weights on the way. */
function* instantsOf(start: Environment): Generator<Instant> {
  const service = theService(start);
  yield { told: "before", environment: start, record: OLD };
  const told = withImage(start, service);
  const begun = strategyOf(service) === "CODE_DEPLOY" ? told : startDeployment(told, service);
  yield { told: "once the service is told to run the new revision", environment: begun, record: OLD };
  const moving = strategyOf(service) === "ROLLING" ? undefined : idleGroup(begun, service);
  for (const share of moving === undefined ? [] : [5, 10, 50, 100]) {
    const environment = withShare(begun, moving ?? "", share);
    yield { told: `with ${share} % of the traffic on the new tasks`, environment, record: OLD };
  }
  const moved = moving !== undefined && !shiftsTraffic(strategyOf(service)) ? onGroup(begun, service, moving) : begun;
  const minutes = Array.from({ length: 20 }, (_, minute) => moved.clock + 60 * minute);
  const later = [...minutes, moved.clock + SETTLED_SECONDS].flatMap((until) => moments(moved, until));
  const seen = new Set<string>();
  for (const environment of later) {
    const key = JSON.stringify(environment.resources);
    if (seen.has(key)) continue;
    seen.add(key);
    const seconds = environment.clock - start.clock;
    yield { told: `${seconds} seconds later, before the record is written`, environment, record: OLD };
  }
  const end = later.at(-1);
  assert(end && end.failed.length === 0);
  yield { told: "once it is recorded", environment: end, record: NEW };
}

function theService(environment: Environment): RecordedResource {
  const [service] = ofType(environment, TYPES.service);
  assert(service);
  return service;
}

/** The service runs another image: a revision that differs in that alone. */
function withImage(environment: Environment, { inputs }: RecordedResource): Environment {
  const definition = ofType(environment, TYPES.taskDefinition).find((one) => one.inputs.family === inputs.name);
  assert(definition);
  const text = String(definition.inputs.containerDefinitions);
  assert(text.includes(OLD) || strategyOf(theService(environment)) === "CODE_DEPLOY", text);
  return withInputs(environment, definition, { containerDefinitions: text.replaceAll(OLD, NEW) });
}

/** So much of the traffic goes to a group, as it does for a while with a canary. */
function withShare(environment: Environment, groupArn: string, share: number): Environment {
  return [...ofType(environment, TYPES.listener), ...ofType(environment, TYPES.listenerRule)].reduce((now, route) => {
    const key = route.type === TYPES.listener ? "defaultActions" : "actions";
    const actions = mapsOf(route.inputs[key]).map((action) => {
      const groups = mapsOf(mapOf(action.forward).targetGroups);
      if (!groups.some(({ arn }) => arn === groupArn)) return action;
      const targetGroups = groups.map((one) => ({ ...one, weight: one.arn === groupArn ? share : 100 - share }));
      return { ...action, forward: { ...mapOf(action.forward), targetGroups } };
    });
    return withInputs(now, route, { [key]: actions });
  }, environment);
}
