import { arnIn } from "../graph/resources";
import { type ActionProvider, call } from "./provider";

/** https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-Lambda.html */
export const lambda: ActionProvider = {
  categories: ["Invoke"],
  required: ["FunctionName"],
  optional: ["UserParameters"],
  inputs: [0, 5],
  outputs: [0, 5],
  calls: (_graph, { configuration: given }, place) => [
    call(["lambda:InvokeFunction"], arnIn(place, "lambda", `function:${given.FunctionName ?? ""}`)),
  ],
};
