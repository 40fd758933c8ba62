import assert from "node:assert/strict";
import { ecsBlueGreen, ecsLinear } from "../../../components/deployment/ecsNative";
import { checkHooks, LIFECYCLE_STAGES, renderHooks } from "../../../components/deployment/lifecycleHooks";

const functionArn = "arn:aws:lambda:eu-west-1:111122223333:function:check";
const roleArn = "arn:aws:iam::111122223333:role/hooks";

describe("lifecycle hooks", () => {
  it("pause until a person goes on, and roll back when nobody does", () => {
    assert.deepEqual(renderHooks([{ lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 30 }]), [
      {
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        targetType: "PAUSE",
        timeoutConfiguration: { action: "ROLLBACK", timeoutInMinutes: "30" },
      },
    ]);
  });

  it("tell a function what it is told besides, and go on after a pause where that is wanted", () => {
    const [told, goesOn] = renderHooks([
      { lifecycleStages: ["POST_SCALE_UP"], functionArn, roleArn, hookDetails: { threshold: "5" } },
      { lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"], pauseInMinutes: 5, timeoutAction: "CONTINUE" },
    ]);
    assert.equal(told?.hookDetails, '{"threshold":"5"}');
    assert.deepEqual(goesOn?.timeoutConfiguration, { action: "CONTINUE", timeoutInMinutes: "5" });
  });

  it("ask a function, in the role given", () => {
    assert.deepEqual(renderHooks([{ lifecycleStages: ["POST_SCALE_UP"], functionArn, roleArn }]), [
      {
        lifecycleStages: ["POST_SCALE_UP"],
        targetType: "AWS_LAMBDA",
        hookTargetArn: functionArn,
        roleArn,
        hookDetails: undefined,
      },
    ]);
  });

  it("may ask at every stage, and pause at all but the two at which AWS lets no deployment pause", () => {
    assert.deepEqual(checkHooks([{ lifecycleStages: LIFECYCLE_STAGES, functionArn, roleArn }]), []);
    const refused = LIFECYCLE_STAGES.filter(
      (stage) => checkHooks([{ lifecycleStages: [stage], pauseInMinutes: 5 }]).length > 0,
    );
    assert.deepEqual(refused, ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"]);
  });

  it("say which hook is wrong, and how", () => {
    const hooks = [
      { lifecycleStages: [], functionArn, roleArn },
      { lifecycleStages: ["TEST_TRAFFIC_SHIFT" as const], pauseInMinutes: 0 },
    ];
    assert.deepEqual(checkHooks(hooks), [
      "lifecycleHooks[0].lifecycleStages: expected at least one stage, got none",
      "lifecycleHooks[1].lifecycleStages: a deployment cannot pause at TEST_TRAFFIC_SHIFT; use POST_TEST_TRAFFIC_SHIFT",
      "lifecycleHooks[1].pauseInMinutes: expected a whole number from 1 to 20160 minutes, got 0",
    ]);
    const unknown: unknown = "AFTER_LUNCH";
    const [message] = checkHooks([{ lifecycleStages: [unknown as "POST_SCALE_UP"], functionArn, roleArn }]);
    assert.match(message ?? "", /expected RECONCILE_SERVICE, .*, got "AFTER_LUNCH"/);
  });

  it("must leave the deploy action enough of its hour, once for each stage they pause at", () => {
    const pausing = (...lifecycleStages: ("POST_SCALE_UP" | "POST_TEST_TRAFFIC_SHIFT")[]) => ({
      lifecycleHooks: [{ lifecycleStages, pauseInMinutes: 30 }],
    });
    assert.deepEqual(ecsBlueGreen(pausing("POST_SCALE_UP")).problems, []);
    assert.match(
      String(ecsBlueGreen(pausing("POST_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT")).problems),
      /^lifecycleHooks\[0\]\.pauseInMinutes: .* pauses \(60\) .* take up to 70 minutes, the deploy action waits 60 .* expected a whole number from 1 to 25, minutes, got 30; /,
    );
    assert.match(String(ecsLinear({ ...pausing("POST_SCALE_UP"), stepBakeTimeInMinutes: 10 }).problems), /70 minutes/);
  });
});
