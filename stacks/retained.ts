import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parameterName } from "../components/parameters";

/** Collects every resource of the stack that is made from now on. */
export function collectResources(): readonly pulumi.Resource[] {
  const made: pulumi.Resource[] = [];
  pulumi.runtime.registerStackTransformation(({ resource }) => {
    made.push(resource);
    return undefined;
  });
  return made;
}

/**
 * Stands before everything of a stack that keeps something: `pulumi destroy` comes to it first, and is refused there. Without
 * it, pipelines and services are gone by the time that destroy comes to what is protected; a preview is all that would say so.
 * https://www.pulumi.com/docs/iac/concepts/options/protect/
 */
export function defineRetained(stack: string, retain: boolean, made: readonly pulumi.Resource[]): void {
  new aws.ssm.Parameter(
    `${stack}-retained`,
    {
      name: parameterName(stack, "retained"),
      type: "String",
      value: "true",
      description: "The stack keeps images, artifacts and records: set retain to false before pulumi destroy",
    },
    { protect: retain, dependsOn: [...made] },
  );
}
