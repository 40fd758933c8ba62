import type { PipelineExecutionSummary, StageState } from "@aws-sdk/client-codepipeline";
import type { Service } from "@aws-sdk/client-ecs";
import { type Answers, minutesAgo } from "./standIns";

/** What the committed prod stack answers where all is well; situations change what they are about. */
export const NEW_COMMIT = "4f2c91a0b7d3e5f60718293a4b5c6d7e8f901234";
export const NEW_IMAGE = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api@sha256:${"ab12".repeat(16)}`;
export const RUN = "3137f7cb-7cf7-4abc-8def-3b6b8f1d1a11";
export const OLD_RUN = "0e2d44aa-7cf7-4abc-8def-3b6b8f1d1a11";
export const OLD_COMMIT = "aa11bb22b7d3e5f60718293a4b5c6d7e8f901234";
export const DEFINITION = "arn:aws:ecs:eu-west-1:123456789012:task-definition/prod-api:42";
export const DEPLOYMENT = "arn:aws:ecs:eu-west-1:123456789012:service-deployment/prod/prod-api/NPFyK0Qw";

/** A stage, with the run that was in it last. */
export function stageState(
  stageName: string,
  status: "Succeeded" | "Failed" | "InProgress",
  actionStates: StageState["actionStates"] = [],
  pipelineExecutionId = RUN,
): StageState {
  return { stageName, latestExecution: { pipelineExecutionId, status }, actionStates };
}

/** A run of the pipeline. */
export function execution(changes: Partial<PipelineExecutionSummary> = {}): PipelineExecutionSummary {
  return {
    pipelineExecutionId: RUN,
    status: "Succeeded",
    startTime: minutesAgo(20),
    trigger: { triggerType: "CloudWatchEvent" },
    sourceRevisions: [{ actionName: "Source", revisionId: NEW_COMMIT, revisionSummary: "Sell by weight\n\nTwo lines" }],
    ...changes,
  };
}

/** The run before. */
export const OLD = execution({
  pipelineExecutionId: OLD_RUN,
  startTime: minutesAgo(60 * 24 * 3),
  sourceRevisions: [{ actionName: "Source", revisionId: OLD_COMMIT, revisionSummary: "Sell by piece" }],
});

/** The service, which runs. */
export function runningService(changes: Partial<Service> = {}): Service {
  return {
    serviceName: "prod-api",
    status: "ACTIVE",
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    deploymentController: { type: "ECS" },
    deploymentConfiguration: { alarms: { alarmNames: ["api-5xx"], enable: true, rollback: true } },
    deployments: [
      {
        status: "PRIMARY",
        rolloutState: "COMPLETED",
        taskDefinition: DEFINITION,
        desiredCount: 2,
        runningCount: 2,
        pendingCount: 0,
      },
    ],
    events: [
      { id: "2", createdAt: minutesAgo(10), message: "(service prod-api) has reached a steady state." },
      { id: "1", createdAt: minutesAgo(12), message: "(service prod-api) has started 2 tasks." },
    ],
    ...changes,
  };
}

/** The answers of a stack where all is well. */
export function healthyAnswers(changes: Answers = {}): Answers {
  const record = JSON.stringify({ image: NEW_IMAGE, commit: NEW_COMMIT, deliveredAt: "2026-11-27T11:50:00Z" });
  return {
    getPipelineState: async () => ({
      stageStates: ["Source", "Build", "Deploy"].map((name) => stageState(name, "Succeeded")),
    }),
    listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [execution(), OLD] }),
    describeServices: async () => ({ services: [runningService()] }),
    listServiceDeployments: async () => ({
      serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT, status: "SUCCESSFUL", createdAt: minutesAgo(15) }],
    }),
    describeServiceDeployments: async () => ({
      serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT, status: "SUCCESSFUL", createdAt: minutesAgo(15) }],
    }),
    describeTaskDefinition: async () => ({
      taskDefinition: {
        containerDefinitions: [
          {
            name: "api",
            image: NEW_IMAGE,
            logConfiguration: {
              logDriver: "awslogs",
              options: { "awslogs-group": "/ecs/prod-api", "awslogs-stream-prefix": "api" },
            },
          },
        ],
      },
    }),
    getParameter: async () => ({ Parameter: { Value: record } }),
    describeAlarms: async () => ({ MetricAlarms: [{ AlarmName: "api-5xx", StateValue: "OK" }] }),
    ...changes,
  };
}
