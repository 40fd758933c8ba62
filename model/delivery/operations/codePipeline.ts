import { arnIn } from "../../graph/resources";
import { given, type Operation } from "./operation";

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_Operations.html */
export const CODE_PIPELINE: Readonly<Record<string, Operation>> = {
  ListActionExecutions: {
    resources: ({ place, input }) => [arnIn(place, "codepipeline", given(input, "pipelineName"))],
    act: ({ cloud, input }) => {
      const [, execution = ""] = given(input, "filter").split("=");
      const found = cloud.acted.filter(
        (one) => one.pipeline === given(input, "pipelineName") && one.execution === execution,
      );
      // The newest comes first.
      const details = [...found].reverse().map(({ name, category, by }) => ({
        pipelineExecutionId: execution,
        actionName: name,
        status: "Succeeded",
        input: { actionTypeId: { category } },
        updatedBy: by,
      }));
      return { actionExecutionDetails: details };
    },
  },
};
