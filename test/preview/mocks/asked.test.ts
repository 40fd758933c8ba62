import assert from "node:assert";
import * as aws from "@pulumi/aws";
import { ACCOUNT } from "../../../preview/mocks/asked";
import { recordProgram } from "../../../preview/record/recordGraph";

describe("the account of a preview", () => {
  const program = async () => ({
    is: (await aws.getCallerIdentity()).accountId,
    arn: new aws.sns.Topic("news", { name: "news" }).arn,
  });
  const outputs = async (allowed?: string) => {
    const options = allowed === undefined ? {} : { config: { "aws:allowedAccountIds": allowed } };
    return (await recordProgram(program, options)).stackOutputs;
  };

  it("is the first of those that the stack may work in", async () =>
    assert.deepStrictEqual(await outputs('["444455556666","777788889999"]'), {
      is: "444455556666",
      arn: "arn:aws:sns:eu-west-1:444455556666:news",
    }));

  it("is the same for every stack that says none", async () => {
    const same = { is: ACCOUNT, arn: `arn:aws:sns:eu-west-1:${ACCOUNT}:news` };
    for (const allowed of [undefined, "[]", "broken ["]) assert.deepStrictEqual(await outputs(allowed), same);
  });
});
