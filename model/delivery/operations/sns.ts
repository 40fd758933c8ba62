import { arnOf, ofType, TYPES } from "../../graph/resources";
import { handToReaders, shownInChat } from "../notify";
import { given, type Operation } from "./operation";

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const SNS: Readonly<Record<string, Operation>> = {
  Publish: {
    resources: ({ input }) => [given(input, "topicArn")],
    act: ({ cloud, input, call }) => {
      const topicArn = given(input, "topicArn");
      const makes = cloud.stacks.find(({ graph }) => ofType(graph, TYPES.topic).some((one) => arnOf(one) === topicArn));
      const stack = makes ?? cloud.stacks.find(({ place }) => place.account === call.caller.account);
      if (stack)
        handToReaders(cloud, stack, { topicArn, caller: call.caller, message: shownInChat(given(input, "message")) });
      return { MessageId: "0a1b2c3" };
    },
  },
};
