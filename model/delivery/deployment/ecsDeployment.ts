import { Interrupt } from "../clock";
import type { PlayedCloud } from "../cloud";
import { shortRevision, type TaskRevision } from "../revisions";
import type { PlayedService, ServiceDeployment } from "../runningService";
import { deployNative, takeBackNative } from "./native";
import { deployRolling } from "./rolling";
import { alarmsOf, drainTasks, type Scope, say, serviceEvent, TakenBack, whereOf } from "./scope";

/**
 * Starts a deployment that ECS runs, and goes on at once: whoever wants to know how it ends asks. One under way is stopped
 * by the new one.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function startEcsDeployment(
  cloud: PlayedCloud,
  service: PlayedService,
  revision: TaskRevision,
): ServiceDeployment {
  const before = lastGood(service);
  const older = service.underWay;
  older?.interrupt.trip("Stopped by a newer deployment");
  const deployment: ServiceDeployment = {
    arn: `${service.arn.replace(":service/", ":service-deployment/")}/${service.number()}`,
    createdAt: cloud.clock.now,
    revision: revision.arn,
    before,
    interrupt: new Interrupt(),
    status: "IN_PROGRESS",
    done: Promise.resolve(),
  };
  service.deployments.push(deployment);
  service.revision = revision.arn;
  service.rollout = "IN_PROGRESS";
  service.rolloutReason = `ECS deployment ${deployment.arn.split("/").at(-1) ?? ""} in progress.`;
  deployment.done = cloud.clock.start(async () => {
    // Where traffic moves between two groups, one deployment is undone before the next begins.
    if (older && service.strategy !== "ROLLING") await cloud.clock.join(older.done);
    await run(cloud, service, revision, deployment);
  });
  return deployment;
}

/** The revision that serves now, or served last. */
function lastGood(service: PlayedService): string {
  const good = service.deployments.filter(({ status }) => status === "SUCCESSFUL").at(-1);
  const running = service.tasks.find(({ isHealthy }) => isHealthy);
  return running?.revision ?? good?.revision ?? service.revision;
}

async function run(
  cloud: PlayedCloud,
  service: PlayedService,
  revision: TaskRevision,
  deployment: ServiceDeployment,
): Promise<void> {
  const isFresh = revision.arn !== deployment.before || service.tasks.length === 0;
  const scope: Scope = { cloud, service, revision, interrupt: deployment.interrupt, isFresh };
  tell(scope, "SERVICE_DEPLOYMENT_IN_PROGRESS", deployment.arn);
  try {
    if (service.desired === 0)
      say(scope, `uses ${shortRevision(revision.arn)} from now on; it is told to run no task yet`, "note");
    else if (service.strategy === "ROLLING") await deployRolling(scope);
    else await deployNative(scope);
    deployment.status = "SUCCESSFUL";
    end(service, "COMPLETED", "ECS deployment completed.");
    say(scope, `deployment of ${shortRevision(revision.arn)} is SUCCESSFUL`);
    serviceEvent(scope, "has reached a steady state.");
    tell(scope, "SERVICE_DEPLOYMENT_COMPLETED", deployment.arn);
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    await takeBack(scope, deployment, error.message);
  }
}

function end(service: PlayedService, rollout: PlayedService["rollout"], reason: string): void {
  service.rollout = rollout;
  service.rolloutReason = reason;
}

/** What failed is taken back where the service says so; else it stays half done. */
async function takeBack(scope: Scope, deployment: ServiceDeployment, reason: string): Promise<void> {
  const { cloud, service, revision } = scope;
  say(scope, `the deployment fails: ${reason}`, "bad");
  tell(scope, "SERVICE_DEPLOYMENT_FAILED", deployment.arn, reason);
  const isNewest = () => service.deployments.at(-1) === deployment;
  const newer = !isNewest();
  const byBreaker = reason.includes("circuit breaker");
  const back =
    newer || (byBreaker ? service.breaker.rollback : service.strategy !== "ROLLING" || alarmsOf(service).length > 0);
  const stopped = reason.startsWith("Stopped");
  if (newer) {
    deployment.status = "STOPPED";
    deployment.reason = reason;
    if (service.strategy !== "ROLLING") await takeBackNative(scope);
    // A rolling update goes on from what is there: tasks that serve stay until newer ones do.
    else service.tasks = service.tasks.filter((one) => one.revision !== revision.arn || one.isHealthy);
    return;
  }
  if (!back && !stopped) {
    deployment.status = "STOPPED";
    deployment.reason = reason;
    end(service, "FAILED", reason);
    return;
  }
  deployment.status = "ROLLBACK_IN_PROGRESS";
  deployment.interrupt = new Interrupt();
  deployment.reason = reason;
  service.revision = deployment.before;
  end(service, "IN_PROGRESS", `rolling back to ${shortRevision(deployment.before)}`);
  const previous = cloud.revisions.get(deployment.before);
  try {
    if (service.strategy === "ROLLING") await startAgain({ ...scope, interrupt: deployment.interrupt }, previous);
    else await takeBackNative(scope);
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    deployment.status = "ROLLBACK_FAILED";
    // A newer deployment goes on from what is there.
    if (!isNewest()) return;
    end(service, "FAILED", error.message);
    say(scope, `the rollback fails: ${error.message}`, "bad");
    return;
  }
  await drainTasks(
    scope,
    service.tasks.filter((one) => one.revision === revision.arn),
  );
  deployment.status = "ROLLBACK_SUCCESSFUL";
  if (!isNewest()) return;
  end(service, "COMPLETED", `ECS deployment rolled back: ${reason}`);
  say(scope, `is rolled back: runs ${shortRevision(deployment.before)} again`, "note");
  serviceEvent(scope, "rolled back and has reached a steady state.");
  cloud.noteTraffic(service, revision.arn, whereOf(service));
}

/** A rolling deployment that is taken back starts as many old tasks as it has stopped. */
async function startAgain(
  { cloud, service, revision, interrupt }: Scope,
  previous: TaskRevision | undefined,
): Promise<void> {
  if (!previous || previous.arn === revision.arn) return;
  const enough = service.tasks.some(
    (one) => one.revision === previous.arn && one.isHealthy && one.broken === undefined,
  );
  if (enough) return;
  const scope: Scope = { cloud, service, revision: previous, interrupt, isFresh: false, takesBack: revision.arn };
  await deployRolling(scope);
}

/** The event that rules of EventBridge get. */
function tell({ cloud, service }: Scope, eventName: string, deployment: string, reason = ""): void {
  cloud.emit(service.stack, {
    source: "aws.ecs",
    "detail-type": "ECS Deployment State Change",
    resources: [service.arn],
    detail: { eventType: eventName.endsWith("FAILED") ? "ERROR" : "INFO", eventName, deploymentId: deployment, reason },
  });
}
