import assert from "node:assert/strict";
import { type PauseNoticeSettings, pauseNoticeDefinition } from "../../../components/notify/pauseNoticeDefinition";
import { at, json } from "../../support/read";
import { type PlayedStates, playStates, type Script, type TaskReply } from "../../support/states";
import { statesProblems } from "../../support/statesStructure";

const SETTINGS: PauseNoticeSettings = {
  partition: "aws",
  region: "eu-west-1",
  cluster: "shop",
  service: "api",
  container: "web",
  repository: { registryId: "111122223333", repositoryName: "shop/api" },
  topicArn: "arn:aws:sns:eu-west-1:111122223333:prod",
  told: {
    title: "The deployment of api in shop waits",
    tried: 'Try it at http://test.example.com/"a" \\b.',
    until: "It waits 30 minutes, then it is taken back.",
    goOn: "look-up go-on",
    takeBack: "look-up take-back",
  },
};
const LIST = "arn:aws:states:::aws-sdk:ecs:listServiceDeployments";
const DEPLOYMENTS = "arn:aws:states:::aws-sdk:ecs:describeServiceDeployments";
const REVISIONS = "arn:aws:states:::aws-sdk:ecs:describeServiceRevisions";
const IMAGES = "arn:aws:states:::aws-sdk:ecr:describeImages";
const PUBLISH = "arn:aws:states:::aws-sdk:sns:publish";

const [NEW, OLD] = ["a1".repeat(20), "b2".repeat(20)];
const REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/api";
const [NEW_IMAGE, OLD_IMAGE] = [`${REPOSITORY}@sha256:${"1".repeat(64)}`, `${REPOSITORY}@sha256:${"2".repeat(64)}`];
const DEPLOYMENT = "arn:aws:ecs:eu-west-1:111122223333:service-deployment/shop/api/d2";
const REVISION = "arn:aws:ecs:eu-west-1:111122223333:service-revision/shop/api/";
const FAIL: TaskReply = { error: "Ecs.EcsException" };

const found = (result: unknown): TaskReply => ({ result });

function revision(number: string, image: string, taskDefinition: string) {
  return {
    ServiceRevisionArn: `${REVISION}${number}`,
    TaskDefinition: `arn:aws:ecs:eu-west-1:111122223333:task-definition/${taskDefinition}`,
    ContainerImages: [
      { ContainerName: "proxy", Image: "proxy:1" },
      { ContainerName: "web", Image: image },
    ],
  };
}

const images = (...ImageTags: readonly string[]) => found({ ImageDetails: [{ ImageTags }] });

/** What AWS answers of a deployment that brings one commit in the place of another. */
const ANSWERS: Script = {
  [LIST]: [
    found({
      ServiceDeployments: [
        { ServiceDeploymentArn: `${DEPLOYMENT}-older`, CreatedAt: "2026-11-27T08:00:00Z" },
        { ServiceDeploymentArn: DEPLOYMENT, CreatedAt: "2026-11-27T09:00:00Z" },
      ],
    }),
  ],
  [DEPLOYMENTS]: [
    found({
      ServiceDeployments: [
        {
          LifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
          LifecycleHookDetails: [
            { HookId: "hook-0", Status: "SUCCEEDED" },
            {
              HookId: "hook-1",
              Status: "AWAITING_ACTION",
              ExpiresAt: "2026-11-27T10:00:00Z",
              TimeoutAction: "ROLLBACK",
            },
          ],
          TargetServiceRevision: { Arn: `${REVISION}2` },
          SourceServiceRevisions: [
            { Arn: `${REVISION}0`, RunningTaskCount: 0 },
            { Arn: `${REVISION}1`, RunningTaskCount: 2 },
          ],
        },
      ],
    }),
  ],
  [REVISIONS]: [found({ ServiceRevisions: [revision("1", OLD_IMAGE, "api:12"), revision("2", NEW_IMAGE, "api:13")] })],
  [IMAGES]: [images("released-111111111111", NEW), images(OLD)],
  [PUBLISH]: [found({})],
};

function play(script: Script = {}, settings: Partial<PauseNoticeSettings> = {}): Promise<PlayedStates> {
  return playStates(pauseNoticeDefinition({ ...SETTINGS, ...settings }), { detail: {} }, { ...ANSWERS, ...script });
}

/** The last message, as it is told. */
function told({ calls }: PlayedStates): string {
  const parameters = calls.filter(({ resource }) => resource === PUBLISH).at(-1)?.parameters;
  assert.equal(at(parameters, "TopicArn"), SETTINGS.topicArn);
  const message = at(parameters, "Message");
  assert.deepEqual(
    [json(message, "version"), json(message, "source"), json(message, "content", "textType")],
    ["1.0", "custom", "client-markdown"],
  );
  assert.equal(json(message, "content", "title"), SETTINGS.told.title);
  return String(json(message, "content", "description"));
}

const answer = (action: string) =>
  `aws ecs continue-service-deployment --region eu-west-1 --service-deployment-arn ${DEPLOYMENT} --action ${action} --hook-id hook-1`;
const END = `What waits, and its events: npm run status. Go on: ${answer("CONTINUE")} -- Take it back: ${answer("ROLLBACK")}`;
const LOOKED_UP = "What waits, and its events: npm run status. Go on: look-up go-on -- Take it back: look-up take-back";

describe("pauseNoticeDefinition", () => {
  for (const repository of [SETTINGS.repository, undefined]) {
    it(`is a definition that AWS takes, ${repository ? "with" : "without"} a repository in ECR`, () => {
      assert.deepEqual(statesProblems(pauseNoticeDefinition({ ...SETTINGS, repository })), []);
    });
  }

  it("asks in its own partition", () => {
    const text = JSON.stringify(pauseNoticeDefinition({ ...SETTINGS, partition: "aws-cn", topicArn: "" }));
    assert.deepEqual([...new Set(text.match(/arn:[a-z-]+:/g))], ["arn:aws-cn:"]);
  });

  it("tells commit, what changed, the test address, until when, and the commands", async () => {
    const played = await play();
    assert.equal(
      told(played),
      `Ships commit ${NEW} (sha256:111111111111), in the place of commit ${OLD} (sha256:222222222222). ` +
        `What changed: git log --oneline ${OLD}..${NEW}. Task definition api:13 in the place of api:12. ` +
        `${SETTINGS.told.tried} It waits at POST_TEST_TRAFFIC_SHIFT until 2026-11-27T10:00:00Z, then it is taken back. ${END}`,
    );
    assert.equal(played.status, "SUCCEEDED");
    assert.deepEqual(
      played.calls.map(({ resource, parameters }) => [resource.split(":").at(-1), parameters]).slice(0, 5),
      [
        ["listServiceDeployments", { Cluster: "shop", Service: "api", Status: ["IN_PROGRESS"] }],
        ["describeServiceDeployments", { ServiceDeploymentArns: [DEPLOYMENT] }],
        ["describeServiceRevisions", { ServiceRevisionArns: [`${REVISION}2`, `${REVISION}1`] }],
        ...[NEW_IMAGE, OLD_IMAGE].map((image) => [
          "describeImages",
          {
            RegistryId: "111122223333",
            RepositoryName: "shop/api",
            ImageIds: [{ ImageDigest: image.split("@")[1] }],
          },
        ]),
      ],
    );
  });

  it("says so where it goes on by itself", async () => {
    const [reply] = ANSWERS[DEPLOYMENTS] ?? [];
    const text = JSON.stringify(reply).replace("ROLLBACK", "CONTINUE");
    const played = await play({ [DEPLOYMENTS]: [JSON.parse(text) as TaskReply] });
    assert.match(told(played), /until 2026-11-27T10:00:00Z, then it goes on by itself\./);
  });

  it("says that settings alone change where the image stays", async () => {
    const same = found({ ServiceRevisions: [revision("1", NEW_IMAGE, "api:12"), revision("2", NEW_IMAGE, "api:13")] });
    const played = await play({ [REVISIONS]: [same] });
    assert.ok(
      told(played).startsWith(
        `The image stays as it is, commit ${NEW} (sha256:111111111111): settings alone may change. Task definition api:13 in the place of api:12.`,
      ),
    );
    assert.equal(played.calls.filter(({ resource }) => resource === IMAGES).length, 1);
  });

  it("finds the commit in tags of releases and of builds that name it, and tells other tags as they are", async () => {
    assert.ok(
      told(await play({ [IMAGES]: [images("v2", `prod-${NEW}`), images("v1")] })).startsWith(
        `Ships commit ${NEW} (sha256:111111111111), in the place of v1 (sha256:222222222222). Task definition`,
      ),
    );
    const tagged = found({
      ServiceRevisions: [revision("1", `web:${OLD}`, "api:12"), revision("2", `web:${NEW}`, "api:13")],
    });
    const played = await play({ [REVISIONS]: [tagged] });
    assert.ok(told(played).includes(`git log --oneline ${OLD}..${NEW}.`));
    assert.equal(played.calls.filter(({ resource }) => resource === IMAGES).length, 0);
  });

  it("tells the image where no repository may be asked", async () => {
    assert.ok(
      told(await play({}, { repository: undefined })).startsWith(
        `Ships image ${NEW_IMAGE}, in the place of image ${OLD_IMAGE}. Task definition`,
      ),
    );
  });

  it("tells the first deployment, which takes the place of nothing", async () => {
    const [reply] = ANSWERS[DEPLOYMENTS] ?? [];
    const text = JSON.stringify(reply).replace(/"SourceServiceRevisions":\[.*?\]/, '"SourceServiceRevisions":[]');
    const played = await play({ [DEPLOYMENTS]: [JSON.parse(text) as TaskReply] });
    assert.ok(told(played).startsWith(`Ships commit ${NEW} (sha256:111111111111). Task definition api:13.`));
    const asked = played.calls.find(({ resource }) => resource === REVISIONS)?.parameters;
    assert.deepEqual(asked, { ServiceRevisionArns: [`${REVISION}2`] });
  });

  const WHAT_IS_LEFT: Readonly<Record<string, string>> = {
    [LIST]: `What ships could not be looked up. ${SETTINGS.told.tried} ${SETTINGS.told.until} ${LOOKED_UP}`,
    [DEPLOYMENTS]: `What ships could not be looked up. ${SETTINGS.told.tried} ${SETTINGS.told.until} ${LOOKED_UP}`,
    [REVISIONS]: `What ships could not be looked up. ${SETTINGS.told.tried} It waits at POST_TEST_TRAFFIC_SHIFT until 2026-11-27T10:00:00Z, then it is taken back. ${END}`,
    [IMAGES]: `Ships image ${NEW_IMAGE}, in the place of image ${OLD_IMAGE}. Task definition api:13 in the place of api:12. ${SETTINGS.told.tried} It waits at POST_TEST_TRAFFIC_SHIFT until 2026-11-27T10:00:00Z, then it is taken back. ${END}`,
  };
  for (const [call, text] of Object.entries(WHAT_IS_LEFT)) {
    it(`is told all the same where ${call.split(":").at(-1) ?? ""} fails, or answers nothing`, async () => {
      const played = await play({ [call]: [FAIL] });
      assert.deepEqual([played.status, told(played)], ["SUCCEEDED", text]);
      for (const empty of [{}, { ServiceDeployments: [], ServiceRevisions: [], ImageDetails: [] }]) {
        const answered = await play({ [call]: [found(empty)] });
        assert.deepEqual([answered.status, told(answered)], ["SUCCEEDED", text]);
      }
    });
  }

  it("is told whatever is missing in an answer", async () => {
    for (const [call, [reply]] of Object.entries(ANSWERS)) {
      if (!reply || !("result" in reply)) continue;
      for (const less of without(reply.result)) {
        const played = await play({ [call]: [found(less)] });
        assert.equal(played.status, "SUCCEEDED", `${call} ${JSON.stringify(less)}`);
        assert.match(told(played), /Go on: .* -- Take it back: /);
      }
    }
  });

  it("looks again after failures that pass, within a quarter of a minute for each", async () => {
    const passing = [FAIL, FAIL, FAIL];
    const played = await play({ [REVISIONS]: [...passing, ...(ANSWERS[REVISIONS] ?? [])] });
    assert.ok(told(played).startsWith(`Ships commit ${NEW}`));
    assert.ok(played.seconds <= 15, String(played.seconds));
  });

  it("tells what was known before at once where the answers make no message", async () => {
    // Tags that are no list of texts: no answer of AWS's, and no expression works with it.
    const odd = { ServiceRevisions: [revision("1", OLD_IMAGE, "api:12"), revision("2", NEW_IMAGE, "api:13")] };
    const played = await play({ [REVISIONS]: [found(odd)], [IMAGES]: [found({ ImageDetails: [{ ImageTags: [1] }] })] });
    assert.deepEqual([played.status, told(played), played.seconds], ["SUCCEEDED", WHAT_IS_LEFT[LIST], 0]);
  });

  it("tells what was known before where the message is not taken, and fails for all to see where that is not either", async () => {
    const attempts = 7;
    const played = await play({ [PUBLISH]: [...Array<TaskReply>(attempts).fill(FAIL), found({})] });
    assert.equal(played.status, "SUCCEEDED");
    assert.equal(told(played), WHAT_IS_LEFT[LIST]);
    const lost = await play({ [PUBLISH]: [FAIL] });
    assert.deepEqual([lost.status, lost.error], ["FAILED", "Ecs.EcsException"]);
  });
});

/** A value with each of its fields missing in turn, at any depth. */
function without(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    const all: readonly unknown[] = value;
    return all.flatMap((one, index) => without(one).map((less) => all.map((it, at) => (at === index ? less : it))));
  }
  const entries: readonly [string, unknown][] = Object.entries(value);
  return entries.flatMap(([key, one]) => [
    Object.fromEntries(entries.filter(([other]) => other !== key)),
    ...without(one).map((less) => ({ ...value, [key]: less })),
  ]);
}
