import * as aws from "@pulumi/aws";
import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../arn";
import type { Settled } from "../settings/settings";
import { runsOnFargate } from "./capacity";
import { type ContainerDefinitionsArgs, containerDefinitions, renderVolumes, volumesOf } from "./containerDefinitions";
import type { TASK } from "./settings";

/** What a task definition is made from. */
interface TaskDefinitionArgs extends ContainerDefinitionsArgs {
  readonly family: string;
  /** What it runs on. */
  readonly task: Settled<typeof TASK>;
  readonly executionRoleArn: Input<string>;
  readonly taskRoleArn: Input<string>;
  /** `frozen`: it only starts the service, and never changes; releases register revisions of their own. */
  readonly ownership: "tracked" | "frozen";
}

/**
 * The task definition. Its revisions outlive it: a rollback needs the old ones, and the newest one may be a pipeline's.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
 */
export function defineTaskDefinition(
  name: string,
  args: TaskDefinitionArgs,
  opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource },
): aws.ecs.TaskDefinition {
  const frozen = args.ownership === "frozen";
  const { ephemeralStorageGiB } = args.task;
  return new aws.ecs.TaskDefinition(
    name,
    {
      ...definitionSettings(args),
      ephemeralStorage: ephemeralStorageGiB === undefined ? undefined : { sizeInGib: ephemeralStorageGiB },
      containerDefinitions: containerDefinitions(args, placeOf(opts.parent).region),
      skipDestroy: true,
      trackLatest: !frozen,
    },
    { ...opts, ignoreChanges: frozen ? FROZEN : UNTAGGED },
  );
}

/** A revision that a pipeline registers carries no default tags; putting them back would start every task anew. */
const UNTAGGED = ["tags", "tagsAll"];

/** Everything that would make a new revision that nothing runs. */
const FROZEN = [
  ...UNTAGGED,
  "containerDefinitions",
  "cpu",
  "memory",
  "executionRoleArn",
  "taskRoleArn",
  "volumes",
  "runtimePlatform",
  "ephemeralStorage",
  "requiresCompatibilities",
];

/**
 * The task definition as RegisterTaskDefinition takes it, for a release to put its image in.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function taskDefinitionTemplate(args: TaskDefinitionArgs, parent: pulumi.Resource): Output<string> {
  const definitions = containerDefinitions(args, placeOf(parent).region);
  const { ephemeralStorageGiB } = args.task;
  return pulumi.jsonStringify({
    ...definitionSettings(args),
    // AWS spells it otherwise than Pulumi.
    ephemeralStorage: ephemeralStorageGiB === undefined ? undefined : { sizeInGiB: ephemeralStorageGiB },
    containerDefinitions: definitions.apply((text): unknown => JSON.parse(text)),
  });
}

/** Everything but containers and storage: AWS's and Pulumi's names for it are the same. */
function definitionSettings(args: TaskDefinitionArgs) {
  const { cpu, memory, cpuArchitecture } = args.task;
  return {
    family: args.family,
    cpu: String(cpu),
    memory: String(memory),
    networkMode: "awsvpc",
    requiresCompatibilities: [runsOnFargate(args.task) ? "FARGATE" : "EC2"],
    runtimePlatform: { cpuArchitecture, operatingSystemFamily: "LINUX" },
    executionRoleArn: args.executionRoleArn,
    taskRoleArn: args.taskRoleArn,
    volumes: renderVolumes(volumesOf(args)),
  };
}
