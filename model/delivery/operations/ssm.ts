import { textsOf } from "../../graph/read";
import { parameterArnIn } from "../../graph/resources";
import { AwsError } from "../awsError";
import { type GivenCall, given, type Operation } from "./operation";

/** What stands for a parameter or a secret whose value only AWS knows. */
export const SECRET = "known-to-aws-alone-1";

function arnOfName({ place }: GivenCall, name: string): string {
  return parameterArnIn(place, name);
}

const named = (call: GivenCall): readonly string[] => [arnOfName(call, given(call.input, "name"))];

/** The value of a parameter; one that no stack makes was put there by hand. */
function parameterValue(call: GivenCall, name: string): string {
  return call.cloud.parameters.value(arnOfName(call, name)) ?? SECRET;
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Operations.html */
export const SSM: Readonly<Record<string, Operation>> = {
  GetParameter: {
    resources: named,
    act: (call) => {
      const name = given(call.input, "name");
      const Value = parameterValue(call, name);
      const Version = call.cloud.parameters.history(arnOfName(call, name))?.length;
      return { Parameter: { Name: name, Type: "String", Value, Version } };
    },
  },
  GetParameters: {
    resources: (call) => textsOf(call.input.names).map((name) => arnOfName(call, name)),
    act: (call) => ({
      Parameters: textsOf(call.input.names).map((name) => ({
        Name: name,
        Type: "String",
        Value: parameterValue(call, name),
      })),
      InvalidParameters: [],
    }),
  },
  GetParameterHistory: {
    resources: named,
    act: (call) => {
      const name = given(call.input, "name");
      const versions = call.cloud.parameters.history(arnOfName(call, name));
      if (!versions) throw new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
      return { Parameters: versions.slice(-100).map((Value, index) => ({ Name: name, Value, Version: index + 1 })) };
    },
  },
  PutParameter: {
    resources: named,
    act: (call) => {
      const { cloud, input } = call;
      const arn = arnOfName(call, given(input, "name"));
      if (cloud.parameters.value(arn) !== undefined && input.overwrite !== true) {
        throw new AwsError(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        );
      }
      return { Version: cloud.parameters.put(arn, given(input, "value")), Tier: "Standard" };
    },
  },
};

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html */
export const SECRETS_MANAGER: Readonly<Record<string, Operation>> = {
  GetSecretValue: {
    resources: ({ input }) => [given(input, "secretId")],
    act: ({ input }) => ({ ARN: given(input, "secretId"), SecretString: SECRET }),
  },
};
