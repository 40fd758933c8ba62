import type { RecordedGraph } from "../graph/graph";
import type { PlayedCloud } from "./cloud";
import { codeDeployments } from "./deployment/codeDeploy";
import type { PlayedArtifact } from "./pipeline/artifact";
import { PaperBuilder } from "./pipeline/paperBuilder";
import type { Push } from "./pipeline/push";
import type { Broken } from "./promises";
import { type Rehearsal, rehearse } from "./rehearsal";
import type { PlayedService } from "./runningService";

/** Something that happens from outside, at whatever moment. */
export interface Disturbance {
  /** What happens, for a person. */
  readonly what: string;
  readonly happen: (cloud: PlayedCloud, pushAnother: () => void) => void;
}

/** A disturbance, and when it happens. */
export interface Happening {
  readonly at: number;
  readonly what: string;
}

/** An order of events that breaks a promise: the one with the fewest disturbances, of these the earliest. */
export interface Counterexample {
  readonly happenings: readonly Happening[];
  readonly broken: readonly Broken[];
  readonly rehearsal: Rehearsal;
}

/** What a search came to. */
export interface Searched {
  /** Orders of events that were played. */
  readonly played: number;
  /** Whether every order within the bounds was played. */
  readonly complete: boolean;
  readonly counterexample?: Counterexample;
}

/** How far a search goes. */
export interface Bounds {
  readonly graphs: readonly RecordedGraph[];
  readonly stacks: readonly string[];
  readonly push: Push;
  /** The files of a commit, where a build reads more than its own script. @default - none */
  readonly source?: PlayedArtifact;
  /** Disturbances in one run. @default 2 */
  readonly most?: number;
  /** Orders that are played at most. @default 4000 */
  readonly orders?: number;
  readonly onPlayed?: (played: number, of: number) => void;
}

/**
 * Plays a delivery again and again, with every disturbance at every moment, and two of them at every two moments, and says
 * the shortest that breaks a promise. Builds are on paper, the rest is what a rehearsal plays.
 */
export async function search(bounds: Bounds): Promise<Searched> {
  const { most = 2, orders = 4000 } = bounds;
  const calm = await play(bounds, []);
  if (isBroken(calm))
    return { played: 1, complete: true, counterexample: { happenings: [], broken: calm.broken, rehearsal: calm } };
  const kinds = disturbancesOf(calm.cloud);
  const times = timesOf(calm);
  const single = times.flatMap((at) => kinds.map((kind) => [{ at, kind }]));
  const coarse = times.filter((_at, index) => index % Math.ceil(times.length / 12) === 0);
  const pairs = most < 2 ? [] : pairsOf(coarse.flatMap((at) => kinds.map((kind) => ({ at, kind }))));
  const all = [...single, ...pairs];
  let played = 1;
  for (const happenings of all.slice(0, orders)) {
    const rehearsal = await play(bounds, happenings);
    played += 1;
    bounds.onPlayed?.(played, Math.min(all.length, orders) + 1);
    if (!isBroken(rehearsal)) continue;
    const told = happenings.map(({ at, kind }) => ({ at, what: kind.what }));
    return { played, complete: false, counterexample: { happenings: told, broken: rehearsal.broken, rehearsal } };
  }
  return { played, complete: all.length <= orders };
}

interface Timed {
  readonly at: number;
  readonly kind: Disturbance;
}

function isBroken({ broken }: Rehearsal): boolean {
  return broken.length > 0;
}

function play({ graphs, stacks, push, source }: Bounds, happenings: readonly Timed[]): Promise<Rehearsal> {
  return rehearse(graphs, {
    stacks,
    push,
    startsAt: new Date(0),
    builder: (cloud) => new PaperBuilder(cloud, source),
    meanwhile: happenings.map(({ at, kind }) => ({ at, happen: kind.happen })),
  });
}

/** The moments at which something happens by itself, and shortly after each. */
function timesOf({ cloud, seconds }: Rehearsal): readonly number[] {
  const at = cloud.timeline.moments.map((moment) => moment.at).filter((time) => time <= seconds);
  return [...new Set(at.flatMap((time) => [time, time + 1]))].sort((one, other) => one - other);
}

/** What can happen to the services of a delivery, and to its pipelines. */
function disturbancesOf({ services }: PlayedCloud): readonly Disturbance[] {
  return [
    { what: "another commit is pushed", happen: (_cloud, pushAnother) => pushAnother() },
    ...services.flatMap((service) => [
      stopped(service, `a person stops the deployment of ${service.name}`, "Stopped by a person"),
      stopped(
        service,
        `an alarm of ${service.name} goes off`,
        "Service deployment rolled back because of a CloudWatch alarm",
      ),
    ]),
  ];
}

/** Whatever deploys to a service stops, for a reason. */
function stopped({ arn }: PlayedService, what: string, reason: string): Disturbance {
  return {
    what,
    happen: (cloud) => {
      cloud.service(arn)?.underWay?.interrupt.trip(reason);
      for (const { service, status, interrupt } of codeDeployments(cloud)) {
        if (service.arn === arn && status === "InProgress") interrupt.trip(reason);
      }
    },
  };
}

function pairsOf(single: readonly Timed[]): readonly (readonly Timed[])[] {
  return single.flatMap((one, index) => single.slice(index).map((other) => [one, other]));
}
