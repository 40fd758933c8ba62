import { AUTONAMED_MAX, fittedName, NAMES } from "../components/checks/names";
import { rolePathOf } from "../components/iam/role";

/**
 * Names that two stacks have to agree on: each half of a delivery into another stack is made before it can look the
 * other one up. What is named here is named so in AWS too.
 */

/** An ECS service, its task definition family and its log group. */
export function serviceNameIn(stack: string, service: string): string {
  return `${stack}-${service}`;
}

/** The image repository of a service. */
export function repositoryNameIn(stack: string, service: string): string {
  return `${stack}/${service}`;
}

/** The pipeline of a stack, or of one of its services. */
export function pipelineNameIn(stack: string, service?: string): string {
  return service === undefined ? `${stack}-delivery` : `${stack}-${service}-delivery`;
}

/** The workflow that releases images to a stack whose own pipeline delivers them. */
export function releaseNameIn(stack: string): string {
  return `${stack}-release`;
}

/** Path of the roles of a stack, which may have said another one. */
export function rolePathIn(stack: string, given?: string): string {
  return given ?? rolePathOf(stack);
}

/** Role that the jobs of a stack's workflow take, or of the workflow of one of its services. */
export function workflowRoleIn(stack: string, service?: string): string {
  const name = service === undefined ? stack : `${stack}-${service}`;
  return fittedName(`${name}-github-actions`, NAMES.role.max);
}

/** Role that a pipeline runs in when it delivers into another stack. */
export function pipelineRoleIn(stack: string): string {
  return `${stack}-pipeline`;
}

/** CodeBuild project that releases a service's image, and the role of its builds. */
export function releaseProjectIn(stack: string, service: string): string {
  return fittedName(`${stack}-${service}-release`, NAMES.role.max);
}

/** Role that a job of a workflow takes to release a service's image; the repository of another account names it. */
export function releaseRoleIn(stack: string, service: string): string {
  return fittedName(`${stack}-${service}-release-github-actions`, NAMES.role.max);
}

/** Action that releases a service's image; its artifact is named after it. */
export function releaseActionIn(service: string): string {
  return `${service}-release`;
}

/** CodeBuild project that confirms deliveries into another stack, and the role of its builds. */
export function confirmProjectIn(stack: string, target: string): string {
  return fittedName(`${stack}-confirm-${target}`, NAMES.role.max);
}

/** Role of a stack in which another stack's pipeline deploys to it. */
export function deployRoleIn(stack: string): string {
  return `${stack}-deploy`;
}

/** Role of a stack in which another stack's pipeline confirms what it deployed. */
export function confirmRoleIn(stack: string): string {
  return `${stack}-confirm`;
}

/** What the tag of a release begins with where the image stays in its repository: its other tags are taken. */
export function releaseTagPrefix(target: string): string {
  return `${target}-`;
}

/** What the tag of a release begins with that a pipeline of the other stack waits for, in a repository of its own. */
export const WATCHED_TAG_PREFIX = "release-";

/** Role in which ECS starts a service's tasks, as far as its name is known before it is there. */
export function executionRolePatternOf(service: string): string {
  return `${fittedName(`${service}-execution`, AUTONAMED_MAX.role)}-*`;
}
