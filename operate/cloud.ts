import type { DescribeAlarmsCommandInput, DescribeAlarmsCommandOutput } from "@aws-sdk/client-cloudwatch";
import type {
  FilterLogEventsCommandInput,
  FilterLogEventsCommandOutput,
  GetLogEventsCommandInput,
  GetLogEventsCommandOutput,
} from "@aws-sdk/client-cloudwatch-logs";
import type {
  GetPipelineStateCommandInput,
  GetPipelineStateCommandOutput,
  ListPipelineExecutionsCommandInput,
  ListPipelineExecutionsCommandOutput,
  RollbackStageCommandInput,
  RollbackStageCommandOutput,
} from "@aws-sdk/client-codepipeline";
import type {
  DescribeServiceDeploymentsCommandInput,
  DescribeServiceDeploymentsCommandOutput,
  DescribeServicesCommandInput,
  DescribeServicesCommandOutput,
  DescribeTaskDefinitionCommandInput,
  DescribeTaskDefinitionCommandOutput,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListServiceDeploymentsCommandInput,
  ListServiceDeploymentsCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
} from "@aws-sdk/client-ecs";
import type {
  DescribeListenersCommandInput,
  DescribeListenersCommandOutput,
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput,
  DescribeTargetGroupsCommandInput,
  DescribeTargetGroupsCommandOutput,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  GetParameterCommandInput,
  GetParameterCommandOutput,
  GetParameterHistoryCommandInput,
  GetParameterHistoryCommandOutput,
} from "@aws-sdk/client-ssm";
import { once } from "../stacks/once";

/** What AWS answers, without what the SDK says of the request. */
type Answer<T> = Promise<Omit<T, "$metadata">>;

/** The calls that operating commands make. */
export interface AwsCalls {
  readonly describeServices: (input: DescribeServicesCommandInput) => Answer<DescribeServicesCommandOutput>;
  readonly listServiceDeployments: (
    input: ListServiceDeploymentsCommandInput,
  ) => Answer<ListServiceDeploymentsCommandOutput>;
  readonly describeServiceDeployments: (
    input: DescribeServiceDeploymentsCommandInput,
  ) => Answer<DescribeServiceDeploymentsCommandOutput>;
  readonly describeTaskDefinition: (
    input: DescribeTaskDefinitionCommandInput,
  ) => Answer<DescribeTaskDefinitionCommandOutput>;
  readonly listTasks: (input: ListTasksCommandInput) => Answer<ListTasksCommandOutput>;
  readonly describeTasks: (input: DescribeTasksCommandInput) => Answer<DescribeTasksCommandOutput>;
  readonly getPipelineState: (input: GetPipelineStateCommandInput) => Answer<GetPipelineStateCommandOutput>;
  readonly listPipelineExecutions: (
    input: ListPipelineExecutionsCommandInput,
  ) => Answer<ListPipelineExecutionsCommandOutput>;
  readonly rollbackStage: (input: RollbackStageCommandInput) => Answer<RollbackStageCommandOutput>;
  readonly describeTargetGroups: (input: DescribeTargetGroupsCommandInput) => Answer<DescribeTargetGroupsCommandOutput>;
  readonly describeListeners: (input: DescribeListenersCommandInput) => Answer<DescribeListenersCommandOutput>;
  readonly describeRules: (input: DescribeRulesCommandInput) => Answer<DescribeRulesCommandOutput>;
  readonly getParameter: (input: GetParameterCommandInput) => Answer<GetParameterCommandOutput>;
  readonly getParameterHistory: (input: GetParameterHistoryCommandInput) => Answer<GetParameterHistoryCommandOutput>;
  readonly describeAlarms: (input: DescribeAlarmsCommandInput) => Answer<DescribeAlarmsCommandOutput>;
  readonly getLogEvents: (input: GetLogEventsCommandInput) => Answer<GetLogEventsCommandOutput>;
  readonly filterLogEvents: (input: FilterLogEventsCommandInput) => Answer<FilterLogEventsCommandOutput>;
}

/** AWS in a region, with the credentials that the SDK finds. A client is loaded when it is first asked. */
export function cloudIn(region: string | undefined): AwsCalls {
  const where = region === undefined ? {} : { region };
  const ecs = once(async () => new (await import("@aws-sdk/client-ecs")).ECS(where));
  const pipelines = once(async () => new (await import("@aws-sdk/client-codepipeline")).CodePipeline(where));
  const balancers = once(
    async () => new (await import("@aws-sdk/client-elastic-load-balancing-v2")).ElasticLoadBalancingV2(where),
  );
  const parameters = once(async () => new (await import("@aws-sdk/client-ssm")).SSM(where));
  const alarms = once(async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(where));
  const logs = once(async () => new (await import("@aws-sdk/client-cloudwatch-logs")).CloudWatchLogs(where));
  return {
    describeServices: async (input) => (await ecs()).describeServices(input),
    listServiceDeployments: async (input) => (await ecs()).listServiceDeployments(input),
    describeServiceDeployments: async (input) => (await ecs()).describeServiceDeployments(input),
    describeTaskDefinition: async (input) => (await ecs()).describeTaskDefinition(input),
    listTasks: async (input) => (await ecs()).listTasks(input),
    describeTasks: async (input) => (await ecs()).describeTasks(input),
    getPipelineState: async (input) => (await pipelines()).getPipelineState(input),
    listPipelineExecutions: async (input) => (await pipelines()).listPipelineExecutions(input),
    rollbackStage: async (input) => (await pipelines()).rollbackStage(input),
    describeTargetGroups: async (input) => (await balancers()).describeTargetGroups(input),
    describeListeners: async (input) => (await balancers()).describeListeners(input),
    describeRules: async (input) => (await balancers()).describeRules(input),
    getParameter: async (input) => (await parameters()).getParameter(input),
    getParameterHistory: async (input) => (await parameters()).getParameterHistory(input),
    describeAlarms: async (input) => (await alarms()).describeAlarms(input),
    getLogEvents: async (input) => (await logs()).getLogEvents(input),
    filterLogEvents: async (input) => (await logs()).filterLogEvents(input),
  };
}
