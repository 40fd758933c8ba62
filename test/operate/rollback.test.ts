import assert from "node:assert/strict";
import { main } from "../../operate/rollback";
import {
  DEPLOYMENT,
  execution,
  healthyAnswers,
  NEW_IMAGE,
  OLD,
  OLD_COMMIT,
  OLD_RUN,
  RUN,
  runningService,
  stageState,
} from "./situations";
import { type Answers, awsError, deniedCall, minutesAgo, runRecorded } from "./standIns";

const BACK = "b4c4b4c4-7cf7-4abc-8def-3b6b8f1d1a11";
const OLDER_RUN = "77777777-7cf7-4abc-8def-3b6b8f1d1a11";
const OLDER = execution({
  pipelineExecutionId: OLDER_RUN,
  startTime: minutesAgo(60 * 24 * 9),
  sourceRevisions: [{ actionName: "Source", revisionId: "cc33".repeat(10), revisionSummary: "Sell" }],
});

interface Said {
  /** What a person answers. @default - nobody is there */
  readonly answer?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** Runs the command, and says which rollbacks it asked of AWS. */
async function run(argv: readonly string[], changes: Answers = {}, { answer, files }: Said = {}) {
  const done: string[] = [];
  let looks = 0;
  const deploy = (status: "Succeeded" | "InProgress") =>
    stageState("Deploy", status, [{ actionName: "api-deploy" }, { actionName: "api-confirm" }]);
  const result = await runRecorded(
    main,
    argv,
    healthyAnswers({
      getPipelineState: async () => ({
        stageStates: [stageState("Source", "Succeeded"), stageState("Build", "Succeeded"), deploy("Succeeded")],
      }),
      listPipelineExecutions: async ({ filter }) => {
        if (filter) {
          assert.deepEqual(filter, { succeededInStage: { stageName: "Deploy" } });
          return { pipelineExecutionSummaries: [execution(), OLD, OLDER] };
        }
        if (done.length === 0) return { pipelineExecutionSummaries: [execution(), OLD] };
        looks += 1;
        const back = execution({
          pipelineExecutionId: BACK,
          status: looks < 3 ? "InProgress" : "Succeeded",
          sourceRevisions: OLD.sourceRevisions,
        });
        // AWS may list a run some seconds after it was started.
        return { pipelineExecutionSummaries: looks < 2 ? [execution(), OLD] : [back, execution(), OLD] };
      },
      getParameterHistory: async () => ({
        Parameters: [
          { Value: "none" },
          { Value: JSON.stringify({ image: `${NEW_IMAGE}-old`, commit: OLD_COMMIT }) },
          { Value: JSON.stringify({ image: NEW_IMAGE, commit: "x" }) },
        ],
      }),
      rollbackStage: async ({ pipelineName, stageName, targetPipelineExecutionId }) => {
        done.push(`${pipelineName} ${stageName} ${targetPipelineExecutionId}`);
        return { pipelineExecutionId: BACK };
      },
      ...changes,
    }),
    { more: { ask: answer === undefined ? undefined : async () => answer }, files: files ?? {} },
  );
  return { ...result, done };
}

const PLAN = `prod  stage Deploy of pipeline prod-delivery would go back
  from        4f2c91a0  Sell by weight (run 3137f7cb, 20 min ago)
  to          aa11bb22  Sell by piece (run 0e2d44aa, 3 days ago)
  services    api
  image       ${NEW_IMAGE}-old`;

describe("npm run rollback", () => {
  it("says what it would do, asks, does it through the pipeline, and follows", async () => {
    const { code, printed, done } = await run(["prod"], {}, { answer: "yes" });
    assert.equal(printed, `${PLAN}\nrun b4c4b4c4 goes back\nprod  ✓ went back to aa11bb22`);
    assert.deepEqual(done, [`prod-delivery Deploy ${OLD_RUN}`]);
    assert.equal(code, 0);
  });

  it("does nothing without a yes, and refuses where nobody can be asked", async () => {
    const no = await run(["prod"], {}, { answer: "y" });
    assert.equal(no.printed, `${PLAN}\nnothing was done`);
    assert.equal(no.code, 1);
    assert.deepEqual(no.done, []);
    const nobody = await run(["prod"]);
    assert.equal(nobody.printed, `${PLAN}\nnobody is there to be asked: --yes does it without`);
    assert.equal(nobody.code, 2);
    assert.deepEqual(nobody.done, []);
    assert.equal((await run(["prod", "--yes"])).code, 0);
  });

  it("goes to a commit, or a run, by its first characters", async () => {
    for (const wanted of ["cc33", "cc33".repeat(10), "77777777"]) {
      const { code, done } = await run(["prod", "--to", wanted, "--yes"]);
      assert.equal(code, 0);
      assert.deepEqual(done, [`prod-delivery Deploy ${OLDER_RUN}`]);
    }
    for (const wanted of ["dead", "cc3", "x y"]) {
      const { code, printed, done } = await run(["prod", "--to", wanted, "--yes"]);
      assert.equal(code, 1);
      assert.ok(
        printed.includes(`no delivery of "${wanted}" went through the stage; there are 4f2c91a0, aa11bb22, cc33cc33`),
        printed,
      );
      assert.deepEqual(done, []);
    }
  });

  it("goes on back from what a rollback brought, and never to a rollback", async () => {
    const rolled = execution({
      pipelineExecutionId: BACK,
      startTime: minutesAgo(5),
      executionType: "ROLLBACK",
      sourceRevisions: OLD.sourceRevisions,
      rollbackMetadata: { rollbackTargetPipelineExecutionId: OLD_RUN },
    });
    const { code, done, printed } = await run(["prod", "--yes"], {
      getPipelineState: async () => ({
        stageStates: [stageState("Deploy", "Succeeded", [{ actionName: "api-deploy" }], BACK)],
      }),
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [rolled, execution(), OLD, OLDER] }),
    });
    assert.equal(code, 0, printed);
    assert.deepEqual(done, [`prod-delivery Deploy ${OLDER_RUN}`]);
    const before = { ...rolled, startTime: minutesAgo(60) };
    const past = await run(["prod", "--yes"], {
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [execution(), before, OLD, OLDER] }),
    });
    assert.deepEqual(past.done, [`prod-delivery Deploy ${OLD_RUN}`]);
  });

  it("passes by runs of the same commit, unless the one in the stage failed there", async () => {
    const again = execution({ pipelineExecutionId: "99999999-7cf7-4abc-8def-3b6b8f1d1a11", startTime: minutesAgo(90) });
    const state = (status: "Succeeded" | "Failed") => ({
      getPipelineState: async () => ({
        stageStates: [stageState("Deploy", status, [{ actionName: "api-deploy" }])],
      }),
      listPipelineExecutions: async ({ filter }: { readonly filter?: unknown }) => ({
        pipelineExecutionSummaries: filter
          ? [...(status === "Failed" ? [] : [execution()]), again, OLD]
          : [execution({ status }), again, OLD],
      }),
    });
    assert.deepEqual((await run(["prod"], state("Succeeded"), { answer: "" })).printed.match(/run \w+/g)?.slice(0, 2), [
      "run 3137f7cb",
      "run 0e2d44aa",
    ]);
    assert.deepEqual((await run(["prod"], state("Failed"), { answer: "" })).printed.match(/run \w+/g)?.slice(0, 2), [
      "run 3137f7cb",
      "run 99999999",
    ]);
  });

  it("says that there is nothing to go back to", async () => {
    const { code, printed } = await run(["prod", "--yes"], {
      listPipelineExecutions: async () => ({ pipelineExecutionSummaries: [execution()] }),
    });
    assert.equal(code, 1);
    assert.match(printed, /^prod: no delivery before this one went through the stage/);
  });

  it("names the command that takes back what is under way, and does nothing", async () => {
    const deploying = (more: object): Answers => ({
      describeServiceDeployments: async () => ({
        serviceDeployments: [{ serviceDeploymentArn: DEPLOYMENT, status: "IN_PROGRESS", ...more }],
      }),
    });
    const set = (id: string, status: string) => ({
      status,
      externalId: id,
      taskDefinition: "x:1",
      createdAt: minutesAgo(id === "d-2" ? 5 : 500),
    });
    const situations: readonly (readonly [Answers, string])[] = [
      [
        deploying({}),
        `aws ecs stop-service-deployment --region eu-west-1 --service-deployment-arn ${DEPLOYMENT} --stop-type ROLLBACK`,
      ],
      [
        deploying({ lifecycleHookDetails: [{ hookId: "h", status: "AWAITING_ACTION" }] }),
        `aws ecs continue-service-deployment --region eu-west-1 --service-deployment-arn ${DEPLOYMENT} --hook-id h --action ROLLBACK`,
      ],
      [
        {
          describeServices: async () => ({
            services: [
              runningService({
                deploymentController: { type: "CODE_DEPLOY" },
                taskSets: [set("d-1", "PRIMARY"), set("d-2", "ACTIVE")],
              }),
            ],
          }),
        },
        "aws deploy stop-deployment --region eu-west-1 --deployment-id d-2 --auto-rollback-enabled",
      ],
    ];
    for (const [answers, command] of situations) {
      const { code, printed, done } = await run(["prod", "--yes"], answers);
      assert.equal(code, 1);
      assert.equal(
        printed,
        `prod: nothing is rolled back while a deployment is under way; to take it back:\n  ${command}`,
      );
      assert.deepEqual(done, []);
    }
    const busy = await run(["prod", "--yes"], {
      getPipelineState: async () => ({
        stageStates: [stageState("Deploy", "InProgress", [{ actionName: "api-deploy" }])],
      }),
    });
    assert.equal(busy.code, 1);
    assert.match(busy.printed, /stage Deploy runs/);
  });

  it("says what AWS says where it does not", async () => {
    const refused = await run(["prod", "--yes"], {
      rollbackStage: async () => Promise.reject(deniedCall("codepipeline:RollbackStage")),
    });
    assert.equal(refused.code, 1);
    assert.match(
      refused.printed,
      /developer\/jane may not codepipeline:RollbackStage \(eu-west-1, account 123456789012\)$/,
    );
    const outdated = await run(["prod", "--yes"], {
      rollbackStage: async () =>
        Promise.reject(awsError("UnableToRollbackStageException", "started in another version of the pipeline")),
    });
    assert.equal(outdated.code, 1);
    assert.match(outdated.printed, /UnableToRollbackStageException: started in another version of the pipeline$/);
    const failed = await run(["prod", "--yes"], {
      listPipelineExecutions: async ({ filter }) => ({
        pipelineExecutionSummaries: filter
          ? [execution(), OLD]
          : [execution({ pipelineExecutionId: BACK, status: "Failed" }), execution(), OLD],
      }),
      getPipelineState: async () => ({
        stageStates: [stageState("Deploy", "Succeeded", [{ actionName: "api-deploy" }])],
      }),
    });
    assert.equal(failed.code, 1);
    assert.match(
      failed.printed,
      /prod {2}✗ did not go back: run b4c4b4c4 Failed; npm run status -- prod says the rest$/,
    );
    const none = await run(["prod", "--yes"], {
      getPipelineState: async () => Promise.reject(awsError("PipelineNotFoundException")),
    });
    assert.equal(none.code, 1);
    assert.match(none.printed, /there is no pipeline prod-delivery in this account and region/);
  });

  it("goes back by the pipeline of the stack that delivers, and by that of one service", async () => {
    const services = "  ecs-delivery:services:\n    - { name: api }\n    - { name: web }\n";
    const delivered = {
      "Pulumi.prod.yaml": `config:\n  aws:region: eu-west-1\n  ecs-delivery:deliveredBy: { stack: staging }\n${services}`,
    };
    const there = await run(
      ["prod", "--yes"],
      {
        getPipelineState: async () => ({
          stageStates: [
            stageState("Staging", "Succeeded", [{ actionName: "api-deploy" }]),
            stageState("Deploy", "Succeeded", [{ actionName: "api-to-prod" }, { actionName: "web-to-prod" }]),
          ],
        }),
      },
      { files: { ...delivered, "Pulumi.staging.yaml": `config:\n  aws:region: us-east-1\n${services}` } },
    );
    assert.deepEqual(there.done, [`staging-delivery Deploy ${OLD_RUN}`], there.printed);
    assert.equal(there.code, 0);
    const away = await run(["prod", "--yes"], {}, { files: delivered });
    assert.equal(away.code, 2);
    assert.match(away.printed, /stack staging delivers to prod, and its file is not here/);
    const several = { "Pulumi.prod.yaml": `config:\n  ecs-delivery:pipelines: perService\n${services}` };
    const which = await run(["prod", "--yes"], {}, { files: several });
    assert.equal(which.code, 2);
    assert.match(which.printed, /each of these services has a pipeline of its own: name one of api, web/);
    const one = await run(["prod", "api", "--yes"], {}, { files: several });
    assert.deepEqual(one.done, [`prod-api-delivery Deploy ${OLD_RUN}`], one.printed);
    assert.equal(RUN.length, 36);
  });

  it("refuses what it does not know", async () => {
    assert.equal((await run(["--help"])).code, 0);
    for (const argv of [[], ["prod", "--to"], ["prod", "--too=x"], ["prod", "web"]]) {
      const { code, done } = await run(argv);
      assert.equal(code, 2, argv.join(" "));
      assert.deepEqual(done, []);
    }
  });
});
