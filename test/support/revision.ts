type Values = Record<string, unknown>;

/** A revision as ECS keeps it: what counts for a comparison. */
export interface Revision {
  readonly containers: readonly Values[];
  readonly cpu: string;
  readonly memory: string;
}

const REGISTRY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/dev/api";

/** The revision that a task definition's inputs make. */
export function revisionOf(inputs: Readonly<Values>): Revision {
  return {
    containers: JSON.parse(String(inputs.containerDefinitions)) as Values[],
    cpu: String(inputs.cpu),
    memory: String(inputs.memory),
  };
}

/** A digest that belongs to a commit. */
export function digestOf(commit: string): string {
  return `sha256:${commit.slice(0, 1).repeat(64)}`;
}

/** The image of a commit, as deployments name it. */
export function revisionImage(commit: string): string {
  return `${REGISTRY}@${digestOf(commit)}`;
}
