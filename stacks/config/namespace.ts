/** Namespace of this program's keys in a stack file: the project's name in Pulumi.yaml. */
export const NAMESPACE = "ecs-delivery";
