import { mapOf, type Values } from "../../graph/read";
import { AwsError } from "../awsError";
import type { PlayedCloud } from "../cloud";
import { CODE_PIPELINE } from "./codePipeline";
import { ECR } from "./ecr";
import { ECS } from "./ecs";
import { KMS } from "./kms";
import { LOGS, ONE_TASK } from "./oneTask";
import type { ApiCall, Operation } from "./operation";
import { CODE_DEPLOY_API, SCALING_API, STS } from "./others";
import { SNS } from "./sns";
import { SECRETS_MANAGER, SSM } from "./ssm";

const APIS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  codepipeline: CODE_PIPELINE,
  ecr: ECR,
  kms: KMS,
  ecs: { ...ECS, ...ONE_TASK },
  logs: LOGS,
  sns: SNS,
  ssm: SSM,
  sts: STS,
  secretsmanager: SECRETS_MANAGER,
  codedeploy: CODE_DEPLOY_API,
  "application-autoscaling": SCALING_API,
};

/** Makes a call: AWS asks its policies first, then does it. A call that nobody plays is an error that says so. */
export function callApi(cloud: PlayedCloud, call: ApiCall): Values {
  const operation = APIS[call.service]?.[call.operation];
  if (!operation) throw new NotPlayed(`${call.service}:${call.operation}`);
  const partition = call.caller.arn.split(":")[1] ?? "aws";
  const place = { partition, account: call.caller.account, region: call.region };
  const given = { cloud, input: mapOf(call.input), place, call };
  const context = operation.context?.(given);
  for (const action of operation.actions ?? [`${call.service}:${call.operation}`]) {
    for (const resource of operation.resources?.(given) ?? ["*"]) {
      cloud.demand({ caller: call.caller, action, resource, context }, call.where);
    }
  }
  return operation.act(given);
}

/** A call that this model of AWS does not know. */
export class NotPlayed extends AwsError {
  constructor(action: string) {
    super("NotPlayed", `${action} is not played here: the rehearsal cannot say what AWS would answer`);
  }
}
