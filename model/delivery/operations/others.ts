import { mapOf, textsOf } from "../../graph/read";
import { arnIn } from "../../graph/resources";
import { AwsError } from "../awsError";
import { codeDeployments } from "../deployment/codeDeploy";
import { given, type Operation } from "./operation";

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html */
export const SCALING_API: Readonly<Record<string, Operation>> = {
  RegisterScalableTarget: {
    resources: ({ place }) => [arnIn(place, "application-autoscaling", "scalable-target/0a1b2c3")],
    act: ({ cloud, input, call }) => {
      const id = given(input, "resourceId");
      const states = Object.values(mapOf(input.suspendedState));
      const suspend = states.length > 0 && states.every((state) => state === true);
      // Application Auto Scaling asks, in the caller's name, whether the service may be scaled.
      const service = cloud.services.find((one) => id === `service/${one.cluster}/${one.name}`);
      for (const action of ["ecs:DescribeServices", "ecs:UpdateService"]) {
        if (service) cloud.demand({ caller: call.caller, action, resource: service.arn }, call.where);
      }
      if (suspend) cloud.suspended.add(id);
      else cloud.suspended.delete(id);
      cloud.timeline.add(call.where, `${suspend ? "suspends" : "resumes"} scaling of ${id}`, "good", {
        role: call.caller.arn,
      });
      return {};
    },
  },
};

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Operations.html */
export const CODE_DEPLOY_API: Readonly<Record<string, Operation>> = {
  GetDeployment: {
    resources: ({ cloud, input, place }) => {
      const id = given(input, "deploymentId");
      const found = codeDeployments(cloud).find((one) => one.id === id);
      return [arnIn(place, "codedeploy", `deploymentgroup:${found?.application ?? ""}/${found?.group ?? ""}`)];
    },
    act: ({ cloud, input }) => {
      const id = given(input, "deploymentId");
      const found = codeDeployments(cloud).find((one) => one.id === id);
      if (!found) throw new AwsError("DeploymentDoesNotExistException", `The deployment ${id} could not be found.`);
      return { deploymentInfo: { deploymentId: id, status: found.status } };
    },
  },
  ListDeployments: {
    resources: ({ input, place }) => [
      arnIn(
        place,
        "codedeploy",
        `deploymentgroup:${given(input, "applicationName")}/${given(input, "deploymentGroupName")}`,
      ),
    ],
    act: ({ cloud, input }) => {
      const wanted = textsOf(input.includeOnlyStatuses);
      const found = codeDeployments(cloud).filter(
        ({ application, group, status }) =>
          application === input.applicationName &&
          group === input.deploymentGroupName &&
          (wanted.length === 0 || wanted.includes(status)),
      );
      return { deployments: found.map(({ id }) => id) };
    },
  },
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export const STS: Readonly<Record<string, Operation>> = {
  GetCallerIdentity: {
    act: ({ call, place }) => ({ Account: place.account, Arn: call.caller.arn, UserId: "AROAREHEARSAL" }),
  },
};
