import assert from "node:assert/strict";
import { main } from "../../operate/status";
import {
  DEFINITION,
  DEPLOYMENT,
  execution,
  healthyAnswers,
  NEW_COMMIT,
  NEW_IMAGE,
  OLD,
  OLD_RUN,
  RUN,
  runningService,
  stageState,
} from "./situations";
import { type Answers, awsError, deniedCall, minutesAgo, runRecorded } from "./standIns";

const run = (argv: readonly string[], answers: Answers, file?: string) =>
  runRecorded(main, argv, answers, { more: {}, files: file === undefined ? {} : { "Pulumi.prod.yaml": file } });

const HEALTHY_SERVICE = `service api
  delivered   commit ${NEW_COMMIT}, 2026-11-27T11:50:00Z
  image       123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api@sha256:ab12ab12ab12
  tasks       2 running, 0 pending, 2 desired
  rollout     PRIMARY COMPLETED prod-api:42: 2 running, 0 pending, 2 desired
  deployment  SUCCESSFUL (15 min ago)
  alarms      1 quiet
  events      10 min ago  (service prod-api) has reached a steady state.
              12 min ago  (service prod-api) has started 2 tasks.`;

const RUNS = `  runs        4f2c91a0     Succeeded   20 min ago  Sell by weight
              aa11bb22     Succeeded   3 days ago  Sell by piece`;

describe("npm run status", () => {
  it("says that all is well, in one line and then in full", async () => {
    const { code, printed, slept } = await run(["prod"], healthyAnswers());
    assert.equal(
      printed,
      `prod  ✓ api: 4f2c91a0, 2 of 2 tasks run

pipeline prod-delivery
  stages      Source             Succeeded   4f2c91a0
              Build              Succeeded   4f2c91a0
              Deploy             Succeeded   4f2c91a0
${RUNS}

${HEALTHY_SERVICE}`,
    );
    assert.equal(code, 0);
    assert.equal(slept, 0);
  });

  it("says who is waited for, and both answers, and does not wait itself", async () => {
    const waiting = healthyAnswers({
      getPipelineState: async () => ({
        stageStates: [
          stageState("Source", "Succeeded"),
          stageState("Build", "InProgress", [
            {
              actionName: "Approve",
              latestExecution: { status: "InProgress", token: "1a-2b c", lastStatusChange: minutesAgo(120) },
              revisionUrl: "https://example.com/change",
            },
          ]),
          stageState("Deploy", "Succeeded", [], OLD_RUN),
        ],
      }),
      listPipelineExecutions: async () => ({
        pipelineExecutionSummaries: [execution({ status: "InProgress" }), OLD],
      }),
    });
    const { code, printed, slept } = await run(["prod"], waiting);
    const answer = (status: string) =>
      `aws codepipeline put-approval-result --region eu-west-1 --pipeline-name prod-delivery --stage-name Build --action-name Approve --token '1a-2b c' --result summary=seen,status=${status}`;
    assert.equal(
      printed,
      `prod  … 4f2c91a0 waits for a person: Approve in stage Build

pipeline prod-delivery
  stages      Source             Succeeded   4f2c91a0
              Build              InProgress  4f2c91a0  Approve
              Deploy             Succeeded   aa11bb22
  runs        4f2c91a0     InProgress  20 min ago  Sell by weight
              aa11bb22     Succeeded   3 days ago  Sell by piece
  waits       Approve in stage Build waits for a person, since 2 h ago
              https://example.com/change
  yes         ${answer("Approved")}
  no          ${answer("Rejected")}

${HEALTHY_SERVICE}`,
    );
    assert.equal(code, 0);
    assert.equal(slept, 0);
  });

  it("says what a deployment has moved, follows it until it ends, and tells what is new once", async () => {
    let looks = 0;
    const moving = () => looks < 4;
    const answers = healthyAnswers({
      getPipelineState: async () => {
        looks += 1;
        const deploy = moving()
          ? stageState("Deploy", "InProgress", [
              { actionName: "api-deploy", latestExecution: { status: "InProgress" } },
            ])
          : stageState("Deploy", "Succeeded");
        return { stageStates: [deploy] };
      },
      listPipelineExecutions: async () => ({
        pipelineExecutionSummaries: [execution({ status: moving() ? "InProgress" : "Succeeded" })],
      }),
      describeServiceDeployments: async () => ({
        serviceDeployments: [
          moving()
            ? {
                serviceDeploymentArn: DEPLOYMENT,
                status: "IN_PROGRESS",
                lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
                createdAt: minutesAgo(4),
                targetServiceRevision: { requestedProductionTrafficWeight: 10, requestedTestTrafficWeight: 100 },
              }
            : { serviceDeploymentArn: DEPLOYMENT, status: "SUCCESSFUL", createdAt: minutesAgo(4) },
        ],
      }),
      describeServices: async () => ({
        services: [
          runningService({
            deploymentConfiguration: { strategy: "CANARY" },
            loadBalancers: [
              {
                targetGroupArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api-blue-12/0a",
                advancedConfiguration: {
                  alternateTargetGroupArn:
                    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api-green-34/0b",
                  productionListenerRule:
                    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/api/1/2/3",
                  roleArn: "arn:aws:iam::123456789012:role/api",
                },
              },
            ],
            events:
              looks < 3 ? [] : [{ id: "1", createdAt: minutesAgo(1), message: "(service prod-api) has started." }],
          }),
        ],
      }),
      describeRules: async () => ({
        Rules: [
          {
            RuleArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/api/1/2/3",
            Actions: [
              {
                Type: "forward",
                ForwardConfig: {
                  TargetGroups: [
                    { TargetGroupArn: "arn:x:targetgroup/api-blue-12/0a", Weight: 90 },
                    { TargetGroupArn: "arn:x:targetgroup/api-green-34/0b", Weight: 10 },
                  ],
                },
              },
            ],
          },
        ],
      }),
    });
    const { code, printed, slept } = await run(["prod"], answers);
    assert.equal(code, 0, printed);
    assert.equal(slept, 3);
    const [first = "", ...others] = printed.split("\n\n");
    assert.equal(first, "prod  … 4f2c91a0 is being delivered: Deploy; api is being deployed: PRODUCTION_TRAFFIC_SHIFT");
    assert.match(
      printed,
      /deployment {2}IN_PROGRESS, at PRODUCTION_TRAFFIC_SHIFT, the new version has 10 % of production, 100 % of test/,
    );
    assert.match(printed, /traffic {5}production: blue 90 %, green 10 %/);
    assert.equal(printed.match(/^ {2}\(service prod-api\) has started\.$/gm)?.length, 1, printed);
    assert.match(others.join("\n\n"), /^prod {2}✓ api: 4f2c91a0, 2 of 2 tasks run$/m);
    looks = 0;
    const once = await run(["prod", "--once"], answers);
    assert.equal(once.slept, 0);
    assert.equal(once.code, 0);
  });

  it("says why a delivery was taken back, with the last lines and what mends it", async () => {
    const answers = healthyAnswers({
      getPipelineState: async () => ({
        stageStates: [
          stageState("Deploy", "Failed", [
            {
              actionName: "api-confirm",
              latestExecution: { status: "Failed", errorDetails: { message: "Build terminated with state: FAILED" } },
            },
          ]),
        ],
      }),
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [execution({ status: "Failed" }), OLD] }),
      describeServiceDeployments: async () => ({
        serviceDeployments: [
          {
            serviceDeploymentArn: DEPLOYMENT,
            status: "ROLLBACK_SUCCESSFUL",
            createdAt: minutesAgo(15),
            statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
          },
        ],
      }),
      listTasks: async () => ({ taskArns: ["a", "b", "c", "d"] }),
      describeTasks: async () => ({
        tasks: ["1", "2", "3"]
          .map((id, index) => ({
            taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/prod/${id.repeat(32)}`,
            taskDefinitionArn: DEFINITION,
            stopCode: "EssentialContainerExited" as const,
            stoppedReason: "Essential container in task exited",
            stoppedAt: minutesAgo(10 + index),
            containers: [
              { name: "api", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
            ],
          }))
          .concat([
            {
              taskArn: "arn:aws:ecs:eu-west-1:123456789012:task/prod/4",
              taskDefinitionArn: DEFINITION,
              stopCode: "EssentialContainerExited" as const,
              stoppedReason: "Scaling activity initiated by (deployment ecs-svc/1)",
              stoppedAt: minutesAgo(1),
              containers: [],
            },
          ]),
      }),
      getLogEvents: async ({ logGroupName, logStreamName }) => {
        assert.equal(`${logGroupName} ${logStreamName}`, `/ecs/prod-api api/api/${"1".repeat(32)}`);
        return { events: [{ message: "loading 4 GiB of prices\n" }, { message: "Killed" }] };
      },
    });
    const { code, printed, slept } = await run(["prod"], answers);
    assert.equal(code, 1);
    assert.equal(slept, 0);
    assert.equal(
      printed,
      `prod  ✗ 4f2c91a0 failed at api-confirm in stage Deploy; the last deployment of api was taken back

pipeline prod-delivery
  stages      Deploy             Failed      4f2c91a0
  runs        4f2c91a0     Failed      20 min ago  Sell by weight
              aa11bb22     Succeeded   3 days ago  Sell by piece
  failed      api-confirm in stage Deploy: Build terminated with state: FAILED

service api
  delivered   commit ${NEW_COMMIT}, 2026-11-27T11:50:00Z
  image       123456789012.dkr.ecr.eu-west-1.amazonaws.com/prod/api@sha256:ab12ab12ab12
  tasks       2 running, 0 pending, 2 desired
  rollout     PRIMARY COMPLETED prod-api:42: 2 running, 0 pending, 2 desired
  deployment  ROLLBACK_SUCCESSFUL (15 min ago)
  why         Service deployment rolled back because the circuit breaker threshold was exceeded.
  cause       New tasks stopped again and again, so the deployment was taken back.
  fix         Why they stopped stands at the stopped tasks; mend that, and push again.
  alarms      1 quiet
  events      10 min ago  (service prod-api) has reached a steady state.
              12 min ago  (service prod-api) has started 2 tasks.
  stopped     3 × Essential container in task exited (api: exit code 137, OutOfMemoryError: Container killed due to memory usage) (10 min ago)
  cause       The container used more memory than the task has.
  fix         Raise services[].memory; a JVM wants services[].runtime: jvm beside it.
  last lines  | loading 4 GiB of prices
              | Killed`,
    );
  });

  it("takes an automatic rollback of the stage for a failed delivery, and a person's for none", async () => {
    const back = (triggerType: "AutomatedRollback" | "ManualRollback") =>
      healthyAnswers({
        listPipelineExecutions: async () => ({
          pipelineExecutionSummaries: [
            execution({
              executionType: "ROLLBACK",
              trigger: { triggerType },
              rollbackMetadata: { rollbackTargetPipelineExecutionId: OLD_RUN },
            }),
            OLD,
          ],
        }),
      });
    const automatic = await run(["prod"], back("AutomatedRollback"));
    assert.equal(automatic.code, 1);
    assert.match(automatic.printed, /^prod {2}✗ the last delivery failed and was taken back to 4f2c91a0\n/);
    assert.match(automatic.printed, /goes back to run 0e2d44aa/);
    assert.equal((await run(["prod"], back("ManualRollback"))).code, 0);
  });

  it("says that a deployment pauses for a person, and how it goes on or back", async () => {
    const answers = healthyAnswers({
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [execution({ status: "InProgress" })] }),
      describeServiceDeployments: async () => ({
        serviceDeployments: [
          {
            serviceDeploymentArn: DEPLOYMENT,
            status: "IN_PROGRESS",
            lifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
            createdAt: minutesAgo(4),
            lifecycleHookDetails: [
              {
                hookId: "hook-1",
                status: "AWAITING_ACTION",
                expiresAt: new Date("2026-11-27T13:00:00Z"),
                timeoutAction: "ROLLBACK",
              },
            ],
          },
        ],
      }),
    });
    const { code, printed, slept } = await run(["prod"], answers);
    assert.equal(code, 0);
    assert.equal(slept, 0);
    assert.match(printed, /^prod {2}… api waits for a person in the middle of its deployment/);
    const call = `aws ecs continue-service-deployment --region eu-west-1 --service-deployment-arn ${DEPLOYMENT} --hook-id hook-1`;
    assert.ok(
      printed.includes(
        `  waits       for a person, until 2026-11-27 13:00 UTC; then it goes back by itself\n` +
          `  go on       ${call} --action CONTINUE\n  go back     ${call} --action ROLLBACK\n`,
      ),
      printed,
    );
  });

  it("says that nothing was delivered yet", async () => {
    const answers: Answers = {
      ...healthyAnswers(),
      getPipelineState: async () => ({ stageStates: [{ stageName: "Source" }] }),
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [] }),
      describeServices: async () => ({
        services: [runningService({ desiredCount: 0, runningCount: 0, deployments: [], events: [] })],
      }),
      listServiceDeployments: async () => ({ serviceDeployments: [] }),
      getParameter: async () => ({ Parameter: { Value: "none" } }),
    };
    const { code, printed } = await run(["prod"], answers);
    assert.equal(
      printed,
      `prod  - nothing was delivered yet: push, or release a change in the pipeline

pipeline prod-delivery
  stages      Source             never

service api
  delivered   nothing yet
  tasks       0 running, 0 pending, 0 desired
  alarms      1 quiet`,
    );
    assert.equal(code, 0);
  });

  it("says which call the credentials may not, and shows the rest", async () => {
    const some = await run(
      ["prod"],
      healthyAnswers({ describeAlarms: async () => Promise.reject(deniedCall("cloudwatch:DescribeAlarms")) }),
    );
    assert.equal(some.code, 0);
    assert.match(some.printed, /^prod {2}✓ /);
    assert.ok(
      some.printed.endsWith(
        "\n\nnot read\n  service api: arn:aws:sts::123456789012:assumed-role/developer/jane may not cloudwatch:DescribeAlarms (eu-west-1, account 123456789012)",
      ),
      some.printed,
    );
    const all = await run(
      ["prod"],
      healthyAnswers({
        getPipelineState: async () => Promise.reject(deniedCall("codepipeline:GetPipelineState")),
        describeServices: async () => Promise.reject(deniedCall("ecs:DescribeServices")),
      }),
    );
    assert.equal(all.code, 1);
    assert.match(all.printed, /^prod {2}\? pipeline prod-delivery cannot be read; service api cannot be read\n/);
  });

  it("takes any word of AWS's for a refusal, and passes by what is not there", async () => {
    const refused = await run(
      ["prod"],
      healthyAnswers({ listTasks: async () => Promise.reject(awsError("AccessDenied", "Access denied")) }),
    );
    assert.equal(refused.code, 0);
    assert.ok(refused.printed.endsWith("service api: your credentials may not ecs:ListTasks (eu-west-1)"));
    const slow = await run(
      ["prod"],
      healthyAnswers({ listTasks: async () => Promise.reject(awsError("ThrottlingException", "Rate exceeded")) }),
    );
    assert.ok(slow.printed.endsWith("ecs:ListTasks in eu-west-1 was not answered: ThrottlingException: Rate exceeded"));
    const gone = await run(
      ["prod"],
      healthyAnswers({ getParameter: async () => Promise.reject(awsError("ParameterNotFound")) }),
    );
    assert.doesNotMatch(gone.printed, /not read/);
    assert.match(gone.printed, /delivered {3}nothing yet/);
  });

  it("asks no load balancer about a service that rolls, nor shows the one group that has everything", async () => {
    const group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api-blue-12/0a";
    const asked: string[] = [];
    const answers = (strategy: "ROLLING" | "BLUE_GREEN") =>
      healthyAnswers({
        describeServices: async () => ({
          services: [
            runningService({ deploymentConfiguration: { strategy }, loadBalancers: [{ targetGroupArn: group }] }),
          ],
        }),
        describeTargetGroups: async () => {
          asked.push(strategy);
          return { TargetGroups: [{ LoadBalancerArns: ["lb"] }] };
        },
        describeListeners: async () => ({
          Listeners: [{ ListenerArn: "l", Port: 80, DefaultActions: [{ Type: "forward", TargetGroupArn: group }] }],
        }),
      });
    for (const strategy of ["ROLLING", "BLUE_GREEN"] as const) {
      const { printed, code } = await run(["prod"], answers(strategy));
      assert.equal(code, 0);
      assert.doesNotMatch(printed, /traffic/);
    }
    assert.deepEqual(asked, ["BLUE_GREEN"]);
  });

  it("says what to do without credentials, with expired ones, and without a network", async () => {
    const thrown = [
      [
        awsError("CredentialsProviderError", "Could not load credentials from any providers"),
        /no credentials for AWS: log in/,
      ],
      [
        awsError("ExpiredTokenException", "The security token included in the request is expired"),
        /have expired: log in/,
      ],
      [
        awsError("UnrecognizedClientException", "The security token is invalid"),
        /AWS does not know your credentials in eu-west-1/,
      ],
      [
        Object.assign(new Error("getaddrinfo ENOTFOUND ecs.eu-west-1.amazonaws.com"), { code: "ENOTFOUND" }),
        /cannot be reached in eu-west-1/,
      ],
    ] as const;
    for (const [error, said] of thrown) {
      const throwing = async () => Promise.reject(error);
      const { code, printed } = await run(["prod"], { getPipelineState: throwing, describeServices: throwing });
      assert.equal(code, 1);
      assert.match(printed, said);
      assert.doesNotMatch(printed, /\n {4}at /);
    }
  });

  it("says of a service with too few tasks, or an alarm that rings, that something is wrong", async () => {
    const few = await run(
      ["prod"],
      healthyAnswers({ describeServices: async () => ({ services: [runningService({ runningCount: 1 })] }) }),
    );
    assert.equal(few.code, 1);
    assert.match(few.printed, /^prod {2}! api: 1 of 2 tasks run\n/);
    const rings = await run(
      ["prod"],
      healthyAnswers({
        describeAlarms: async () => ({
          MetricAlarms: [{ AlarmName: "api-5xx", StateValue: "ALARM", StateReason: "2 of 3 datapoints" }],
        }),
      }),
    );
    assert.equal(rings.code, 1);
    assert.match(rings.printed, /^prod {2}! api: alarm api-5xx rings\n/);
    assert.match(rings.printed, /alarms {6}api-5xx rings: 2 of 3 datapoints/);
  });

  it("says of CodeDeploy which tasks are the old ones, and how to go back", async () => {
    const set = (id: string, status: string) => ({
      status,
      createdAt: minutesAgo(id === "d-NEW" ? 5 : 500),
      stabilityStatus: "STEADY_STATE" as const,
      taskDefinition: DEFINITION,
      computedDesiredCount: 2,
      runningCount: 2,
      externalId: id,
      loadBalancers: [{ targetGroupArn: "arn:aws:elasticloadbalancing:r:1:targetgroup/api-blue/0a" }],
    });
    const deploying = (old: string, newer: string): Answers => ({
      describeServices: async () => ({
        services: [
          runningService({
            deploymentController: { type: "CODE_DEPLOY" },
            deploymentConfiguration: {},
            deployments: [],
            taskSets: [set("d-OLD", old), set("d-NEW", newer)],
          }),
        ],
      }),
    });
    // After the shift the old tasks are kept for a while, and it is still the new deployment that goes back.
    const shifted = await run(["prod", "--once"], healthyAnswers(deploying("ACTIVE", "PRIMARY")));
    assert.match(shifted.printed, /--deployment-id d-NEW /);
    const { printed, code } = await run(
      ["prod", "--once"],
      healthyAnswers({
        ...deploying("PRIMARY", "ACTIVE"),
        listServiceDeployments: async () => assert.fail("AWS lists none"),
        describeTargetGroups: async () => ({
          TargetGroups: [{ LoadBalancerArns: ["arn:aws:elasticloadbalancing:r:1:loadbalancer/app/api/1"] }],
        }),
        describeListeners: async () => ({
          Listeners: [
            {
              ListenerArn: "l",
              Port: 443,
              Protocol: "HTTPS",
              DefaultActions: [
                {
                  Type: "forward",
                  ForwardConfig: {
                    TargetGroups: [
                      { TargetGroupArn: "arn:aws:elasticloadbalancing:r:1:targetgroup/api-blue/0a", Weight: 100 },
                      { TargetGroupArn: "arn:aws:elasticloadbalancing:r:1:targetgroup/api-green/0b", Weight: 0 },
                    ],
                  },
                },
              ],
            },
          ],
        }),
        describeAlarms: async () => ({
          MetricAlarms: [
            { AlarmName: "api-blue-5xx", StateValue: "OK", Dimensions: [{ Name: "LoadBalancer", Value: "app/api/1" }] },
            { AlarmName: "api-of-qa", StateValue: "ALARM", Dimensions: [{ Name: "LoadBalancer", Value: "app/api/9" }] },
          ],
        }),
      }),
    );
    assert.equal(code, 0);
    assert.match(printed, /^prod {2}… api is being deployed by CodeDeploy\n/);
    assert.match(printed, /traffic {5}port 443: blue 100 %, green 0 %/);
    assert.match(printed, /alarms {6}1 quiet/);
    assert.match(
      printed,
      /go back {5}aws deploy stop-deployment --region eu-west-1 --deployment-id d-NEW --auto-rollback-enabled/,
    );
  });

  it("reads pipelines of services, services of others, shared images, and stacks that another delivers to", async () => {
    const asked: string[] = [];
    const recording = healthyAnswers({
      getPipelineState: async ({ name }) => {
        asked.push(`pipeline ${name}`);
        return { stageStates: [] };
      },
      describeServices: async ({ cluster, services }) => {
        asked.push(`service ${cluster}/${services?.join()}`);
        return { services: [runningService()] };
      },
      getParameter: async ({ Name }) => {
        asked.push(`record ${Name}`);
        return { Parameter: { Value: NEW_IMAGE } };
      },
    });
    const file = (more: string) => `config:
  aws:region: eu-west-1
  ecs-delivery:project: shop
${more}
  ecs-delivery:cluster: { existing: arn:aws:ecs:eu-west-1:123456789012:cluster/mine }
  ecs-delivery:services:
    - { name: web, container: { name: api, port: 8080 } }
    - { name: worker, imageOf: web, container: { name: api } }
    - { name: old, service: { existing: legacy }, container: { name: api, port: 8080 } }
`;
    const own = await run(["prod"], recording, file("  ecs-delivery:pipelines: perService"));
    assert.equal(own.code, 0, own.printed);
    assert.deepEqual(asked.sort(), [
      "pipeline shop-prod-old-delivery",
      "pipeline shop-prod-web-delivery",
      "record /ecs-delivery/shop-prod-web/delivered-image",
      "record /ecs-delivery/shop-prod-worker/delivered-image",
      "service arn:aws:ecs:eu-west-1:123456789012:cluster/mine/legacy",
      "service arn:aws:ecs:eu-west-1:123456789012:cluster/mine/shop-prod-web",
      "service arn:aws:ecs:eu-west-1:123456789012:cluster/mine/shop-prod-worker",
    ]);
    assert.match(own.printed, /commit not recorded/);
    assert.match(own.printed, /service old {2}\(someone else's: its image is not recorded\)/);
    asked.length = 0;
    const other = await run(["prod", "web"], recording, file("  ecs-delivery:deliveredBy: { stack: staging }"));
    assert.equal(other.code, 0, other.printed);
    assert.ok(!asked.some((one) => one.startsWith("pipeline")), asked.join());
    assert.match(other.printed, /delivered by stack staging: npm run status -- staging/);
    assert.doesNotMatch(other.printed, /service worker/);
  });

  it("says that there is no pipeline or service", async () => {
    const { code, printed } = await run(["prod"], {});
    assert.equal(code, 1);
    assert.match(
      printed,
      /^prod {2}\? there is no pipeline prod-delivery: pulumi up makes it; there is no service api: pulumi up makes it\n/,
    );
  });

  it("prints JSON, and refuses what it does not know", async () => {
    const { code, printed } = await run(["prod", "--json"], healthyAnswers());
    const { verdict, services } = JSON.parse(printed) as Record<string, unknown>;
    assert.equal(code, 0);
    assert.deepEqual(verdict, { word: "healthy", says: "api: 4f2c91a0, 2 of 2 tasks run" });
    assert.ok(Array.isArray(services));
    assert.equal((await run(["--help"], {})).code, 0);
    for (const [argv, said] of [
      [[], /name a stack, for example npm run status -- prod; stacks are prod/],
      [["qa2"], /no Pulumi.<stack>.yaml for "qa2"/],
      [["prod", "web"], /has no service "web"; services are api/],
      [["prod", "--foll"], /unknown option --foll/],
      [["prod", "--once=yes"], /--once takes no value/],
    ] as const) {
      const refused = await run(argv, {});
      assert.equal(refused.code, 2, refused.printed);
      assert.match(refused.printed, said);
    }
    const shared = await run(["prod"], {}, "config:\n  ecs-delivery:buildRole: { existing: x }\n");
    assert.equal(shared.code, 2);
    assert.match(shared.printed, /Pulumi.prod.yaml has no services/);
  });

  it("ends when a delivery that it followed failed", async () => {
    let looks = 0;
    const { code, printed } = await run(
      ["prod"],
      healthyAnswers({
        getPipelineState: async () => ({ stageStates: [stageState("Build", looks < 2 ? "InProgress" : "Failed")] }),
        listPipelineExecutions: async () => {
          looks += 1;
          return { pipelineExecutionSummaries: [execution({ status: looks < 2 ? "InProgress" : "Failed" })] };
        },
      }),
    );
    assert.equal(code, 1);
    assert.match(printed, /^prod {2}✗ 4f2c91a0 failed/m);
    assert.equal(RUN.slice(0, 8), "3137f7cb");
  });
});
