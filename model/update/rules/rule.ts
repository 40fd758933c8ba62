import type { Environment } from "../../environment/environment";
import type { RecordedResource } from "../../graph/graph";
import { changes, type Step } from "../plan";

/** A step that is about to be taken. */
export interface Attempt {
  readonly step: Step;
  /** The environment before it. */
  readonly environment: Environment;
  /** What the step is about: as it would be afterwards, or as it is where it is deleted. */
  readonly resource: RecordedResource;
}

/** Something that AWS, its provider or the engine refuses. */
export interface AwsRule {
  /** Name, for example `target-group-in-use`. */
  readonly name: string;
  /** Page it comes from. */
  readonly page: string;
  /** Why the step is refused, in words; undefined where it is not. */
  readonly refuses: (attempt: Attempt) => string | undefined;
}

/** Properties that a step sets to something else, by their first word. */
export function changedKeys({ properties }: Step): readonly string[] {
  const changed = properties.filter(changes);
  return [...new Set(changed.map(({ path }) => path.split(/[.[]/, 1)[0] ?? ""))];
}

const UPDATE_SERVICE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html";
const CREATE_SERVICE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html";

/** Pages that more than one rule comes from. */
export const PAGES = { updateService: UPDATE_SERVICE, createService: CREATE_SERVICE } as const;
