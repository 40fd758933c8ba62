import assert from "node:assert/strict";
import { placeOf } from "../../../components/arn";
import { admitting, assumeRoleByOther } from "../../../components/iam/otherAccount";
import { json, resolved } from "../../support/read";

const other = { accountId: "444455556666", roleName: "staging-pipeline" };

describe("a role of another account", () => {
  it("is admitted by a condition on its ARN; the principal is an account, which is always there", async () => {
    assert.deepEqual(await resolved(() => admitting(other, placeOf())), {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
      Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::444455556666:role/staging-pipeline" } },
    });
  });

  it("may assume the role whose trust policy admits it, and do nothing else with it", async () => {
    const trust = await resolved(() => assumeRoleByOther(other, placeOf()));
    assert.equal(json(trust, "Statement", 0, "Action"), "sts:AssumeRole");
    assert.equal(json(trust, "Statement", 1), undefined);
  });
});
